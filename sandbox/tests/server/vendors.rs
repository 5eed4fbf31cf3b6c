//! A server for each vendor alone, at its own address.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use jsonsql_sandbox::{Error, Sandbox, Vendor};
use serde_json::{Value, json};

use crate::http::{post, rest};

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

fn address(url: &str) -> SocketAddr {
    let address = url.strip_prefix("http://").unwrap();
    address.split('/').next().unwrap().parse().unwrap()
}

const MINISTRA: &str = "/stalker_portal/api/accounts";
const TVIP: &str = "/api/provider/accounts";

/// The statuses of Ministra, TVIP and a login to IPTVPORTAL at an address.
async fn statuses(address: SocketAddr) -> [u16; 3] {
    let (ministra, _) = rest(address, "GET", MINISTRA, "").await.unwrap();
    let (tvip, _) = rest(address, "GET", TVIP, "").await.unwrap();
    let login = json!({"id": 1, "method": "authorize_user",
        "params": {"username": "admin", "password": "adminpassword"}});
    let body = login.to_string();
    let portal = post(address, "/api/jsonrpc/", "", body.as_bytes()).await;
    [ministra, tvip, portal.status]
}

#[tokio::test]
async fn each_vendor_answers_at_its_own_address_alone() {
    let mut builder = Sandbox::builder();
    for vendor in Vendor::ALL {
        builder = builder.listen_for(vendor, ANY);
    }
    let sandbox = builder.start().await.unwrap();
    let (portal, ministra, tvip) = (
        address(&sandbox.jsonrpc_url()),
        address(&sandbox.ministra_url()),
        address(&sandbox.tvip_url()),
    );
    assert_eq!(address(&sandbox.jsonsql_url()), portal);
    assert_eq!(statuses(ministra).await, [200, 404, 404]);
    assert_eq!(statuses(tvip).await, [404, 200, 404]);
    assert_eq!(statuses(portal).await, [404, 404, 200]);
    assert_eq!(statuses(sandbox.address()).await, [200, 200, 200]);
    // The sandbox's own is at no vendor's address.
    for vendor in [portal, ministra, tvip] {
        for path in ["/health", "/_sandbox/v1", "/"] {
            let (status, _) = rest(vendor, "GET", path, "").await.unwrap();
            assert_eq!(status, 404, "{path}");
        }
    }
    // One journal, and the same data.
    let requests = sandbox.take_requests();
    assert_eq!(requests.len(), 4 * 3 + 3 * 3);
    let body = r#"{"login": "seen"}"#;
    rest(tvip, "POST", TVIP, body).await.unwrap();
    let (_, list) = rest(sandbox.address(), "GET", TVIP, "").await.unwrap();
    assert!(list.contains("\"seen\""), "{list}");
    // They end with the sandbox.
    sandbox.stop().await;
    for vendor in [portal, ministra, tvip] {
        assert!(tokio::net::TcpStream::connect(vendor).await.is_err());
    }
}

#[tokio::test]
async fn an_address_of_a_vendor_is_guarded_as_any() {
    let any = SocketAddr::from(([0, 0, 0, 0], 0));
    let builder = || Sandbox::builder().listen_for(Vendor::Tvip, any);
    let refused = builder().start().await.unwrap_err();
    assert!(matches!(refused, Error::Remote(_)), "{refused}");
    let sandbox = Sandbox::builder()
        .listen_for(Vendor::Tvip, ANY)
        .start()
        .await
        .unwrap();
    let tvip = address(&sandbox.tvip_url());
    let taken = Sandbox::builder().listen_for(Vendor::Ministra, tvip);
    let taken = taken.start().await.unwrap_err();
    assert!(matches!(taken, Error::Listen { address, .. } if address == tvip));
    let foreign = "Origin: http://evil.example\r\n";
    let answer = post(tvip, TVIP, foreign, b"{}").await;
    assert_eq!(answer.status, 403, "{}", answer.body);
}

#[test]
fn the_program_takes_them_and_says_where_they_are() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .args(["--listen-for", "ministra=127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(program.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    let at = |name: &str| address(urls[name].as_str().unwrap());
    assert_ne!(at("ministra"), at("tvip"));
    assert_eq!(at("jsonrpc"), at("tvip"));
    for (value, said) in [
        ("stalker=127.0.0.1:0", "iptvportal, ministra, tvip"),
        ("ministra", "VENDOR=IP:PORT"),
        ("ministra=localhost", "invalid socket address"),
    ] {
        let refused = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
            .args(["--listen-for", value])
            .output()
            .unwrap();
        let text = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && text.contains(said), "{text}");
    }
}
