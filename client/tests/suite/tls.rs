//! Servers that sign for themselves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jsonsql_client::{Client, ClientBuilder, Error, LoginError, TransportErrorKind};
use rcgen::CertifiedKey;
use rustls::ServerConfig;
use serde_json::json;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::Server;
use crate::server::{PASSWORD, Step};
use crate::tables::{ids, new_subscriber};

/// Takes TLS off what comes and passes it on; its certificate is for this name.
async fn sign_for(name: &str, to: SocketAddr) -> (SocketAddr, String) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = signing_key.serialize_der().try_into().unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut plain = TcpStream::connect(to).await.unwrap();
                // Who does not trust the certificate hangs up here.
                if let Ok(mut tls) = acceptor.accept(stream).await {
                    let _ = copy_bidirectional(&mut tls, &mut plain).await;
                }
            });
        }
    });
    (address, cert.pem())
}

fn builder(address: SocketAddr) -> ClientBuilder {
    Client::builder()
        .url(format!("https://{address}/api"))
        .credentials("billing", PASSWORD)
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
}

async fn assert_refused(client: ClientBuilder, server: &Server) {
    let client = client.build().unwrap();
    let error = client.execute(&new_subscriber()).await.unwrap_err();
    let Error::Login(LoginError::Failed(cause)) = &error else {
        panic!("{error:?}")
    };
    let Error::Transport(transport) = &**cause else {
        panic!("{cause:?}")
    };
    assert_eq!(transport.kind(), TransportErrorKind::Tls);
    assert!(!transport.may_be_sent());
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(server.logins().is_empty() && server.calls().is_empty());
}

#[tokio::test]
async fn a_server_that_signs_for_itself_is_refused_unless_it_is_known() {
    let server = Server::start().await;
    let (address, pem) = sign_for("127.0.0.1", server.address()).await;
    let (elsewhere, other) = sign_for("127.0.0.1", server.address()).await;
    assert_refused(builder(address), &server).await;
    assert_refused(builder(address).root_certificate_pem(other), &server).await;

    let client = builder(address).root_certificate_pem(pem.clone());
    let client = client.build().unwrap();
    server.on_call(Step::result(&json!([7])));
    assert_eq!(client.fetch_all(&ids()).await.unwrap(), [7]);

    // Knowing one server is not knowing all.
    let client = builder(elsewhere).root_certificate_pem(pem).build();
    client.unwrap().fetch_all(&ids()).await.unwrap_err();
    assert_eq!((server.logins().len(), server.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_known_certificate_is_good_for_its_own_name_only() {
    let server = Server::start().await;
    let (address, pem) = sign_for("portal.example", server.address()).await;
    assert_refused(builder(address).root_certificate_pem(pem), &server).await;

    let careless = builder(address).danger_accept_any_certificate();
    let careless = careless.build().unwrap();
    careless.fetch_all(&ids()).await.unwrap();
    assert_eq!(server.calls().len(), 1);
}
