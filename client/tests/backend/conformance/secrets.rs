//! What nobody is to see.

use jsonsql_client::model::{NewSubscriber, Patch, SubscriberPatch};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::world::{PASSWORD, World, create, new};

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
                login: format!("b{nth}{}", fault.name().len()),
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
