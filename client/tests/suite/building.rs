//! Clients that cannot be built.

use jsonsql_client::{Client, ConfigError, Error};

use crate::server::PASSWORD;

fn refusal(builder: jsonsql_client::ClientBuilder) -> ConfigError {
    match builder.build() {
        Err(Error::Config(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn plain_http_is_for_the_own_host_unless_allowed() {
    let at = |url: &str| Client::builder().url(url).credentials("billing", PASSWORD);
    assert_eq!(
        refusal(at("http://10.0.0.1")),
        ConfigError::PlainHttp { setting: "url" }
    );
    at("http://10.0.0.1").allow_plain_http().build().unwrap();
    at("http://localhost:8080/api").build().unwrap();
    at("https://10.0.0.1").build().unwrap();
    let mixed = at("https://10.0.0.1").authorization_url("http://example.com/api/jsonrpc/");
    let setting = "authorization_url";
    assert_eq!(refusal(mixed), ConfigError::PlainHttp { setting });
}

#[test]
fn what_is_missing_is_named() {
    let builder = || Client::builder().credentials("billing", PASSWORD);
    assert_eq!(refusal(builder()), ConfigError::NoServer);
    assert_eq!(
        refusal(builder().data_url("https://h/")),
        ConfigError::NoServer
    );
    assert_eq!(
        refusal(Client::builder().domain("operator")),
        ConfigError::NoCredentials
    );
    assert_eq!(
        refusal(builder().domain("operator.example")),
        ConfigError::Domain
    );
    let zero = builder().domain("operator").max_concurrency(0);
    assert_eq!(
        refusal(zero),
        ConfigError::Zero {
            setting: "max_concurrency"
        }
    );
    for pem in [
        "",
        "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
    ] {
        let error = refusal(builder().domain("operator").root_certificate_pem(pem));
        assert!(matches!(error, ConfigError::RootCertificate(_)), "{error}");
    }
}
