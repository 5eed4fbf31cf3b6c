//! Requests that a page from elsewhere makes a browser send.

use std::net::SocketAddr;

use jsonsql_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Every surface, and what is at none.
const PATHS: [&str; 6] = [
    "/api/jsonrpc/",
    "/api/jsonsql/",
    "/stalker_portal/api/stb",
    "/api/provider/accounts",
    "/health",
    "/",
];

async fn answer(address: SocketAddr, path: &str, headers: &str) -> String {
    let request =
        format!("POST {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn foreign_hosts_and_origins_are_refused_on_all_surfaces() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let address = sandbox.address();
    let own = format!("Host: {address}\r\n");
    for path in PATHS {
        for (headers, word) in [
            ("Host: evil.example\r\n".to_owned(), "--allow-host"),
            // A name that its owner points at this machine.
            (
                format!("Host: rebound.example:{}\r\n", address.port()),
                "--allow-host",
            ),
            (
                "Host: localhost.evil.example\r\n".to_owned(),
                "--allow-host",
            ),
            ("Host: 192.0.2.1\r\n".to_owned(), "--allow-host"),
            ("Host: <script>\r\n".to_owned(), "--allow-host"),
            (format!("{own}Host: evil.example\r\n"), "--allow-host"),
            (
                format!("{own}Origin: http://evil.example\r\n"),
                "another origin",
            ),
            (format!("{own}Origin: null\r\n"), "another origin"),
            // Another program's page on this machine is another origin.
            (
                format!("{own}Origin: http://127.0.0.1:1\r\n"),
                "another origin",
            ),
            (
                format!("{own}Sec-Fetch-Site: cross-site\r\n"),
                "another origin",
            ),
        ] {
            let answer = answer(address, path, &headers).await;
            assert!(
                answer.starts_with("HTTP/1.1 403 "),
                "{path} {headers}: {answer}"
            );
            assert!(answer.contains(word), "{path} {headers}: {answer}");
        }
        for headers in [
            own.clone(),
            format!("Host: localhost:{}\r\n", address.port()),
            format!("Host: [::1]:{}\r\n", address.port()),
            format!("{own}Origin: http://{address}\r\n"),
            format!("{own}Sec-Fetch-Site: same-origin\r\n"),
            String::new(),
        ] {
            let answer = answer(address, path, &headers).await;
            assert!(
                !answer.starts_with("HTTP/1.1 403 "),
                "{path} {headers}: {answer}"
            );
        }
    }
    let absolute = answer(address, "http://evil.example/api/jsonrpc/", &own).await;
    assert!(absolute.starts_with("HTTP/1.1 403 "), "{absolute}");
    assert_eq!(sandbox.take_journal(), []);
}

#[tokio::test]
async fn names_are_allowed_by_name() {
    let sandbox = Sandbox::builder()
        .allow_host("sandbox")
        .start()
        .await
        .unwrap();
    let address = sandbox.address();
    let allowed = answer(address, "/api/jsonrpc/", "Host: Sandbox:8080\r\n").await;
    assert!(allowed.starts_with("HTTP/1.1 200 "), "{allowed}");
    let own = "Host: sandbox:8080\r\nOrigin: http://sandbox:8080\r\n";
    assert!(
        answer(address, "/api/jsonrpc/", own)
            .await
            .starts_with("HTTP/1.1 200 ")
    );
    let other = "Host: sandbox:8080\r\nOrigin: http://sandbox:9090\r\n";
    assert!(
        answer(address, "/api/jsonrpc/", other)
            .await
            .starts_with("HTTP/1.1 403 ")
    );
}
