//! Statements and their rows.

use jsonsql::prelude::*;
use jsonsql_client::Error;
use serde_json::json;

use crate::Server;
use crate::server::Step;
use crate::tables::{Subscriber, ids, new_subscriber};

#[tokio::test]
async fn rows_arrive_in_the_shape_that_was_asked_for() {
    let server = Server::start().await;
    let client = server.client();
    let rows = json!([[1, "ivanov", null, false], [2, "petrov", "x", true]]);
    server.on_call(Step::result(&rows));
    let found = client.fetch_all(&Subscriber::all()).await.unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|s| (s.id, s.username.as_str(), s.disabled))
        .collect();
    assert_eq!(names, [(1, "ivanov", false), (2, "petrov", true)]);

    for (result, one, optional) in [
        (json!([]), Err("no row, where one was expected"), Ok(None)),
        (json!([[7]]), Ok(7), Ok(Some(7))),
        (json!([7]), Ok(7), Ok(Some(7))),
        (
            json!([[7], [8]]),
            Err("2 rows, where one was expected"),
            Err("2 rows, where one was expected"),
        ),
    ] {
        server
            .on_call(Step::result(&result))
            .on_call(Step::result(&result));
        let text = |error: Error| error.to_string();
        let place = format!(" (select on `subscriber` at {}/jsonsql/)", server.url());
        let found = client.fetch_one(&ids()).await.map_err(text);
        let told = |text: &str| format!("{text}{place}");
        assert_eq!(found, one.map_err(told));
        let found = client.fetch_optional(&ids()).await.map_err(text);
        assert_eq!(found, optional.map_err(told));
    }
}

#[tokio::test]
async fn a_write_answers_with_what_it_returns() {
    let server = Server::start().await;
    server.on_call(Step::result(&json!([123])));
    let keys = server.client().execute(&new_subscriber()).await.unwrap();
    assert_eq!(keys, [123]);
    assert_eq!(
        server.calls()[0].body["params"],
        json!({"into": "subscriber", "columns": ["username", "password"],
               "values": {"username": "ivanov", "password": "rowsecret77"}, "returning": "id"})
    );
}

#[tokio::test]
async fn a_statement_that_is_refused_is_not_sent() {
    let server = Server::start().await;
    let statement = Subscriber::filter(|s| s.username.eq("email"));
    let error = server.client().fetch_all(&statement).await.unwrap_err();
    assert!(matches!(error, Error::Statement(_)), "{error:?}");
    assert!(server.logins().is_empty() && server.calls().is_empty());
}

#[tokio::test]
async fn one_value_of_one_row() {
    let server = Server::start().await;
    let client = server.client();
    let subscribers = Subscriber::all().column(|_| count_rows());
    server.on_call(Step::result(&json!([[7308]])));
    assert_eq!(client.fetch_scalar(&subscribers).await.unwrap(), 7308);
    server.on_call(Step::result(&json!([[null]])));
    let greatest = Subscriber::all().column(|s| max(s.id));
    assert_eq!(client.fetch_scalar(&greatest).await.unwrap(), None);
    let error = client.fetch_scalar(&greatest).await.unwrap_err();
    assert!(matches!(error, Error::NoRow { .. }));
}
