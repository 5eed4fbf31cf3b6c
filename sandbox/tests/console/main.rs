//! The console, by plain HTTP requests: what is on its pages, and what its forms
//! do.

mod editor;
mod forms;
#[path = "../control/http.rs"]
#[allow(
    dead_code,
    reason = "the tests of the control interface need more of it"
)]
mod http;
mod pages;
mod secrets;

use http::{Answer, Caller};
use jsonsql_sandbox::Sandbox;

/// A demo sandbox, and who asks it.
async fn demo() -> (Sandbox, Caller) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let caller = Caller::login(&sandbox).await;
    (sandbox, caller)
}

/// Opens a page, as a browser does.
async fn open(caller: &Caller, path: &str) -> Answer {
    let accept = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
    caller.send(&format!("GET {path}"), accept, "").await
}

/// Sends a form of the console's own page; returns the address it leads to.
async fn submit(caller: &Caller, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = post(caller, path, fields, &format!("http://{}", caller.address)).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
    let mut lines = answer.head.lines();
    let location = lines.find_map(|line| line.strip_prefix("location: "));
    location.unwrap().to_owned()
}

/// Sends a form of a page of this origin.
async fn post(caller: &Caller, path: &str, fields: &[(&str, &str)], origin: &str) -> Answer {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let headers =
        format!("Origin: {origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    let request = format!("POST {path}");
    caller.send(&request, &headers, &form.finish()).await
}
