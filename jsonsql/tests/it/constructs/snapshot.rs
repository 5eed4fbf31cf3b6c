//! The form for snapshots itself.

use jsonsql::prelude::*;
use jsonsql::query::Error;
use jsonsql::{Dialect, NotIn, Statement, TextColumns};
use proptest::prelude::*;

use crate::tables::*;

fn block(login: &str) -> Update<Subscriber, SubscriberId> {
    Subscriber::update(|s| s.username.eq(login)).set(|s| s.disabled.to(true))
}

#[test]
fn the_sql_then_the_method_then_what_is_sent() {
    assert_eq!(
        block("12345").snapshot().unwrap(),
        r#"UPDATE subscriber SET disabled = TRUE WHERE username = '12345' RETURNING id

update
{
  "table": "subscriber",
  "set": {"disabled": true},
  "where": {"eq": ["username", "12345"]},
  "returning": "id"
}"#
    );
}

#[test]
fn two_statements_never_have_one_snapshot() {
    assert_ne!(
        block("12345").snapshot().unwrap(),
        block("12346").snapshot().unwrap()
    );
    let ports = |port: i32| Media::filter(|m| m.port.eq(port)).snapshot().unwrap();
    assert_ne!(ports(1), ports(2));
    assert!(block("12345").to_string().contains('?'));
}

#[test]
fn what_would_not_be_sent_has_no_snapshot() {
    assert!(matches!(
        block("email").snapshot(),
        Err(Error::AmbiguousText { .. })
    ));
    let null = Media::delete(|_| raw::<bool>(jsonsql::ast::Expr::Null));
    assert!(matches!(null.snapshot(), Err(Error::NullCondition { .. })));
    let as_sql = Dialect {
        text_columns: TextColumns::AsSql,
        ..Dialect::BEST_GUESS
    };
    assert!(block("EMAIL").snapshot().is_ok());
    assert!(block("EMAIL").snapshot_in(&as_sql).is_err());
}

#[test]
fn a_dialect_shows_in_the_json() {
    let negated = Dialect {
        not_in: NotIn::Negated,
        ..Dialect::BEST_GUESS
    };
    let others = Package::delete(|p| p.name.not_in(["movie"]));
    assert!(
        others
            .snapshot()
            .unwrap()
            .contains(r#"{"not_in": ["name", "movie"]}"#)
    );
    let text = others.snapshot_in(&negated).unwrap();
    assert!(
        text.contains(r#"{"not": {"in": ["name", "movie"]}}"#),
        "{text}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Only blanks are added to what is sent, and none within a text.
    #[test]
    fn the_json_is_what_is_sent(
        texts in prop::collection::vec("(.|[\\x00-\\x1f\"\\\\{}\\[\\],: ]){0,40}", 1..6),
        number in proptest::num::f64::ANY,
    ) {
        let query = select(|mut q| {
            let m = q.from(Media);
            q.filter(m.name.is_in(texts.iter().map(String::as_str)));
            q.filter(literal(number).gt(literal(0.1)));
            q.select((m.id, m.name.named("label")))
        })
        .split_ambiguous_text();
        let Ok(sent) = query.to_json() else { return Ok(()) };
        let text = query.snapshot().unwrap();
        let (_, json) = text.rsplit_once("\nselect\n").unwrap();
        let (mut bare, mut quoted, mut escaped) = (String::new(), false, false);
        for character in json.chars() {
            if quoted {
                let ends = character == '"' && !escaped;
                escaped = character == '\\' && !escaped;
                quoted = !ends;
            } else if character == ' ' || character == '\n' {
                continue;
            } else {
                quoted = character == '"';
            }
            bare.push(character);
        }
        prop_assert_eq!(bare, sent);
        prop_assert!(query.params(&Dialect::BEST_GUESS).is_ok());
    }
}
