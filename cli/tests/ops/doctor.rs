//! `jsonsql doctor` on every platform.

use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::run::{PLATFORMS, Server};

#[tokio::test(flavor = "multi_thread")]
async fn a_good_server_has_nothing_that_fails_and_is_only_read() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        let run = server.done(&["doctor"]);
        for line in ["ok: dns: ", "ok: tcp: ", "ok: login: ", "ok: subscribers: "] {
            assert!(run.stdout.contains(line), "{platform} {line} {run:?}");
        }
        assert!(!run.stdout.contains("fail: "), "{platform} {run:?}");
        let last = run.stdout.lines().last().expect("lines");
        assert!(last.starts_with("advice: "), "{last}");
        let journal = server.sandbox.take_requests();
        for request in &journal {
            assert!(request.changes.is_empty(), "{platform} {request:?}");
            let mut methods = request.calls.iter().filter_map(|call| call.method);
            assert!(methods.all(|method| method == "select"), "{request:?}");
        }
        let clock = "ok: clock: the server's agrees with the one here, by its header `Date`";
        assert!(run.stdout.contains(clock), "{platform} {run:?}");
        if platform == "iptvportal" {
            assert!(run.stdout.contains("texts: "), "{run:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_fails_with_advice() {
    for platform in PLATFORMS {
        let server = Server::start(platform).await;
        let mut command = server.command(&["doctor", "--json"]);
        command.env("JSONSQL_PASSWORD", "another");
        let run = server.run_with(command, "");
        assert_eq!(run.status, 1, "{platform} {run:?}");
        let findings = run.json();
        let all = findings.as_array().expect("findings");
        let login = all.iter().find(|one| one["step"] == "login");
        let login = login.expect("a finding about the login");
        assert_eq!(login["level"], "fail", "{login}");
        let advice = login["advice"].as_str().expect("advice");
        assert!(advice.contains("password"), "{platform} {login}");
        assert!(!run.stdout.contains("another"), "{run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_the_servers_place_and_a_closed_port_are_told() {
    let server = Server::start("iptvportal").await;
    let missing = Fault::Status {
        code: 404,
        retry_after: None,
    };
    let rule = Rule::new("/", missing);
    server.sandbox.set_faults(Faults::seeded(1).rule(rule));
    let run = server.run(&["doctor"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("look at the path"), "{run:?}");

    let mut command = server.command(&["doctor", "--timeout", "2s"]);
    command.env("JSONSQL_URL", "http://127.0.0.1:1/");
    let run = server.run_with(command, "");
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("warn: tcp: port 1: "), "{run:?}");
    assert!(run.stdout.contains("fail: login: "), "{run:?}");
}
