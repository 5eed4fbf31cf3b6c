//! `jsonsql subscriber` on every platform.

use jsonsql_sandbox::faults::{Fault, Faults, Rule};
use serde_json::{Value, json};

use crate::run::{NEW_PASSWORD, PLATFORMS, Server};

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_lives_on_every_platform() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        let create = ["subscriber", "create", "--login", "t-1", "--ref", "T-1"];
        let fields = ["--name", "Иванова Мария", "--json", "--password-stdin"];
        let write = ["--write", "--yes"];
        let command = server.command(&[&create[..], &fields, &write].concat());
        let created = server.run_with(command, &format!("{NEW_PASSWORD}\n"));
        assert_eq!(created.status, 0, "{created:?}");
        let account = created.json();
        assert_eq!(account["outcome"], "done", "{account}");
        assert_eq!(account["record"]["login"], "t-1", "{account}");
        assert_eq!(account["record"]["external_ref"], "T-1", "{account}");
        assert_eq!(account["error"], Value::Null);

        let shown = server.show("t-1");
        assert_eq!(shown["subscriber"]["name"], "Иванова Мария");
        assert_eq!(shown["subscriber"]["enabled"], true);
        assert_eq!(shown["terminals"], json!([]));

        let by_ref = ["--ref", "T-1", "--json", "--write", "--yes"];
        let disabled = server.done(&[&["subscriber", "disable"], &by_ref[..]].concat());
        assert_eq!(disabled.json()["record"]["enabled"], false);
        let again = server.done(&[&["subscriber", "disable"], &by_ref[..]].concat());
        assert_eq!(again.json()["outcome"], "nothing");
        assert_eq!(server.show("t-1")["subscriber"]["enabled"], false);
        server.done(&[&["subscriber", "enable"], &by_ref[..]].concat());
        assert_eq!(server.show("t-1")["subscriber"]["enabled"], true);

        let change = ["subscriber", "change", "--login", "t-1", "--name", "Maria"];
        server.done(&[&change[..], &write].concat());
        assert_eq!(server.show("t-1")["subscriber"]["name"], "Maria");

        let id = shown["subscriber"]["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let delete = ["subscriber", "delete", "--id", &id, "--json"];
        let deleted = server.done(&[&delete[..], &write].concat()).json();
        let effects = deleted["effects"].as_array().expect("effects");
        assert!(
            effects.iter().any(|effect| effect["irreversible"] == true),
            "{deleted}"
        );
        assert!(!server.has("t-1"), "{platform}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_without_write_or_an_answer() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        let create = ["subscriber", "create", "--login", "t-2"];
        for (more, status) in [
            (&[][..], 4),
            (&["--write"], 4),
            (&["--dry-run"], 0),
            (&["--yes"], 2),
            (&["--write", "--dry-run"], 2),
        ] {
            let run = server.run(&[&create[..], more].concat());
            assert_eq!(run.status, status, "{platform} {more:?} {run:?}");
            assert!(!server.has("t-2"), "{platform} {more:?}");
        }
        server.create("t-2", "T-2");
        let delete = ["subscriber", "delete", "--login", "t-2"];
        let refused = server.run(&delete);
        assert_eq!(refused.status, 4, "{refused:?}");
        assert!(refused.stderr.contains("IRREVERSIBLE"), "{refused:?}");
        assert!(refused.stderr.contains("--write"), "{refused:?}");
        let asked = server.run(&[&delete[..], &["--write"]].concat());
        assert_eq!(asked.status, 4, "{asked:?}");
        assert!(asked.stderr.contains("--yes"), "{asked:?}");
        assert!(server.has("t-2"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_json_there_is_one_object_whatever_happens() {
    let server = Server::start("iptvportal").await;
    server.create("t-3", "T-3");
    let members = |run: crate::run::Run| {
        let object = run.json();
        let names = object.as_object().expect("an object").keys();
        names.cloned().collect::<Vec<_>>()
    };
    let disable = |login: &'static str, more: &[&'static str]| {
        let disable = ["subscriber", "disable", "--json", "--login", login];
        server.run(&[&disable[..], more].concat())
    };
    let previewed = disable("t-3", &["--dry-run"]);
    assert_eq!(previewed.json()["outcome"], "previewed");
    let declined = disable("t-3", &[]);
    assert_eq!(declined.json()["outcome"], "declined");
    let missing = disable("nobody", &["--write", "--yes"]);
    assert_eq!(missing.status, 1);
    assert_eq!(missing.json()["outcome"], "failed");
    assert_eq!(
        missing.json()["error"],
        "there is no subscriber with the login `nobody`"
    );
    let done = disable("t-3", &["--write", "--yes"]);
    assert_eq!(done.json()["outcome"], "done");
    let names = members(previewed);
    assert_eq!(names.len(), 8);
    for run in [declined, missing, done] {
        assert_eq!(members(run), names);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn usual_mistakes_are_usage_and_send_nothing() {
    let server = Server::start("iptvportal").await;
    for arguments in [
        &["subscriber", "show"][..],
        &["subscriber", "show", "--login", "a", "--id", "1"],
        &["subscriber", "create", "--ref", "a"],
        &["subscriber", "create", "--login", "a", "--password", "b"],
        &["subscriber", "change", "--login", "a", "--clear", "login"],
    ] {
        let run = server.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?} {run:?}");
        assert!(server.sandbox.take_requests().is_empty(), "{arguments:?}");
    }
    for (arguments, says) in [
        (&["change", "--login", "12345"][..], "no change is given"),
        (
            &[
                "change", "--login", "12345", "--note", "a", "--clear", "note",
            ],
            "which one is meant?",
        ),
        (
            &["create", "--login", "t-4", "--password-env", "NOT_SET"],
            "the variable NOT_SET has no password",
        ),
        (
            &["create", "--login", "t-4", "--password-stdin"],
            "standard input has no password",
        ),
    ] {
        let run = server.run(&[&["subscriber"], arguments].concat());
        assert_eq!(run.status, 2, "{arguments:?} {run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_platform_has_no_place_for_is_said_and_a_login_of_another_is_refused() {
    let server = Server::start("iptvportal").await;
    server.create("t-5", "T-5");
    let note = ["subscriber", "change", "--login", "t-5", "--note", "vip"];
    let run = server.run(&[&note[..], &["--phone", "1", "--json", "--write", "--yes"]].concat());
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(run.json()["losses"][0]["field"], "note", "{run:?}");

    let taken = [
        "subscriber",
        "change",
        "--login",
        "t-5",
        "--new-login",
        "12345",
    ];
    let run = server.run(&[&taken[..], &["--write", "--yes"]].concat());
    assert_eq!(run.status, 1, "{run:?}");
    assert!(server.has("t-5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_lost_is_settled_by_reading() {
    let server = Server::start("iptvportal").await;
    server.create("t-6", "T-6");
    let lost = Rule::new("/jsonsql", Fault::Drop).call("update");
    server.sandbox.set_faults(Faults::seeded(1).rule(lost));
    let disable = ["subscriber", "disable", "--login", "t-6", "--json"];
    let run = server.run(&[&disable[..], &["--write", "--yes"]].concat());
    assert_eq!((run.status, &run.json()["outcome"]), (0, &json!("done")));
    let dropped = |one: &jsonsql_sandbox::Request| one.faults.contains(&"drop");
    assert!(server.sandbox.take_requests().iter().any(dropped));
    server.sandbox.set_faults(Faults::seeded(1));
    assert_eq!(server.show("t-6")["subscriber"]["enabled"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribers_are_listed() {
    let server = Server::start("iptvportal").await;
    server.create("t-7", "T-7");
    let list = server.done(&["subscriber", "list", "--format", "csv"]);
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert!(lines[0].starts_with("id,login,external_ref"), "{list:?}");
    assert!(lines.iter().any(|line| line.contains(",t-7,T-7,")));
}
