//! Calls of the client to a server in memory.

use std::pin::Pin;

use jsonsql::prelude::*;
use jsonsql_client::schema::Subscriber;
use jsonsql_client::{Authorization, Client, Reply, Request, Transport, TransportError};
use tokio::runtime::Runtime;

use crate::language::rows;
use crate::part::{Part, part, timed};

/// A server in memory, which answers everything but a login alike.
struct Canned(String);

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let body = match request.authorization {
            Authorization::None => br#"{"result":{"session_id":"s"}}"#.to_vec(),
            _ => self.0.clone().into_bytes(),
        };
        Box::pin(async { Ok(Reply::ok(body)) })
    }
}

fn canned(body: String) -> Client {
    Client::builder()
        .domain("operator")
        .credentials("billing", "secret")
        .transport(Canned(body))
        .build()
        .expect("a client")
}

pub(crate) fn parts(runtime: &Runtime) -> Vec<Part<'_>> {
    vec![
        part("a call, by the rows of its answer", 1_000, move |count| {
            let client = canned(format!("{{\"result\":{}}}", rows(count)));
            let query = select(|mut q| {
                let s = q.from(Subscriber);
                q.select((s.id, s.username))
            });
            move || {
                timed(|| {
                    runtime
                        .block_on(client.fetch_all(&query).into_future())
                        .expect("rows")
                })
            }
        }),
        part(
            "sanitizing an error, by texts and length",
            200,
            move |count| {
                let texts: Vec<String> = (0..count).map(|at| format!("text-number-{at}")).collect();
                let message = texts.join(" ");
                let client = canned(format!("{{\"error\":{{\"message\":\"{message}\"}}}}"));
                let query = Subscriber::filter(|s| s.username.is_in(texts));
                move || {
                    timed(|| {
                        runtime
                            .block_on(client.fetch_all(&query).into_future())
                            .unwrap_err()
                    })
                }
            },
        ),
    ]
}
