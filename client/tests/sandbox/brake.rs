//! As many keys are read before a braked write as rows are written by it.

use jsonsql::expr::Expr;
use jsonsql::prelude::*;
use jsonsql_client::schema::{
    Package, Subscriber, SubscriberId, SubscriberInetaddr, SubscriberPackage, Terminal,
};
use jsonsql_client::{Client, Error};
use jsonsql_sandbox::Seed;
use proptest::prelude::{Strategy, any as any_value, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

/// A condition on subscribers.
#[derive(Debug, Clone)]
enum Condition {
    Login(&'static str),
    After(&'static str),
    Id(i64),
    Disabled(bool),
    Terminals(i32),
    NoPhone,
    HasPackage(bool),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

fn conditions() -> impl Strategy<Value = Condition> {
    let logins = proptest::sample::select(vec!["12345", "test", "10005", "hotel", "nobody"]);
    let leaf = prop_oneof![
        logins.clone().prop_map(Condition::Login),
        logins.prop_map(Condition::After),
        (0..14_i64).prop_map(Condition::Id),
        any_value::<bool>().prop_map(Condition::Disabled),
        (1..6_i32).prop_map(Condition::Terminals),
        proptest::strategy::Just(Condition::NoPhone),
        any_value::<bool>().prop_map(Condition::HasPackage),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Condition::Not(Box::new(one))),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Condition::All),
            proptest::collection::vec(inner, 1..4).prop_map(Condition::Any),
        ]
    })
}

impl Condition {
    fn of<'q>(&self, s: TableRef<'q, Subscriber>) -> Expr<'q, bool, Null> {
        let of = |conditions: &[Condition]| -> Vec<_> {
            conditions.iter().map(|one| one.of(s)).collect()
        };
        // Whatever it is of, it may be NULL for the types.
        let maybe = |condition: Expr<'q, bool>| condition.or(s.max_terminal.lt(0));
        match self {
            Condition::Login(login) => maybe(s.username.eq(*login)),
            Condition::After(login) => maybe(s.username.gt(*login)),
            Condition::Id(id) => maybe(s.id.lte(SubscriberId(*id))),
            Condition::Disabled(value) => maybe(s.disabled.eq(*value)),
            Condition::Terminals(count) => s.max_terminal.eq(*count),
            Condition::NoPhone => maybe(s.phone.is_null()),
            Condition::HasPackage(paid) => {
                let packages = Package::filter(|p| p.paid.eq(*paid)).column(|p| p.id);
                let owners = SubscriberPackage::filter(|sp| sp.package_id.in_query(packages));
                s.id.in_query(owners.column(|sp| sp.subscriber_id))
            }
            Condition::Not(one) => !one.of(s),
            Condition::All(all_of) => all(of(all_of)),
            Condition::Any(any_of) => any(of(any_of)),
        }
    }
}

/// Lets the write through at exactly as many rows as it touches, and not at one less.
async fn counts_right<W>(
    client: &Client,
    write: impl Fn() -> W,
    limited: impl Fn(W, u64) -> jsonsql::query::AtMost<W>,
) where
    W: Statement + Sync,
    W::Row: for<'de> jsonsql::row::Row<'de> + Send + 'static,
{
    let all = limited(write(), 1_000);
    let keys = match client.raw(all.keys()).await {
        Ok(keys) => keys.len() as u64,
        Err(error) => panic!("{}: {error}", all.keys()),
    };
    if let Some(less) = keys.checked_sub(1) {
        let error = client.execute(&limited(write(), less)).await;
        assert!(
            matches!(&error, Err(Error::TooManyRows { found, .. }) if *found == keys),
            "{all}"
        );
    }
    let touched = client.execute(&limited(write(), keys)).await.unwrap();
    assert_eq!(touched.len() as u64, keys, "{all:#}\n{:#}", all.keys());
}

/// A write that is refused for selecting everything is none of this test's.
fn may_be_sent(write: &impl Statement) -> bool {
    write.params(&jsonsql::Dialect::BEST_GUESS).is_ok()
}

#[test]
fn keys_are_the_rows_that_are_written() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: 48,
        failure_persistence: None,
        ..Config::default()
    };
    let run = |condition: Condition| {
        runtime.block_on(async {
            let sandbox = crate::start(Seed::Demo).await;
            let client = &crate::client(&sandbox);
            let update =
                || Subscriber::update(|s| condition.of(s)).set(|s| s.surname.to("X".to_owned()));
            if may_be_sent(&update()) {
                counts_right(client, update, Update::at_most).await;
            }
            // A subscriber has several terminals and packages: each counts once.
            let joined = || {
                Subscriber::update_from(|q, s| {
                    let t = q.from(Terminal);
                    let sp = q.from(SubscriberPackage);
                    q.filter(t.subscriber_id.eq(s.id))
                        .filter(sp.subscriber_id.eq(s.id));
                    q.filter(condition.of(s));
                    vec![s.surname.to("Y".to_owned())]
                })
            };
            counts_right(client, joined, Update::at_most).await;
            let delete = || {
                SubscriberInetaddr::delete_using(|q, a| {
                    let s = q.from(Subscriber);
                    let t = q.join(Terminal, |t| t.subscriber_id.eq(s.id));
                    q.filter(a.subscriber_id.eq(s.id))
                        .filter(t.registered.eq(true));
                    q.filter(condition.of(s));
                })
            };
            counts_right(client, delete, Delete::at_most).await;
            // Its key is not the server's: the pair, not the row's own number.
            let delete = || {
                SubscriberPackage::delete(|sp| {
                    let owners = Subscriber::filter(|s| condition.of(s)).column(|s| s.id);
                    sp.subscriber_id.in_query(owners)
                })
            };
            counts_right(client, delete, Delete::at_most).await;
        });
        Ok(())
    };
    TestRunner::new(config).run(&conditions(), run).unwrap();
}

#[tokio::test]
async fn a_refused_write_has_written_nothing() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = crate::client(&sandbox);
    let everybody = Subscriber::update_all()
        .set(|s| s.disabled.to(true))
        .at_most(11);
    let error = client.execute(&everybody).await.unwrap_err();
    assert!(
        matches!(
            &error,
            Error::TooManyRows {
                allowed: 11,
                found: 12,
                ..
            }
        ),
        "{error:?}"
    );
    let (refused, done) = (
        Terminal::delete_all().at_most(11),
        Terminal::delete(|t| t.registered.eq(false)).at_most(2),
    );
    let (refused, done) = client.batch((&refused, &done)).await;
    assert!(matches!(refused, Err(Error::TooManyRows { .. })));
    assert_eq!(done.unwrap().len(), 2);
    let disabled = Subscriber::filter(|s| s.disabled.eq(true)).column(|_| count_rows());
    assert_eq!(client.fetch_scalar(&disabled).await.unwrap(), 2);
    let left = Terminal::all().column(|_| count_rows());
    assert_eq!(client.fetch_scalar(&left).await.unwrap(), 10);
}
