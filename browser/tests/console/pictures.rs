//! The pictures of the four main views in the guide.

use std::path::Path;

use serde_json::json;

use crate::{VIEWS, demo, say};

/// The most bytes of a picture.
const MOST: usize = 150_000;

/// Draws the pictures. They are written to the guide if `PICTURES` is set, since
/// the times on them differ from run to run.
#[tokio::test(flavor = "multi_thread")]
async fn the_four_main_views_are_drawn() {
    let Some((sandbox, caller, tab)) = demo().await else {
        return;
    };
    caller.ids("package").await;
    let insert = json!({"into": "subscriber", "columns": ["username", "password"],
        "values": [["77001", "secret"]], "returning": "id"});
    caller.call("insert", insert).await;
    let terminals = json!({"data": [{"t": "mac_addr"}, {"s": "username"}], "from": [
        {"table": "terminal", "as": "t"},
        {"join": "subscriber", "as": "s", "on": {"eq": [{"s": "id"}, {"t": "subscriber_id"}]}}],
        "order_by": {"t": "id"}, "limit": 3});
    caller.call("select", terminals).await;
    caller.ministra("PUT accounts/12345", "status=0").await;
    caller
        .ministra("POST stb_msg/12347", "msg=Maintenance+tonight")
        .await;
    caller.tvip("GET accounts", &json!(null)).await;
    let rule = json!({"route": "/api/jsonsql", "fault": {"status": {"code": 500}}});
    caller.done("PUT /faults", &json!({"rules": [rule]})).await;
    caller.send("POST /api/jsonsql/", "", "{}").await;
    tab.looks((1100, 720), "light").await;
    for (name, path) in VIEWS {
        tab.go(&format!("{}{path}", sandbox.url())).await;
        if name == "editor" {
            let sql = "document.querySelector('#sql').value = 'select t.mac_addr, s.usrname\\nfrom terminal t\\njoin subscriber s on s.id = t.subscriber_id\\nlimit 3'";
            tab.value(sql).await;
            tab.follow("button[value=jsonsql]").await;
        }
        let picture = tab.picture().await;
        assert!(picture.starts_with(b"\x89PNG"), "{name}");
        assert!(picture.len() > 10_000, "{name} shows nothing");
        assert!(picture.len() < MOST, "{name} has {} bytes", picture.len());
        if std::env::var_os("PICTURES").is_some() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client/src/guide/pictures");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
            say(&format!("drawn: {name}"));
        }
    }
    tab.close().await;
}
