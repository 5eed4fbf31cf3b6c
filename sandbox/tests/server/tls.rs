//! HTTPS, with a certificate of its own and with the user's.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jsonsql_sandbox::{Limits, Sandbox, Tls};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Asks for `/health`, trusting this certificate and no other.
async fn health(address: SocketAddr, name: &str, certificate: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_certificate_is_made_that_clients_can_trust() {
    let sandbox = Sandbox::builder()
        .tls(Tls::SelfSigned)
        .start()
        .await
        .unwrap();
    assert!(sandbox.jsonrpc_url().starts_with("https://127.0.0.1:"));
    let certificate = sandbox.certificate().unwrap();
    for name in ["localhost", "127.0.0.1", "::1"] {
        let answer = health(sandbox.address(), name, certificate).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.ends_with(r#"{"status":"ok"}"#), "{answer}");
    }
    assert!(
        health(sandbox.address(), "other.example", certificate)
            .await
            .is_err()
    );
    // Another one's certificate does not speak for it.
    let other = Sandbox::builder()
        .tls(Tls::SelfSigned)
        .start()
        .await
        .unwrap();
    assert!(
        health(other.address(), "localhost", certificate)
            .await
            .is_err()
    );
}

/// A handshake that does not go on has the time of a head.
#[tokio::test]
async fn a_slow_handshake_is_ended() {
    let mut limits = Limits::default();
    limits.header_time = Duration::from_millis(300);
    let builder = Sandbox::builder().tls(Tls::SelfSigned).limits(limits);
    let sandbox = builder.start().await.unwrap();
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
    let mut nothing = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut nothing));
    assert!(ended.await.is_ok());
}

#[tokio::test]
async fn the_program_takes_files_and_prints_what_it_made() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let directory = std::env::temp_dir();
    let file = |name: &str| directory.join(format!("jsonsql-tls-{}-{name}", std::process::id()));
    let (certificate, key) = (file("cert.pem"), file("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let files = format!("{},{}", certificate.display(), key.display());
    for option in ["self-signed", &files] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
            .args(["--tls", option])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let urls: Value = serde_json::from_str(&line).unwrap();
        let host = urls["tvip"]
            .as_str()
            .unwrap()
            .strip_prefix("https://")
            .unwrap();
        let address = host.split('/').next().unwrap().parse().unwrap();
        let own = urls["certificate"].as_str().map(str::to_owned);
        assert_eq!(own.is_some(), option == "self-signed");
        let trusted = own.unwrap_or_else(|| made.cert.pem());
        let answer = health(address, "localhost", &trusted).await;
        program.kill().unwrap();
        program.wait().unwrap();
        assert!(answer.unwrap().starts_with("HTTP/1.1 200 "));
    }
    let swapped = format!("{},{}", key.display(), certificate.display());
    for (option, said) in [
        (
            "/nowhere.pem,/nowhere.key",
            "no certificate for TLS: /nowhere.pem: ",
        ),
        (&*swapped, "no certificate for TLS: "),
        ("nothing", "self-signed`, or two files"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
            .args(["--tls", option])
            .output()
            .unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(said), "{stderr}");
    }
    for file in [certificate, key] {
        std::fs::remove_file(file).unwrap();
    }
}
