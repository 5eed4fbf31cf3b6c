//! `jsonsql terminal` on every platform.

use serde_json::Value;

use crate::run::{PLATFORMS, Server};

const MAC: &str = "02:00:00:00:77:01";

/// Hardware addresses are compared in one of their spellings.
fn colons(text: &str) -> String {
    text.to_lowercase().replace('-', ":")
}

fn macs(server: &Server, login: &str) -> Vec<String> {
    let shown = server.show(login);
    let terminals = shown["terminals"].as_array().expect("terminals").iter();
    let macs = terminals.filter_map(|terminal| terminal["mac"].as_str());
    macs.map(colons).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_goes_from_hand_to_hand_on_every_platform() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        server.create("t-1", "T-1");
        server.create("t-2", "T-2");
        let write = ["--write", "--yes", "--json"];
        let bind = ["terminal", "bind", "--login", "t-1", "--mac", MAC];

        let refused = server.run(&bind);
        assert_eq!(refused.status, 4, "{platform} {refused:?}");
        assert!(macs(&server, "t-1").is_empty(), "{platform}");

        let bound = server.done(&[&bind[..], &write].concat()).json();
        assert_eq!(bound["outcome"], "done");
        assert_eq!(macs(&server, "t-1"), [MAC], "{platform}");
        let list = server.done(&["terminal", "list", "--login", "t-1", "--format", "csv"]);
        assert!(colons(&list.stdout).contains(MAC), "{list:?}");
        let all = server.done(&["terminal", "list", "--format", "csv"]);
        assert!(colons(&all.stdout).contains(MAC), "{all:?}");
        assert!(all.stdout.lines().count() > 3, "{all:?}");

        let other = ["terminal", "bind", "--login", "t-2", "--mac", MAC];
        let taken = server.run(&[&other[..], &write].concat());
        assert_eq!(taken.status, 1, "{platform} {taken:?}");
        assert_eq!(taken.json()["outcome"], "failed");
        assert_eq!(macs(&server, "t-1"), [MAC], "{platform}");

        let moves = ["terminal", "move", "--mac", MAC, "--to-login", "t-2"];
        server.done(&[&moves[..], &write].concat());
        assert!(macs(&server, "t-1").is_empty(), "{platform}");
        assert_eq!(macs(&server, "t-2"), [MAC], "{platform}");

        let unbind = ["terminal", "unbind", "--mac", MAC];
        server.done(&[&unbind[..], &write].concat());
        assert!(macs(&server, "t-2").is_empty(), "{platform}");

        // Whoever nobody has is not moved from anybody.
        for end in [&["--dry-run"][..], &["--write", "--yes"]] {
            let refused = server.run(&[&moves[..], end].concat());
            assert_eq!(refused.status, 1, "{platform} {refused:?}");
            let told = ["has no subscriber", "there is no terminal"];
            let is_told = told.iter().any(|text| refused.stderr.contains(text));
            assert!(is_told, "{platform} {refused:?}");
            assert!(macs(&server, "t-2").is_empty(), "{platform}");
        }
    }
}

/// An application has no hardware address: it is bound by the platform's key.
#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_without_an_address_is_bound_by_its_key() {
    let server = Server::start("tvip").await;
    server.create("t-1", "T-1");
    let all = server
        .done(&["terminal", "list", "--format", "jsonl"])
        .stdout;
    let lines = all
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    let mut applications = lines.filter(|one: &Value| one["mac"].is_null());
    let one = applications.next().expect("an application");
    let id = one["id"].as_str().expect("an id");
    let write = ["--write", "--yes"];
    server.done(&[&["terminal", "unbind", "--terminal", id], &write[..]].concat());
    let bind = ["terminal", "bind", "--login", "t-1", "--terminal", id];
    server.done(&[&bind[..], &write].concat());
    assert_eq!(server.show("t-1")["terminals"][0]["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_own_fields_are_shown_by_their_names() {
    for (platform, login, field) in [
        ("iptvportal", "12345", "surname"),
        ("ministra", "12345", "account_balance"),
        ("tvip", "1002", "created"),
    ] {
        let server = Server::start(platform).await;
        let shown = server.show(login);
        let extra = &shown["subscriber"]["extra"];
        assert!(extra[field].is_string(), "{platform} {shown}");
        let text = server
            .done(&["subscriber", "show", "--login", login])
            .stdout;
        let of_terminal = &shown["terminals"][0]["extra"];
        for members in [extra, of_terminal] {
            for (name, value) in members.as_object().expect("fields") {
                let line = format!("  extra.{name}: {}\n", value.as_str().expect("a text"));
                assert!(text.contains(&line), "{platform} {line} {text}");
            }
        }
        let lists = [
            ("terminal", &["--login", login][..], of_terminal),
            ("subscriber", &[], extra),
        ];
        for (record, of, expected) in lists {
            let list = [record, "list", "--format", "jsonl"];
            let plain = server.done(&[&list[..], of].concat()).stdout;
            assert!(!plain.contains("\"extra\""), "{platform} {plain}");
            let all = server.done(&[&list[..], of, &["--extra"]].concat()).stdout;
            let mut lines = all
                .lines()
                .map(|line| serde_json::from_str(line).expect("JSON"));
            assert!(
                lines.any(|one: Value| one["extra"] == *expected),
                "{platform} {all}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn terminals_of_nobody_are_shown_where_there_are_such() {
    let server = Server::start("iptvportal").await;
    let nobodys = ["terminal", "list", "--nobodys", "--format", "csv"];
    let before = server.done(&nobodys).stdout;
    assert!(!colons(&before).contains(MAC));
    server.create("t-1", "T-1");
    let write = ["--write", "--yes"];
    let bind = ["terminal", "bind", "--login", "t-1", "--mac", MAC];
    server.done(&[&bind[..], &write].concat());
    assert_eq!(server.done(&nobodys).stdout, before);
    server.done(&[&["terminal", "unbind", "--mac", MAC], &write[..]].concat());
    let after = colons(&server.done(&nobodys).stdout);
    assert!(after.contains(MAC), "{after}");

    let server = Server::start("ministra").await;
    let refused = server.run(&nobodys);
    assert_eq!(refused.status, 1, "{refused:?}");
    assert!(
        refused.stderr.contains("without a subscriber"),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn usual_mistakes() {
    let server = Server::start("tvip").await;
    for arguments in [
        &["terminal", "bind", "--login", "a", "--mac", "02:00"][..],
        &["terminal", "unbind"],
        &["terminal", "move", "--mac", MAC],
        &["terminal", "list", "--nobodys", "--login", "a"],
    ] {
        let run = server.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?} {run:?}");
        assert!(server.sandbox.take_requests().is_empty(), "{arguments:?}");
    }
    let missing = server.run(&["terminal", "unbind", "--mac", MAC, "--write", "--yes"]);
    assert_eq!(missing.status, 1, "{missing:?}");
    assert!(
        missing.stderr.contains("there is no terminal"),
        "{missing:?}"
    );
}
