//! What the forms do.

use serde_json::{Value, json};

use crate::{demo, open, post, submit};

const FORMS: [&str; 9] = [
    "/console/forget",
    "/console/send",
    "/console/editor",
    "/console/faults",
    "/console/faults/plan",
    "/console/behaviors",
    "/console/clock",
    "/console/reset",
    "/console/nothing",
];

#[tokio::test]
async fn a_form_of_another_origin_is_refused() {
    let (_sandbox, caller) = demo().await;
    let send = [
        ("verb", "POST"),
        ("target", "/api/jsonsql/"),
        (
            "body",
            r#"{"method": "delete", "params": {"from": "terminal"}}"#,
        ),
    ];
    let before = caller.ids("terminal").await;
    for path in FORMS {
        for origin in ["http://evil.example", "null", "http://localhost:1"] {
            let refused = post(&caller, path, &send, origin).await;
            assert_eq!(refused.status, 403, "{path} {origin}: {}", refused.body);
        }
    }
    assert_eq!(caller.ids("terminal").await, before);
    // Nor is there a page for who calls the sandbox by a name of its own.
    let page = caller
        .send("GET /console/data", "Sec-Fetch-Site: cross-site\r\n", "")
        .await;
    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn a_request_is_edited_and_sent_again() {
    let (sandbox, caller) = demo().await;
    caller.ids("package").await;
    let detail = open(&caller, "/console/requests/2").await.body;
    let (_, body) = detail
        .split_once("<textarea name=\"body\" rows=\"14\" spellcheck=\"false\">")
        .unwrap();
    let body = body
        .split("</textarea>")
        .next()
        .unwrap()
        .replace("&quot;", "\"");
    let edited = body
        .replace("\"package\"", "\"media\"")
        .replace("\"data\": \"id\"", "\"data\": [\"id\", \"name\"]");
    assert_ne!(edited, body);
    let fields = [
        ("verb", "POST"),
        ("target", "/api/jsonsql/"),
        ("body", &*edited),
    ];
    let location = submit(&caller, "/console/send", &fields).await;
    assert_eq!(location, "/console/requests/3");
    let page = open(&caller, &location).await.body;
    assert!(
        page.contains("FROM &quot;media&quot;") && page.contains("Sent by"),
        "{page}"
    );
    let media = caller.get("/tables/media?limit=1").await;
    let name = media["columns"]
        .as_array()
        .unwrap()
        .iter()
        .position(|one| one == "name")
        .unwrap();
    assert!(
        page.contains(&format!(
            "<td>{}</td>",
            media["rows"][0][name].as_str().unwrap()
        )),
        "{page}"
    );
    assert!(
        open(&caller, "/")
            .await
            .body
            .contains("<span class=\"mark\">console</span>")
    );

    // The other platforms, with the credentials they ask for.
    for (verb, target, body, seen) in [
        (
            "GET",
            "/stalker_portal/api/accounts?x=1",
            "",
            "&quot;status&quot;: &quot;OK&quot;",
        ),
        (
            "PUT",
            "/stalker_portal/api/accounts/12345",
            "full_name=Edited",
            "changed (full_name)",
        ),
        (
            "GET",
            "/api/provider/accounts",
            "",
            "&quot;login&quot;: &quot;1001&quot;",
        ),
        (
            "POST",
            "/api/jsonrpc/",
            r#"{"method": "authorize_user", "params": {"username": "admin", "password": "x"}}"#,
            "wrong username or password",
        ),
        ("GET", "/nowhere", "", "nothing is at /nowhere"),
    ] {
        let location = submit(
            &caller,
            "/console/send",
            &[("verb", verb), ("target", target), ("body", body)],
        )
        .await;
        let page = open(&caller, &location).await.body;
        assert!(page.contains(seen), "{target}: {page}");
    }
    let requests = sandbox.take_requests();
    let sent: Vec<bool> = requests
        .iter()
        .map(|request| request.from_console)
        .collect();
    assert_eq!(sent, [false, false, true, true, true, true, true, true]);
    let line = serde_json::to_value(&requests[0]).unwrap();
    assert_eq!(line.get("from_console"), None);

    for (fields, status) in [
        ([("verb", "TRACE"), ("target", "/api/jsonsql/")], 400),
        ([("verb", "GET"), ("target", "http://other.example/")], 400),
        ([("verb", "GET"), ("target", "a b")], 400),
        ([("verb", "GET"), ("target", "")], 400),
    ] {
        let origin = format!("http://{}", caller.address);
        assert_eq!(
            post(&caller, "/console/send", &fields, &origin)
                .await
                .status,
            status,
            "{fields:?}"
        );
    }
}

/// The console's session is its own: it neither ends a client's nor stays.
#[tokio::test]
async fn the_console_takes_nobodys_session() {
    let (_sandbox, caller) = demo().await;
    caller
        .done(
            "PATCH /behaviors",
            &json!({"iptvportal": {"sessions_per_user": "one"}}),
        )
        .await;
    let call = r#"{"method": "select", "params": {"data": "id", "from": "domain"}}"#;
    let location = submit(
        &caller,
        "/console/send",
        &[
            ("verb", "POST"),
            ("target", "/api/jsonsql/"),
            ("body", call),
        ],
    )
    .await;
    assert!(open(&caller, &location).await.body.contains("1 row"));
    assert_eq!(caller.ids("domain").await, [1]);
}

#[tokio::test]
async fn a_fault_is_switched_on_and_off_and_a_client_sees_it() {
    let (_sandbox, caller) = demo().await;
    let statement = || caller.send("POST /api/jsonsql/", "", r#"{"method": "select"}"#);
    let switch = [("route", "/api/jsonsql"), ("fault", "500")];
    assert_eq!(statement().await.status, 200);
    assert_eq!(
        submit(&caller, "/console/faults", &switch).await,
        "/console/controls?done=fault"
    );
    assert_eq!(statement().await.status, 500);
    let controls = open(&caller, "/console/controls?done=fault").await.body;
    assert!(
        controls.contains("<button name=\"fault\" value=\"500\" aria-pressed=\"true\">"),
        "{controls}"
    );
    assert!(controls.contains("fired at 1 of 1 requests") && controls.contains("role=\"status\""));
    assert_eq!(controls.matches("aria-pressed=\"true\"").count(), 1);
    // A fault that cuts a connection cuts none of the console's.
    submit(
        &caller,
        "/console/faults",
        &[("route", "/api/provider"), ("fault", "refuse")],
    )
    .await;
    let location = submit(
        &caller,
        "/console/send",
        &[("verb", "GET"), ("target", "/api/provider/accounts")],
    )
    .await;
    assert!(
        open(&caller, &location)
            .await
            .body
            .contains("closed without an answer")
    );
    submit(&caller, "/console/faults", &switch).await;
    assert_eq!(statement().await.status, 200);

    let plan =
        r#"{"rules": [{"route": "/api/jsonsql", "nth": [2], "fault": {"status": {"code": 429}}}]}"#;
    submit(&caller, "/console/faults/plan", &[("plan", plan)]).await;
    assert_eq!(
        (statement().await.status, statement().await.status),
        (200, 429)
    );
    let origin = format!("http://{}", caller.address);
    for (path, fields) in [
        (
            "/console/faults/plan",
            [
                ("plan", "{\"rules\": [{\"fault\": \"explode\"}]}"),
                ("", ""),
            ],
        ),
        (
            "/console/faults",
            [("route", "/elsewhere"), ("fault", "500")],
        ),
        ("/console/faults", [("route", ""), ("fault", "explode")]),
    ] {
        let refused = post(&caller, path, &fields, &origin).await;
        assert!(
            refused.status == 400 && refused.body.contains("role=\"alert\""),
            "{}",
            refused.body
        );
    }
    assert_eq!(
        caller.get("/faults").await["rules"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn behaviors_and_the_clock_are_switched() {
    let (_sandbox, caller) = demo().await;
    let before = caller.get("/behaviors").await;
    let controls = open(&caller, "/console/controls").await.body;
    // Every setting has a field.
    for (platform, settings) in before.as_object().unwrap() {
        for name in settings.as_object().unwrap().keys() {
            assert!(
                controls.contains(&format!("name=\"{platform}.{name}\"")),
                "{name}"
            );
        }
    }
    // What a page shows can be sent back, and changes nothing.
    for (platform, settings) in before.as_object().unwrap() {
        let fields: Vec<(String, String)> = settings
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                (
                    format!("{platform}.{name}"),
                    value.as_str().map_or(value.to_string(), str::to_owned),
                )
            })
            .collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        submit(&caller, "/console/behaviors", &fields).await;
    }
    assert_eq!(caller.get("/behaviors").await, before);
    submit(
        &caller,
        "/console/behaviors",
        &[
            ("iptvportal.session_refused_with", "http401"),
            ("iptvportal.mac_form", "colons"),
        ],
    )
    .await;
    submit(
        &caller,
        "/console/behaviors",
        &[
            ("tvip.default_limit", "null"),
            ("tvip.dto", "null"),
            ("tvip.put", "replaces"),
        ],
    )
    .await;
    submit(
        &caller,
        "/console/behaviors",
        &[
            ("ministra.enable_api", "false"),
            ("ministra.max_input_vars", "7"),
        ],
    )
    .await;
    let after = caller.get("/behaviors").await;
    assert_eq!(after["iptvportal"]["session_refused_with"], "http401");
    assert_eq!(
        (&after["tvip"]["default_limit"], &after["tvip"]["put"]),
        (&Value::Null, &json!("replaces"))
    );
    assert_eq!(
        (
            &after["ministra"]["enable_api"],
            &after["ministra"]["max_input_vars"]
        ),
        (&json!(false), &json!(7))
    );
    assert_eq!(
        caller.send("POST /api/jsonsql/", "", "{}").await.status,
        401
    );
    let origin = format!("http://{}", caller.address);
    for field in [
        ("tvip.dto", "x"),
        ("stalker.x", "1"),
        ("nothing", "1"),
        ("iptvportal.terminal_over_limit", "refused"),
    ] {
        let refused = post(&caller, "/console/behaviors", &[field], &origin).await;
        assert_eq!(refused.status, 400, "{field:?}: {}", refused.body);
    }
    assert_eq!(caller.get("/behaviors").await, after);

    submit(
        &caller,
        "/console/clock",
        &[("do", "freeze"), ("at", "2031-05-06T07:08:09Z")],
    )
    .await;
    submit(
        &caller,
        "/console/clock",
        &[("do", "advance"), ("seconds", "60")],
    )
    .await;
    assert_eq!(
        caller.get("/clock").await,
        json!({"now": "2031-05-06T07:09:09Z", "frozen": true})
    );
    assert!(
        open(&caller, "/console/controls")
            .await
            .body
            .contains("the clock is stopped")
    );
    for fields in [
        [("do", "freeze"), ("at", "soon")],
        [("do", "advance"), ("seconds", "1e300")],
        [("do", ""), ("", "")],
    ] {
        assert_eq!(
            post(&caller, "/console/clock", &fields, &origin)
                .await
                .status,
            400
        );
    }
    submit(&caller, "/console/clock", &[("do", "release")]).await;
    assert_eq!(caller.get("/clock").await["frozen"], false);
}

#[tokio::test]
async fn a_reset_puts_everything_back() {
    let (_sandbox, caller) = demo().await;
    let subscribers = caller.ids("subscriber").await;
    caller.call("delete", json!({"from": "terminal"})).await;
    submit(
        &caller,
        "/console/faults",
        &[("route", "/api/provider"), ("fault", "500")],
    )
    .await;
    submit(&caller, "/console/reset", &[("seed", "")]).await;
    assert!(!caller.ids("terminal").await.is_empty());
    assert_eq!(caller.get("/faults").await, json!({"seed": 0, "rules": []}));
    submit(&caller, "/console/reset", &[("seed", "empty")]).await;
    assert_eq!(caller.ids("subscriber").await, [0; 0]);
    submit(&caller, "/console/reset", &[("seed", "demo")]).await;
    assert_eq!(caller.ids("subscriber").await, subscribers);
    let origin = format!("http://{}", caller.address);
    let refused = post(
        &caller,
        "/console/reset",
        &[("seed", "/etc/passwd")],
        &origin,
    )
    .await;
    assert_eq!(refused.status, 400);
}
