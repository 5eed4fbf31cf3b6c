//! `jsonsql message`: nobody is told without being named.

use crate::run::Server;

#[tokio::test(flavor = "multi_thread")]
async fn recipients_are_named_or_confirmed_twice() {
    let server = Server::start("ministra").await;
    let send = ["message", "send", "tonight"];
    let none = server.run(&send);
    assert_eq!(none.status, 2, "{none:?}");

    let subscribers = server.done(&["subscriber", "list", "--json"]).json();
    let all = subscribers.as_array().expect("subscribers");
    let login = all[0]["login"].as_str().expect("a login");

    let to_all = [&send[..], &["--all", "--write", "--yes"]].concat();
    let once = server.run(&to_all);
    assert_eq!(once.status, 4, "{once:?}");
    assert!(once.stderr.contains("--expect"), "{once:?}");
    let wrong = server.run(&[&to_all[..], &["--expect", "999"]].concat());
    assert_eq!(wrong.status, 4, "{wrong:?}");
    let shown = server.run(&[&send[..], &["--login", login]].concat());
    assert_eq!(shown.status, 4, "{shown:?}");
    let is_told = |server: &Server| {
        let requests = server.sandbox.take_requests();
        requests
            .iter()
            .any(|one| one.verb == "POST" && one.path.contains("stb_msg"))
    };
    assert!(!is_told(&server));

    server.done(&[&send[..], &["--login", login, "--write", "--yes"]].concat());
    assert!(is_told(&server));
    let count = all.len().to_string();
    server.done(&[&to_all[..], &["--expect", &count]].concat());
    assert!(is_told(&server));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_tells_nothing_says_so() {
    let server = Server::start("iptvportal").await;
    let restart = ["message", "restart", "--login", "12345", "--write", "--yes"];
    let refused = server.run(&restart);
    assert_eq!(refused.status, 1, "{refused:?}");
    assert!(refused.stderr.contains("restarts"), "{refused:?}");
    let missing = [
        "message", "restart", "--login", "nobody", "--write", "--yes",
    ];
    let missing = server.run(&missing);
    assert_eq!(missing.status, 1, "{missing:?}");
    assert!(missing.stderr.contains("`nobody`"), "{missing:?}");
}
