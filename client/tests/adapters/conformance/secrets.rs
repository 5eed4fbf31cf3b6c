//! What nobody is to see.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use jsonsql_client::model::{
    ExternalRef, NewSubscriber, NewSubscription, Patch, SubscriberKey, SubscriberPatch,
};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::world::{PASSWORD, World, create, mac, new};

/// Whatever this thread traces at any level, as text; the sandbox aside, whose
/// traces are the server's own.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.target().starts_with("jsonsql_sandbox")
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

/// Everything that is known of somebody, through everything that can be done.
pub(crate) async fn traces_have_nobodys_data<W: World>() {
    let world = W::start(2).await;
    let backend = world.backend();
    let traced = Everything::default();
    let guard = tracing::subscriber::set_default(traced.clone());
    let new = NewSubscriber {
        password: Some(PASSWORD.into()),
        external_ref: Some(ExternalRef::new("Qreference7")),
        name: Some("Qname7 Qpatronym7".to_owned()),
        email: Some("Qemail7@example.net".to_owned()),
        phone: Some("+7 900 777-77-77".to_owned()),
        address: Some("Qstreet7 12".to_owned()),
        note: Some("Qnote7".to_owned()),
        ..NewSubscriber::new("Qlogin7")
    };
    let patch = SubscriberPatch {
        password: Some(format!("{PASSWORD}2").into()),
        name: Patch::Set("Qother7".to_owned()),
        ..SubscriberPatch::default()
    };
    let statuses = [500, 403, 404, 302].map(|code| Fault::Status {
        code,
        retry_after: None,
    });
    let others = [Fault::Refuse, Fault::Drop, Fault::Truncate, Fault::Garble];
    let mut seen = String::new();
    for fault in others.into_iter().chain(statuses).map(Some).chain([None]) {
        let faults = match fault {
            Some(fault) => {
                let rule = (0..40).fold(Rule::new(world.route(), fault), |r, n| r.nth(3 * n + 2));
                Faults::seeded(7).rule(rule)
            }
            None => Faults::default(),
        };
        world.sandbox().set_faults(faults);
        let mut note = |error: Option<jsonsql_client::Error>| {
            if let Some(error) = error {
                seen += &format!("{error} {error:?} {error:#?}\n");
                let mut cause = std::error::Error::source(&error);
                while let Some(error) = cause {
                    seen += &format!("{error} {error:?}\n");
                    cause = error.source();
                }
            }
        };
        for key in [
            SubscriberKey::Login("Qlogin7".to_owned()),
            SubscriberKey::ExternalRef(ExternalRef::new("Qreference7")),
        ] {
            note(backend.find_subscriber(&key).await.err());
        }
        let created = backend.create_subscriber(&new).await;
        if let Ok(created) = &created {
            let id = &created.value.id;
            note(backend.change_subscriber(id, &patch).await.err());
            note(backend.bind_terminal(id, mac(1)).await.err());
            note(backend.bind_terminal(id, mac(2)).await.err());
            let add = NewSubscription::new(id.clone(), world.packages()[0].clone());
            note(backend.add_subscription(&add).await.err());
            note(backend.disable_subscriber(id).await.err());
            note(backend.subscribers().collect().await.err());
            note(backend.delete_subscriber(id).await.err());
        }
        note(created.err());
    }
    drop(guard);
    let traced = traced.0.lock().unwrap().clone();
    assert!(traced.contains("trying again"), "{traced}");
    assert!(seen.lines().count() > 20, "{seen}");
    let stored = world.stored(PASSWORD);
    // Of `admin:adminpassword` and `stalker:secret_pass`.
    let basic = ["YWRtaW46YWRtaW5wYXNzd29yZA", "c3RhbGtlcjpzZWNyZXRfcGFzcw"];
    let secrets = [
        PASSWORD,
        "adminpassword",
        "secret_pass",
        "777-77",
        "Qlogin7",
    ];
    let data = [
        "Qname7",
        "Qpatronym7",
        "Qemail7",
        "Qstreet7",
        "Qnote7",
        "Qother7",
        "Qreference7",
    ];
    for secret in stored
        .iter()
        .map(String::as_str)
        .chain(basic)
        .chain(secrets)
        .chain(data)
    {
        let line = traced.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
        let line = seen.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

pub(crate) async fn passwords_show_nowhere<W: World>() {
    let world = W::start(1).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let mut seen = String::new();
    let stored = world
        .stored(PASSWORD)
        .unwrap_or_else(|| PASSWORD.to_owned());
    let patch = SubscriberPatch {
        password: Some(PASSWORD.into()),
        name: Patch::Set("private-Name".to_owned()),
        ..SubscriberPatch::default()
    };
    let shown = format!("{backend:?} {anna:?} {:?} {patch:?}", new("anna"));
    let mut failed = 0;
    for fault in [
        Fault::Refuse,
        Fault::Drop,
        Fault::Truncate,
        Fault::Garble,
        Fault::Status {
            code: 500,
            retry_after: None,
        },
        Fault::Status {
            code: 403,
            retry_after: None,
        },
        Fault::Status {
            code: 404,
            retry_after: None,
        },
    ] {
        for nth in 1..4 {
            let rule = Rule::new(world.route(), fault.clone()).nth(nth);
            world.sandbox().set_faults(Faults::seeded(3).rule(rule));
            let boris = NewSubscriber {
                login: format!("b{nth}{}", fault.as_str().len()),
                ..new("boris")
            };
            let errors = [
                backend.create_subscriber(&boris).await.err(),
                backend.change_subscriber(&anna.id, &patch).await.err(),
            ];
            for error in errors.into_iter().flatten() {
                failed += 1;
                seen += &format!("{error} {error:?}\n");
                let mut cause = std::error::Error::source(&error);
                while let Some(error) = cause {
                    seen += &format!("{error} {error:?}\n");
                    cause = error.source();
                }
            }
        }
    }
    assert!(failed > 10, "only {failed} errors seen");
    for secret in [PASSWORD, &stored, "private-Name", "adminpassword"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
        assert!(!seen.contains(secret), "{secret} in {seen}");
    }
}
