//! Errors that a person can act on: what failed, where, and what may help.

use std::time::Duration;

use jsonsql::ast::{Method, Statement};
use jsonsql_client::{Client, Error, LoginError, TransportErrorKind, Url};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{PASSWORD, Step};
use crate::tables::{Subscriber, ids, new_subscriber};
use crate::{SOON, Server, within};

/// A text and what it has to have in it.
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` in `{text}`");
    }
}

#[tokio::test]
async fn every_error_names_method_table_host_and_path() {
    let server = Server::start().await;
    let client = server.builder().max_attempts(1).build().unwrap();
    let at = format!("at {}/jsonsql/", server.url());
    let update = Subscriber::update(|s| s.id.eq(7)).set(|s| s.disabled.to(true));
    for step in [
        Step::error("no"),
        Step::body("<html>"),
        Step::body("{}"),
        Step::result(&json!([["x", 1]])),
        Step::status(400, "", ""),
        Step::status(404, "", ""),
        Step::status(429, "", ""),
        Step::status(500, "", ""),
        Step::Drop,
        Step::CutOff("{".to_owned()),
    ] {
        server.on_call(step.clone());
        let error = client.fetch_all(&ids()).await.unwrap_err();
        assert_has(&error.to_string(), &["select on `subscriber`", &at]);
        let place = error.place().unwrap();
        assert_eq!(place.operation(), "select on `subscriber`");
        assert_eq!(place.address(), format!("{}/jsonsql/", server.url()));
        server.on_call(step);
        let error = client.execute(&update).await.unwrap_err();
        assert_has(&error.to_string(), &["update", "`subscriber`", &at]);
    }
    let (read, write) = (ids(), new_subscriber());
    server.on_call(Step::with(|calls| {
        let answer = |call: &serde_json::Value| json!({"id": call["id"], "error": "no"});
        json!([answer(&calls[0]), answer(&calls[1])]).to_string()
    }));
    let (read, write) = client.batch((&read, &write)).await;
    assert_has(
        &read.unwrap_err().to_string(),
        &["select on `subscriber`", &at],
    );
    assert_has(
        &write.unwrap_err().to_string(),
        &["insert on `subscriber`", &at],
    );

    let raw = br#"{"data":["id"],"from":[{"table":"media","as":"m"},{"join":"package","as":"p","on":{"eq":[{"m":"id"},{"p":"id"}]}}]}"#;
    let raw = Statement::from_json(Method::Select, raw).unwrap();
    server.on_call(Step::error("no"));
    let error = client.raw(&raw).await.unwrap_err();
    assert_has(&error.to_string(), &["select on `media`, `package`", &at]);

    let paged = ids().offset(1);
    let unpaged = client.stream(&paged).next().await.unwrap().unwrap_err();
    assert_has(
        &unpaged.to_string(),
        &["page by page", "(select on `subscriber`)"],
    );

    let nothing = Subscriber::update(|s| s.username.eq("email")).set(|s| s.disabled.to(true));
    let unsent = client.execute(&nothing).await.unwrap_err();
    assert_has(&unsent.to_string(), &["not sent", "update on `subscriber`"]);
}

#[tokio::test]
async fn a_wrong_base_address_is_named_beside_a_usual_one() {
    let server = Server::start().await;
    let client = server
        .builder()
        .url(format!("http://{}/nothing", server.address()));
    let client = client.build().unwrap();
    server.on_login(Step::status(404, "", "<html>Not Found</html>"));
    // The test's server knows logins by the end of their address.
    let error = client.fetch_all(&ids()).await.unwrap_err();
    let asked = format!(
        "authorize_user at http://{}/nothing/jsonrpc/",
        server.address()
    );
    let parts = ["404", &asked, "`https://operator.admin.iptvportal.ru/api`"];
    assert_has(&error.to_string(), &parts);
    server.on_call(Step::status(404, "", ""));
    let error = client.execute(&new_subscriber()).await.unwrap_err();
    let asked = format!("http://{}/nothing/jsonsql/", server.address());
    assert_has(
        &error.to_string(),
        &["404", &asked, "operator.admin.iptvportal.ru"],
    );
}

#[tokio::test]
async fn an_address_as_the_documents_print_it_is_a_base() {
    for end in [
        "",
        "/",
        "/jsonsql",
        "/jsonsql/",
        "/jsonrpc/",
        "/jsonrpc",
        "//",
    ] {
        let server = Server::start().await;
        let base = format!(" {}{end}\n", server.url());
        let client = server.builder().url(base).build().unwrap();
        client.fetch_all(&ids()).await.unwrap();
        assert_eq!(
            (server.logins().len(), server.calls().len()),
            (1, 1),
            "{end}"
        );
    }
}

async fn not_connected(client: jsonsql_client::ClientBuilder) -> (TransportErrorKind, String) {
    let client = client
        .credentials("billing", PASSWORD)
        .max_attempts(1)
        .build()
        .unwrap();
    let write = new_subscriber();
    let call = client.execute(&write).timeout(Duration::from_secs(5));
    let error = within(SOON, call.into_future()).await.unwrap_err();
    let Error::Login(LoginError::Failed(cause)) = &error else {
        panic!("{error:?}")
    };
    let Error::Transport(transport) = &**cause else {
        panic!("{cause:?}")
    };
    assert!(!transport.may_be_sent(), "{error:?}");
    (transport.kind(), error.to_string())
}

/// An address where nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn tls_to_a_plain_port_a_dead_proxy_and_a_dead_server_are_told_apart() {
    let server = Server::start().await;
    let nobody = nobody().await;

    let dead = Client::builder().url(format!("http://{nobody}/api"));
    let (kind, text) = not_connected(dead).await;
    assert_eq!(kind, TransportErrorKind::Connect);
    assert_has(&text, &["no connection", &nobody, "refused"]);

    for scheme in ["http", "https"] {
        let proxy = Url::parse(&format!("http://{nobody}")).unwrap();
        let through = Client::builder().url(format!("{scheme}://{}/api", server.address()));
        let (kind, text) = not_connected(through.proxy(proxy)).await;
        assert_eq!(kind, TransportErrorKind::Proxy, "{text}");
        assert_has(&text, &["proxy", "refused"]);
    }

    // A plain server that says so, as nginx and Apache do, to what is no HTTP.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut hello = [0; 512];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let (kind, text) = not_connected(Client::builder().url(format!("https://{plain}/api"))).await;
    assert_eq!(kind, TransportErrorKind::Tls, "{text}");
    assert_has(&text, &["TLS", "plain HTTP", &plain.to_string()]);
}

#[tokio::test]
async fn a_status_with_a_page_shows_how_it_begins() {
    let page = format!(
        "\r\n<!DOCTYPE html>\n<title>502 Bad\tGateway</title>\x1b]2;\u{202e}{PASSWORD} {}",
        "x".repeat(5000)
    );
    let begins = r"<!DOCTYPE html> <title>502 Bad Gateway</title>\u{1b}]2;\u{202e}? x";
    for status in [301, 400, 401, 403, 404, 407, 413, 500, 502, 503] {
        let server = Server::start().await;
        let client = server.builder().max_attempts(1).build().unwrap();
        let (read, write) = (ids(), new_subscriber());
        let page = || Step::status(status, "", &page);
        server.on_call(page()).on_call(page()).on_call(page());
        for error in [
            client.fetch_all(&read).await.unwrap_err(),
            client.execute(&write).await.unwrap_err(),
        ] {
            let text = error.to_string();
            assert_has(&text, &[begins, "x…", &status.to_string()]);
            assert!(text.len() < 600, "{text}");
        }
        let server = Server::start().await;
        let client = server.builder().max_attempts(1).build().unwrap();
        server.on_login(page());
        let text = client.fetch_all(&read).await.unwrap_err().to_string();
        assert_has(&text, &[begins, &status.to_string(), "authorize_user"]);
    }
    // What is data is not shown, whatever comes with it.
    for body in [
        r#"{"rows":[["planted"]]}"#,
        r#"[["planted"]]"#,
        r#"<b>x</b>{"a":"planted"}"#,
    ] {
        let server = Server::start().await;
        let client = server.builder().max_attempts(1).build().unwrap();
        server.on_call(Step::status(500, "", body));
        let error = client.fetch_all(&ids()).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_json_shows_how_it_begins() {
    let server = Server::start().await;
    let client = server.client();
    let page = format!(
        "\r\n<!DOCTYPE html>\n<title>502 Bad\tGateway</title>\x1b]2;\u{202e}{PASSWORD}{}",
        "x".repeat(5000)
    );
    server.on_call(Step::body(&page)).on_call(Step::body(&page));
    for error in [
        client.fetch_all(&ids()).await.unwrap_err(),
        client.execute(&new_subscriber()).await.unwrap_err(),
    ] {
        let text = error.to_string();
        let begins =
            r"begins with `<!DOCTYPE html> <title>502 Bad Gateway</title>\u{1b}]2;\u{202e}?x";
        assert_has(&text, &[begins, "x…`"]);
        assert!(text.len() < 500, "{text}");
    }
    // Rows are not shown, whatever is wrong behind them.
    for body in [
        r#"{"id":$ID,"result":[["planted"]}"#,
        r#"[["planted"]"#,
        r#""planted" x"#,
    ] {
        server.on_call(Step::body(body));
        let error = client.fetch_all(&ids()).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    let error = {
        server.expire(Step::status(401, "", ""));
        server.on_login(Step::body("Fatal error: no database"));
        client.fetch_all(&ids()).await.unwrap_err()
    };
    assert_has(
        &error.to_string(),
        &["begins with `Fatal error: no database`", "jsonrpc"],
    );
}
