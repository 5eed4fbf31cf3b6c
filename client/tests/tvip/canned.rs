//! A server that is a function.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use jsonsql_client::tvip::{Options, Tvip};
use jsonsql_client::{ClientBuilder, Reply, Request, Transport, TransportError};

type Answers = dyn FnMut(&str) -> Reply + Send;

/// Answers requests, written as `POST /accounts {"login":"user"}`, and
/// remembers them.
#[derive(Clone)]
pub(crate) struct Canned {
    answers: Arc<Mutex<Box<Answers>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    pub(crate) fn of(answers: impl FnMut(&str) -> Reply + Send + 'static) -> Canned {
        Canned {
            answers: Arc::new(Mutex::new(Box::new(answers))),
            requests: Arc::default(),
        }
    }

    /// These answers, one after the other.
    pub(crate) fn list<const N: usize>(answers: [&'static str; N]) -> Canned {
        let mut answers = answers.into_iter();
        Canned::of(move |request| match answers.next() {
            Some(answer) => Reply::ok(answer),
            None => panic!("one request too many: {request}"),
        })
    }

    pub(crate) fn builder(&self) -> ClientBuilder<Options> {
        Tvip::builder()
            .url("https://tms.example.com/api/provider")
            .credentials("login", "password")
            .transport(self.clone())
    }

    pub(crate) fn client(&self) -> Tvip {
        self.builder().build().unwrap()
    }

    /// What was asked since the last time.
    pub(crate) fn requests(&self) -> String {
        std::mem::take(&mut *self.requests.lock().unwrap()).join("\n")
    }
}

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let path = request.url.path().strip_prefix("/api/provider").unwrap();
        let mut text = format!("{} {path}", request.method);
        if let Some(query) = request.url.query() {
            text = format!("{text}?{query}");
        }
        if !request.body.is_empty() {
            text = format!("{text} {}", std::str::from_utf8(&request.body).unwrap());
        }
        let reply = self.answers.lock().unwrap()(&text);
        self.requests.lock().unwrap().push(text);
        Box::pin(async { Ok(reply) })
    }
}

pub(crate) fn status(status: u16, body: &str) -> Reply {
    let mut reply = Reply::ok(body);
    reply.status = status;
    reply
}
