//! Reading a table page by page.

use std::sync::{Arc, Mutex};

use jsonsql::prelude::*;
use jsonsql_client::Error;
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;
use crate::tables::Subscriber;

/// Ids of a table that changes while it is read.
type Ids = Arc<Mutex<Vec<i64>>>;

/// Answers a page as a server would; then changes the table.
fn page(ids: &Ids, change: impl Fn(&mut Vec<i64>) + Send + Sync + 'static) -> Step {
    let ids = Arc::clone(ids);
    Step::with(move |request| {
        let params = &request["params"];
        assert_eq!(params["order_by"], json!({"s": "id"}));
        let clause = &params["where"];
        let after = match &clause["and"] {
            Value::Null => clause,
            both => &both[1],
        };
        let last = after["gt"][1].as_i64().unwrap_or(i64::MIN);
        let mut ids = ids.lock().unwrap();
        let limit = params["limit"].as_u64().unwrap() as usize;
        let rows: Vec<_> = ids
            .iter()
            .filter(|id| **id > last)
            .take(limit)
            .map(|id| json!([id, format!("user{id}"), null, false, id]))
            .collect();
        change(&mut ids);
        json!({"id": request["id"], "result": rows}).to_string()
    })
}

async fn read(server: &Server, query: &Select<Subscriber>) -> Vec<i64> {
    let client = server.builder().page_rows(10).build().unwrap();
    let mut rows = client.stream(query);
    let mut seen = Vec::new();
    while let Some(row) = rows.next().await {
        seen.push(row.unwrap().id);
    }
    assert!(rows.next().await.is_none());
    seen
}

#[tokio::test]
async fn all_rows_come_once_though_the_table_changes() {
    let server = Server::start().await;
    let ids: Ids = Arc::new(Mutex::new((1..=25).collect()));
    // After the first page, rows before and after the reader come and go.
    server.on_call(page(&ids, |ids| {
        ids.retain(|id| *id != 3 && *id != 15);
        ids.insert(0, 0);
        ids.push(30);
    }));
    (0..3).for_each(|_| {
        server.on_call(page(&ids, |_| {}));
    });
    let expected: Vec<_> = (1..=25).filter(|id| *id != 15).chain([30]).collect();
    assert_eq!(read(&server, &Subscriber::all()).await, expected);
    // Pages of 10, 10, 5, and none.
    assert_eq!(server.calls().len(), 4);
}

#[tokio::test]
async fn a_filter_stays_and_a_short_page_is_not_taken_for_the_last() {
    let server = Server::start().await;
    let ids: Ids = Arc::new(Mutex::new((1..=8).collect()));
    let short = Step::result(&json!([[1, "a", null, false, 1], [2, "b", null, false, 2]]));
    server
        .on_call(short)
        .on_call(page(&ids, |_| {}))
        .on_call(page(&ids, |_| {}));
    let query = Subscriber::filter(|s| s.disabled.eq(false));
    assert_eq!(read(&server, &query).await, (1..=8).collect::<Vec<_>>());
    assert_eq!(
        server.calls()[1].body["params"]["where"],
        json!({"and": [{"eq": [{"s": "disabled"}, false]}, {"gt": [{"s": "id"}, 2]}]})
    );
}

/// A package of a subscriber.
#[derive(Debug, Table)]
#[table(name = "subscriber_package")]
struct SubscriberPackage {
    #[column(key)]
    subscriber_id: i64,
    #[column(key)]
    package_id: i64,
    #[column(default)]
    enabled: bool,
}

#[tokio::test]
async fn a_key_of_two_columns_goes_on_after_both() {
    let server = Server::start().await;
    server.on_call(Step::result(&json!([[1, 7, true, 1, 7]])));
    let client = server.client();
    let mut rows = client.stream(&SubscriberPackage::all());
    let row = rows.next().await.unwrap().unwrap();
    assert_eq!(
        (row.subscriber_id, row.package_id, row.enabled),
        (1, 7, true)
    );
    assert!(rows.next().await.is_none());
    let (first, second) = (json!({"sp": "subscriber_id"}), json!({"sp": "package_id"}));
    let params = &server.calls()[1].body["params"];
    assert_eq!(params["order_by"], json!([first, second]));
    assert_eq!(
        params["where"],
        json!({"or": [{"gt": [first, 1]}, {"and": [{"eq": [first, 1]}, {"gt": [second, 7]}]}]})
    );
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::error("no"));
    let mut rows = client.stream(&Subscriber::all());
    assert!(matches!(rows.next().await, Some(Err(Error::Server(_)))));
    assert!(rows.next().await.is_none());

    for query in [
        Subscriber::all().limit(5),
        Subscriber::all().order_by(|s| s.username.asc()),
        select(|mut q| {
            let s = q.from(Subscriber);
            let _ = q.join(SubscriberPackage, |sp| sp.subscriber_id.eq(s.id));
            q.select(s)
        }),
    ] {
        let mut rows = client.stream(&query);
        assert!(matches!(rows.next().await, Some(Err(Error::Paging(_)))));
        assert!(rows.next().await.is_none());
    }
    assert_eq!(server.calls().len(), 1);
}
