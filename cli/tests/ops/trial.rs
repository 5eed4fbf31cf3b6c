//! `jsonsql trial` on every platform.

use std::process::Stdio;

use crate::run::{PLATFORMS, Server};

const LOGIN: &str = "trial-1";

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_leaves_nothing_and_needs_write() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        let trial = ["trial", "--login", LOGIN];
        let before = server
            .done(&["subscriber", "list", "--format", "csv"])
            .stdout;
        for more in [&[][..], &["--write"]] {
            let run = server.run(&[&trial[..], more].concat());
            assert_eq!(run.status, 4, "{platform} {run:?}");
        }
        let list = || {
            server
                .done(&["subscriber", "list", "--format", "csv"])
                .stdout
        };
        assert_eq!(list(), before, "{platform}");
        let done = server.done(&[&trial[..], &["--write", "--yes"]].concat());
        assert!(done.stdout.contains("the subscriber is gone"), "{done:?}");
        assert!(
            done.stdout.contains("bind 02-00-00-00-15-53: done"),
            "{done:?}"
        );
        assert_eq!(list(), before, "{platform}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_closes_does_not_leave_a_subscriber_half_way() {
    let server = Server::start("iptvportal").await;
    let mut command = server.command(&["trial", "--login", LOGIN, "--write", "--yes"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = tokio::task::block_in_place(|| child.wait_with_output()).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("not all of it could be shown"), "{said}");
    assert!(!server.has(LOGIN));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_is_continued_or_cleaned_up() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        let trial = ["trial", "--login", LOGIN, "--write", "--yes"];
        server.done(&[&trial[..], &["--keep"]].concat());
        assert!(server.has(LOGIN), "{platform}");
        let again = server.done(&[&trial[..], &["--keep"]].concat());
        assert!(again.stdout.contains("create subscriber: was"), "{again:?}");
        let cleanup = ["trial", "--login", LOGIN, "--cleanup"];
        assert_eq!(server.run(&cleanup).status, 4);
        assert!(server.has(LOGIN), "{platform}");
        server.done(&[&trial[..], &["--cleanup"]].concat());
        assert!(!server.has(LOGIN), "{platform}");
        let nothing = server.done(&cleanup);
        assert!(nothing.stdout.contains("nothing of an earlier trial"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_subscriber_is_not_touched() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        server.create(LOGIN, "C-1");
        for more in [&[][..], &["--cleanup"]] {
            let trial = ["trial", "--login", LOGIN, "--write", "--yes"];
            let run = server.run(&[&trial[..], more].concat());
            assert_eq!(run.status, 4, "{platform} {run:?}");
            assert!(run.stderr.contains("no trial's"), "{run:?}");
            assert!(server.has(LOGIN), "{platform}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_under_a_reference_of_its_own_touches_nobody_else() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        server.create("t-1", "T-1");
        let list = || {
            server
                .done(&["subscriber", "list", "--format", "csv"])
                .stdout
        };
        let before = list();
        let trial = |login: &str, reference: &str, more: &[&str]| {
            let named = ["trial", "--login", login, "--external-ref", reference];
            server.run(&[&named[..], &["--write", "--yes"], more].concat())
        };
        // The reference, the login, or both are a customer's.
        for (login, reference) in [(LOGIN, "T-1"), ("t-1", "777001"), ("t-1", "T-1")] {
            for more in [&[][..], &["--cleanup"]] {
                let run = trial(login, reference, more);
                assert_eq!(run.status, 4, "{platform} {login} {reference} {run:?}");
                assert!(run.stderr.contains("no trial's"), "{run:?}");
            }
        }
        assert_eq!(list(), before, "{platform}");

        assert_eq!(trial(LOGIN, "777001", &["--keep"]).status, 0);
        assert_eq!(
            server.show(LOGIN)["subscriber"]["external_ref"],
            "777001",
            "{platform}"
        );
        let again = trial(LOGIN, "777001", &["--keep"]);
        assert!(again.stdout.contains("create subscriber: was"), "{again:?}");
        let cleanup = trial(LOGIN, "777001", &["--cleanup"]);
        assert!(
            cleanup.stdout.contains("the subscriber is gone"),
            "{cleanup:?}"
        );
        assert_eq!(list(), before, "{platform}");
    }
}
