//! All but the live list works without the script.

use serde_json::json;

use crate::demo;

#[tokio::test(flavor = "multi_thread")]
async fn pages_work_without_their_script() {
    let Some((sandbox, caller, tab)) = demo().await else {
        return;
    };
    // A browser without scripts would not answer this test either.
    tab.command("Network.enable", json!({})).await;
    let script = json!({"urlPattern": "*://*:*/console/console.js", "block": true});
    let blocked = json!({ "urlPatterns": [script] });
    tab.command("Network.setBlockedURLs", blocked).await;
    caller.ids("package").await;
    tab.go(&sandbox.url()).await;
    tab.sees("Reload the page to see new requests.").await;
    tab.follow("#requests tr:first-child a").await;
    tab.follow("form.request button").await;
    tab.sees("Sent by").await;
    tab.go(&format!("{}/console/controls", sandbox.url())).await;
    tab.follow("form:has(input[value='/api/jsonsql']) button[value='500']")
        .await;
    tab.sees("The fault was switched.").await;
    tab.close_with(|complaint| complaint.contains("ERR_BLOCKED_BY_CLIENT"))
        .await;
}
