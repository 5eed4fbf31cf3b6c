//! The select of keys that stands for a braked write.

use jsonsql::ast;
use jsonsql::prelude::*;
use jsonsql::query::AtMost;
use jsonsql::{Dialect, Error};

use crate::tables::*;

/// The SQL of the keys of each write; what a reader of both would write by hand.
#[test]
fn the_keys_are_those_of_the_rows_that_the_write_touches() {
    fn keys<W: Statement>(write: &AtMost<W>) -> String {
        format!("{:#}", write.keys())
    }
    let disable = |n| {
        Subscriber::update(|s| s.username.eq("12345"))
            .set(|s| s.disabled.to(true))
            .at_most(n)
    };
    let cases = [
        (
            keys(&disable(10)),
            "SELECT s.id FROM subscriber AS s WHERE s.username = '12345' LIMIT 11",
        ),
        (
            keys(&disable(0)),
            "SELECT s.id FROM subscriber AS s WHERE s.username = '12345' LIMIT 1",
        ),
        (
            keys(&disable(u64::MAX)),
            "SELECT s.id FROM subscriber AS s WHERE s.username = '12345' LIMIT 18446744073709551615",
        ),
        // Everything is no condition.
        (
            keys(&Subscriber::delete_all().at_most(3)),
            "SELECT s.id FROM subscriber AS s LIMIT 4",
        ),
        (
            keys(&Package::update_all().set(|p| p.paid.to(true)).at_most(3)),
            "SELECT p.id FROM package AS p LIMIT 4",
        ),
        // What is set and returned has no part in it.
        (
            keys(
                &Package::update(|p| !p.paid)
                    .set(|p| p.name.to(concat((p.name, "+"))))
                    .returning(|p| p.name)
                    .at_most(1),
            ),
            "SELECT p.id FROM package AS p WHERE NOT p.paid LIMIT 2",
        ),
        // A key of two columns: one is enough to count rows.
        (
            keys(&SubscriberPackage::delete(|sp| sp.enabled.eq(false)).at_most(1)),
            "SELECT sp.subscriber_id FROM subscriber_package AS sp \
             WHERE sp.enabled = FALSE LIMIT 2",
        ),
        // The same table in a closed query: neither is taken for the other.
        (
            keys(
                &Subscriber::delete(|s| {
                    s.id.in_query(Subscriber::filter(|s| s.disabled.eq(true)).column(|s| s.id))
                })
                .at_most(1),
            ),
            "SELECT s2.id FROM subscriber AS s2 WHERE s2.id IN \
             (SELECT s.id FROM subscriber AS s WHERE s.disabled = TRUE) LIMIT 2",
        ),
        // A text spelt like the alias, which would be a row to PostgreSQL.
        (
            keys(&Subscriber::delete(|s| s.username.is_in(["s", "s2"])).at_most(1)),
            "SELECT s3.id FROM subscriber AS s3 WHERE s3.username IN ('s', 's2') LIMIT 2",
        ),
        // A query that uses the target's columns from inside.
        (
            keys(
                &Terminal::delete_using(|q, t| {
                    let owners = q.subquery(|mut q| {
                        let s = q.from(Subscriber);
                        let same = q.subquery(|mut q| {
                            let s = q.from(Subscriber);
                            q.filter(s.id.eq(t.subscriber_id));
                            q.select(s.id)
                        });
                        q.filter(s.username.eq(t.inet_addr))
                            .filter(s.id.in_query(same));
                        q.select(s.id)
                    });
                    q.filter(t.subscriber_id.in_query(owners));
                })
                .at_most(1),
            ),
            "SELECT t.id FROM terminal AS t WHERE t.subscriber_id IN (SELECT s.id FROM \
             subscriber AS s WHERE s.username = t.inet_addr AND s.id IN (SELECT s2.id FROM \
             subscriber AS s2 WHERE s2.id = t.subscriber_id)) LIMIT 2",
        ),
        // Joined tables: a row counts once, however many partners it has.
        (
            keys(
                &Terminal::delete_using(|q, t| {
                    let s = q.from(Subscriber);
                    let sp = q.join(SubscriberPackage, |sp| sp.subscriber_id.eq(s.id));
                    q.filter(t.subscriber_id.eq(s.id))
                        .filter(sp.enabled.eq(true));
                })
                .at_most(7),
            ),
            "SELECT t.id FROM terminal AS t WHERE 1 IN (SELECT 1 FROM subscriber AS s JOIN \
             subscriber_package AS sp ON sp.subscriber_id = s.id WHERE t.subscriber_id = s.id \
             AND sp.enabled = TRUE) LIMIT 8",
        ),
        // The target joined to itself.
        (
            keys(
                &Subscriber::update_from(|q, s| {
                    let other = q.from(Subscriber);
                    q.filter(other.username.eq(s.username))
                        .filter(other.id.neq(s.id));
                    vec![s.disabled.to(other.disabled)]
                })
                .at_most(7),
            ),
            "SELECT s2.id FROM subscriber AS s2 WHERE 1 IN (SELECT 1 FROM subscriber AS s WHERE \
             s.username = s2.username AND s.id <> s2.id) LIMIT 8",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn a_nested_query_of_the_targets_own_name_keeps_its_columns() {
    // As a parsed request has it: unaliased, so `subscriber.id` is the inner one's.
    let inner = br#"{"data": [{"subscriber": "id"}], "from": "subscriber", "where": {"eq": [{"subscriber": "disabled"}, true]}}"#;
    let ast::Statement::Select(inner) =
        ast::Statement::from_json(ast::Method::Select, inner).unwrap()
    else {
        unreachable!();
    };
    let write = Subscriber::delete(|s| s.id.in_query(Select::<SubscriberId>::from_ast(inner)));
    assert_eq!(
        format!("{:#}", write.at_most(1).keys()),
        "SELECT s.id FROM subscriber AS s WHERE s.id IN (SELECT subscriber.id FROM subscriber \
         WHERE subscriber.disabled = TRUE) LIMIT 2"
    );
}

#[test]
fn params_are_not_had_without_the_count() {
    let dialect = Dialect::BEST_GUESS;
    let write = Subscriber::delete(|s| s.username.eq("12345")).at_most(2);
    let error = write.params(&dialect).unwrap_err();
    assert_eq!(
        error.to_string(),
        "this delete may touch 2 rows at the most, and what sends it does not count them"
    );
    // The write's own faults come first.
    let write = Subscriber::delete(|s| s.username.eq("email")).at_most(2);
    let error = write.params(&dialect).unwrap_err();
    assert!(matches!(error, Error::AmbiguousText { .. }), "{error:?}");
    // A text that was taken apart is so in both.
    let write = Subscriber::delete(|s| s.username.eq("email")).split_ambiguous_text();
    assert_eq!(
        format!("{:#}", write.at_most(2).keys()),
        "SELECT s.id FROM subscriber AS s WHERE s.username = 'e' || 'mail' LIMIT 3"
    );
}
