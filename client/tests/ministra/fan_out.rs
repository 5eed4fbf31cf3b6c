//! A subscriber with several boxes is several accounts.

use jsonsql_client::model::{
    End, NewSubscription, PackageId, Patch, SubscriberId, SubscriberKey, SubscriberPatch,
    SubscriptionId, TerminalId,
};
use jsonsql_client::provisioning::{Backend, Change, Effect, Operation, Preview};
use jsonsql_client::{Error, Partial};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::json;

use crate::server::{Server, mac, recorded, seeded};

fn anna() -> SubscriberId {
    SubscriberId::new("1553")
}

fn restarts(preview: &Preview) -> usize {
    let is_restart = |effect: &&Effect| matches!(effect, Effect::Restart { .. });
    preview.effects.iter().filter(is_restart).count()
}

fn package(id: u32) -> PackageId {
    PackageId::new(format!("package:{id}"))
}

const THIRD: &str = "00:1A:79:AA:00:03";

/// Loses these requests, executed or not.
fn lose(server: &Server, fault: Fault, nth: std::ops::Range<u64>, route: &str) {
    let route = format!("/stalker_portal/api/{route}");
    let rule = nth.fold(Rule::new(route, fault), Rule::nth);
    server.sandbox.set_faults(Faults::seeded(1).rule(rule));
}

fn partial(error: Error) -> Partial {
    match error {
        Error::Partial(partial) => *partial,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_accounts_of_a_number_are_one_subscriber() {
    let server = recorded().await;
    let all = server.backend.subscribers().collect().await.unwrap();
    let logins: Vec<_> = all.iter().map(|one| one.login.as_str()).collect();
    assert_eq!(logins, ["1553", "3", "longls"]);
    let boxes = server.backend.terminals(&anna()).collect().await.unwrap();
    assert_eq!(boxes.len(), 2);
    // A further account is not a subscriber of its own.
    let second = SubscriberKey::Login("1553b".to_owned());
    assert_eq!(server.backend.find_subscriber(&second).await.unwrap(), None);
    let error = server
        .backend
        .enable_subscriber(&SubscriberId::new("1553b"))
        .await;
    assert!(matches!(error, Err(Error::Missing { .. })), "{error:?}");
}

#[tokio::test]
async fn a_further_box_gets_an_account_like_the_first() {
    let server = recorded().await;
    let operation = Operation::BindTerminal(anna(), mac(THIRD).into());
    let preview = server.backend.preview(&operation).await.unwrap();
    assert_eq!(restarts(&preview), 1);
    server
        .backend
        .bind_terminal(&anna(), mac(THIRD))
        .await
        .unwrap();
    let made = server.user("1553-2");
    assert_eq!(made["mac"], THIRD);
    assert_eq!(made["ls"], "1553");
    assert_eq!(made["tariff"], 1);
    assert_eq!(made["optional_packages"], json!([3, 6]));
    assert_eq!(made["full_name"], "Test One");
    assert_eq!(made["account_balance"], "100 UAH");
    // And goes with the box.
    server
        .backend
        .unbind_terminal(&TerminalId::new(THIRD))
        .await
        .unwrap();
    assert_eq!(server.users().len(), 4);
}

#[tokio::test]
async fn an_account_without_its_packages_is_completed() {
    for fault in [Fault::Refuse, Fault::Drop] {
        let server = recorded().await;
        lose(&server, fault.clone(), 1..5, "account_subscription");
        let bound = server.backend.bind_terminal(&anna(), mac(THIRD)).await;
        server.sandbox.set_faults(Faults::default());
        match (&fault, bound) {
            (Fault::Drop, bound) => assert_eq!(bound.unwrap().change, Change::Made),
            (_, bound) => {
                let partial = partial(bound.unwrap_err());
                assert_eq!(partial.done(), ["create the box's account"]);
                assert_eq!(partial.failed(), "change the packages");
                assert_eq!(server.user("1553-2")["optional_packages"], json!([]));
                let again = server.backend.bind_terminal(&anna(), mac(THIRD)).await;
                assert_eq!(again.unwrap().change, Change::Made);
            }
        }
        assert_eq!(server.user("1553-2")["optional_packages"], json!([3, 6]));
        assert_eq!(
            server.sandbox.ministra().reboots(THIRD),
            1,
            "the message about the second package takes the place of the first"
        );
        assert_eq!(server.users().len(), 5);
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_creation_is_read_back() {
    let server = recorded().await;
    for (fault, login) in [(Fault::Drop, "new"), (Fault::Garble, "new2")] {
        lose(&server, fault, 1..5, "accounts/");
        let new = jsonsql_client::model::NewSubscriber::new(login);
        let made = server.backend.create_subscriber(&new).await;
        server.sandbox.set_faults(Faults::default());
        // Whose it is cannot be said.
        assert_eq!(made.unwrap().change, Change::Adopted);
        server.user(login);
    }
}

#[tokio::test]
async fn half_of_a_subscriber_switched_off_is_completed() {
    let server = seeded(|seed| {
        let users = seed["users"].as_array_mut().unwrap();
        let first = users.iter_mut().find(|user| user["login"] == "1553");
        first.unwrap()["status"] = json!(0);
    })
    .await;
    let key = SubscriberKey::Id(anna());
    let seen = server.backend.find_subscriber(&key).await.unwrap().unwrap();
    assert!(seen.enabled, "one box is still on");
    server.backend.disable_subscriber(&anna()).await.unwrap();
    for login in ["1553", "1553b"] {
        assert_eq!(server.user(login)["status"], 0);
    }
}

#[tokio::test]
async fn a_move_that_stopped_half_way_is_completed() {
    let server = recorded().await;
    let terminal = TerminalId::new("00:1A:79:00:39:5E");
    let to = SubscriberId::new("longls");
    let route = "accounts/LONGACCOUNT12";
    lose(&server, Fault::Refuse, 1..40, route);
    let error = server
        .backend
        .move_terminal(&terminal, &to)
        .await
        .unwrap_err();
    assert_eq!(partial(error).failed(), "give the terminal");
    server.sandbox.set_faults(Faults::default());
    assert_eq!(
        server.user("1553b")["mac"],
        "",
        "in no two accounts at any time"
    );
    // Now nobody has it, so it is bound.
    let missing = server.backend.move_terminal(&terminal, &to).await;
    assert!(matches!(missing, Err(Error::Missing { .. })), "{missing:?}");
    let mac = mac(terminal.as_str());
    let moved = server.backend.bind_terminal(&to, mac).await.unwrap();
    assert_eq!(moved.value.id, terminal);
    assert_eq!(server.user("longls")["mac"], terminal.as_str());
}

#[tokio::test]
async fn packages_change_where_they_have_to_and_nowhere_else() {
    let server = recorded().await;
    let new = NewSubscription::new(anna(), package(6));
    // The first box has it already, so only the second restarts.
    let operation = Operation::AddSubscription(new.clone());
    let preview = server.backend.preview(&operation).await.unwrap();
    assert_eq!(restarts(&preview), 1);
    let added = server.backend.add_subscription(&new).await.unwrap();
    assert_eq!(added.change, Change::Made);
    let reboots = |mac: &str| server.sandbox.ministra().reboots(mac);
    assert_eq!(reboots("00:1A:79:00:15:B3"), 0);
    assert_eq!(reboots("00:1A:79:00:39:5E"), 1);
    let again = server.backend.add_subscription(&new).await.unwrap();
    assert_eq!(again.change, Change::Nothing);
    server
        .backend
        .end_subscription(&added.value.id, End::Now)
        .await
        .unwrap();
    assert_eq!(server.user("1553")["optional_packages"], json!([3]));
    assert_eq!(server.user("1553b")["optional_packages"], json!([]));
    // The second box has one reboot waiting, for both changes.
    assert_eq!(reboots("00:1A:79:00:15:B3"), 1);
    assert_eq!(reboots("00:1A:79:00:39:5E"), 1);
}

#[tokio::test]
async fn a_package_is_had_only_within_the_plan() {
    let server = recorded().await;
    let ministra = &server.backend;
    let add = |package: PackageId| async move {
        ministra
            .add_subscription(&NewSubscription::new(SubscriberId::new("3"), package))
            .await
    };
    let before = server.users();
    server.sent();
    // Of another plan; of the plan and not optional; of none; without a name.
    for (id, missing) in [
        (package(6), false),
        (package(1), false),
        (package(99), true),
        (PackageId::new("plan:NOSUCH"), true),
        (PackageId::new("plan#10"), false),
    ] {
        let error = add(id.clone()).await.unwrap_err();
        assert_eq!(
            matches!(error, Error::Missing { .. }),
            missing,
            "{id}: {error}"
        );
        assert_eq!(
            matches!(error, Error::Refused(_)),
            !missing,
            "{id}: {error}"
        );
    }
    assert!(
        server
            .sent()
            .iter()
            .all(|request| request.starts_with("GET"))
    );
    assert_eq!(server.users(), before);
    let plan = SubscriptionId::new("3/plan:STANDART");
    let error = ministra
        .end_subscription(&plan, End::Now)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
}

#[tokio::test]
async fn another_plan_says_what_is_lost_with_the_old_one() {
    let server = recorded().await;
    let new = NewSubscription::new(anna(), PackageId::new("plan:STANDART"));
    let changed = server.backend.add_subscription(&new).await.unwrap();
    // Of each account.
    assert_eq!(changed.losses.len(), 2);
    for loss in &changed.losses {
        assert_eq!(loss.field, "subscriptions");
    }
    for login in ["1553", "1553b"] {
        assert_eq!(server.user(login)["tariff"], 2);
    }
    assert_eq!(server.user("3")["tariff"], 0, "somebody else");
    let have = server
        .backend
        .subscriptions(&anna())
        .collect()
        .await
        .unwrap();
    assert_eq!(have.len(), 1);
}

#[tokio::test]
async fn a_subscriber_goes_with_all_accounts_and_no_box_restarts() {
    let server = recorded().await;
    let preview = server
        .backend
        .preview(&Operation::DeleteSubscriber(anna()))
        .await
        .unwrap();
    let removes = |effect: &Effect| matches!(effect, Effect::Irreversible { .. });
    assert!(preview.effects.iter().any(removes));
    assert_eq!(restarts(&preview), 0);
    server.sent();
    server.backend.delete_subscriber(&anna()).await.unwrap();
    let writes: Vec<_> = server
        .sent()
        .into_iter()
        .filter(|one| !one.starts_with("GET"))
        .collect();
    assert_eq!(writes, ["DELETE accounts/1553"], "none is left half-way");
    assert_eq!(server.users().len(), 2);
    assert_eq!(server.sandbox.ministra().take_events(), []);
}

#[tokio::test]
async fn a_subscriber_stays_whole_with_another_number_and_another_login() {
    let server = recorded().await;
    let patch = SubscriberPatch {
        external_ref: Patch::Set(jsonsql_client::model::ExternalRef::new("c7")),
        login: Some("155".to_owned()),
        ..SubscriberPatch::default()
    };
    let preview = Operation::ChangeSubscriber(anna(), patch.clone());
    let preview = server.backend.preview(&preview).await.unwrap();
    let changed = server.backend.change_subscriber(&anna(), &patch).await;
    let changed = changed.unwrap();
    assert_eq!(changed.losses, preview.losses);
    let changed = changed.value;
    assert_eq!(changed.id.as_str(), "155");
    assert_eq!(server.user("155")["ls"], "c7");
    // Somebody has made it by hand, and logs in so.
    assert_eq!(server.user("1553b")["ls"], "c7");
    let boxes = server
        .backend
        .terminals(&changed.id)
        .collect()
        .await
        .unwrap();
    assert_eq!(boxes.len(), 2);
    let clear = SubscriberPatch {
        external_ref: Patch::Clear,
        ..SubscriberPatch::default()
    };
    let error = server
        .backend
        .change_subscriber(&changed.id, &clear)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
}

#[tokio::test]
async fn a_box_of_another_is_not_taken_though_the_server_would_let_it() {
    let server = recorded().await;
    let before = server.users();
    let error = server
        .backend
        .bind_terminal(&anna(), mac("001A79002140"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Taken { .. }), "{error}");
    assert_eq!(server.users(), before);
}
