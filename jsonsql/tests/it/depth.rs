//! Loops that build conditions, on a stack of 512 KiB.

use std::thread;

use jsonsql::ast::SqlKind;
use jsonsql::ast::{self, MAX_DEPTH, Method, Op, Statement as Ast};
use jsonsql::prelude::*;
use jsonsql::query::Error;
use jsonsql::resolve::{Column, Schema, Table, resolve, validate};

use crate::tables::*;

const STACK: usize = 512 * 1024;

/// Runs on the small stack; an overflow would end the process.
fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).unwrap();
    thread.join().unwrap();
}

/// Everything that can be done with a statement, whatever comes of it.
fn use_up<R: Row + 'static>(query: Select<R>) -> Result<String, Error> {
    let copy = query.clone();
    assert_eq!(copy.ast(), query.ast());
    let _ = (
        query.to_string(),
        format!("{query:#}"),
        format!("{query:?}"),
    );
    let _ = format!("{:?}", query.ast());
    let _ = serde_json::to_string(&query.ast());
    let _ = query.unqualified();
    let _ = copy.split_ambiguous_text().limit(1).to_json();
    validate(query.ast(), &schema());
    query.to_json()
}

trait Row: for<'de> jsonsql::row::Row<'de> {}
impl<R: for<'de> jsonsql::row::Row<'de>> Row for R {}

fn schema() -> Schema {
    let columns = ["id", "username", "password", "disabled", "max_terminal"];
    Schema::new([Table::new(
        "subscriber",
        columns.map(|name| Column::new(name, SqlKind::Text)),
    )])
}

/// What is sent can be read, so it does not nest deeper than a reader goes.
fn read_back(json: &str) {
    let mut statement = Ast::from_json(Method::Select, json.as_bytes()).unwrap();
    let _ = resolve(&mut statement, &schema());
    let _ = format!("{statement:#} {statement:?}");
}

type First<T> = for<'q> fn(TableRef<'q, Subscriber>) -> Expr<'q, T, Null>;
type Step<T> = for<'q> fn(TableRef<'q, Subscriber>, Expr<'q, T, Null>) -> Expr<'q, T, Null>;

fn loop_of<T: 'static>(rounds: usize, first: First<T>, step: Step<T>) -> Result<String, Error>
where
    Option<T>: Row,
{
    use_up(select(|mut q| {
        let s = q.from(Subscriber);
        let mut acc = first(s);
        for _ in 0..rounds {
            acc = step(s, acc);
        }
        q.select(acc)
    }))
}

#[test]
fn chains_of_ten_thousand_terms_are_one_list() {
    on_small_stack(|| {
        let rounds = 10_000;
        let chains = [
            loop_of(
                rounds,
                |s| s.max_terminal.lt(3),
                |s, acc| acc.or(s.max_terminal.eq(7)),
            ),
            loop_of(
                rounds,
                |s| s.max_terminal.lt(3),
                |s, acc| s.max_terminal.eq(7).or(acc),
            ),
            loop_of(
                rounds,
                |s| s.max_terminal.lt(3),
                |s, acc| acc.and(s.max_terminal.eq(7)),
            ),
            loop_of(
                rounds,
                |s| s.max_terminal.lt(3),
                |s, acc| s.max_terminal.eq(7).and(acc),
            ),
            loop_of(rounds, |s| s.max_terminal.built(), |_, acc| acc + 1),
            loop_of(
                rounds,
                |s| s.max_terminal.built(),
                |s, acc| s.max_terminal + acc,
            ),
            loop_of(rounds, |s| s.max_terminal.built(), |_, acc| acc * 2),
            loop_of(
                rounds,
                |s| s.max_terminal.built(),
                |s, acc| s.max_terminal * acc,
            ),
            loop_of(
                rounds,
                |s| concat((s.password,)),
                |s, acc| concat((acc, s.password)),
            ),
            loop_of(
                rounds,
                |s| concat((s.password,)),
                |s, acc| concat((s.password, acc)),
            ),
            loop_of(
                rounds,
                |s| s.password.built(),
                |s, acc| coalesce(acc, s.password),
            ),
            loop_of(
                rounds,
                |s| s.password.built(),
                |s, acc| coalesce(s.password.built(), acc),
            ),
        ];
        for chain in chains {
            let json = chain.unwrap();
            assert!(json.len() > 2 * rounds);
            read_back(&json);
        }
    });
}

#[test]
fn chains_keep_the_order_of_their_terms() {
    let left = Subscriber::filter(|s| {
        let chain = s.username.eq("a").or(s.username.eq("b"));
        chain.or(s.username.eq("c"))
    });
    let right = Subscriber::filter(|s| {
        let chain = s.username.eq("b").or(s.username.eq("c"));
        s.username.eq("a").or(chain)
    });
    assert_eq!(left.to_json(), right.to_json());
    let sql = format!("{right:#}");
    assert!(
        sql.ends_with("WHERE s.username = 'a' OR s.username = 'b' OR s.username = 'c'"),
        "{sql}"
    );
    // Another operator between stays where it is.
    let mixed = Subscriber::filter(|s| {
        s.disabled
            .and(s.username.eq("a").or(s.username.eq("b")))
            .or(s.disabled)
    });
    let sql = format!("{mixed:#}");
    assert!(
        sql.ends_with("WHERE s.disabled AND (s.username = 'a' OR s.username = 'b') OR s.disabled"),
        "{sql}"
    );
}

#[test]
fn lists_of_a_hundred_thousand_are_sent() {
    on_small_stack(|| {
        let ids = || (0..100_000).map(SubscriberId);
        let listed = use_up(Subscriber::filter(|s| s.id.is_in(ids())));
        assert!(listed.unwrap().len() > 500_000);
        let values = use_up(Subscriber::filter(|s| s.id.in_values(ids())));
        assert!(values.unwrap().len() > 700_000);
        let texts = (0..100_000).map(|n| format!("login-{n}"));
        let deleted = Subscriber::delete(|s| s.username.not_in(texts));
        assert!(deleted.to_json().unwrap().len() > 1_000_000);
        // What a write covers is judged in a time that does not grow with the square.
        let numbers = Subscriber::delete(|s| any((0..100_000).map(|n| s.max_terminal.eq(n))));
        assert!(numbers.to_json().unwrap().len() > 2_000_000);
        let logins =
            Subscriber::delete(|s| any((0..100_000).map(|n| s.username.eq(format!("login-{n}")))));
        assert!(logins.to_json().unwrap().len() > 2_000_000);
        let patterns = Subscriber::delete(|s| {
            any((0..100_000).map(|n| s.username.starts_with(&format!("{n}"))))
        });
        assert!(patterns.to_json().unwrap().len() > 2_000_000);
        assert!(
            use_up(Subscriber::filter(|s| any(
                (0..100_000).map(|n| s.max_terminal.eq(n))
            )))
            .unwrap()
            .len()
                > 2_000_000
        );
    });
}

/// What does not make a list ends in an error, however long the loop.
#[test]
fn loops_that_nest_are_refused() {
    on_small_stack(|| {
        for rounds in [100, 3_000, 100_000] {
            let nests = [
                loop_of(rounds, |s| s.max_terminal.built(), |_, acc| acc - 1),
                loop_of(
                    rounds,
                    |s| s.max_terminal.built(),
                    |s, acc| s.max_terminal - acc,
                ),
                loop_of(rounds, |s| s.max_terminal.built(), |_, acc| acc / 2),
                loop_of(rounds, |s| s.max_terminal.built(), |_, acc| acc % 2),
                loop_of(rounds, |s| s.max_terminal.eq(1), |_, acc| !acc),
                loop_of(rounds, |s| s.max_terminal.eq(1), |_, acc| acc.eq(true)),
                loop_of(
                    rounds,
                    |s| s.password.built(),
                    |_, acc| function("lower", (acc,)),
                ),
                loop_of(rounds, |s| s.max_terminal.built(), |_, acc| max(acc)),
                loop_of(rounds, |s| s.max_terminal.eq(1), |_, acc| acc.is_in([true])),
                loop_of(
                    rounds,
                    |s| s.max_terminal.eq(1),
                    |s, acc| s.disabled.in_values([acc]),
                ),
            ];
            for (case, result) in nests.into_iter().enumerate() {
                let error = result.expect_err("too deep");
                assert_eq!(
                    error.to_string(),
                    "this select nests deeper than 96 levels",
                    "case {case}"
                );
            }
        }
    });
}

#[test]
fn queries_nested_in_a_loop_are_refused() {
    on_small_stack(|| {
        let nested = |rounds: usize| {
            let mut ids = Subscriber::all().column(|s| s.id);
            for _ in 0..rounds {
                let inner = ids;
                ids = Subscriber::filter(|s| s.id.in_query(inner)).column(|s| s.id);
            }
            use_up(ids)
        };
        read_back(&nested(10).unwrap());
        for rounds in [40, 1_000, 20_000] {
            assert!(
                matches!(nested(rounds), Err(Error::TooDeep { .. })),
                "{rounds}"
            );
        }
    });
}

/// Every statement of these loops is sent and can be read, or is refused.
#[test]
fn the_last_depth_that_is_sent_can_be_read() {
    let mut refused = 0;
    for rounds in 0..MAX_DEPTH {
        match loop_of(rounds, |s| s.max_terminal.built(), |_, acc| acc - 1) {
            Ok(json) => {
                assert_eq!(refused, 0, "{rounds}");
                read_back(&json);
            }
            Err(error) => {
                assert!(matches!(error, Error::TooDeep { .. }), "{error}");
                refused += 1;
            }
        }
    }
    // Two levels an operator, and the list of what is selected.
    assert_eq!(MAX_DEPTH - refused, 48);
}

/// `{"in":[a,{"values":[[b]]}]}`: five levels around `b`, in the list of what is
/// selected.
#[test]
fn lists_of_rows_are_sent_up_to_the_last_level() {
    let nested = |rounds: usize| {
        loop_of(
            rounds,
            |s| s.max_terminal.eq(1),
            |s, acc| s.disabled.in_values([acc]),
        )
    };
    // 2 + 5 · 18 + 2 levels, and 5 more are above 96.
    read_back(&nested(18).unwrap());
    assert!(matches!(nested(19), Err(Error::TooDeep { .. })));
}

/// Two levels a call, in the list of what is selected.
#[test]
fn calls_are_sent_up_to_the_last_level() {
    let nested = |rounds: usize| {
        let first: First<String> = |s| s.password.built();
        loop_of(rounds, first, |_, acc| function("lower", (acc,)))
    };
    read_back(&nested(47).unwrap());
    assert!(matches!(nested(48), Err(Error::TooDeep { .. })));
}

/// What stands in FROM, in lists of rows and in any other clause is taken apart as well.
#[test]
fn queries_of_queries_from_elsewhere_are_refused() {
    fn plain() -> ast::Select {
        ast::Select::new(ast::Projection::Single(ast::Expr::Star.into()))
    }
    fn operand(inner: ast::Select) -> ast::Expr {
        ast::Expr::Select(Box::new(inner))
    }
    let wrap: [fn(ast::Select) -> ast::Select; 10] = [
        |inner| {
            let mut select = plain();
            select.from = vec![ast::FromItem {
                source: ast::Source::Select(Box::new(inner)),
                alias: Some("s".into()),
                join: None,
            }];
            select
        },
        |inner| {
            let mut select = plain();
            select.from = vec![ast::FromItem {
                source: ast::Source::Table("subscriber".to_owned().into()),
                alias: None,
                join: Some(ast::Join {
                    kind: ast::JoinKind::Inner,
                    on: Some(operand(inner)),
                }),
            }];
            select
        },
        |inner| {
            let mut select = plain();
            select.body = ast::Body::Values(vec![vec![operand(inner)]]);
            select
        },
        |inner| ast::Select::new(ast::Projection::Single(operand(inner).into())),
        |inner| {
            let items = [ast::Expr::Null, operand(inner)].map(Into::into);
            ast::Select::new(ast::Projection::List(items.into()))
        },
        |inner| ast::Select {
            distinct: Some(ast::Distinct::On(vec![operand(inner)])),
            ..plain()
        },
        |inner| ast::Select {
            filter: Some(operand(inner)),
            ..plain()
        },
        |inner| ast::Select {
            group_by: vec![operand(inner)],
            ..plain()
        },
        |inner| ast::Select {
            having: Some(operand(inner)),
            ..plain()
        },
        |inner| ast::Select {
            order_by: vec![ast::Order {
                expr: operand(inner),
                direction: ast::Direction::Ascending,
            }],
            ..plain()
        },
    ];
    on_small_stack(move || {
        for wrap in wrap {
            let mut select = plain();
            for _ in 0..100_000 {
                select = wrap(select);
            }
            let refused = Select::<Subscriber>::from_ast(select);
            assert!(matches!(refused.to_json(), Err(Error::TooDeep { .. })));
        }
    });
}

#[test]
fn trees_from_elsewhere_are_measured() {
    on_small_stack(|| {
        let deep = |rounds: usize| {
            let mut expr = ast::Expr::Bool(true);
            for _ in 0..rounds {
                expr = ast::Expr::Op(Op::Not, vec![expr]);
            }
            expr
        };
        let sent = Subscriber::filter(|s| s.disabled.or(raw(deep(40))));
        assert!(sent.to_json().is_ok());
        let refused = Subscriber::filter(|s| s.disabled.or(raw(deep(100_000))));
        assert!(matches!(refused.to_json(), Err(Error::TooDeep { .. })));
        let delete = Subscriber::delete(|s| s.disabled.and(raw(deep(100_000))));
        assert!(matches!(delete.to_json(), Err(Error::TooDeep { .. })));

        let mut select = ast::Select::new(ast::Projection::Single(ast::Expr::Star.into()));
        select.filter = Some(deep(100_000));
        let refused = Select::<Subscriber>::from_ast(select);
        assert!(matches!(refused.to_json(), Err(Error::TooDeep { .. })));
    });
}
