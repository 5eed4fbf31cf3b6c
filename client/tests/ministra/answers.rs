//! What an answer is taken for.

use jsonsql_client::ministra::{
    AccountNumber, AccountPatch, Event, Login, NewAccount, Outcome, PackageChange,
    PackageExternalId, PlanExternalId,
};
use jsonsql_client::model::Patch;
use jsonsql_client::{Error, RejectionKind};

use crate::canned::Canned;

const BASE: &str = "/stalker_portal/api/";

fn number() -> AccountNumber {
    AccountNumber::new("1553").unwrap()
}

fn renamed() -> AccountPatch {
    AccountPatch {
        full_name: Patch::Set("Private-Name".to_owned()),
        ..AccountPatch::default()
    }
}

async fn read(status: u16, body: &str) -> Error {
    let (ministra, _) = Canned::ministra(BASE, &[(status, body)]);
    ministra.accounts().get(number()).await.unwrap_err()
}

async fn written(status: u16, body: &str) -> Result<(), Error> {
    let (ministra, _) = Canned::ministra(BASE, &[(status, body)]);
    ministra.accounts().update(number(), &renamed()).await
}

#[tokio::test]
async fn wrong_credentials_are_denied() {
    let body = r#"{"status":"ERROR","results":"","error":"401 Unauthorized request"}"#;
    let error = read(401, body).await;
    assert!(
        matches!(
            error,
            Error::Denied {
                status: Some(401),
                ..
            }
        ),
        "{error}"
    );
    assert!(error.is_auth());
}

#[tokio::test]
async fn the_api_may_be_switched_off() {
    for error in [
        read(404, "API not enabled").await,
        written(404, "API not enabled").await.unwrap_err(),
    ] {
        let Error::Rejected(rejection) = error else {
            panic!("{error}")
        };
        assert_eq!(
            (rejection.status(), rejection.message()),
            (404, "API not enabled")
        );
    }
    // A page of somebody else's is not that.
    let error = read(404, "<html>404</html>").await;
    assert!(
        matches!(error, Error::Status { status: 404, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn the_folder_v1_of_4_9_refuses_boxes_in_plain_text() {
    let error = written(200, "Unauthorized request.").await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Denied {
                status: Some(200),
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn errors_are_known_by_their_exact_texts() {
    for (text, kind) in [
        ("Account not found", RejectionKind::NotFound),
        ("STB not found", RejectionKind::NotFound),
        ("Empty stb list", RejectionKind::NotFound),
        ("Login already in use", RejectionKind::Conflict),
        ("MAC address already in use", RejectionKind::Conflict),
        ("Stb already exists", RejectionKind::Conflict),
        ("HTTP POST data is empty", RejectionKind::Invalid),
        ("Login required", RejectionKind::Invalid),
        ("Not valid mac address", RejectionKind::Invalid),
        ("Only one identifier allowed", RejectionKind::Invalid),
        ("account not found", RejectionKind::Other),
        ("ACCOUNT_NOT_FOUND", RejectionKind::Other),
    ] {
        let body = format!(r#"{{"status":"ERROR","results":null,"error":"{text}"}}"#);
        let Error::Rejected(rejection) = written(200, &body).await.unwrap_err() else {
            panic!("{text}")
        };
        assert_eq!(
            (rejection.kind(), rejection.status()),
            (kind, 200),
            "{text}"
        );
        assert_eq!(rejection.message(), text);
    }
}

#[tokio::test]
async fn faults_of_the_database_do_not_show_their_sql() {
    let sql = "Query failed by reason : Unknown column (UPDATE users SET fname='Private-Name')";
    let down = "Connect Error (2002) Connection refused on db.internal";
    let unknown = "Something about Private-Name of 1553";
    for (text, kind) in [
        (sql, RejectionKind::ServerFault),
        (down, RejectionKind::ServerFault),
        (unknown, RejectionKind::Other),
    ] {
        let body = format!(r#"{{"status":"ERROR","results":null,"error":"{text}"}}"#);
        let error = written(200, &body).await.unwrap_err();
        let Error::Rejected(rejection) = &error else {
            panic!("{error}")
        };
        assert_eq!(rejection.kind(), kind);
        let shown = format!("{error} {error:?}");
        for secret in ["Private-Name", "UPDATE", "internal", "1553"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_database_that_is_down_was_not_asked_so_the_call_is_repeated() {
    let down = r#"{"status":"ERROR","results":null,"error":"Connect Error (2002)"}"#;
    let server = crate::server::recorded().await;
    use jsonsql_sandbox::ministra::Database;
    server
        .sandbox
        .ministra()
        .configure(|options| options.database = Database::Down);
    let login = Login::new("new").unwrap();
    server.sent();
    let error = server
        .ministra
        .users()
        .create(&NewAccount::new(login))
        .await
        .unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert_eq!(server.sent(), ["POST users/", "POST users/"]);
    assert!(written(200, down).await.unwrap_err().is_retryable());
}

#[tokio::test]
async fn false_is_neither_success_nor_failure() {
    let body = r#"{"status":"OK","results":false}"#;
    let error = written(200, body).await.unwrap_err();
    assert!(matches!(error, Error::NotApplied { .. }), "{error}");
    let (ministra, _) = Canned::ministra(BASE, &[(200, body)]);
    let change = PackageChange {
        subscribed: vec![PackageExternalId::new("tv_2").unwrap()],
        ..PackageChange::default()
    };
    let answer = ministra
        .account_subscription()
        .change(number(), &change)
        .await;
    assert_eq!(answer.unwrap(), Outcome::NotDone);
}

#[tokio::test]
async fn what_is_not_json_leaves_a_write_unknown() {
    for body in [
        "<b>Fatal error</b>",
        "",
        r#"{"status":"OK","resu"#,
        "1",
        r#"{"results":true}"#,
    ] {
        let error = read(200, body).await;
        assert!(matches!(error, Error::Protocol(_)), "{body}: {error}");
        let error = written(200, body).await.unwrap_err();
        assert!(error.is_indeterminate(), "{body}: {error}");
    }
}

#[tokio::test]
async fn warnings_behind_the_json_do_not_undo_a_write() {
    let body = "{\"status\":\"OK\",\"results\":true}<br />\n<b>Warning</b>: file_put_contents";
    written(200, body).await.unwrap();
    let body = r#"{"status":"OK","results":true,"output":"<b>Notice<\/b>: x"}"#;
    written(200, body).await.unwrap();
}

/// The vendor's document says "1 online, 2 offline", and the server answers `"0"`.
#[tokio::test]
async fn everything_but_1_is_offline() {
    for (online, is_online) in [
        ("1", true),
        ("\"1\"", true),
        ("2", false),
        ("\"2\"", false),
        ("\"0\"", false),
    ] {
        let body = format!(
            r#"{{"status":"OK","results":[{{"login":"1553","status":"1","online":{online}}}]}}"#
        );
        let (ministra, _) = Canned::ministra(BASE, &[(200, &body)]);
        let accounts = ministra.accounts().list().await.unwrap();
        assert_eq!(accounts[0].online, Some(is_online), "{online}");
    }
}

#[tokio::test]
async fn scalars_are_texts_or_numbers_or_null_and_lists_may_be_objects() {
    let body = r#"{"status":"OK","new":1,"results":{"3":{"login":1553,"status":"1","online":0,
        "ls":5,"comment":null,"subscribed":["",7],"subscribed_id":{"2":"3","5":6},
        "tariff_plan":"","end_date":"0000-00-00 00:00:00","account_number":1553,
        "last_active":"2024-05-01 10:20:30"}}}"#;
    let (ministra, _) = Canned::ministra(BASE, &[(200, body)]);
    let accounts = ministra.accounts().list().await.unwrap();
    let [account] = accounts.as_slice() else {
        panic!("{accounts:?}")
    };
    assert_eq!(account.login, "1553");
    assert!(account.status);
    assert_eq!(account.online, Some(false));
    assert_eq!(account.account_number.as_deref(), Some("1553"));
    assert_eq!(account.comment, None);
    assert_eq!(account.tariff_plan.as_deref(), Some(""));
    assert_eq!(account.subscribed, ["7"]);
    let ids: Vec<u64> = account.subscribed_id.iter().map(|id| id.get()).collect();
    assert_eq!(ids, [3, 6]);
    assert_eq!(account.end_date, None);
    assert_eq!(
        account.last_active,
        Some("2024-05-01T10:20:30".parse().unwrap())
    );
}

#[tokio::test]
async fn no_password_shows() {
    let (ministra, _) = Canned::ministra(BASE, &[(200, "garbage")]);
    let mut new = NewAccount::new(Login::new("anna").unwrap());
    new.password = Some("hunter2-Planted".into());
    new.tariff_plan = Some(PlanExternalId::new("FULL").unwrap());
    let error = ministra.users().create(&new).await.unwrap_err();
    let shown = format!("{ministra:?} {new:?} {error} {error:?}");
    assert!(error.is_indeterminate());
    for secret in ["hunter2-Planted", "secret_pass"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn only_what_is_the_same_twice_is_sent_again() {
    use jsonsql_sandbox::faults::{Fault, Faults, Rule};
    let server = crate::server::recorded().await;
    let ministra = &server.ministra;
    let dropped = Faults::seeded(1).rule(Rule::new("/stalker_portal", Fault::Drop).nth(1));
    let three = AccountNumber::new("3").unwrap();
    let again = |faults: &Faults| {
        server.sandbox.set_faults(faults.clone());
        server.sent();
    };

    again(&dropped);
    ministra
        .accounts()
        .update(&three, &renamed())
        .await
        .unwrap();
    assert_eq!(server.sent().len(), 2);

    // Found by what it changes, it would not be found again.
    again(&dropped);
    let moved = AccountPatch {
        account_number: Patch::Set(AccountNumber::new("33").unwrap()),
        ..AccountPatch::default()
    };
    let lost = ministra
        .accounts()
        .update(&three, &moved)
        .await
        .unwrap_err();
    assert!(lost.is_indeterminate());
    assert_eq!(server.sent().len(), 1);

    again(&dropped);
    let lost = ministra
        .send_event()
        .send(AccountNumber::new("33").unwrap(), Event::Reboot)
        .await;
    assert!(lost.unwrap_err().is_indeterminate());
    assert_eq!(server.sent().len(), 1);
    assert_eq!(server.sandbox.ministra().reboots("00:1A:79:00:21:40"), 1);

    again(&dropped);
    ministra
        .users()
        .delete(&Login::new("3").unwrap())
        .await
        .unwrap();
    assert_eq!(server.sent(), ["DELETE users/3", "DELETE users/3"]);
    let gone = ministra
        .users()
        .delete(&Login::new("3").unwrap())
        .await
        .unwrap_err();
    assert!(gone.is_not_found());
}

/// What stands between says less than the server, on any status.
#[tokio::test]
async fn a_write_that_is_answered_by_somebody_else_is_unknown() {
    for status in [
        201, 302, 400, 401, 403, 404, 405, 407, 408, 413, 425, 429, 451, 500, 502, 503, 504,
    ] {
        for body in [
            "",
            "<html>Forbidden</html>",
            r#"{"error":"upstream session aborted"}"#,
            r#"{"message":"Unauthorized"}"#,
        ] {
            let error = written(status, body).await.unwrap_err();
            assert!(error.is_indeterminate(), "{status} {body}: {error}");
            assert!(!read(status, body).await.is_indeterminate());
        }
    }
}
