//! Asking again after any failure completes what was begun.

use jsonsql_client::Error;
use jsonsql_client::model::{
    End, ExternalRef, MacAddr, NewSubscriber, NewSubscription, PackageId, Patch, SubscriberPatch,
};
use jsonsql_client::provisioning::{Answer, Backend};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::Value;

use crate::{builder, platform, sandbox};

/// Asks until it is done. Nothing but failures of the server may come between.
async fn until_done<'a, T>(mut ask: impl FnMut() -> Answer<'a, T>) -> T {
    for _ in 0..100 {
        let error = match ask().await {
            Ok(applied) => return applied,
            Err(error) => error,
        };
        let cause = match &error {
            Error::Partial(partial) => partial.cause(),
            error => error,
        };
        let expected =
            cause.is_indeterminate() || cause.is_retryable() || matches!(cause, Error::Protocol(_));
        assert!(expected, "{error}");
    }
    panic!("a hundred times in vain");
}

fn of(state: &Value, table: &str, field: &str, id: i64) -> usize {
    let rows = state[table].as_array().unwrap();
    rows.iter().filter(|row| row[field] == id).count()
}

#[tokio::test]
async fn a_fifth_of_all_calls_fail_and_nothing_is_there_twice() {
    let sandbox = sandbox(|_| {}).await;
    let before = sandbox.tvip().state();
    let tvip = builder(&sandbox)
        .provider(jsonsql_client::tvip::ProviderId(1))
        .retry_budget(1_000_000)
        .max_attempts(2)
        .page_rows(20)
        .build()
        .unwrap();
    let backend = platform(&tvip);
    let mut faults = Faults::seeded(11);
    for fault in [
        Fault::Refuse,
        Fault::Drop,
        Fault::Truncate,
        Fault::Status {
            code: 503,
            retry_after: None,
        },
    ] {
        faults = faults.rule(Rule::new("/api/provider", fault).chance(0.055));
    }
    sandbox.set_faults(faults);
    let mut deleted = 0;
    for number in 0..30_u8 {
        let new = NewSubscriber {
            external_ref: Some(ExternalRef::new(format!("N-{number}"))),
            ..NewSubscriber::new(format!("new-{number}"))
        };
        let id = until_done(|| backend.create_subscriber(&new))
            .await
            .value
            .id;
        let mac = MacAddr([0x10, 0x27, 0xbe, 1, 0, number]);
        until_done(|| backend.bind_terminal(&id, mac)).await;
        let subscription = NewSubscription::new(id.clone(), PackageId::from(2));
        let added = until_done(|| backend.add_subscription(&subscription)).await;
        let patch = SubscriberPatch {
            name: Patch::Set("Somebody".to_owned()),
            ..SubscriberPatch::default()
        };
        until_done(|| backend.change_subscriber(&id, &patch)).await;
        if number % 3 == 0 {
            until_done(|| backend.end_subscription(&added.value.id, End::Now)).await;
            until_done(|| backend.delete_subscriber(&id)).await;
            deleted += 1;
        }
    }
    sandbox.set_faults(Faults::default());
    let requests = sandbox.take_requests();
    let failed = requests.iter().filter(|request| !request.faults.is_empty());
    assert!(
        failed.count() * 6 > requests.len(),
        "too few failures to tell"
    );

    let state = sandbox.tvip().state();
    let accounts = state["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 5 + 30 - deleted);
    for account in &accounts[5..] {
        let id = account["id"].as_i64().unwrap();
        assert_eq!(account["fullname"], "Somebody");
        assert_eq!(of(&state, "devices", "account", id), 1);
        assert_eq!(of(&state, "account_subscriptions", "account", id), 1);
    }
    assert_eq!(state["devices"].as_array().unwrap().len(), 7 + 30 - deleted);
    let subscriptions = state["account_subscriptions"].as_array().unwrap();
    assert_eq!(subscriptions.len(), 6 + 30 - deleted, "no orphans");
    for (table, rows) in [
        ("accounts", 5),
        ("devices", 7),
        ("account_subscriptions", 6),
    ] {
        let bystanders = before[table].as_array().unwrap();
        assert_eq!(
            state[table].as_array().unwrap()[..rows],
            bystanders[..],
            "{table}"
        );
    }
}
