//! Everything can be done with the keyboard, and on a telephone.

use serde_json::{Value, json};

use crate::{VIEWS, demo};

/// The element that has the focus, and its name.
const FOCUSED: &str = "(() => { const on = document.activeElement; \
     return [on.tagName, (on.innerText || on.name || on.id || '').trim()]; })()";

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_reaches_and_does_everything() {
    let Some((sandbox, caller, tab)) = demo().await else {
        return;
    };
    caller.ids("package").await;
    tab.go(&sandbox.url()).await;
    tab.press("Tab").await;
    assert_eq!(tab.value(FOCUSED).await, json!(["A", "To the content"]));
    let is_seen = "document.activeElement.getBoundingClientRect().left >= 0";
    assert_eq!(tab.value(is_seen).await, true);
    tab.press("Enter").await;
    tab.until("document.activeElement.id === 'content'").await;

    for (_, path) in VIEWS {
        tab.go(&format!("{}{path}", sandbox.url())).await;
        let all = tab.value("document.querySelectorAll('a, button, input:not([type=hidden]), select:not([disabled]), textarea, [tabindex=\"0\"]').length").await;
        let all = usize::try_from(all.as_u64().unwrap()).unwrap();
        let mut reached = 0;
        for _ in 0..all {
            tab.press("Tab").await;
            let outline = "(() => { const style = getComputedStyle(document.activeElement); \
                 return document.activeElement !== document.body && style.outlineStyle !== 'none'; })()";
            reached += usize::from(tab.value(outline).await == Value::Bool(true));
        }
        assert_eq!(reached, all, "{path}");
    }
    // A switch is pressed with the space bar.
    tab.value("document.querySelector(\"form:has(input[value='/api/provider']) button[value='429']\").focus()").await;
    tab.press(" ").await;
    tab.sees("The fault was switched.").await;
    assert_eq!(caller.tvip("GET accounts", &Value::Null).await.status, 429);
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_is_wider_than_a_telephone() {
    let Some((sandbox, caller, tab)) = demo().await else {
        return;
    };
    caller.ids("package").await;
    caller
        .call("select", json!({"data": "*", "from": "subscriber"}))
        .await;
    tab.looks((360, 640), "light").await;
    let others = [
        "/console/requests/3",
        "/console/send",
        "/console/data/tables/subscriber",
    ];
    for path in VIEWS.map(|(_, path)| path).into_iter().chain(others) {
        tab.go(&format!("{}{path}", sandbox.url())).await;
        let width = tab.value("document.scrollingElement.scrollWidth").await;
        assert!(width.as_u64() <= Some(360), "{path} is {width} wide");
        // A finger finds what can be pressed.
        let small = tab.value("[...document.querySelectorAll('button, select, input:not([type=hidden]), nav a')].filter(one => one.getBoundingClientRect().height < 24).length").await;
        assert_eq!(small, 0, "{path}");
    }
    tab.close().await;
}
