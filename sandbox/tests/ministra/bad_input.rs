//! What no client should send: each gets an answer, and the server goes on.

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::MinistraSeed;

use crate::http::{CREDENTIALS, call, error, raw, results, send};
use crate::recorded;

/// That it still answers, and that nobody was lost.
async fn alive(sandbox: &Sandbox) {
    let rows = results(sandbox, "GET stb", "").await;
    assert_eq!(rows.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn an_unknown_resource_or_verb_is_named() {
    let sandbox = recorded().await;
    let unknown = error(&sandbox, "GET some_thing/1", "").await;
    assert_eq!(unknown, "Class file for \"RESTCommandSomeThing\" not found");
    assert_eq!(
        error(&sandbox, "BREW stb/1", "").await,
        "Not supported method"
    );
    let refused = error(&sandbox, "DELETE Tariffs/1", "").await;
    assert_eq!(
        refused,
        "Resource \"Tariffs\" does not support action \"delete\""
    );
    let elsewhere = send(&sandbox, "GET", "/stalker_portal/c/", CREDENTIALS, b"").await;
    assert_eq!(elsewhere.status, 404);
    alive(&sandbox).await;
}

#[tokio::test]
async fn bodies_that_are_no_forms_are_fields_nobody_knows() {
    let sandbox = recorded().await;
    for body in [
        "{\"status\":0}",
        "\u{0}\u{1}",
        "[]=",
        "%zz%",
        "====",
        "a[b[c]=x",
    ] {
        let text = error(&sandbox, "PUT stb/3", body).await;
        assert!(text.ends_with("data is empty"), "{body:?}: {text}");
    }
    let deep = format!("status{}=0", "[a]".repeat(5_000));
    assert_eq!(
        error(&sandbox, "PUT stb/3", &deep).await,
        "HTTP PUT data is empty"
    );
    let bytes = send(
        &sandbox,
        "PUT",
        "/stalker_portal/api/stb/3",
        CREDENTIALS,
        b"ls=\xff\xfe",
    )
    .await;
    assert_eq!(bytes.json()["results"][0]["ls"], "??");
    alive(&sandbox).await;
}

#[tokio::test]
async fn wrong_credentials_are_refused_whatever_their_form() {
    let sandbox = recorded().await;
    for header in [
        "",
        "Authorization: Basic\r\n",
        "Authorization: Basic \r\n",
        "Authorization: Basic !!!\r\n",
        // Without a colon; with a longer password; with an empty one.
        "Authorization: Basic c3RhbGtlcg==\r\n",
        "Authorization: Basic c3RhbGtlcjpzZWNyZXRfcGFzc3dvcmQ=\r\n",
        "Authorization: Basic c3RhbGtlcjo=\r\n",
        "Authorization: Bearer c3RhbGtlcjpzZWNyZXRfcGFzcw==\r\n",
    ] {
        let body = b"status=0";
        let answer = send(&sandbox, "PUT", "/stalker_portal/api/stb/3", header, body).await;
        assert_eq!(answer.status, 401, "{header}");
        assert_eq!(answer.json()["error"], "401 Unauthorized request");
        assert_eq!(answer.json()["results"], "");
    }
    assert!(sandbox.ministra().take_events().is_empty());
    alive(&sandbox).await;
}

#[tokio::test]
async fn a_body_beyond_eight_megabytes_is_refused() {
    let sandbox = recorded().await;
    let body = format!("msg={}", "x".repeat(9 << 20));
    assert_eq!(call(&sandbox, "POST stb_msg/3", &body).await.status, 413);
    assert!(sandbox.ministra().take_events().is_empty());
    alive(&sandbox).await;
}

#[tokio::test]
async fn addresses_apache_does_not_take_never_reach_the_api() {
    let sandbox = recorded().await;
    for (path, status) in [
        ("/stalker_portal/api/stb/%zz", 400),
        ("/stalker_portal/api/stb/%2F3", 404),
        ("/stalker_portal/api/stb/%00", 404),
        ("/stalker_portal/api/stb/3%0A", 403),
        ("/stalker_portal/api/v1", 301),
        ("/stalker_portal/", 404),
    ] {
        let answer = send(&sandbox, "DELETE", path, CREDENTIALS, b"").await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
    let request = "GET /stalker_portal/api HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n";
    let answer = raw(sandbox.address(), request.as_bytes()).await;
    assert!(!answer.body.contains("<script>"), "{}", answer.body);
    alive(&sandbox).await;
}

#[tokio::test]
async fn quotes_and_semicolons_are_only_text() {
    let sandbox = recorded().await;
    let text = "x'; DROP TABLE users; -- \" \\ <b>";
    let body = "full_name=x'; DROP TABLE users; -- %22 %5C <b>";
    results(&sandbox, "PUT accounts/3", body).await;
    let rows = results(&sandbox, "GET accounts/3", "").await;
    assert_eq!(rows[0]["full_name"], text);
    let unknown = error(&sandbox, "GET accounts/'%2520OR%25201=1", "").await;
    assert_eq!(unknown, "Account not found");
    alive(&sandbox).await;
}

#[tokio::test]
async fn a_seed_that_is_none_is_said_so() {
    for (seed, said) in [
        ("{", "EOF"),
        ("3", "invalid type"),
        (r#"{"user": []}"#, "unknown field `user`"),
        (
            r#"{"users": [{"id": 1}, {"id": 1}]}"#,
            "the id 1 is out of range or there twice",
        ),
    ] {
        let builder = Sandbox::builder().ministra_seed(MinistraSeed::Json(seed.to_owned()));
        let refused = builder.start().await.unwrap_err().to_string();
        assert!(
            refused.starts_with("the seed of the Ministra: "),
            "{refused}"
        );
        assert!(refused.contains(said), "{refused}");
    }
}
