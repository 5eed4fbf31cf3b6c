//! The console in a real browser.
//!
//! Chromium is driven over the DevTools protocol. Where there is none, every test
//! says so and is skipped; `CHROMIUM` names one that is not on the path. Where
//! there is no axe-core, the checks of accessibility say so too; `AXE_CORE` names
//! its `axe.min.js`.

mod accessibility;
mod chromium;
mod devtools;
#[path = "../../../sandbox/tests/control/http.rs"]
#[allow(
    dead_code,
    reason = "the tests of the control interface need more of it"
)]
mod http;
mod keyboard;
mod pictures;
mod requests;
mod switches;
mod without_script;

use std::io::Write as _;

use chromium::Tab;
use http::Caller;
use jsonsql_sandbox::Sandbox;

/// The four main views, and the name of each.
const VIEWS: [(&str, &str); 4] = [
    ("requests", "/"),
    ("editor", "/console/editor"),
    ("data", "/console/data"),
    ("controls", "/console/controls"),
];

/// Says something even of a test that passes, where `println!` is swallowed.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A demo sandbox, a client of it, and a browser; none where there is no browser.
async fn demo() -> Option<(Sandbox, Caller, Tab)> {
    let tab = Tab::open().await?;
    let sandbox = Sandbox::builder().start().await.unwrap();
    let caller = Caller::login(&sandbox).await;
    Some((sandbox, caller, tab))
}
