//! What a collector of traces gets of calls that fail, on every platform.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use jsonsql::ast::{Method, Statement};
use jsonsql_client::ministra::{AccountNumber, Event as BoxEvent, Ministra};
use jsonsql_client::model::{NewSubscriber, SubscriberId, SubscriberKey};
use jsonsql_client::provisioning::{self, Adapter, Backend, IptvPortal};
use jsonsql_client::tvip::{NewAccount, Tvip};
use jsonsql_client::{
    Authorization, Client, Reply, Request, Transport, TransportError, TransportErrorKind,
};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::Server;
use crate::server::{PASSWORD, Step};
use crate::tables::{ids, new_subscriber};

type Fields = BTreeMap<String, String>;

/// A span by its name, or an event.
type Traced = (&'static str, Level, Fields);

/// The spans and events of this thread.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Traced>>>);

struct Reader<'a>(&'a mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl Collector {
    fn add(&self, metadata: &Metadata<'static>, read: impl FnOnce(&mut Reader<'_>)) -> Id {
        let mut fields = Fields::new();
        read(&mut Reader(&mut fields));
        let kind = if metadata.is_span() {
            metadata.name()
        } else {
            "event"
        };
        let mut all = self.0.lock().unwrap();
        all.push((kind, *metadata.level(), fields));
        Id::from_u64(all.len() as u64)
    }

    /// Returns the number of those of this kind that have this field.
    fn count(&self, kind: &str, field: &str) -> usize {
        let all = self.0.lock().unwrap();
        all.iter()
            .filter(|(is, _, fields)| *is == kind && fields.contains_key(field))
            .count()
    }

    /// The one that was last, of those of this kind that have this field.
    fn last(&self, kind: &str, field: &str) -> (Level, Fields) {
        let all = self.0.lock().unwrap();
        let found = all
            .iter()
            .rev()
            .find(|(is, _, fields)| *is == kind && fields.contains_key(field));
        let (_, level, fields) = found.unwrap_or_else(|| panic!("no {kind} with {field}"));
        (*level, fields.clone())
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(span.metadata(), |reader| span.record(reader))
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut all = self.0.lock().unwrap();
        let at = span.into_u64() as usize - 1;
        values.record(&mut Reader(&mut all[at].2));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(event.metadata(), |reader| event.record(reader));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn assert_fields(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(
            fields.get(*name).map(String::as_str),
            Some(*value),
            "{fields:?}"
        );
    }
}

/// Loses every answer but that of a login.
struct Loses;

impl Transport for Loses {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let login = request.url.path().ends_with("/jsonrpc/");
        let login = login && matches!(request.authorization, Authorization::None);
        let call: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        Box::pin(async move {
            match login {
                true => Ok(Reply::ok(
                    json!({"jsonrpc": "2.0", "id": call["id"], "result": {"session_id": "s"}})
                        .to_string(),
                )),
                false => Err(TransportError::maybe_sent(
                    TransportErrorKind::Broken,
                    "reset",
                )),
            }
        })
    }
}

fn portal() -> Client {
    let portal = Client::builder().domain("operator");
    let portal = portal.credentials("billing", PASSWORD).max_attempts(1);
    portal.transport(Loses).build().unwrap()
}

fn ministra() -> Ministra {
    let ministra = Ministra::builder().url("https://h/stalker_portal/api/");
    let ministra = ministra.credentials("billing", PASSWORD).max_attempts(1);
    ministra.transport(Loses).build().unwrap()
}

fn tvip() -> Tvip {
    let tvip = Tvip::builder().url("https://h/api/provider");
    let tvip = tvip.credentials("billing", PASSWORD).max_attempts(1);
    tvip.transport(Loses).build().unwrap()
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_an_error_with_fields() {
    let traced = Collector::default();
    let _guard = tracing::subscriber::set_default(traced.clone());
    let unknown = |method, table| {
        let (level, fields) = traced.last("event", "outcome");
        assert_eq!(level, Level::ERROR);
        assert_fields(
            &fields,
            &[("outcome", "unknown"), ("method", method), ("table", table)],
        );
        assert!(!format!("{fields:?}").contains("planted"), "{fields:?}");
        fields
    };
    portal().execute(&new_subscriber()).await.unwrap_err();
    let fields = unknown("insert", "subscriber");
    assert_fields(&fields, &[("operation", "insert on `subscriber`")]);
    assert_fields(
        &fields,
        &[(
            "url.full",
            "https://operator.admin.iptvportal.ru/api/jsonsql/",
        )],
    );
    assert!(fields["error"].starts_with("unknown whether the insert"));

    let (read, write) = (ids(), new_subscriber());
    let (_, written) = portal().batch((&read, &write)).await;
    written.unwrap_err();
    unknown("insert", "subscriber");

    let planted = br#"{"into":"media","columns":["name"],"values":[["planted-text"]]}"#;
    let planted = Statement::from_json(Method::Insert, planted).unwrap();
    portal().raw(&planted).await.unwrap_err();
    unknown("insert", "media");

    let number = AccountNumber::new("planted").unwrap();
    let event = ministra()
        .send_event()
        .send(&number, BoxEvent::Reboot)
        .await;
    event.unwrap_err();
    unknown("POST", "send_event");

    tvip()
        .accounts()
        .create(&NewAccount::new("planted"))
        .await
        .unwrap_err();
    unknown("POST", "accounts");
}

#[tokio::test]
async fn a_failed_call_is_a_warning_with_fields_and_nothing_found_is_not() {
    let traced = Collector::default();
    let _guard = tracing::subscriber::set_default(traced.clone());
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::error("relation does not exist\x1b[2J\nforged"));
    client.execute(&new_subscriber()).await.unwrap_err();
    let (level, fields) = traced.last("event", "outcome");
    assert_eq!(level, Level::WARN);
    let expected = [
        ("outcome", "not executed"),
        ("method", "insert"),
        ("table", "subscriber"),
    ];
    assert_fields(&fields, &expected);
    assert!(fields["error"].contains(r"\u{1b}[2J\nforged"), "{fields:?}");

    portal().fetch_all(&ids()).await.unwrap_err();
    let (level, fields) = traced.last("event", "outcome");
    assert_eq!((level, &*fields["method"]), (Level::WARN, "select"));

    client.fetch_one(&ids()).await.unwrap_err();
    let (level, fields) = traced.last("event", "outcome");
    assert_eq!((level, &*fields["outcome"]), (Level::DEBUG, "executed"));

    // A page that is not read, and a row of one that is.
    for (step, outcome) in [
        (Step::error("no"), "not executed"),
        (Step::result(&json!([[1, 1], ["secret", 2]])), "executed"),
    ] {
        traced.0.lock().unwrap().clear();
        server.on_call(step);
        if outcome == "executed" {
            server.on_call(Step::result(&json!([])));
        }
        let mut rows = client.stream(&ids());
        while rows.next().await.is_some_and(|row| row.is_ok()) {}
        assert_eq!(traced.count("event", "outcome"), 1);
        let (level, fields) = traced.last("event", "outcome");
        assert_eq!(level, Level::WARN);
        let expected = [
            ("outcome", outcome),
            ("method", "select"),
            ("table", "subscriber"),
        ];
        assert_fields(&fields, &expected);
        assert!(!fields["error"].contains("secret"), "{fields:?}");
    }

    ministra().itv().list().await.unwrap_err();
    let (level, fields) = traced.last("event", "outcome");
    assert_eq!(
        (level, &*fields["method"], &*fields["table"]),
        (Level::WARN, "GET", "itv")
    );
}

#[tokio::test]
async fn operations_have_spans_on_every_platform() {
    let traced = Collector::default();
    let _guard = tracing::subscriber::set_default(traced.clone());
    let platforms: [(&str, Box<dyn Backend>); 3] = [
        (
            "iptvportal",
            Box::new(Adapter::new(IptvPortal::new(portal()))),
        ),
        (
            "ministra",
            Box::new(Adapter::new(provisioning::Ministra::new(ministra()))),
        ),
        (
            "tvip",
            Box::new(Adapter::new(provisioning::Tvip::new(tvip()))),
        ),
    ];
    for (name, platform) in &platforms {
        let span = |operation: &str| {
            let (_, fields) = traced.last("operation", "platform");
            assert_fields(&fields, &[("platform", name), ("operation", operation)]);
            assert!(fields.contains_key("error"), "{fields:?}");
            assert!(!format!("{fields:?}").contains("planted"), "{fields:?}");
        };
        let key = SubscriberKey::Login("planted".to_owned());
        platform.find_subscriber(&key).await.unwrap_err();
        span("find subscriber");
        platform
            .create_subscriber(&NewSubscriber::new("planted"))
            .await
            .unwrap_err();
        span("create subscriber");
        platform
            .disable_subscriber(&SubscriberId::from(7))
            .await
            .unwrap_err();
        span("disable subscriber");
        platform
            .delete_subscriber(&SubscriberId::from(7))
            .await
            .unwrap_err();
        span("delete subscriber");
    }
}

#[tokio::test]
async fn a_name_in_a_statement_does_not_reach_a_trace_raw() {
    let traced = Collector::default();
    let _guard = tracing::subscriber::set_default(traced.clone());
    let params = br#"{"data":["id"],"from":"me\u001b[2J\ndia"}"#;
    let statement = Statement::from_json(Method::Select, params).unwrap();
    portal().raw(&statement).await.unwrap_err();
    let (_, fields) = traced.last("jsonsql", "db.query.text");
    assert!(
        !fields["db.query.text"].contains(char::is_control),
        "{fields:?}"
    );
    let (_, fields) = traced.last("event", "outcome");
    assert!(
        fields.values().all(|text| !text.contains(char::is_control)),
        "{fields:?}"
    );
}
