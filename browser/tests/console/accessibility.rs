//! axe-core finds nothing on any page, in any colours, at any width.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{VIEWS, demo, say};

/// The place where `.ci/run` puts axe-core.
const PLACE: &str = "target/axe/package/axe.min.js";

fn axe() -> Option<String> {
    let named = std::env::var_os("AXE_CORE").map(PathBuf::from);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = named.unwrap_or_else(|| workspace.join(PLACE));
    let script = std::fs::read_to_string(path).ok();
    if script.is_none() {
        say("SKIPPED: there is no axe-core, so the console's accessibility was not checked");
    }
    script
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing() {
    let (Some(axe), Some((sandbox, caller, tab))) = (axe(), demo().await) else {
        return;
    };
    caller.ids("package").await;
    caller
        .call(
            "select",
            json!({"data": ["id", "password"], "from": "subscriber"}),
        )
        .await;
    caller.call("delete", json!({"from": "nothing"})).await;
    caller.ministra("GET accounts", "").await;
    let plan = json!({"rules": [{"route": "/never", "fault": "refuse"}]});
    caller.done("PUT /faults", &plan).await;
    let others = [
        "/console/requests/3",
        "/console/requests/4",
        "/console/requests/5",
        "/console/requests/99",
        "/console/send",
        "/console/data/tables/subscriber",
        "/console/controls?done=reset",
    ];
    for path in VIEWS.map(|(_, path)| path).into_iter().chain(others) {
        for (size, scheme) in [
            ((1200, 900), "light"),
            ((1200, 900), "dark"),
            ((360, 640), "light"),
        ] {
            tab.looks(size, scheme).await;
            tab.go(&format!("{}{path}", sandbox.url())).await;
            check(&tab, &axe, &format!("{path} {size:?} {scheme}")).await;
        }
    }
    // An editor with findings.
    tab.go(&format!("{}/console/editor", sandbox.url())).await;
    tab.value("document.querySelector('#sql').value = 'select usrname from subscriber'")
        .await;
    tab.follow("button[value=jsonsql]").await;
    check(&tab, &axe, "the editor with a finding").await;
    // It would have found something.
    tab.value("document.querySelector('main').append(document.createElement('input'))")
        .await;
    let rules = format!("{VIOLATIONS}.then(found => found.map(one => one[0]))");
    assert_eq!(tab.value(&rules).await, json!(["label"]));
    // The page of a request that is not there is answered with 404, which the
    // browser notes.
    tab.close_with(|complaint| complaint.contains("404")).await;
}

/// The rules that a page breaks, and where.
const VIOLATIONS: &str = "axe.run().then(found => found.violations.map(one => \
     [one.id, one.help, one.nodes.map(node => node.html + ' ' + node.failureSummary)]))";

async fn check(tab: &crate::chromium::Tab, axe: &str, page: &str) {
    tab.value(&format!("{axe}\n;0")).await;
    let found = tab.value(VIOLATIONS).await;
    assert_eq!(found, Value::Array(Vec::new()), "{page}: {found:#}");
}
