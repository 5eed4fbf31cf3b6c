//! A request appears as it is answered, is edited, and sent again.

use std::time::Duration;

use serde_json::json;

use crate::demo;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_appears_within_a_second_is_edited_sent_and_its_rows_are_seen() {
    let Some((sandbox, caller, tab)) = demo().await else {
        return;
    };
    tab.go(&sandbox.url()).await;
    tab.sees("Live").await;
    for table in ["package", "media"] {
        caller.ids(table).await;
        let took = tab
            .sees(&format!("SELECT id FROM {table} ORDER BY id"))
            .await;
        assert!(took < Duration::from_secs(1), "it took {took:?}");
    }
    // The newest first, none twice, each with its time.
    let numbers = tab
        .value(
            "[...document.querySelectorAll('#requests tr')].map(row => Number(row.dataset.number))",
        )
        .await;
    assert_eq!(numbers, json!([3, 2, 1]));
    let times = tab
        .value("[...document.querySelectorAll('#requests time')].length")
        .await;
    assert_eq!(times, 3);

    tab.follow("#requests tr:first-child a").await;
    tab.sees("FROM \"media\"").await;
    tab.value("const body = document.querySelector('textarea[name=body]'); body.value = body.value.replace('\"data\": \"id\"', '\"data\": [\"id\", \"name\"]').replace('\"media\"', '\"package\"');").await;
    tab.follow("form.request button").await;
    let package = caller.get("/tables/package").await;
    for row in package["rows"].as_array().unwrap() {
        let name = row
            .as_array()
            .unwrap()
            .iter()
            .find(|value| value.is_string());
        let name = name.unwrap();
        tab.until(&format!(
            "[...document.querySelectorAll('main td')].some(cell => cell.textContent === {name})"
        ))
        .await;
    }
    tab.sees("the console").await;

    // A statement of the editor, with a mistake and without.
    tab.go(&format!("{}/console/editor", sandbox.url())).await;
    tab.value("document.querySelector('#sql').value = 'select usrname from subscriber'")
        .await;
    tab.follow("button[value=jsonsql]").await;
    tab.sees("1 finding.").await;
    let beside = tab
        .value("document.querySelector('.finding').parentElement.querySelector('code').textContent")
        .await;
    assert!(beside.as_str().unwrap().contains("usrname"), "{beside}");
    tab.value(
        "document.querySelector('#sql').value = 'select username from subscriber where id = 1'",
    )
    .await;
    tab.follow("button[value=jsonsql]").await;
    tab.follow("form[action='/console/send'] button").await;
    tab.sees("12345").await;
    tab.close().await;
}
