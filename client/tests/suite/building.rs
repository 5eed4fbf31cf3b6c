//! Clients that cannot be built.

use std::time::Duration;

use jsonsql_client::ministra::Ministra;
use jsonsql_client::model::{
    ChannelId, ExternalRef, PackageId, SubscriberId, SubscriptionId, TerminalId,
};
use jsonsql_client::tvip::Tvip;
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
    let host = refusal(builder().domain("operator.admin.iptvportal.ru"));
    assert!(host.to_string().contains("give only `operator`"), "{host}");
    for both in [
        builder().url("https://h/api").domain("operator"),
        builder().domain("operator").url("https://h/api"),
    ] {
        assert_eq!(refusal(both), ConfigError::UrlAndDomain);
    }
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

/// What a builder of any platform refuses.
fn refused<T>(built: Result<T, Error>) -> ConfigError {
    match built {
        Err(Error::Config(error)) => error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("built"),
    }
}

/// One client of each platform, with these credentials.
fn with_credentials(username: &str, password: &str) -> [Result<(), Error>; 3] {
    let credentials = || (username.to_owned(), password.to_owned());
    let (name, secret) = credentials();
    let portal = Client::builder().domain("operator");
    let portal = portal.credentials(name, secret).build().map(drop);
    let (name, secret) = credentials();
    let ministra = Ministra::builder().url("https://h/stalker_portal/api/");
    let ministra = ministra.credentials(name, secret).build().map(drop);
    let (name, secret) = credentials();
    let tvip = Tvip::builder().url("https://h/api/provider");
    let tvip = tvip.credentials(name, secret).build().map(drop);
    [portal, ministra, tvip]
}

#[test]
fn credentials_that_cannot_be_meant_are_refused() {
    for (username, password) in [("", PASSWORD), (" ", PASSWORD), ("billing", "")] {
        for built in with_credentials(username, password) {
            assert!(matches!(refused(built), ConfigError::Credentials { .. }));
        }
    }
    // RFC 7617, section 2: a user-id without colons, neither with control characters.
    for (username, password) in [
        ("bil:ling", PASSWORD),
        ("bil\nling", PASSWORD),
        ("billing\u{7f}", PASSWORD),
        ("billing", "pl\u{0}anted"),
        ("billing", "planted\r\nX: y"),
    ] {
        let [portal, ministra, tvip] = with_credentials(username, password);
        // In JSON they are texts like others.
        portal.unwrap();
        for built in [ministra, tvip] {
            let error = refused(built);
            assert!(matches!(error, ConfigError::Credentials { .. }));
            assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
        }
    }
    for built in with_credentials("billing@example.net", "pass:word") {
        built.unwrap();
    }
}

#[test]
fn no_time_at_all_is_refused() {
    let zero = Duration::ZERO;
    let portal = || {
        Client::builder()
            .domain("operator")
            .credentials("billing", PASSWORD)
    };
    let ministra = || Ministra::builder().url("https://h/stalker_portal/api/");
    let tvip = || {
        let tvip = Tvip::builder().url("https://h/api/provider");
        tvip.credentials("billing", PASSWORD)
    };
    for (setting, built) in [
        (
            "connect_timeout",
            refused(portal().connect_timeout(zero).build()),
        ),
        (
            "attempt_timeout",
            refused(portal().attempt_timeout(zero).build()),
        ),
        (
            "total_timeout",
            refused(portal().total_timeout(zero).build()),
        ),
        (
            "connect_timeout",
            refused(ministra().connect_timeout(zero).build()),
        ),
        (
            "attempt_timeout",
            refused(ministra().attempt_timeout(zero).build()),
        ),
        (
            "list_timeout",
            refused(ministra().list_timeout(zero).build()),
        ),
        ("total_timeout", refused(tvip().total_timeout(zero).build())),
    ] {
        assert_eq!(built, ConfigError::Zero { setting });
    }
    // No pause and no memory of a refusal are settings like others.
    let none = portal()
        .backoff(zero, zero)
        .login_cool_down(zero)
        .idle_timeout(zero);
    none.build().unwrap();
}

#[test]
fn all_builders_take_the_same_types() {
    let address = String::from("https://h/api");
    Client::builder()
        .url(&address)
        .credentials("a", "b")
        .build()
        .unwrap();
    Client::builder()
        .url(address.clone())
        .credentials("a", "b")
        .build()
        .unwrap();
    Client::builder()
        .domain(String::from("operator"))
        .credentials("a", "b")
        .build()
        .unwrap();
    let whole = Client::builder()
        .authorization_url(&address)
        .data_url(address.clone());
    whole.credentials("a", "b").build().unwrap();
    Ministra::builder().url(&address).build().unwrap();
    Ministra::builder().url(address.clone()).build().unwrap();
    Tvip::builder()
        .url(&address)
        .credentials("a", "b")
        .build()
        .unwrap();
    Tvip::builder()
        .url("https://h/api")
        .credentials("a", "b")
        .build()
        .unwrap();
}

#[test]
fn ids_are_made_of_texts() {
    assert_eq!(SubscriberId::from("7"), SubscriberId::from(7));
    assert_eq!(TerminalId::from("7"), TerminalId::from(String::from("7")));
    assert_eq!(PackageId::from("7").as_str(), "7");
    assert_eq!(SubscriptionId::from("7").as_str(), "7");
    assert_eq!(ChannelId::from("7").as_str(), "7");
    assert_eq!(ExternalRef::from("7"), ExternalRef::new("7"));
}
