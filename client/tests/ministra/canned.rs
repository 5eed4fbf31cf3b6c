//! A transport that notes the request and gives the answer it was given.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use jsonsql_client::ministra::Ministra;
use jsonsql_client::{Authorization, HttpMethod, Reply, Request, Transport, TransportError};

#[derive(Clone, Default)]
pub(crate) struct Canned {
    answers: Arc<Mutex<Vec<Reply>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: HttpMethod,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) is_form: bool,
    pub(crate) is_basic: bool,
}

impl Canned {
    /// A client below this path, whose calls are answered with these in turn;
    /// the last one stays.
    pub(crate) fn ministra(base: &str, answers: &[(u16, &str)]) -> (Ministra, Canned) {
        let canned = Canned::default();
        let reply = |(status, body): &(u16, &str)| {
            let mut reply = Reply::ok(body.as_bytes());
            reply.status = *status;
            reply
        };
        *canned.answers.lock().unwrap() = answers.iter().rev().map(reply).collect();
        let ministra = Ministra::builder()
            .url(format!("http://127.0.0.1{base}"))
            .credentials("stalker", "secret_pass")
            .transport(canned.clone())
            .max_attempts(1)
            .build()
            .unwrap();
        (ministra, canned)
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        assert_eq!(
            request.url.query(),
            None,
            "`q` in a query overrides the path"
        );
        self.sent.lock().unwrap().push(Sent {
            method: request.method,
            path: request.url.path().to_owned(),
            body: String::from_utf8(request.body.to_vec()).unwrap(),
            is_form: request.content_type == Some("application/x-www-form-urlencoded"),
            is_basic: matches!(request.authorization, Authorization::Basic { .. }),
        });
        let mut answers = self.answers.lock().unwrap();
        let answer = match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop().unwrap(),
        };
        Box::pin(async move { Ok(answer) })
    }
}
