//! `jsonsql subscription`, `package` and `channel` on every platform.

use crate::run::{PLATFORMS, Server};

fn packages(server: &Server, login: &str) -> Vec<String> {
    let shown = server.show(login);
    let all = shown["subscriptions"].as_array().expect("subscriptions");
    let active = all.iter().filter(|one| one["active"] == true);
    let names = active.filter_map(|one| one["package_name"].as_str());
    names.map(str::to_owned).collect()
}

/// A package that a new subscriber can have, and its plan where it needs one.
fn available(server: &Server) -> Vec<String> {
    let list = server.done(&["package", "list", "--json"]).json();
    let all = list.as_array().expect("packages");
    let enabled = || all.iter().filter(|one| one["enabled"] == true);
    let name = |one: &serde_json::Value| one["name"].as_str().expect("a name").to_owned();
    let plan_of = |one: &serde_json::Value| {
        let ids = one["plans"].as_str().unwrap_or_default().to_owned();
        let first = ids.split(' ').next().unwrap_or_default().to_owned();
        let plan = enabled().find(|plan| plan["id"] == first.as_str());
        plan.map(name)
    };
    let packages = enabled().filter(|one| one["kind"] == "package");
    let is_platform_of_plans = enabled().any(|one| one["kind"] == "plan");
    for package in packages {
        match (is_platform_of_plans, plan_of(package)) {
            (true, Some(plan)) => return vec![plan, name(package)],
            (true, None) => continue,
            (false, _) => return vec![name(package)],
        }
    }
    panic!("no package: {list}");
}

/// The platform's keys of packages.
fn keys(server: &Server, names: &[String]) -> Vec<String> {
    let list = server.done(&["package", "list", "--json"]).json();
    let all = list.as_array().expect("packages");
    let key = |name: &String| {
        let package = all.iter().find(|one| one["name"] == name.as_str());
        let id = package.and_then(|one| one["id"].as_str());
        id.expect("a key").to_owned()
    };
    names.iter().map(key).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_added_and_ended_on_every_platform() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        server.create("t-1", "T-1");
        let names = available(&server);
        let keys = keys(&server, &names);
        let before = packages(&server, "t-1");
        let of = ["--login", "t-1", "--json"];
        for name in &names {
            let add = ["subscription", "add", "--package", name];
            let refused = server.run(&[&add[..], &of].concat());
            // One that a new subscriber of the platform has already is nothing to be done.
            assert!(matches!(refused.status, 0 | 4), "{platform} {refused:?}");
            if refused.status == 0 {
                assert_eq!(refused.json()["outcome"], "nothing");
            }
        }
        assert_eq!(packages(&server, "t-1"), before, "{platform}");
        for name in &names {
            let add = ["subscription", "add", "--package", name, "--write", "--yes"];
            server.done(&[&add[..], &of].concat());
        }
        let last = names.last().expect("a package");
        assert!(packages(&server, "t-1").contains(last), "{platform}");
        let list = server.done(&["subscription", "list", "--login", "t-1", "--format", "csv"]);
        assert!(list.stdout.contains(last.as_str()), "{list:?}");

        let end = ["subscription", "end", "--package", last, "--login", "t-1"];
        assert_eq!(server.run(&end).status, 4, "{platform}");
        assert!(packages(&server, "t-1").contains(last), "{platform}");
        server.done(&[&end[..], &["--write", "--yes"]].concat());
        assert!(!packages(&server, "t-1").contains(last), "{platform}");
        let again = server.run(&[&end[..], &["--write", "--yes"]].concat());
        assert_eq!(again.status, 1, "{platform} {again:?}");
        assert!(again.stderr.contains("does not have"), "{again:?}");

        // The same by the platform's keys.
        let key = keys.last().expect("a key");
        for (verb, has) in [("add", true), ("end", false)] {
            let by_key = ["subscription", verb, "--package", key, "--login", "t-1"];
            server.done(&[&by_key[..], &["--write", "--yes"]].concat());
            assert_eq!(packages(&server, "t-1").contains(last), has, "{platform}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_are_listed_and_a_package_that_is_not_there_is_named() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        let channels = server.done(&["channel", "list", "--format", "jsonl"]);
        let first = channels.stdout.lines().next().expect("a channel");
        let first: serde_json::Value = serde_json::from_str(first).expect("JSON");
        assert!(first["name"].is_string(), "{first}");

        server.create("t-1", "T-1");
        let add = [
            "subscription",
            "add",
            "--login",
            "t-1",
            "--package",
            "no such",
        ];
        let missing = server.run(&[&add[..], &["--write", "--yes"]].concat());
        assert_eq!(missing.status, 1, "{missing:?}");
        assert!(missing.stderr.contains("there is no package `no such`"));
        assert!(missing.stderr.contains("jsonsql package list"));
    }
}
