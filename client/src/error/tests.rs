use std::error::Error as _;
use std::time::Duration;

use jsonsql::ast::{Method, Statement};
use url::Url;

use super::*;

/// Goes to a terminal, and must not.
const HOSTILE: &str = "x\u{1b}[2J\nforged \u{202e}line\u{2028}\u{200b}";

fn place() -> Arc<Place> {
    let url = Url::parse("https://u:s3cret@host:8443/api/jsonsql/?token=s3cret#s3cret").unwrap();
    Place::new(format!("insert on `{HOSTILE}`"), &url, "https://usual/api")
}

fn insert() -> Statement {
    let params = br#"{"into":"su\nbscriber","columns":["a"],"values":[["planted"]]}"#;
    Statement::from_json(Method::Insert, params).unwrap()
}

fn server() -> ServerError {
    ServerError::new(Some(7), HOSTILE, |text| {
        crate::sanitize::Printable(text).to_string()
    })
}

/// One of every variant, and of every error in it that has variants of its own.
/// A new variant does not compile until it is in `number`, and does not pass
/// until it is here.
fn every() -> Vec<Error> {
    let transport = TransportError::maybe_sent(TransportErrorKind::Broken, HOSTILE);
    let lost = || {
        let cause = Error::from(TransportError::maybe_sent(
            TransportErrorKind::Broken,
            HOSTILE,
        ));
        Indeterminate::new(Write::Statement(insert()), cause).into()
    };
    vec![
        ConfigError::NoServer.into(),
        ConfigError::Http(HOSTILE.to_owned()).into(),
        ConfigError::RootCertificate(HOSTILE.to_owned()).into(),
        ConfigError::Thread(HOSTILE.to_owned()).into(),
        jsonsql::Error::NothingSet {
            table: HOSTILE.to_owned(),
        }
        .into(),
        Error::Unwritable(HOSTILE.to_owned()),
        LoginError::Refused {
            reason: Arc::new(server().into()),
            retry_in: Some(Duration::MAX),
        }
        .at(&place())
        .into(),
        LoginError::Failed(Arc::new(transport.clone().into()))
            .at(&place())
            .into(),
        Error::Denied {
            status: Some(403),
            message: HOSTILE.to_owned(),
            place: None,
        },
        server().into(),
        transport.into(),
        Error::Status {
            status: 404,
            retry_after: None,
            begins: beginning(HOSTILE.as_bytes(), str::to_owned),
            place: None,
        },
        ProtocolError::Field {
            field: HOSTILE.into(),
            expected: HOSTILE.into(),
        }
        .into(),
        ProtocolError::NotJson { line: 1, column: 1 }
            .of_answer(HOSTILE.as_bytes(), str::to_owned)
            .into(),
        decode().into(),
        Error::Paging {
            problem: "its table has no key",
            place: None,
        },
        Error::PageSequence {
            rows: 7,
            found: "the same rows",
            place: None,
        },
        Error::TooManyRows {
            method: Method::Delete,
            table: HOSTILE.to_owned(),
            allowed: 1,
            found: 2,
        },
        Error::NoRow { place: None },
        Error::ManyRows {
            found: 12,
            place: None,
        },
        lost(),
        Refusal::new("PUT accounts", HOSTILE.to_owned()).into(),
        Rejection::new("PUT accounts", RejectionKind::Other, 400, HOSTILE).into(),
        Error::Taken {
            record: "subscriber",
            key: "login",
            place: None,
        },
        Error::Missing {
            record: "subscriber",
            place: None,
        },
        Error::Unreadable {
            row: HOSTILE.to_owned(),
            reason: HOSTILE.to_owned(),
            place: None,
        },
        Error::NotApplied {
            operation: "PUT accounts",
            found: HOSTILE.into(),
            place: None,
        },
        Partial::of("delete subscriber", vec!["terminals"], "subscriber", lost()),
    ]
}

fn decode() -> DecodeError {
    jsonsql::row::decode::<i64>(br#"["planted"]"#).unwrap_err()
}

fn number(error: &Error) -> usize {
    match error {
        Error::Config(_) => 0,
        Error::Statement(_) => 1,
        Error::Unwritable(_) => 2,
        Error::Login(_) => 3,
        Error::Denied { .. } => 4,
        Error::Server(_) => 5,
        Error::Transport(_) => 6,
        Error::Status { .. } => 7,
        Error::Protocol(_) => 8,
        Error::Decode(_) => 9,
        Error::Paging { .. } => 10,
        Error::NoRow { .. } => 11,
        Error::ManyRows { .. } => 12,
        Error::Indeterminate(_) => 13,
        Error::Refused(_) => 14,
        Error::Rejected(_) => 15,
        Error::Taken { .. } => 16,
        Error::Missing { .. } => 17,
        Error::NotApplied { .. } => 18,
        Error::Partial(_) => 19,
        Error::PageSequence { .. } => 20,
        Error::TooManyRows { .. } => 21,
        Error::Unreadable { .. } => 22,
    }
}

#[test]
fn every_variant_is_looked_at() {
    let numbers: std::collections::BTreeSet<usize> = every().iter().map(number).collect();
    assert_eq!(numbers, (0..23).collect());
}

#[test]
fn nothing_is_said_twice_along_the_causes() {
    for error in every().into_iter().map(|error| error.at(&place())) {
        let mut said = vec![error.to_string()];
        let mut cause = error.source();
        while let Some(error) = cause {
            said.push(error.to_string());
            cause = error.source();
        }
        for (at, text) in said.iter().enumerate() {
            let before = &said[..at];
            assert!(!before.iter().any(|said| said.contains(text)), "{said:?}");
        }
    }
}

#[test]
fn no_error_takes_over_a_terminal_or_forges_a_line() {
    for error in every().into_iter().map(|error| error.at(&place())) {
        for text in [error.to_string(), format!("{error:?}")] {
            let escaped = crate::sanitize::Printable(&text).to_string();
            assert_eq!(text, escaped);
            assert!(
                !text.contains("s3cret") && !text.contains("planted"),
                "{text}"
            );
        }
    }
}

#[test]
fn what_came_to_an_address_names_it() {
    for error in every() {
        let is_local = matches!(number(&error), 0..=2 | 10 | 14 | 21);
        let text = error.at(&place()).to_string();
        let named = text.matches("https://host:8443/api/jsonsql/").count();
        assert_eq!(named, usize::from(!is_local), "{text}");
    }
}
