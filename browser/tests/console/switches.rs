//! A fault is switched on and a client sees it; a reset.

use serde_json::json;

use crate::demo;

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_switched_on_a_client_sees_it_and_a_reset_ends_it() {
    let Some((sandbox, caller, tab)) = demo().await else {
        return;
    };
    let statement = || caller.send("POST /api/jsonsql/", "", "{\"method\": \"select\"}");
    let button = "form:has(input[value='/api/jsonsql']) button[value='500']";
    tab.go(&format!("{}/console/controls", sandbox.url())).await;
    tab.follow(button).await;
    tab.sees("The fault was switched.").await;
    assert_eq!(statement().await.status, 500);
    let pressed = tab
        .value("document.querySelectorAll('button[aria-pressed=true]').length")
        .await;
    assert_eq!(pressed, 1);

    tab.value(
        "document.querySelector('[name=\"iptvportal.session_refused_with\"]').value = 'http403'",
    )
    .await;
    tab.follow("form:has([name='iptvportal.mac_form']) button")
        .await;
    tab.follow(button).await;
    assert_eq!(statement().await.status, 403);

    caller.call("delete", json!({"from": "terminal"})).await;
    tab.follow(button).await;
    tab.follow("form[action='/console/reset'] button").await;
    tab.sees("Everything is as at the start.").await;
    tab.sees("Nothing fails on purpose.").await;
    assert_eq!(statement().await.status, 200);
    assert!(!caller.ids("terminal").await.is_empty());
    tab.close().await;
}
