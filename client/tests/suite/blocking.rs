//! The client that waits.

use std::time::Duration;

use jsonsql::Statement as _;
use jsonsql::ast::Method;
use jsonsql_client::blocking::Client;
use jsonsql_client::{Error, TransportErrorKind};
use serde_json::json;

use crate::server::{Server, Step};
use crate::tables::{Subscriber, ids, new_subscriber};

#[test]
fn calls_are_waited_for_without_a_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    let client = Client::new(server.client()).unwrap();
    server.on_call(Step::result(&json!([3, 4])));
    assert_eq!(client.fetch_all(&ids()).unwrap(), [3, 4]);
    server.on_call(Step::result(&json!([[5]])));
    assert_eq!(client.fetch_one(&ids()).unwrap(), 5);
    assert_eq!(client.fetch_optional(&ids()).unwrap(), None);
    server.on_call(Step::result(&json!([9])));
    assert_eq!(client.execute(&new_subscriber()).unwrap(), [9]);
    server.on_call(Step::result(&json!([9])));
    let inserted = client.insert_many(&new_subscriber()).unwrap();
    assert_eq!(inserted.all().unwrap(), [9]);

    server.on_call(Step::result(&json!([[1, "x"]])));
    let rows = client
        .raw_json(Method::Select, &json!({"any": "thing"}))
        .unwrap();
    assert_eq!(json!(rows), json!([[1, "x"]]));
    server.on_call(Step::result(&json!([[2]])));
    assert_eq!(json!(client.raw(ids().ast()).unwrap()), json!([[2]]));

    server.on_call(Step::result(&json!([[1, "a", null, false, 1]])));
    let rows: Result<Vec<_>, _> = client.stream(&Subscriber::all()).collect();
    assert_eq!(rows.unwrap()[0].username, "a");

    server.on_call(Step::result(&json!([])).after(Duration::from_secs(9)));
    let ids = ids();
    let call = client.calls().fetch_all(&ids);
    let late = client.wait(call.timeout(Duration::from_millis(50)));
    assert!(
        matches!(late, Err(Error::Transport(error)) if error.kind() == TransportErrorKind::Timeout)
    );
}

#[test]
fn threads_share_one_client_and_it_may_end_inside_a_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    let client = Client::new(server.client()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..20).for_each(|_| drop(client.fetch_all(&ids()).unwrap())));
        }
    });
    assert_eq!((server.logins().len(), server.calls().len()), (1, 160));
    runtime.block_on(async move { drop(client) });
}
