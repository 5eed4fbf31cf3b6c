//! Logging in: once, again when needed, and not again when refused.

use std::time::Duration;

use jsonsql_client::{Error, LoginError};
use serde_json::json;

use crate::server::{PASSWORD, Step};
use crate::tables::{ids, new_subscriber};
use crate::{SOON, Server, within};

/// What servers may say to an ended session: answers that name the call.
fn refusals() -> [Step; 4] {
    [
        Step::error("Session not found."),
        Step::body(r#"{"jsonrpc":"2.0","id":$ID,"error":"authorization  required"}"#),
        Step::status(401, "", r#"{"id":$ID,"error":{"message":"what you will"}}"#),
        Step::status(403, "", r#"{"jsonrpc":"2.0","id":"$ID","error":"no"}"#),
    ]
}

/// What may come from whoever stands between.
fn bare_refusals() -> [Step; 6] {
    [
        Step::status(401, "", ""),
        Step::status(401, "", "Unauthorized"),
        Step::status(401, "", r#"{"error":"session expired"}"#),
        Step::status(403, "", r#"{"id":4711,"error":"session expired"}"#),
        Step::status(403, "", "<html>Forbidden</html>"),
        Step::body(r#"{"error":{"message":"session expired"}}"#),
    ]
}

/// Awaits tasks one after another; they run on their own.
async fn join_all<T>(tasks: Vec<tokio::task::JoinHandle<T>>) -> Vec<T> {
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}

#[tokio::test]
async fn the_session_of_a_login_goes_with_every_call() {
    let server = Server::start().await;
    let client = server.client();
    client.fetch_all(&ids()).await.unwrap();
    client.fetch_all(&ids()).await.unwrap();

    let logins = server.logins();
    assert_eq!(logins.len(), 1);
    assert_eq!(logins[0].header("iptvportal-authorization"), None);
    assert_eq!(
        logins[0].body,
        json!({"jsonrpc": "2.0", "id": 1, "method": "authorize_user",
               "params": {"username": "billing", "password": PASSWORD}})
    );
    let calls = server.calls();
    assert_eq!(calls.len(), 2);
    for call in &calls {
        assert_eq!(
            call.header("iptvportal-authorization"),
            Some("sessionid=sessionsecret1")
        );
        assert_eq!(call.header("content-type"), Some("application/json"));
    }
    assert_eq!(
        calls[1].body,
        json!({"jsonrpc": "2.0", "id": 2, "method": "select",
               "params": {"data": [{"s": "id"}], "from": {"table": "subscriber", "as": "s"}}})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_calls_share_one_login_and_one_renewal() {
    let server = Server::start().await;
    let client = server.client();
    for round in 1..=2 {
        let calls = (0..1000).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.fetch_all(&ids()).await })
        });
        let done = within(SOON * 3, join_all(calls.collect())).await;
        assert!(done.iter().all(Result::is_ok));
        assert_eq!(server.logins().len(), round);
        server.expire(Step::status(401, "", ""));
    }
}

#[tokio::test]
async fn every_kind_of_refusal_renews_the_session_once() {
    for refusal in refusals() {
        let server = Server::start().await;
        let client = server.client();
        client.fetch_all(&ids()).await.unwrap();
        server.expire(refusal);
        // A write too: it was refused, not executed.
        client.execute(&new_subscriber()).await.unwrap();
        client.fetch_all(&ids()).await.unwrap();
        assert_eq!(server.logins().len(), 2);
        assert_eq!(server.calls().len(), 4);
    }
}

#[tokio::test]
async fn a_refusal_that_anybody_may_have_said_renews_the_session_for_reads_only() {
    for refusal in bare_refusals() {
        let server = Server::start().await;
        let client = server.client();
        client.fetch_all(&ids()).await.unwrap();
        server.expire(refusal.clone());
        client.fetch_all(&ids()).await.unwrap();
        assert_eq!((server.logins().len(), server.calls().len()), (2, 3));

        server.on_call(refusal.clone());
        let error = client.execute(&new_subscriber()).await.unwrap_err();
        assert!(error.is_indeterminate(), "{error:?}");
        assert_eq!(server.calls().len(), 4, "not sent again");
        // Doing it twice is the same.
        server.on_call(refusal);
        let insert = new_subscriber();
        client.execute(&insert).idempotent().await.unwrap();
        assert_eq!(server.calls().len(), 6);
    }
}

#[tokio::test]
async fn what_is_said_after_a_bare_refusal_is_not_the_last_word_on_a_write() {
    let server = Server::start().await;
    server
        .on_call(Step::status(401, "", ""))
        .on_call(Step::error("there is one already"));
    let insert = new_subscriber();
    let client = server.client();
    let error = client.execute(&insert).idempotent().await.unwrap_err();
    // Perhaps because of the first attempt.
    let Error::Indeterminate(lost) = &error else {
        panic!("{error:?}")
    };
    assert!(matches!(lost.cause(), Error::Server(_)));
}

#[tokio::test]
async fn writes_that_are_refused_by_a_bare_status_get_a_new_session_once() {
    let server = Server::start().await;
    let client = server.client();
    client.execute(&new_subscriber()).await.unwrap();
    server.expire(Step::status(401, "", ""));
    let insert = new_subscriber();
    assert!(
        client
            .execute(&insert)
            .await
            .unwrap_err()
            .is_indeterminate()
    );
    client.execute(&insert).await.unwrap();
    assert_eq!((server.logins().len(), server.calls().len()), (2, 3));
    // That is all that is tried against a status that stays.
    for _ in 0..5 {
        server.on_call(Step::status(401, "", ""));
        assert!(
            client
                .execute(&insert)
                .await
                .unwrap_err()
                .is_indeterminate()
        );
    }
    assert_eq!((server.logins().len(), server.calls().len()), (2, 8));
}

#[tokio::test]
async fn a_body_that_was_seen_and_a_status_that_is_trusted_prove_a_refusal() {
    let server = Server::start().await;
    let attested = server.builder().session_error_texts(["No such session"]);
    let trusting = server.builder().trust_refusal_statuses();
    let bare = Step::status(401, "", "");
    let text = Step::status(403, "", " no such  session.\n");
    let limited = Step::status(429, "", "<html>");
    for (client, refusal, calls) in [
        (attested.build().unwrap(), text, 2),
        (trusting.build().unwrap(), bare, 2),
        (
            server.builder().trust_refusal_statuses().build().unwrap(),
            limited,
            2,
        ),
    ] {
        let seen = server.calls().len();
        server.on_call(refusal);
        client.execute(&new_subscriber()).await.unwrap();
        assert_eq!(server.calls().len() - seen, calls);
    }
}

#[tokio::test]
async fn a_call_that_a_fresh_session_may_not_make_ends() {
    for (refusal, status) in refusals()
        .into_iter()
        .zip([None, None, Some(401), Some(403)])
    {
        let server = Server::start().await;
        server.on_call(refusal.clone()).on_call(refusal);
        let error = server
            .client()
            .execute(&new_subscriber())
            .await
            .unwrap_err();
        match (&error, status) {
            // It was not about the session: the server's own words.
            (Error::Server(_), None) => assert!(!error.is_auth()),
            (Error::Denied { status: found, .. }, Some(_)) => {
                assert_eq!(*found, status);
                assert!(error.is_auth());
            }
            _ => panic!("{error:?}"),
        }
        assert!(!error.is_retryable());
        assert_eq!(server.calls().len(), 2);
        assert_eq!(server.logins().len(), 2);
    }
}

#[tokio::test]
async fn words_that_a_login_does_not_help_against_cost_one() {
    for refusal in refusals() {
        let server = Server::start().await;
        let client = server.client();
        for call in 0..5 {
            server.on_call(refusal.clone()).on_call(refusal.clone());
            let error = client.execute(&new_subscriber()).await.unwrap_err();
            assert!(
                matches!(error, Error::Server(_) | Error::Denied { .. }),
                "{error:?}"
            );
            server.settle();
            assert_eq!((server.logins().len(), server.calls().len()), (2, call + 2));
        }
        // Another text is another matter.
        server.on_call(Step::error("no session"));
        client.fetch_all(&ids()).await.unwrap();
        assert_eq!(server.logins().len(), 3);
    }
}

#[tokio::test]
async fn words_that_a_login_once_helped_against_are_about_the_session_for_good() {
    for refusal in refusals() {
        let server = Server::start().await;
        let client = server.client();
        server.on_call(refusal.clone());
        client.execute(&new_subscriber()).await.unwrap();
        // As when another program logs in as the same user in between.
        server
            .on_call(refusal.clone())
            .on_call(refusal.clone())
            .on_call(refusal);
        client.execute(&new_subscriber()).await.unwrap();
        assert_eq!((server.logins().len(), server.calls().len()), (5, 6));
    }
}

#[tokio::test]
async fn an_error_with_a_word_of_sessions_in_it_is_the_servers_error() {
    let server = Server::start().await;
    let client = server.client();
    for text in [
        "ERROR: duplicate key value violates unique constraint \"user_session_key\"",
        "column \"authorized_count\" does not exist",
        "relation \"authentication\" does not exist",
        "upstream session aborted",
        "you must be authorized to see table session",
    ] {
        server.on_call(Step::error(text));
        let error = client.execute(&new_subscriber()).await.unwrap_err();
        let Error::Server(said) = &error else {
            panic!("{error:?}")
        };
        assert!(text.ends_with(said.message().split(' ').next_back().unwrap()));
        assert_eq!(
            error.violated_constraint().is_some(),
            text.starts_with("ERROR")
        );
    }
    assert_eq!((server.logins().len(), server.calls().len()), (1, 5));
}

#[tokio::test]
async fn a_late_refusal_does_not_discard_a_fresh_session() {
    let server = Server::start().await;
    let client = server.client();
    client.fetch_all(&ids()).await.unwrap();
    // The first call learns late what the second learns at once.
    let late = Step::status(401, "", "").after(Duration::from_millis(300));
    server.on_call(late).on_call(Step::status(401, "", ""));
    let first = client.clone();
    let first = tokio::spawn(async move { first.fetch_all(&ids()).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    client.fetch_all(&ids()).await.unwrap();
    assert_eq!(server.logins().len(), 2);
    within(SOON, first).await.unwrap().unwrap();
    assert_eq!(server.logins().len(), 2);
}

/// What one status says of a table says nothing of another status.
#[tokio::test]
async fn a_forbidden_table_does_not_hide_that_the_session_has_ended() {
    let server = Server::start().await;
    let client = server.client();
    server
        .on_call(Step::status(403, "", ""))
        .on_call(Step::status(403, "", ""));
    assert!(client.fetch_all(&ids()).await.unwrap_err().is_auth());
    assert_eq!(server.logins().len(), 2);
    server.expire(Step::status(401, "", ""));
    client.fetch_all(&ids()).await.unwrap();
    assert_eq!(server.logins().len(), 3);
}

#[tokio::test]
async fn a_refused_login_is_not_repeated_until_it_has_cooled_down() {
    for refusal in [
        Step::error(&format!("no user billing with password {PASSWORD}")),
        Step::status(403, "", ""),
        Step::body(r#"{"id":$ID,"error":"denied"}"#),
    ] {
        let server = Server::start().await;
        server.on_login(refusal);
        let cool_down = Duration::from_millis(400);
        let client = server.builder().login_cool_down(cool_down).build().unwrap();
        for attempt in 0..20 {
            let error = client.execute(&new_subscriber()).await.unwrap_err();
            let Error::Login(login) = &error else {
                panic!("{error:?}")
            };
            assert!(error.is_auth() && !error.is_retryable());
            assert_eq!(login.is_cooling_down(), attempt > 0);
            assert!(!format!("{error} {error:?}").contains(PASSWORD));
            assert!(!format!("{error} {error:?}").contains("billing"));
        }
        assert_eq!((server.logins().len(), server.calls().len()), (1, 0));
        tokio::time::sleep(cool_down).await;
        client.execute(&new_subscriber()).await.unwrap();
        assert_eq!(server.logins().len(), 2);
    }
}

#[tokio::test]
async fn a_login_without_an_answer_is_repeated_and_is_no_refusal() {
    let server = Server::start().await;
    server
        .on_login(Step::Drop)
        .on_login(Step::status(503, "", ""));
    server.client().fetch_all(&ids()).await.unwrap();
    assert_eq!(server.logins().len(), 3);

    for answer in [
        Step::body("<html>"),
        Step::body(r#"{"error":"authentication required"}"#),
        Step::body(r#"{"id":4711,"error":"wrong password"}"#),
        Step::status(400, "", r#"{"id":$ID,"error":"wrong password"}"#),
        Step::status(502, "", r#"{"error":"upstream session aborted"}"#),
        Step::status(502, "", r#"{"jsonrpc":"2.0","id":$ID,"error":"denied"}"#),
        Step::status(502, "", r#"{"id":$ID,"result":{"session_id":"x"}}"#),
    ] {
        let server = Server::start().await;
        let client = server.builder().max_attempts(1).build().unwrap();
        server.on_login(answer);
        let error = client.fetch_all(&ids()).await.unwrap_err();
        assert!(
            matches!(&error, Error::Login(LoginError::Failed(_))),
            "{error:?}"
        );
        assert!(!error.is_auth());
        // And is not remembered as one.
        client.fetch_all(&ids()).await.unwrap();
        assert_eq!(server.logins().len(), 2);
    }
}

#[tokio::test]
async fn a_login_with_an_unusable_session_is_an_error() {
    for result in [
        json!(null),
        json!({}),
        json!({"session_id": ""}),
        json!({"session_id": "a\r\nb"}),
        json!([1]),
    ] {
        let server = Server::start().await;
        server.on_login(Step::result(&result));
        let error = server.client().fetch_all(&ids()).await.unwrap_err();
        assert!(
            matches!(&error, Error::Login(LoginError::Failed(_))),
            "{error:?}"
        );
        assert_eq!((server.logins().len(), server.calls().len()), (1, 0));
    }
}

#[tokio::test]
async fn giving_up_on_a_call_does_not_give_up_the_login() {
    let server = Server::start().await;
    let session = json!({"session_id": "sessionsecret1"});
    server.on_login(Step::result(&session).after(Duration::from_millis(200)));
    let client = server.client();
    for _ in 0..3 {
        let ids = ids();
        let call = client.fetch_all(&ids).into_future();
        tokio::time::timeout(Duration::from_millis(30), call)
            .await
            .unwrap_err();
    }
    let error = client
        .fetch_all(&ids())
        .timeout(Duration::from_millis(20))
        .await
        .unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    within(SOON, client.fetch_all(&ids()).into_future())
        .await
        .unwrap();
    assert_eq!((server.logins().len(), server.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_call_waits_for_anothers_login_no_longer_than_it_may_take() {
    let server = Server::start().await;
    server.on_login(Step::Drop.after(Duration::from_secs(60)));
    let client = server.client();
    let ids = ids();
    for _ in 0..2 {
        let call = client.fetch_all(&ids).timeout(Duration::from_millis(50));
        let error = within(SOON, call.into_future()).await.unwrap_err();
        assert!(
            error.to_string().contains("waiting for the login"),
            "{error}"
        );
        assert!(error.is_retryable(), "{error:?}");
    }
    assert_eq!((server.logins().len(), server.calls().len()), (1, 0));
}

#[tokio::test]
async fn giving_up_anywhere_leaves_the_client_usable() {
    let server = Server::start().await;
    let client = server.builder().max_concurrency(1).build().unwrap();
    let ids = ids();
    for step in 0..60 {
        let pause = Duration::from_millis(5);
        server
            .on_login(Step::Drop.after(pause))
            .on_call(Step::Drop.after(pause));
        if step % 10 == 0 {
            server.expire(Step::status(401, "", "").after(pause));
        }
        let call = client.fetch_all(&ids).into_future();
        let _ = tokio::time::timeout(Duration::from_micros(step * 500), call).await;
    }
    server.settle();
    // A login may still be under way, and be dropped as it was told.
    tokio::time::sleep(Duration::from_millis(100)).await;
    within(SOON, client.fetch_all(&ids).into_future())
        .await
        .unwrap();
}
