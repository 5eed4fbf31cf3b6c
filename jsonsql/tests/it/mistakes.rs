//! Statements that compile and would not do what they look like.

use std::time::Instant;

use jsonsql::ast;
use jsonsql::prelude::*;
use jsonsql::query::Error;
use jsonsql::resolve::Coverage;

use crate::tables::*;

fn message(statement: Result<String, Error>) -> String {
    statement.expect_err("it is refused").to_string()
}

/// The parameter of the function is hidden by the closure's.
fn block(s: &Subscriber) -> Update<Subscriber, SubscriberId> {
    let _ = s;
    Subscriber::update(|s| s.id.eq(s.id)).set(|s| s.disabled.to(true))
}

#[test]
fn a_column_compared_with_itself_is_refused_with_the_reason() {
    let s = Subscriber {
        id: SubscriberId(7),
        username: "12345".to_owned(),
        password: None,
        disabled: false,
        max_terminal: None,
    };
    assert_eq!(
        message(block(&s).to_json()),
        "`id` is compared with itself in `where`: does a closure's parameter hide a variable of \
         the same name? (for \"is there\", say `.is_not_null()`)"
    );
}

/// Every comparison, in every clause, in reads and in nested queries.
#[test]
fn it_is_refused_wherever_it_stands() {
    let count =
        |build: fn(TableRef<'_, Subscriber>) -> Expr<'_, bool>| Subscriber::filter(build).to_json();
    let refused = [
        count(|s| s.id.eq(s.id)),
        count(|s| s.id.neq(s.id)),
        count(|s| s.id.lt(s.id)),
        count(|s| s.id.gt(s.id)),
        count(|s| s.id.lte(s.id)),
        count(|s| s.id.gte(s.id)),
        count(|s| s.username.like(s.username)),
        count(|s| s.username.ilike(s.username)),
        count(|s| s.id.is_in([s.id])),
        count(|s| s.id.not_in([s.id])),
        count(|s| s.id.in_values([s.id])),
        count(|s| s.disabled.eq(true).and(!s.id.eq(s.id))),
        count(|s| concat((s.username, "!")).eq(concat((s.username, "!")))),
        Subscriber::filter(|s| s.max_terminal.eq(s.max_terminal)).to_json(),
        Subscriber::filter(|s| (s.max_terminal + 1).gt(s.max_terminal + 1)).to_json(),
        Subscriber::delete(|s| s.id.eq(SubscriberId(1)).and(s.username.eq(s.username))).to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            let t = q.join(Terminal, |t| t.id.eq(t.id));
            q.select((s.id, t.id))
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            q.group_by(s.disabled);
            q.having(max(s.max_terminal).eq(max(s.max_terminal)));
            q.select(s.disabled)
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            let boxes = q.subquery(|mut q| {
                let t = q.from(Terminal);
                q.filter(t.subscriber_id.eq(t.subscriber_id));
                q.select(t.subscriber_id)
            });
            q.filter(s.id.in_query(boxes));
            q.select(s.id)
        })
        .to_json(),
        // The nested query answers with the row around it.
        select(|mut q| {
            let s = q.from(Subscriber);
            let boxes = q.subquery(|mut q| {
                let _t = q.from(Terminal);
                q.select(s.id)
            });
            q.filter(s.id.in_query(boxes));
            q.select(s.id)
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            q.select((s.id, s.id.eq(s.id)))
        })
        .to_json(),
        Subscriber::update(|s| s.username.eq("12345"))
            .set(|s| s.disabled.to(s.id.eq(s.id)))
            .to_json(),
    ];
    for (case, result) in refused.into_iter().enumerate() {
        assert!(
            matches!(result, Err(Error::SelfComparison { .. })),
            "case {case}: {result:?}"
        );
    }
}

#[test]
fn columns_of_two_rows_or_two_names_are_compared() {
    let same_name = select(|mut q| {
        let first = q.from(Subscriber);
        let second = q.join(Subscriber, |second| {
            first.max_terminal.eq(second.max_terminal)
        });
        q.filter(first.id.neq(second.id));
        q.select((first.id, second.id))
    });
    assert!(same_name.to_json().is_ok());
    let other_name = Terminal::delete(|t| t.id.eq(t.id - 1));
    assert!(other_name.to_json().is_ok());
    let nested = Subscriber::delete(|s| {
        s.id.in_query(Terminal::filter(|t| t.registered.eq(false)).column(|t| t.subscriber_id))
    });
    assert!(nested.to_json().is_ok());
    let constants = Subscriber::filter(|_| literal(1).eq(1));
    assert!(constants.to_json().is_ok());
}

#[test]
fn an_assignment_that_changes_nothing_or_counts_for_nothing_is_refused() {
    let update = || Subscriber::update(|s| s.username.eq("12345"));
    assert_eq!(
        message(update().set(|s| s.disabled.to(s.disabled)).to_json()),
        "the update of `subscriber` sets `disabled` to itself: does the closure's parameter hide \
         a variable of the same name?"
    );
    let joined = Subscriber::update_from(|q, s| {
        let t = q.from(Terminal);
        q.filter(t.subscriber_id.eq(s.id));
        vec![s.disabled.to(s.disabled)]
    });
    assert!(matches!(
        joined.to_json(),
        Err(Error::SelfAssignment { .. })
    ));
    let twice = "this update of `subscriber` gives `disabled` twice";
    assert_eq!(
        message(
            update()
                .set(|s| (s.disabled.to(true), s.disabled.to(false)))
                .to_json()
        ),
        twice
    );
    assert_eq!(
        message(
            update()
                .set(|s| s.disabled.to(true))
                .set(|s| s.disabled.to(false))
                .to_json()
        ),
        twice
    );
    #[derive(Changeset)]
    #[changeset(table = Subscriber)]
    struct Edit {
        disabled: Option<bool>,
    }
    let edit = Edit {
        disabled: Some(true),
    };
    let both = update().set_changes(&edit).set(|s| s.disabled.to(false));
    assert_eq!(message(both.to_json()), twice);

    let insert = insert_from(
        Terminal,
        |t| (t.id, t.id),
        |mut q| {
            let t = q.from(Terminal);
            q.select((t.id, t.id))
        },
    );
    assert_eq!(
        message(insert.to_json()),
        "this insert of `terminal` gives `id` twice"
    );
    // Another column's value is fine, the column of that name in another row as
    // well, and so is a calculation on its own.
    let copied = Subscriber::update_from(|q, s| {
        let parent = q.from(Subscriber);
        q.filter(parent.id.eq(SubscriberId(1)).and(s.id.eq(SubscriberId(2))));
        vec![s.disabled.to(parent.disabled)]
    });
    assert_eq!(copied.to_json().err(), None);
    assert!(
        update()
            .set(|s| s.disabled.to(!s.disabled))
            .to_json()
            .is_ok()
    );
}

/// The coverage of an update and a delete by one condition, which is the same.
macro_rules! coverage {
    (|$s:pat_param| $condition:expr) => {{
        let delete = Subscriber::delete(|$s| $condition).to_json();
        let update = Subscriber::update(|$s| $condition)
            .set(|s| s.password.to("secret"))
            .to_json();
        match (delete, update) {
            (
                Err(Error::Unbounded { coverage, .. }),
                Err(Error::Unbounded { coverage: same, .. }),
            ) => {
                assert_eq!(coverage, same);
                Some(coverage)
            }
            (Ok(_), Ok(_)) => None,
            other => panic!("{other:?}"),
        }
    }};
}

fn nothing() -> [SubscriberId; 0] {
    []
}

/// As a parsed request has it: unaliased.
fn own_table() -> ast::Select {
    let json = br#"{"data": [{"subscriber": "id"}], "from": "subscriber", "where": {"eq": [{"subscriber": "disabled"}, true]}}"#;
    match ast::Statement::from_json(ast::Method::Select, json).unwrap() {
        ast::Statement::Select(select) => select,
        other => panic!("{other}"),
    }
}

fn registered() -> Select<SubscriberId> {
    Terminal::filter(|t| t.registered.eq(true)).column(|t| t.subscriber_id)
}

/// `username` and `disabled` take no NULL, `password` and `max_terminal` do.
#[test]
fn always_true_is_found_by_meaning() {
    let every_row = [
        coverage!(|s| s.username.contains("")),
        coverage!(|s| s.username.starts_with("")),
        coverage!(|s| s.username.ends_with("")),
        coverage!(|s| s.username.like("%")),
        coverage!(|s| s.username.like("%%%")),
        coverage!(|s| s.username.ilike("%")),
        coverage!(|s| s.disabled.eq(true).or(!s.disabled.eq(true))),
        coverage!(|s| s.disabled.eq(true).or(s.disabled.eq(false))),
        coverage!(|s| s.disabled.is_in([true, false])),
        coverage!(|s| s.disabled.or(!s.disabled)),
        coverage!(|s| s.username.eq("a").or(s.username.neq("a"))),
        coverage!(|s| s.username.neq("a").or(s.username.neq("b"))),
        coverage!(|s| !(s.username.eq("a").and(s.username.eq("b")))),
        coverage!(|s| s.username.lt("m").or(s.username.gte("m"))),
        // The order of capitals is the server's, but one there is.
        coverage!(|s| s.username.lt("M").or(s.username.gte("M"))),
        coverage!(|s| s
            .username
            .gt("Мир")
            .or(s.username.lte("Мир"))
            .and(s.disabled.or(!s.disabled))),
        coverage!(|s| s.id.lt(SubscriberId(5)).or(s.id.gte(SubscriberId(5)))),
        coverage!(|s| s.id.lte(SubscriberId(4)).or(s.id.gt(SubscriberId(3)))),
        // Of whole numbers there is none between.
        coverage!(|s| s.id.lte(SubscriberId(4)).or(s.id.gte(SubscriberId(5)))),
        coverage!(|s| s
            .id
            .is_in([SubscriberId(1)])
            .or(s.id.not_in([SubscriberId(1)]))),
        coverage!(|s| s
            .max_terminal
            .eq(1)
            .or(s.max_terminal.neq(1))
            .or(s.max_terminal.is_null())),
        coverage!(|s| s.max_terminal.is_null().or(s.max_terminal.is_not_null())),
        coverage!(|s| s
            .max_terminal
            .eq(1)
            .is(true)
            .or(s.max_terminal.eq(1).is_not(true))),
        coverage!(|s| s.username.like("%").and(s.disabled.eq(true).or(true))),
        // Of more combinations than are looked at one by one.
        coverage!(|s| any((0..100).map(|n| s.max_terminal.eq(n)))
            .or(any((0..100).map(|n| s.id.eq(SubscriberId(n)))))
            .or(s.username.like("%"))),
        coverage!(|_| literal(1).eq(1)),
        coverage!(|_| literal(1).lt(2).and(literal("a".to_owned()).neq("b"))),
        coverage!(|_| !literal(false)),
        coverage!(|s| !s.id.is_in(nothing())),
        coverage!(|s| s.id.is_in(nothing()).is(false)),
        coverage!(|s| s.id.is_in(nothing()).eq(false)),
        coverage!(|s| s.id.is_in(nothing()).is_not(true)),
        coverage!(|s| s.id.not_in(nothing())),
        coverage!(|_| all::<Expr<'_, bool>>([])),
        coverage!(|_| !any::<Expr<'_, bool>>([])),
        coverage!(|s| s.id.in_query(Subscriber::all().column(|s| s.id))),
        coverage!(|s| !s.id.not_in_query(Subscriber::all().column(|s| s.id))),
        coverage!(|s| s.id.in_query(Subscriber::all().offset(0).column(|s| s.id))),
        coverage!(|s| s
            .id
            .in_query(Subscriber::filter(|s| s.username.like("%")).column(|s| s.id))),
    ];
    for (case, coverage) in every_row.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRow), "case {case}");
    }
    let without_null = [
        coverage!(|s| s.password.contains("")),
        coverage!(|s| s.password.like("%")),
        coverage!(|s| s.password.like("a%").or(!s.password.like("a%"))),
        coverage!(|s| s.max_terminal.eq(1).or(s.max_terminal.neq(1))),
        coverage!(|s| s.password.like("%").and(s.username.like("%"))),
        coverage!(|s| s
            .max_terminal
            .in_query(Subscriber::all().column(|s| s.max_terminal))),
    ];
    for (case, coverage) in without_null.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRowWithoutNull), "case {case}");
    }
    let all_or_none = [
        coverage!(|_| literal(SubscriberId(1)).in_query(registered())),
        coverage!(|_| !literal(SubscriberId(1)).in_query(registered())),
        coverage!(|s| s
            .username
            .eq("a")
            .or(literal(SubscriberId(1)).in_query(registered()))),
        coverage!(|s| s
            .username
            .like("%")
            .and(literal(SubscriberId(1)).in_query(registered()))),
        coverage!(|_| literal(SubscriberId(1)).in_query(registered()).is(false)),
    ];
    for (case, coverage) in all_or_none.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::AllOrNone), "case {case}");
    }
}

#[test]
fn a_condition_that_tells_rows_apart_is_sent() {
    let sent = [
        coverage!(|s| s.username.eq("12345")),
        coverage!(|s| s.username.contains("1")),
        coverage!(|s| s.username.like("_%")),
        coverage!(|s| s.username.like(r"\%")),
        coverage!(|s| s.username.like("%").and(s.disabled.eq(true))),
        coverage!(|s| s.username.eq("a").or(s.username.eq("b"))),
        coverage!(|s| s.id.lt(SubscriberId(4)).or(s.id.gt(SubscriberId(4)))),
        coverage!(|s| s.id.lte(SubscriberId(4)).or(s.id.gte(SubscriberId(6)))),
        coverage!(|s| s.max_terminal.is_not_null()),
        coverage!(|s| s.max_terminal.is_null()),
        coverage!(|s| s.password.like("%").and(s.password.is_not_null())),
        coverage!(|s| s.disabled.eq(true).or(!s.username.eq("a"))),
        coverage!(|s| s.id.in_query(registered())),
        coverage!(|s| s
            .id
            .in_query(Subscriber::filter(|s| s.disabled.eq(true)).column(|s| s.id))),
        coverage!(|s| s.id.in_query(Subscriber::all().limit(1).column(|s| s.id))),
        coverage!(|s| s.id.in_query(Subscriber::all().offset(1).column(|s| s.id))),
        // One row of each kind.
        coverage!(|s| s.id.in_query(select(|mut q| {
            let one = q.from(Subscriber);
            q.distinct_on(one.disabled);
            q.select(one.id)
        }))),
        coverage!(|s| s.id.in_query(registered()).and(literal(1).eq(1))),
        // Nested, the name is that of the nested query's own table.
        coverage!(|s| s.id.in_query(Select::<SubscriberId>::from_ast(own_table()))),
        // The second operand counts where the first is NULL.
        coverage!(|s| coalesce(s.max_terminal.eq(1), true)),
        // A join drops the rows without a partner.
        coverage!(|s| s.id.in_query(select(|mut q| {
            let owner = q.from(Subscriber);
            let _ = q.join(Terminal, |t| t.subscriber_id.eq(owner.id));
            q.select(owner.id)
        }))),
        coverage!(|s| s
            .username
            .eq("a")
            .and(literal(SubscriberId(1)).in_query(registered()))),
        // Never true: nothing is written.
        coverage!(|_| literal(false)),
        coverage!(|s| s.id.is_in(nothing())),
        coverage!(|s| s.username.eq("a").and(s.username.eq("b"))),
        coverage!(|_| literal(1).eq(2)),
    ];
    for (case, coverage) in sent.into_iter().enumerate() {
        assert_eq!(coverage, None, "case {case}");
    }
}

#[test]
fn the_message_says_which_rows() {
    assert_eq!(
        message(Subscriber::delete(|s| s.username.contains("")).to_json()),
        "the predicate of this delete is true of every row of `subscriber`; say `delete_all` if \
         that is meant"
    );
    assert_eq!(
        message(Subscriber::delete(|s| s.password.contains("")).to_json()),
        "the predicate of this delete is true of every row of `subscriber` without a NULL; say \
         `.is_not_null()` or `delete_all` if that is meant"
    );
    let elsewhere = Subscriber::delete(|_| literal(SubscriberId(1)).in_query(registered()));
    assert_eq!(
        message(elsewhere.to_json()),
        "the predicate of this delete can be true of every row of `subscriber`, whatever is in \
         the row: it does not depend on the row's columns alone"
    );
}

/// How many times longer one condition of `10 * terms` takes than ten of
/// `terms`, at the least: what else the machine does slows down both.
fn growth(terms: i64, judge: impl Fn(i64)) -> f64 {
    let time = |times: usize, terms: i64| {
        let started = Instant::now();
        (0..times).for_each(|_| judge(terms));
        started.elapsed().as_secs_f64()
    };
    let ratios = (0..3).map(|_| time(1, 10 * terms) / time(10, terms));
    ratios.fold(f64::INFINITY, f64::min)
}

/// What a long condition takes grows with its terms. It grew with their square,
/// and a write of some thousand rows took minutes.
#[test]
fn conditions_of_many_terms_are_judged() {
    let judge = |terms: i64| {
        let ids = || (0..terms).map(SubscriberId);
        let names = || (0..terms).map(|n| format!("user-{n}"));
        let sent = [
            coverage!(|s| any(ids().map(|id| s.id.eq(id)))),
            coverage!(|s| any(names().map(|name| s.username.eq(name)))),
            coverage!(|s| all(ids().map(|id| s.id.neq(id)))),
        ];
        assert_eq!(sent, [None; 3], "{terms} terms");
    };
    judge(3);
    judge(3_000);
    let growth = growth(40, judge);
    assert!(growth < 4.0, "{growth}");
    for terms in [3, 300] {
        let every = coverage!(|s| any((0..terms).map(|n| s.id.neq(SubscriberId(n)))));
        assert_eq!(every, Some(Coverage::EveryRow), "{terms} terms");
    }
}

fn deletes(build: impl for<'q> FnOnce(&mut Query<'q>, TableRef<'q, Terminal>)) -> Option<Coverage> {
    match Terminal::delete_using(build).to_json() {
        Err(Error::Unbounded { coverage, .. }) => Some(coverage),
        result => {
            result.unwrap();
            None
        }
    }
}

/// Joined tables: a condition of theirs alone holds for all rows or none.
#[test]
fn a_join_has_to_say_which_rows() {
    let every_row = deletes(|q, _t| {
        let _s = q.from(Subscriber);
    });
    assert_eq!(every_row, Some(Coverage::EveryRow));
    let others = deletes(|q, _t| {
        let s = q.from(Subscriber);
        q.filter(s.disabled.eq(true));
    });
    assert_eq!(others, Some(Coverage::AllOrNone));
    let either = deletes(|q, t| {
        let s = q.from(Subscriber);
        q.filter(s.disabled.eq(true).or(t.subscriber_id.eq(s.id)));
    });
    assert_eq!(either, Some(Coverage::AllOrNone));
    let joined = deletes(|q, t| {
        let s = q.from(Subscriber);
        q.filter(t.subscriber_id.eq(s.id))
            .filter(s.disabled.eq(true));
    });
    assert_eq!(joined, None);
}

/// The whole-table forms say what they mean.
#[test]
fn the_forms_for_all_rows_are_sent() {
    assert!(Subscriber::delete_all().to_json().is_ok());
    assert!(
        Subscriber::update_all()
            .set(|s| s.disabled.to(true))
            .to_json()
            .is_ok()
    );
}

#[test]
fn a_literal_to_order_or_group_by_is_refused() {
    let refused = [
        select(|mut q| {
            let s = q.from(Subscriber);
            q.order_by(literal(1).asc());
            q.select((s.id, s.username))
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            q.order_by([s.id.asc(), literal(2).desc()]);
            q.select((s.id, s.username))
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            q.group_by(literal(1));
            q.select((s.disabled, count_rows()))
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            q.group_by((s.disabled, literal("x".to_owned())));
            q.select((s.disabled, count_rows()))
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            q.distinct_on(literal(1));
            q.select(s.disabled)
        })
        .to_json(),
        select(|mut q| {
            let s = q.from(Subscriber);
            let inner = q.subquery(|mut q| {
                let t = q.from(Terminal);
                q.order_by(literal(1).asc()).limit(5);
                q.select(t.subscriber_id)
            });
            q.filter(s.id.in_query(inner));
            q.select(s.id)
        })
        .to_json(),
        Subscriber::all().order_by(|_| literal(1).asc()).to_json(),
    ];
    for (case, result) in refused.into_iter().enumerate() {
        assert!(
            matches!(result, Err(Error::Position { .. })),
            "case {case}: {result:?}"
        );
    }
    let calculated = Subscriber::all().order_by(|s| (s.max_terminal + 1).asc());
    assert!(calculated.to_json().is_ok());
}
