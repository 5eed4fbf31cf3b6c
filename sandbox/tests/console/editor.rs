//! SQL and JSONSQL, in both directions.

use crate::http::Caller;
use crate::{demo, open, post};

async fn translate(caller: &Caller, to: &str, text: &str) -> String {
    let field = if to == "sql" { "jsonsql" } else { "sql" };
    let origin = format!("http://{}", caller.address);
    let page = post(
        caller,
        "/console/editor",
        &[(field, text), ("to", to)],
        &origin,
    )
    .await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body
        .replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
}

/// The line of a listing that a finding stands beside.
fn line_of<'p>(page: &'p str, finding: &str) -> &'p str {
    let line = page.split("<li>").find(|line| line.contains(finding));
    line.unwrap_or_else(|| panic!("{finding}: {page}"))
}

#[tokio::test]
async fn sql_and_jsonsql_stand_side_by_side_with_findings() {
    let (_sandbox, caller) = demo().await;
    let example = open(&caller, "/console/editor").await.body;
    assert!(example.contains("Nothing found.") && example.contains("left join"));

    let page = translate(
        &caller,
        "jsonsql",
        "select username\r\nfrom subscriber\r\nwhere nmae = 'x'",
    )
    .await;
    assert!(
        page.contains("\"method\": \"select\"") && page.contains("1 finding."),
        "{page}"
    );
    assert!(line_of(&page, "Error: ").contains("\"nmae\""));

    let page = translate(
        &caller,
        "jsonsql",
        "select id\nfrom media\nwhere port::text = '80'",
    )
    .await;
    assert!(
        line_of(&page, "Error: ").contains("where port::text"),
        "{page}"
    );
    assert!(!page.contains("Send it"));

    let request = "{\"method\": \"delete\",\n\"params\": {\"from\": \"terminal\"}}";
    let page = translate(&caller, "sql", request).await;
    assert!(page.contains("DELETE FROM terminal"), "{page}");
    assert!(page.contains("Warning: "), "{page}");

    let page = translate(&caller, "sql", "{\n \"method\" 1}").await;
    assert!(line_of(&page, "Error: ").contains("\"method\" 1"), "{page}");
    for wrong in [
        "",
        "[]",
        "{}",
        "{\"method\": \"select\"}",
        "{\"method\": \"authorize_user\", \"params\": {}}",
    ] {
        assert!(
            translate(&caller, "sql", wrong)
                .await
                .contains("class=\"finding\""),
            "{wrong}"
        );
    }
    let deep = "[".repeat(10_000);
    translate(&caller, "sql", &deep).await;
    translate(&caller, "jsonsql", &"(".repeat(10_000)).await;
    // A character that is not seen is said.
    let page = translate(&caller, "sql",
        "{\"method\": \"select\", \"params\": {\"data\": [\"id\"], \"from\": \"media\", \"where\": {\"eq\": [\"name\", \"a\u{202e}b\"]}}}").await;
    assert!(
        page.contains("characters in it that are not seen") && page.contains("a\\u{202e}b"),
        "{page}"
    );
}
