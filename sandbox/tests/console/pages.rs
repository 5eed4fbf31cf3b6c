//! What every page has, and what none has.

use serde_json::{Value, json};

use crate::{demo, open, submit};

const PAGES: [&str; 8] = [
    "/",
    "/console",
    "/console/requests/1",
    "/console/send",
    "/console/editor",
    "/console/data",
    "/console/data/tables/subscriber",
    "/console/controls",
];

/// The tags of a page: their names and attributes.
fn tags(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1);
    tags.filter_map(|rest| rest.split_once('>'))
        .map(|(tag, _)| tag)
        .collect()
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[tokio::test]
async fn every_page_is_protected_and_can_be_read_out() {
    let (_sandbox, caller) = demo().await;
    for path in PAGES {
        let page = open(&caller, path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "x-frame-options: DENY",
            "referrer-policy: same-origin",
            "cache-control: no-store",
            "content-type: text/html; charset=utf-8",
        ] {
            assert!(page.head.contains(header), "{path}: {}", page.head);
        }
        assert!(page.body.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        let tags = tags(&page.body);
        let count = |name: &str| {
            tags.iter()
                .filter(|tag| tag.split(' ').next() == Some(name))
                .count()
        };
        assert_eq!(
            (count("h1"), count("main"), count("title")),
            (1, 1, 1),
            "{path}"
        );
        let mut labels = 0;
        for tag in &tags {
            labels += usize::from(tag.starts_with("label"));
            labels -= usize::from(*tag == "/label");
            let is_field =
                ["input", "select", "textarea"].contains(&tag.split(' ').next().unwrap());
            if is_field && attribute(tag, "type") != Some("hidden") {
                let is_named = attribute(tag, "id")
                    .is_some_and(|id| page.body.contains(&format!("<label for=\"{id}\">")));
                assert!(
                    is_named || labels > 0 && !tag.starts_with("label"),
                    "{path}: <{tag}> has no label"
                );
            }
            let inline = [
                " style=",
                " onclick=",
                " onload=",
                " onsubmit=",
                "javascript:",
                "http://",
                "https://",
            ];
            assert!(
                inline.iter().all(|part| !tag.contains(part)),
                "{path}: <{tag}>"
            );
            if tag.starts_with("script") {
                assert_eq!(attribute(tag, "src"), Some("/console/console.js"));
            }
        }
        let ids: Vec<_> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        let mut distinct = ids.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), ids.len(), "{path}: an id is there twice");
    }
    for (path, kind) in [
        ("console.css", "text/css"),
        ("console.js", "text/javascript"),
    ] {
        let asset = open(&caller, &format!("/console/{path}")).await;
        assert!(asset.status == 200 && asset.head.contains(kind));
        assert!(asset.head.contains("nosniff"));
    }
}

/// Who is no browser gets at `/` what it got before there were pages.
#[tokio::test]
async fn a_client_astray_is_answered_as_by_the_vendors_surface() {
    let (sandbox, caller) = demo().await;
    for headers in ["", "Accept: application/json\r\n", "Accept: */*\r\n"] {
        let answer = caller.send("GET /", headers, "").await;
        assert_eq!(answer.status, 404);
        assert!(
            answer.body.contains("IPTVPORTAL is at /api/jsonrpc/"),
            "{}",
            answer.body
        );
    }
    let login = json!({"id": 1, "method": "authorize_user", "params": {}}).to_string();
    let answer = caller.send("POST /", "Accept: text/html\r\n", &login).await;
    assert_eq!(answer.status, 404);
    assert!(
        answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("/api/jsonrpc/")
    );
    // A page is no request of a client.
    sandbox.take_requests();
    open(&caller, "/").await;
    open(&caller, "/console/data").await;
    assert_eq!(sandbox.take_requests(), []);
}

const HOSTILE: &str = "<script>alert(1)</script>\u{202e}\"'&\u{7}\u{200b}";

#[tokio::test]
async fn hostile_texts_are_shown_as_what_they_are() {
    let (_sandbox, caller) = demo().await;
    let insert = json!({"into": "subscriber", "columns": ["id", "username", "surname"],
        "values": [[0, HOSTILE, HOSTILE]], "returning": ["id", "username"]});
    let inserted = caller.call("insert", insert).await;
    assert!(inserted["result"].is_array(), "{inserted}");
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("login", HOSTILE)
        .append_pair("full_name", HOSTILE)
        .finish();
    caller.ministra("POST accounts", &form).await;
    let account = json!({"login": HOSTILE, "provider": 1, "fullname": HOSTILE});
    caller.tvip("POST accounts", &account).await;
    caller.send("GET /%3Cscript%3E", "", "").await;
    caller.send("GET /<script>alert(1)</script>", "", "").await;
    caller
        .send(
            "POST /api/jsonsql/?<script>=\"'",
            "",
            "<script>alert(1)</script>",
        )
        .await;
    let mut paths: Vec<String> = PAGES.map(str::to_owned).to_vec();
    paths.extend((1..8).map(|number| format!("/console/requests/{number}")));
    paths.push("/?path=<script>alert(1)</script>%E2%80%AE".to_owned());
    paths.push("/?verb=\"><script>".to_owned());
    paths.push("/console/data/tables/%3Cscript%3E%E2%80%AE".to_owned());
    paths.push("/?platform=<script>".to_owned());
    let mut seen = 0;
    for path in paths {
        let page = open(&caller, &path).await;
        let text = page.body;
        assert!(!text.contains("<script>"), "{path}: {text}");
        let is_hidden =
            |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{200b}');
        assert!(!text.contains(is_hidden), "{path}: {text}");
        seen += text.matches("&lt;script&gt;").count();
    }
    assert!(seen > 10, "{seen}");
    // What is written in the editor comes back as it was written, and is no markup.
    let written = super::post(
        &caller,
        "/console/editor",
        &[("to", "jsonsql"), ("sql", HOSTILE)],
        &format!("http://{}", caller.address),
    )
    .await;
    assert!(!written.body.contains("<script>alert"));
}

#[tokio::test]
async fn requests_are_listed_with_what_came_of_them() {
    let (_sandbox, caller) = demo().await;
    caller.ids("package").await;
    caller
        .call(
            "delete",
            json!({"from": "subscriber_inetaddr", "where": {"lt": ["id", 3]}}),
        )
        .await;
    caller.ministra("GET accounts", "").await;
    let page = open(&caller, "/").await.body;
    assert!(page.contains("SELECT id FROM package ORDER BY id"));
    assert!(page.contains("DELETE FROM subscriber_inetaddr WHERE id &lt; ?"));
    assert!(page.contains(", 2 changed"));
    let newest = page.find("data-number=\"4\"").unwrap();
    assert!(newest < page.find("data-number=\"1\"").unwrap());
    let filtered = open(&caller, "/?platform=ministra&path=").await.body;
    assert!(filtered.contains("data-number=\"4\"") && !filtered.contains("data-number=\"2\""));
    let rows = open(&caller, "/console/rows?after=3").await.body;
    assert!(rows.starts_with("<tr data-number=\"4\">") && rows.matches("<tr").count() == 1);

    let detail = open(&caller, "/console/requests/2").await.body;
    assert!(detail.contains("FROM &quot;package&quot;"), "{detail}");
    assert!(detail.contains("&quot;order_by&quot;: &quot;id&quot;"));
    let delete = open(&caller, "/console/requests/3").await.body;
    assert!(delete.contains("0 rows, 2 changed"), "{delete}");
    let gone = open(&caller, "/console/requests/99").await;
    assert_eq!(gone.status, 404);
    assert_eq!(submit(&caller, "/console/forget", &[]).await, "/");
    assert!(!open(&caller, "/").await.body.contains("data-number"));
    assert_eq!(open(&caller, "/console/requests/2").await.status, 404);
    let counts = caller.control("GET /requests", &Value::Null).await.json();
    assert_eq!(counts, json!({"requests": []}));
}

#[tokio::test]
async fn subscribers_of_all_platforms_have_boxes_packages_and_inboxes() {
    let (_sandbox, caller) = demo().await;
    caller.ministra("POST stb_msg/12347", "msg=greetings").await;
    let records = caller.get("/records/tvip").await;
    let device = &records["devices"][0];
    let id = device["id"].as_i64().unwrap();
    caller
        .done(&format!("PUT /inboxes/tvip/{id}/connection"), &Value::Null)
        .await;
    let order = json!({"ids": [id], "commands": [{"command": "restart"}]});
    assert_eq!(
        caller
            .tvip("POST commands/send/devices", &order)
            .await
            .status,
        200
    );
    let data = open(&caller, "/console/data").await.body;
    let (portal, rest) = data.split_once("id=\"ministra\"").unwrap();
    let (ministra, rest) = rest.split_once("id=\"tvip\"").unwrap();
    let (tvip, tables) = rest.split_once("id=\"tables\"").unwrap();
    assert!(portal.contains("<th scope=\"row\">12345</th>"), "{portal}");
    let terminal = caller.get("/tables/terminal?limit=1").await;
    let columns = terminal["columns"].as_array().unwrap();
    let mac = columns.iter().position(|name| name == "mac_addr").unwrap();
    assert!(portal.contains(terminal["rows"][0][mac].as_str().unwrap()));
    assert!(ministra.contains("send_msg greetings"), "{ministra}");
    assert!(ministra.contains("<td>Basic</td>"), "{ministra}");
    assert!(
        tvip.contains(&format!(
            "{}: Restart",
            device["unique_id"].as_str().unwrap()
        )),
        "{tvip}"
    );
    assert!(tables.contains("/console/data/tables/subscriber%5Fpackage"));
}
