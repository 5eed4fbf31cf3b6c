//! Rules and readings that nobody knows of the vendor's server, switched to the
//! other side: on both engines.

use jsonsql_sandbox::{
    DottedText, Sandbox, ServerBehavior, SubscriberDelete, TerminalOverLimit, UnknownOrderBy,
};
use serde_json::{Value, json};

use crate::http::Client;
use crate::{Demo, cluster, demos};

async fn with(change: fn(&mut ServerBehavior)) -> Vec<Demo> {
    let mut behavior = ServerBehavior::default();
    change(&mut behavior);
    let mut builders = vec![Sandbox::builder()];
    builders.extend(
        cluster::database()
            .await
            .map(|url| Sandbox::builder().database(url)),
    );
    let mut demos = Vec::new();
    for builder in builders {
        let sandbox = builder.behavior(behavior).start().await.unwrap();
        let client = Client::login(&sandbox).await;
        demos.push(Demo { sandbox, client });
    }
    demos
}

fn terminals(subscriber: i64, macs: &[&str]) -> Value {
    let rows: Vec<Value> = macs.iter().map(|mac| json!([subscriber, mac])).collect();
    json!({"into": "terminal", "columns": ["subscriber_id", "mac_addr"], "values": rows,
        "returning": "subscriber_id"})
}

#[tokio::test]
async fn a_terminal_too_many_is_refused_where_the_limit_is_kept() {
    let full = "the subscriber has as many terminals as max_terminal allows";
    // He may have two, and has one.
    let two = terminals(3, &["00:1a:79:77:00:01", "00:1a:79:77:00:02"]);
    for Demo { client, .. } in &demos().await {
        assert_eq!(client.result("insert", two.clone()).await, json!([3, 3]));
    }
    for Demo { client, .. } in &with(|u| u.terminal_over_limit = TerminalOverLimit::Refused).await {
        assert_eq!(client.error("insert", two.clone()).await, full);
        let one = terminals(3, &["00:1a:79:77:00:01"]);
        assert_eq!(client.result("insert", one).await, json!([3]));
        let moved = json!({"table": "terminal", "set": {"subscriber_id": 3},
            "where": {"eq": ["id", 12]}, "returning": "id"});
        assert_eq!(client.error("update", moved).await, full);
        // One that he has already can be changed.
        let kept = json!({"table": "terminal", "set": {"subscriber_id": 3, "registered": false},
            "where": {"eq": ["id", 4]}, "returning": "id"});
        assert_eq!(client.result("update", kept).await, json!([4]));
        // Without a limit of his own, the domain's counts: five.
        let macs = ["a", "b", "c", "d", "e"].map(|end| format!("00:1a:79:77:01:0{end}"));
        let macs: Vec<&str> = macs.iter().map(String::as_str).collect();
        assert_eq!(client.error("insert", terminals(5, &macs)).await, full);
    }
}

#[tokio::test]
async fn a_subscriber_with_terminals_is_deleted_where_they_go_too() {
    let delete =
        json!({"from": "subscriber", "where": {"eq": ["username", "12345"]}, "returning": "id"});
    let left =
        |table: &str| json!({"data": "id", "from": table, "where": {"eq": ["subscriber_id", 1]}});
    for Demo { client, .. } in &demos().await {
        let refused = client.error("delete", delete.clone()).await;
        assert!(
            refused.contains("violates foreign key constraint"),
            "{refused}"
        );
    }
    for Demo { client, .. } in &with(|u| u.subscriber_delete = SubscriberDelete::Cascades).await {
        assert_eq!(client.result("delete", delete.clone()).await, json!([1]));
        for table in ["terminal", "subscriber_package", "subscriber_inetaddr"] {
            assert_eq!(client.select(left(table)).await, json!([]), "{table}");
        }
        // Others keep theirs.
        let others =
            json!({"data": "id", "from": "terminal", "where": {"eq": ["subscriber_id", 2]}});
        assert_eq!(client.select(others).await, json!([3]));
    }
}

#[tokio::test]
async fn a_dotted_text_is_a_column_where_servers_read_it_so() {
    let select = json!({"data": ["tv_channel.name", "p.id", "nothing.here"],
        "from": [{"table": "tv_program", "as": "p"},
            {"join": "tv_channel", "join_type": "inner", "on": {"eq": ["p.channel_id", {"tv_channel": "id"}]}}],
        "where": {"in": ["p.id", 1, 3]}, "order_by": "p.id"});
    for Demo { client, .. } in &with(|u| u.dotted_text = DottedText::Column).await {
        assert_eq!(
            client.select(select.clone()).await,
            json!([
                ["Первый", 1, "nothing.here"],
                ["Россия 1", 3, "nothing.here"]
            ])
        );
        // A value that a row is given is no expression.
        let insert = json!({"into": "package", "columns": ["name"], "values": [["package.name"]],
            "returning": "name"});
        assert_eq!(
            client.result("insert", insert).await,
            json!(["package.name"])
        );
    }
    for Demo { client, .. } in &demos().await {
        let one = json!({"data": ["tv_channel.name"], "from": "tv_channel", "limit": 1});
        assert_eq!(client.select(one).await, json!([["tv_channel.name"]]));
    }
}

#[tokio::test]
async fn ordering_by_what_is_no_column_is_refused_where_servers_refuse_it() {
    let select = json!({"data": ["program_id"], "from": "tv_program_category", "order_by": "id"});
    for Demo { client, .. } in &demos().await {
        assert_eq!(
            client
                .select(select.clone())
                .await
                .as_array()
                .unwrap()
                .len(),
            4
        );
    }
    for Demo { client, .. } in &with(|u| u.unknown_order_by = UnknownOrderBy::Refused).await {
        assert_eq!(
            client.error("select", select.clone()).await,
            "column \"id\" does not exist"
        );
        let known = json!({"data": ["program_id"], "from": "tv_program_category", "order_by": "program_id"});
        assert_eq!(client.select(known).await.as_array().unwrap().len(), 4);
    }
}
