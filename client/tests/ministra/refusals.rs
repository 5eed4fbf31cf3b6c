//! What the server would misread is not sent.

use std::time::Duration;

use jsonsql_client::Error;
use jsonsql_client::ministra::{
    AccountKeys, AccountNumber, AccountPatch, ChannelId, Event, ItvSubscriptionPatch, Login,
    ModulesPatch, NewAccount, PackageChange, PackageExternalId, PackageId, PackageSet,
    PlanExternalId, StbMessage, StbPatch,
};
use jsonsql_client::model::Patch;

use crate::server::{Server, recorded};

fn refused<T: std::fmt::Debug>(server: &Server, answer: Result<T, Error>) {
    let error = answer.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_eq!(server.sent(), [] as [&str; 0], "{error}");
}

#[test]
fn blank_zero_and_several_identifiers_cannot_be_said() {
    for text in [
        "", " ", "0", ".", "..", "3,1553", "3/1", "a b", "a+b", "a&b", "a%2C", "a\n",
    ] {
        for refusal in [AccountNumber::new(text).err(), Login::new(text).err()] {
            let refusal = refusal.unwrap_or_else(|| panic!("{text:?}"));
            assert!(
                refusal.to_string().ends_with("nothing was sent"),
                "{refusal}"
            );
        }
    }
    let long = "l".repeat(65);
    assert!(AccountNumber::new(&long).is_err() && Login::new(&long).is_err());
    for text in ["00", "1553", "Іван", "a.b_c:d@e-f", "LONGACCOUNT12"] {
        AccountNumber::new(text).unwrap();
    }
    // It would be taken for an address, wherever it is asked for.
    assert!(Login::new("twelve:chars").is_err());
    Login::new("eleven:char").unwrap();
}

#[test]
fn ids_of_zero_and_empty_ids_cannot_be_said() {
    assert!(PackageId::new(0).is_err() && ChannelId::new(0).is_err());
    assert!(
        "tv_2".parse::<PackageId>().is_err(),
        "the server would list all"
    );
    // The server answers to an empty plan with a fault of its database, and
    // takes an empty package for all without an id.
    assert!(PlanExternalId::new("").is_err() && PackageExternalId::new(" ").is_err());
}

#[tokio::test]
async fn nobody_is_not_everybody() {
    let server = recorded().await;
    let ministra = &server.ministra;
    let before = server.users();
    let nobody = || AccountKeys::Macs(Vec::new());
    let patch = ModulesPatch {
        disabled: Some(vec!["radio".to_owned()]),
        restricted: None,
    };
    let channels = ItvSubscriptionPatch {
        sub_ch: Some(Vec::new()),
        additional_services_on: None,
    };
    let text = StbMessage::new("x");
    refused(&server, ministra.stb_msg().send(nobody(), &text).await);
    refused(
        &server,
        ministra.send_event().send(nobody(), Event::Reboot).await,
    );
    refused(
        &server,
        ministra.stb_modules().update(nobody(), &patch).await,
    );
    refused(
        &server,
        ministra
            .itv_subscription()
            .update(nobody(), &channels)
            .await,
    );
    refused(&server, ministra.stb().delete(nobody()).await);
    refused(&server, ministra.accounts().get(nobody()).await);
    refused(&server, ministra.itv().get(&[]).await);
    assert_eq!(server.users(), before);
    assert_eq!(server.sandbox.ministra().take_events(), []);
}

#[tokio::test]
async fn a_broadcast_says_so() {
    let server = recorded().await;
    server
        .ministra
        .send_event()
        .broadcast(Event::Reboot)
        .await
        .unwrap();
    server
        .ministra
        .stb_msg()
        .broadcast(&StbMessage::new("x"))
        .await
        .unwrap();
    assert_eq!(server.sent(), ["POST send_event/", "POST stb_msg/"]);
    assert_eq!(server.sandbox.ministra().take_events().len(), 8);
}

#[tokio::test]
async fn an_account_number_of_twelve_characters_is_addressed_by_mac_outside_accounts() {
    let server = recorded().await;
    let ministra = &server.ministra;
    let long = AccountNumber::new("LONGACCOUNT12").unwrap();
    let stb = StbPatch {
        status: Some(false),
        ..StbPatch::default()
    };
    let change = PackageChange {
        subscribed_id: vec![PackageId::new(2).unwrap()],
        ..PackageChange::default()
    };
    refused(&server, ministra.stb().get(&long).await);
    refused(&server, ministra.stb().update(&long, &stb).await);
    refused(
        &server,
        ministra.stb_msg().send(&long, &StbMessage::new("x")).await,
    );
    refused(
        &server,
        ministra.send_event().send(&long, Event::Reboot).await,
    );
    refused(&server, ministra.stb_modules().get(&long).await);
    refused(&server, ministra.itv_subscription().get(&long).await);
    refused(
        &server,
        ministra.account_subscription().change(&long, &change).await,
    );
    let eleven = AccountNumber::new("LONGACCOUN1").unwrap();
    assert_eq!(ministra.stb().get(&eleven).await.unwrap(), []);
    let accounts = ministra.accounts().get(&long).await.unwrap();
    assert_eq!(accounts[0].login, "longls");
    // With a colon, `accounts` takes it for an address too.
    let colon = AccountNumber::new("LONG:ACCOUNT").unwrap();
    server.sent();
    refused(&server, ministra.accounts().get(&colon).await);
}

#[tokio::test]
async fn what_the_server_would_cut_or_leave_out_is_not_sent() {
    let server = recorded().await;
    let accounts = server.ministra.accounts();
    let three = AccountNumber::new("3").unwrap();
    let long = |length: usize| Patch::Set("x".repeat(length));
    for patch in [
        AccountPatch::default(),
        AccountPatch {
            full_name: long(65),
            ..AccountPatch::default()
        },
        AccountPatch {
            phone: long(65),
            ..AccountPatch::default()
        },
        AccountPatch {
            account_balance: long(17),
            ..AccountPatch::default()
        },
        AccountPatch {
            password: Some("".into()),
            ..AccountPatch::default()
        },
    ] {
        refused(&server, accounts.update(&three, &patch).await);
    }
    let mut new = NewAccount::new(Login::new("new").unwrap());
    new.full_name = Some("x".repeat(65));
    refused(&server, accounts.create(&new).await);
    for text in ["", "0"] {
        refused(
            &server,
            server
                .ministra
                .stb_msg()
                .send(&three, &StbMessage::new(text))
                .await,
        );
    }
}

#[tokio::test]
async fn sets_of_packages_that_the_server_would_turn_round_are_not_sent() {
    let server = recorded().await;
    let packages = server.ministra.account_subscription();
    let three = AccountNumber::new("1553").unwrap();
    let tv = PackageExternalId::new("tv_3").unwrap();
    let toggles = PackageChange {
        subscribed: vec![tv.clone()],
        unsubscribed: vec![tv],
        ..PackageChange::default()
    };
    refused(&server, packages.change(&three, &toggles).await);
    refused(
        &server,
        packages.change(&three, &PackageChange::default()).await,
    );
    refused(
        &server,
        packages
            .replace(&three, &PackageSet::Internal(Vec::new()))
            .await,
    );
}

#[tokio::test]
async fn times_below_a_second_are_a_second() {
    let server = recorded().await;
    let message = StbMessage {
        ttl: Some(Duration::from_millis(5)),
        ..StbMessage::new("x")
    };
    let three = AccountNumber::new("3").unwrap();
    server
        .ministra
        .stb_msg()
        .send(&three, &message)
        .await
        .unwrap();
    assert_eq!(server.sandbox.ministra().inbox("3")[0].ttl, 1);
}
