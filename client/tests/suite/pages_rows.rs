//! Rows of a page are decoded when they are taken.

use jsonsql_client::{Client, Error};
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;
use crate::tables::Subscriber;

/// A row of a page, whose fourth value should be a boolean, and its key.
fn row(id: i64, disabled: &Value) -> Value {
    json!([id, format!("user{id}"), null, disabled, id])
}

/// Reads rows until the error.
async fn read(client: &Client) -> (Vec<i64>, Error) {
    let mut rows = client.stream(&Subscriber::all());
    let mut seen = Vec::new();
    loop {
        match rows.next().await.unwrap() {
            Ok(row) => seen.push(row.id),
            Err(error) => {
                assert!(rows.next().await.is_none());
                return (seen, error);
            }
        }
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_ends_the_stream_after_those_before_it() {
    let server = Server::start().await;
    let right = json!(false);
    server
        .on_call(Step::result(&json!([row(1, &right), row(2, &right)])))
        .on_call(Step::result(&json!([
            row(3, &right),
            row(4, &json!("maybe")),
            row(5, &right)
        ])))
        .on_call(Step::result(&json!([row(6, &right)])));
    let (seen, error) = read(&server.client()).await;
    assert_eq!(seen, [1, 2, 3]);
    assert!(matches!(&error, Error::Decode(..)), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("row 1, value 3 (`disabled`): expected a boolean, found a text"),
        "{text}"
    );
    assert!(text.contains("select on `subscriber`"), "{text}");
}

/// Nothing but its rows tells that such an answer is this call's: all of them are
/// decoded before one is taken.
#[tokio::test]
async fn all_rows_of_an_answer_that_does_not_name_the_call_are_read_before_one_is_given() {
    let server = Server::start().await;
    let right = json!(false);
    let page = |rows: Value| Step::with(move |_| json!({ "result": rows }).to_string());
    server
        .on_call(page(json!([row(1, &right), row(2, &right)])))
        .on_call(page(json!([row(3, &right), row(4, &json!("maybe"))])));
    let (seen, error) = read(&server.client()).await;
    assert_eq!(seen, [1, 2]);
    let text = error.to_string();
    assert!(text.contains("row 1, value 3 (`disabled`)"), "{text}");
}

/// A row without all its values is named with the column that is missing.
#[tokio::test]
async fn no_row_of_a_page_with_a_short_row_is_given() {
    let server = Server::start().await;
    let right = json!(false);
    server.on_call(Step::result(&json!([row(1, &right), [2, "user2"]])));
    let (seen, error) = read(&server.client()).await;
    assert!(seen.is_empty());
    let text = error.to_string();
    assert!(
        text.contains("row 1, value 2 (`password`): expected a text, found the end of the row"),
        "{text}"
    );
}

/// It is none of the rows that were asked for.
#[tokio::test]
async fn a_row_beyond_the_limit_is_not_read() {
    let server = Server::start().await;
    server.on_call(Step::result(&json!([
        row(1, &json!(false)),
        row(2, &json!("maybe"))
    ])));
    let client = server.client();
    let mut rows = client.stream(&Subscriber::all().limit(1));
    assert_eq!(rows.next().await.unwrap().unwrap().id, 1);
    assert!(rows.next().await.is_none());
}

/// What an answer is that is no page does not depend on the type of its rows.
#[tokio::test]
async fn an_answer_that_is_no_page_has_the_error_of_any_call() {
    for body in [
        "<html>",
        r#"{"id":1,"result":[[1"#,
        r#"{"id":99,"result":[]}"#,
    ] {
        let server = Server::start().await;
        server.on_call(Step::body(body)).on_call(Step::body(body));
        let client = server.builder().max_attempts(1).build().unwrap();
        let (seen, of_page) = read(&client).await;
        assert!(seen.is_empty());
        let of_call = client.fetch_all(&Subscriber::all()).await.unwrap_err();
        assert!(matches!(of_page, Error::Protocol(_)), "{of_page:?}");
        assert_eq!(of_page.to_string(), of_call.to_string(), "{body}");
    }
}
