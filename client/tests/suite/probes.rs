//! Which columns a table has.

use jsonsql::prelude::*;
use jsonsql_client::{Error, SchemaMismatch};
use serde_json::json;

use crate::Server;
use crate::server::Step;
use crate::tables::Subscriber;

#[tokio::test]
async fn a_name_that_comes_back_is_no_column() {
    let server = Server::start().await;
    let client = server.client();
    // The login of the first subscriber is "username".
    let rows = json!([[1, "username", "nmae", null], [2, "ivanov", "nmae", null]]);
    server.on_call(Step::result(&rows));
    let names = ["id", "username", "nmae", "phone"];
    let columns = client.probe("subscriber", &names).await.unwrap();
    assert_eq!(columns, ["id", "username", "phone"]);
    assert_eq!(
        server.calls()[0].body["params"],
        json!({"data": names, "from": "subscriber", "limit": 5})
    );
}

#[tokio::test]
async fn a_mapping_is_checked_in_one_request() {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::result(&json!([[1, "ivanov", "password", true]])));
    let unknown = SchemaMismatch::Unknown { column: "password" };
    assert_eq!(client.check::<Subscriber>().await.unwrap(), [unknown]);
    server.on_call(Step::result(&json!([])));
    assert!(matches!(
        client.check::<Subscriber>().await,
        Err(Error::NoRow { .. })
    ));
    assert_eq!(server.calls().len(), 2);
    assert!(client.probe("subscriber", &[]).await.unwrap().is_empty());
}

#[derive(Table)]
#[allow(dead_code, reason = "only its mapping is compared")]
struct Price {
    #[column(key)]
    id: i64,
    name: String,
    cost: f64,
    port: Option<i32>,
    paid: bool,
}

/// What `check` says of these rows, in words.
async fn said(rows: serde_json::Value) -> Vec<String> {
    let server = Server::start().await;
    server.on_call(Step::result(&rows));
    let found = server.client().check::<Price>().await.unwrap();
    found.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_mapping_is_checked_for_types_and_nulls() {
    let fits = json!([[1, "name", 2.5, null, true], ["2", 17, "1.50", "80", "f"]]);
    assert_eq!(said(fits).await, [""; 0]);
    // Every column that does not fit, by the first value that does not, and
    // never by the value.
    let rows = json!([
        [1, null, 1, 8080, true],
        ["00012345", "x", "free", null, null],
        ["+7", "x", 2.5, 3_000_000_000_u32, "secret"],
    ]);
    assert_eq!(
        said(rows).await,
        [
            "column `id` is mapped as bigint: expected a 64-bit integer, \
             found a text that is not a number in its canonical form",
            "column `name` is mapped as NOT NULL, and the server has NULL in it",
            "column `cost` is mapped as double precision: expected a number, found a text",
            "column `port` is mapped as integer: expected a 32-bit integer, found a number out of range",
            "column `paid` is mapped as boolean: expected a boolean, found a text",
            "column `paid` is mapped as NOT NULL, and the server has NULL in it",
        ]
    );
    // A column that is not there is that, and nothing else.
    assert_eq!(
        said(json!([
            [1, "a", "cost", null, true],
            [2, "b", "cost", null, true]
        ]))
        .await,
        ["the server's table has no column `cost`"]
    );
}

/// A number that no float holds, as it is on the wire.
#[tokio::test]
async fn a_number_out_of_range_is_a_mismatch_too() {
    let server = Server::start().await;
    let body = r#"{"jsonrpc":"2.0","result":[[1,"a",1e400,null,true]]}"#;
    server.on_call(Step::body(body));
    let found = server.client().check::<Price>().await.unwrap();
    assert_eq!(
        found[0].to_string(),
        "column `cost` is mapped as double precision: expected a number, found a number out of range"
    );
    assert_eq!((found.len(), found[0].column()), (1, "cost"));
}
