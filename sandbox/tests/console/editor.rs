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

/// The library's own linter, so every rule of the command's.
#[tokio::test]
async fn findings_stand_on_the_lines_as_they_were_written() {
    let (_sandbox, caller) = demo().await;
    let request = "{\"method\":\n\"select\", \"params\": {\"data\": [\"id\"],\n\
                   \"from\": \"subscriber\", \"where\":\n{\"and\": [\n\
                   {\"eq\": [\"username\", 12345]},\n{\"eq\": [\"username\",\n  \"email\"]}]}}}";
    let page = translate(&caller, "sql", request).await;
    assert!(page.contains("2 findings."), "{page}");
    let types = line_of(&page, "text is compared with integer");
    assert!(
        types.contains("{\"eq\": [\"username\", 12345]},"),
        "{types}"
    );
    assert!(types.contains("Error: "), "{types}");
    let columns = line_of(&page, "two columns are compared");
    assert!(columns.contains("<code>  \"email\"]}]}}}"), "{columns}");
    assert!(columns.contains("Warning: "), "{columns}");

    // A name that stands there twice, and a finding without one.
    let sql =
        "select username\nfrom subscriber\nwhere disabled = 7\nand username = 5\nand email = 5";
    let page = translate(&caller, "jsonsql", sql).await;
    assert!(page.contains("3 findings."), "{page}");
    let disabled = line_of(&page, "boolean is compared with integer");
    assert!(disabled.contains("where disabled = 7"), "{disabled}");
    let sides: Vec<_> = page.split("jsonsql-lines").collect();
    assert_eq!(sides[0].matches("class=\"finding\"").count(), 3, "{page}");
    let page = translate(&caller, "jsonsql", "delete\nfrom terminal").await;
    assert!(line_of(&page, "Warning: ").contains("delete"), "{page}");
}
