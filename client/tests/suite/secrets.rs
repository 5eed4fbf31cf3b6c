//! What must not be seen anywhere: passwords, session ids, values of rows.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use jsonsql_client::Error;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::Server;
use crate::server::{PASSWORD, Step};
use crate::tables::{Subscriber as SubscriberRow, new_subscriber};

/// Whatever is traced by anybody at any level, as text.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What a server may answer that has been told all of these.
fn talkative() -> Vec<Step> {
    let everything = format!("ivanov rowsecret77 {PASSWORD} ($SESSION)");
    vec![
        Step::error(&everything),
        Step::error(&format!("bad session: {everything}")),
        Step::error(&format!("still a bad session: {everything}")),
        Step::error("Key (domain_id, username)=(1, othersecret) already exists"),
        Step::body(&format!(r#"{{"id":$ID,"error":"{everything}"}}"#)),
        Step::body(&format!(r#"{{"id":$ID,"result":"{everything}"}}"#)),
        Step::body(&format!(r#"{{"id":$ID,"result":[["{everything}"]]}}"#)),
        Step::body(&format!(r#""{everything}""#)),
        Step::body(&everything),
        Step::status(403, "", &everything),
        Step::status(403, "", &everything),
        Step::status(500, "", &everything),
        Step::status(302, "Location: http://127.0.0.1/othersecret\r\n", ""),
        Step::CutOff(everything.clone()),
        Step::Drop,
    ]
}

#[tokio::test]
async fn nothing_planted_shows_in_errors_or_traces() {
    let traced = Everything::default();
    // For the whole process: the other tests' traces are looked through too.
    tracing::subscriber::set_global_default(traced.clone()).unwrap();
    let server = Server::start().await;
    let client = server.client();
    let mut seen = format!("{client:?} {:?}", server.builder());
    for step in talkative() {
        server.on_call(step);
    }
    let insert = new_subscriber();
    let mut calls = 0;
    while server.calls().len() < talkative().len() {
        seen += &format!("{:?}", client.execute(&insert));
        if let Err(error) = client.execute(&insert).await {
            seen += &shown(&error);
        }
        calls += 1;
    }
    assert!(calls > 10, "{calls}");
    let select =
        SubscriberRow::filter(|s| s.username.eq("ivanov").and(s.password.eq("rowsecret77")));
    for step in talkative() {
        server.on_call(step);
        if let Err(error) = client.fetch_all(&select).await {
            seen += &shown(&error);
        }
    }
    server.on_login(Step::error(&format!("billing {PASSWORD}")));
    server.expire(Step::status(401, "", ""));
    seen += &shown(&client.fetch_all(&select).await.unwrap_err());

    let traced = traced.0.lock().unwrap().clone();
    assert!(
        traced.contains("db.query.text=INSERT INTO subscriber (username, password) VALUES (?, ?)")
    );
    for secret in [
        PASSWORD,
        "sessionsecret",
        "rowsecret77",
        "othersecret",
        "ivanov",
        "billing",
    ] {
        assert!(!seen.contains(secret), "{secret} in {seen}");
        let line = traced.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

/// What a login's answer may look like, good or bad, with the password in it.
fn talkative_logins() -> Vec<Step> {
    let everything = format!("no user billing with {PASSWORD}");
    vec![
        Step::error(&everything),
        Step::body(&format!(r#"{{"id":$ID,"error":"{everything}"}}"#)),
        Step::body(&format!(r#"{{"id":4711,"error":"{everything}"}}"#)),
        Step::body(&format!(r#"{{"error":"{everything}"}}"#)),
        Step::body(&format!(r#"{{"id":$ID,"result":"{everything}"}}"#)),
        Step::body(&format!(
            r#"{{"id":$ID,"result":{{"session_id":["{everything}"]}}}}"#
        )),
        Step::body(&format!("<html>{everything}")),
        Step::body(&everything),
        Step::status(401, "", &everything),
        Step::status(403, "", &format!(r#"{{"id":$ID,"error":"{everything}"}}"#)),
        Step::status(404, "", &everything),
        Step::status(500, "", &everything),
        Step::status(
            201,
            "",
            &format!(r#"{{"id":$ID,"result":{{"session_id":"{PASSWORD}"}}}}"#),
        ),
        Step::CutOff(everything),
    ]
}

#[tokio::test]
async fn no_answer_to_a_login_gives_the_password_away() {
    for step in talkative_logins() {
        let server = Server::start().await;
        let client = server.builder().max_attempts(1).build().unwrap();
        server.on_login(step);
        let error = client.execute(&new_subscriber()).await.unwrap_err();
        assert!(matches!(error, Error::Login(_)), "{error:?}");
        let shown = shown(&error);
        for secret in [PASSWORD, "billing"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

/// The error and its causes in every form.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text + "\n"
}
