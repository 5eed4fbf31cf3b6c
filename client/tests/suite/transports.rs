//! Other ways to the server.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonsql_client::{
    Authorization, Client, Error, Reply, Request, Transport, TransportError, TransportErrorKind,
};

use crate::server::PASSWORD;
use crate::tables::{ids, new_subscriber};
use crate::{SOON, Server, within};

/// A server in memory: these answers, one after another.
#[derive(Clone, Default)]
struct Canned(Arc<Mutex<VecDeque<Result<Reply, TransportError>>>>);

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let answer = match request.authorization {
            Authorization::None => Ok(Reply::ok(r#"{"result":{"session_id":"s"}}"#)),
            _ => self.0.lock().unwrap().pop_front().expect("one more call"),
        };
        Box::pin(async { answer })
    }
}

#[tokio::test]
async fn a_transport_of_ones_own_decides_what_was_sent() {
    let not_sent = || TransportError::not_sent(TransportErrorKind::Connect, "refused");
    let maybe = || TransportError::maybe_sent(TransportErrorKind::Broken, "reset");
    let canned = Canned::default();
    let client = Client::builder()
        .domain("operator")
        .credentials("billing", PASSWORD)
        .backoff(Duration::from_millis(1), Duration::from_millis(1))
        .transport(canned.clone())
        .build()
        .unwrap();
    let answers = |list: Vec<Result<Reply, TransportError>>| canned.0.lock().unwrap().extend(list);

    answers(vec![
        Err(not_sent()),
        Err(not_sent()),
        Ok(Reply::ok(r#"{"result":[9]}"#)),
    ]);
    assert_eq!(client.execute(&new_subscriber()).await.unwrap(), [9]);

    answers(vec![Err(not_sent()), Err(maybe())]);
    assert!(
        client
            .execute(&new_subscriber())
            .await
            .unwrap_err()
            .is_indeterminate()
    );

    answers(vec![
        Err(not_sent()),
        Err(maybe()),
        Ok(Reply::ok(r#"{"result":[[9]]}"#)),
    ]);
    assert_eq!(client.fetch_one(&ids()).await.unwrap(), 9);

    answers((0..4).map(|_| Err(not_sent())).collect());
    let error = client.execute(&new_subscriber()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no connection: refused (insert on `subscriber` at \
         https://operator.admin.iptvportal.ru/api/jsonsql/)"
    );
    assert!(canned.0.lock().unwrap().is_empty(), "four attempts each");
}

#[tokio::test]
async fn a_server_without_tls_is_no_server() {
    let server = Server::start().await;
    server.slam(100);
    let client = Client::builder()
        .url(server.url().replace("http:", "https:"))
        .credentials("billing", PASSWORD)
        .backoff(Duration::from_millis(1), Duration::from_millis(1))
        .build()
        .unwrap();
    let write = new_subscriber();
    let error = within(SOON, client.execute(&write).into_future())
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Login(_)) && error.is_retryable(),
        "{error:?}"
    );
    assert!(server.logins().is_empty());
}
