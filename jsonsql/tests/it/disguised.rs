//! Conditions of writes that look as if they told rows apart, and those of a
//! billing that do.

use jsonsql::ast::{self, Expr as Ast, Op};
use jsonsql::prelude::*;
use jsonsql::query::Error;
use jsonsql::resolve::Coverage;

use crate::tables::*;

/// The rows that a delete by this condition would be refused for.
macro_rules! covered {
    ($table:ident, |$row:pat_param| $condition:expr) => {
        match $table::delete(|$row| $condition).to_json() {
            Err(Error::Unbounded { coverage, .. }) => Some(coverage),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        }
    };
}

fn nobody() -> Select<SubscriberId> {
    Subscriber::filter(|s| s.id.is_in(Vec::<SubscriberId>::new())).column(|s| s.id)
}

/// The list of whom to keep was empty.
#[test]
fn not_among_the_rows_of_an_empty_query_is_every_row() {
    let none = [
        covered!(Subscriber, |s| s.id.not_in_query(nobody())),
        covered!(Subscriber, |s| !s.id.in_query(nobody())),
        covered!(Subscriber, |s| s.id.in_query(nobody()).is(false)),
        covered!(Subscriber, |s| s
            .id
            .not_in_query(Subscriber::all().limit(0).column(|s| s.id))),
        covered!(Subscriber, |s| s.id.not_in_query(
            Terminal::filter(|t| t.registered.eq(true).and(t.registered.eq(false)))
                .column(|t| t.subscriber_id)
        )),
        // NULL is not among no rows either.
        covered!(Subscriber, |s| s.max_terminal.not_in_query(
            Subscriber::filter(|_| literal(false)).column(|s| s.max_terminal)
        )),
    ];
    for (case, coverage) in none.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRow), "case {case}");
    }
    // Nothing is in it, so nothing is deleted. An aggregate of no rows is a row.
    assert_eq!(covered!(Subscriber, |s| s.id.in_query(nobody())), None);
    let counted = || {
        select(|mut q| {
            let s = q.from(Subscriber);
            q.filter(literal(false));
            q.select(max(s.max_terminal))
        })
    };
    assert_eq!(
        covered!(Subscriber, |s| s.max_terminal.not_in_query(counted())),
        None
    );
}

#[test]
fn an_expression_that_hands_its_operand_on_is_that_operand() {
    let every_row = [
        covered!(Subscriber, |s| concat((s.username, "")).eq(s.username)),
        covered!(Subscriber, |s| concat(("", s.username, "")).gte(s.username)),
        covered!(Subscriber, |s| concat((s.username, "")).like("%")),
        covered!(Subscriber, |s| coalesce(s.username, "x").eq(s.username)),
        covered!(Subscriber, |s| concat((s.username, ""))
            .eq("a")
            .or(s.username.neq("a"))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let id = q.from_select(|mut q| {
                let s = q.from(Subscriber);
                q.select(s.id)
            });
            q.select(id)
        }))),
    ];
    for (case, coverage) in every_row.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRow), "case {case}");
    }
    let without_null = [
        covered!(Subscriber, |s| (s.max_terminal + 0).eq(s.max_terminal)),
        covered!(Subscriber, |s| (s.max_terminal * 1).lte(s.max_terminal)),
        covered!(Subscriber, |s| (s.max_terminal - 0)
            .eq(1)
            .or(s.max_terminal.neq(1))),
        covered!(Subscriber, |s| concat((s.password, "")).eq(s.password)),
    ];
    for (case, coverage) in without_null.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRowWithoutNull), "case {case}");
    }
}

/// The statement gives the two copies of a query aliases of their own.
#[test]
fn a_nested_query_is_itself_the_second_time() {
    let boxes =
        || Terminal::filter(|t| t.subscriber_id.in_query(nested())).column(|t| t.subscriber_id);
    fn nested() -> Select<SubscriberId> {
        Subscriber::filter(|s| s.disabled.eq(true)).column(|s| s.id)
    }
    let some = covered!(Subscriber, |s| s
        .id
        .in_query(boxes())
        .or(!s.id.in_query(boxes())));
    assert_eq!(some, Some(Coverage::EveryRowWithoutNull));
    let others = || Terminal::filter(|t| t.registered.eq(true)).column(|t| t.subscriber_id);
    let two = covered!(Subscriber, |s| s
        .id
        .in_query(boxes())
        .or(!s.id.in_query(others())));
    assert_eq!(two, None);
}

/// `WHERE 'true'` is every row to PostgreSQL.
#[test]
fn a_raw_literal_is_a_condition_too() {
    let raw_condition = |expr: Ast| {
        let delete = Subscriber::delete(|_| raw::<bool>(expr));
        matches!(delete.to_json(), Err(Error::Unbounded { .. }))
    };
    for text in ["true", "t", "TRUE", " yes ", "on", "1"] {
        assert!(raw_condition(Ast::text(text)), "{text}");
        let compared = vec![Ast::text(text), Ast::Bool(true)];
        assert!(raw_condition(Ast::Op(Op::Eq, compared)), "{text} = TRUE");
    }
    assert!(raw_condition(Ast::Number(1.into())));
    assert!(!raw_condition(Ast::text("false")));
    assert!(!raw_condition(Ast::Number(0.into())));
}

#[test]
fn a_column_is_itself_with_its_tables_name_or_without() {
    let column = |table: Option<&'static str>| {
        Ast::Column(ast::Column {
            table: table.map(Into::into),
            name: "id".into(),
        })
    };
    for (left, right) in [(None, Some("subscriber")), (Some("subscriber"), None)] {
        let same = Ast::Op(Op::Eq, vec![column(left), column(right)]);
        let delete = Subscriber::delete(|_| raw::<bool>(same));
        assert!(matches!(
            delete.to_json(),
            Err(Error::SelfComparison { .. })
        ));
    }
}

#[test]
fn what_a_billing_asks_for_is_sent() {
    let sent = [
        covered!(Subscriber, |s| s.username.eq("12345")),
        covered!(Subscriber, |s| s.id.eq(SubscriberId(5))),
        covered!(Subscriber, |s| s.id.is_in((0..5000).map(SubscriberId))),
        covered!(Subscriber, |s| s.id.not_in((0..5000).map(SubscriberId))),
        covered!(Subscriber, |s| s.username.not_in(["admin"])),
        covered!(Subscriber, |s| s
            .username
            .neq("admin")
            .and(s.username.neq("test"))),
        covered!(Subscriber, |s| s.disabled),
        covered!(Subscriber, |s| !s.disabled),
        covered!(Subscriber, |s| s.disabled.is(true)),
        covered!(Subscriber, |s| s.password.is_null()),
        covered!(Subscriber, |s| s.password.is_not_null()),
        covered!(Subscriber, |s| s.password.is_null().or(s.password.eq(""))),
        covered!(Subscriber, |s| coalesce(s.password, "").eq("")),
        covered!(Subscriber, |s| coalesce(s.max_terminal, 0).eq(0)),
        covered!(Subscriber, |s| s.username.starts_with("tmp_")),
        covered!(Subscriber, |s| s.username.ends_with_ignore_case("_OLD")),
        covered!(Subscriber, |s| s.username.like("_%")),
        covered!(Subscriber, |s| !s.username.like("a%")),
        covered!(Subscriber, |s| s
            .id
            .gte(SubscriberId(10))
            .and(s.id.lt(SubscriberId(20)))),
        covered!(Subscriber, |s| s
            .max_terminal
            .gt(3)
            .or(s.max_terminal.is_null())),
        covered!(Subscriber, |s| (s.max_terminal + 1).gt(3)),
        covered!(Subscriber, |s| (s.max_terminal * 2).lte(s.max_terminal + 1)),
        covered!(Subscriber, |s| s.username.eq("a").or(s.password.eq("a"))),
        covered!(Subscriber, |s| s.username.eq(s.password)),
        covered!(Subscriber, |s| concat((s.username, "@tv")).eq("a@tv")),
        covered!(Subscriber, |s| function::<String>("lower", (s.username,))
            .eq("abc")),
        covered!(Subscriber, |s| regexp_replace(s.username, "[^0-9]", "")
            .eq("12345")),
        covered!(Subscriber, |s| s
            .id
            .not_in_query(Terminal::all().column(|t| t.subscriber_id))),
        covered!(Subscriber, |s| s.id.in_query(
            Subscriber::filter(|s| s.disabled.eq(true))
                .limit(10)
                .column(|s| s.id)
        )),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let s = q.from(Subscriber);
            let t = q.join(Terminal, |t| t.subscriber_id.eq(s.id));
            q.group_by(s.id).having(count(t.id).gt(5));
            q.select(s.id)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let id = q.from_select(|mut q| {
                let s = q.from(Subscriber);
                q.filter(s.disabled.eq(true));
                q.select(s.id)
            });
            q.select(id)
        }))),
        covered!(Terminal, |t| t
            .mac_addr
            .eq("00-1A-79-10-00-0C".parse::<MacAddr>().unwrap())),
        covered!(Terminal, |t| t
            .registered
            .eq(false)
            .and(t.inet_addr.is_null())),
        covered!(Terminal, |t| t.subscriber_id.in_query(
            Subscriber::filter(|s| s.username.eq("x")).column(|s| s.id)
        )),
        covered!(SubscriberPackage, |sp| sp
            .subscriber_id
            .eq(SubscriberId(1))
            .and(sp.package_id.not_in([PackageId(1), PackageId(2)]))),
        covered!(SubscriberPackage, |sp| sp
            .package_id
            .in_query(Package::filter(|p| p.paid.eq(true)).column(|p| p.id))
            .and(sp.enabled.eq(false))),
        covered!(SubscriberPackage, |sp| sp.package_id.in_query(
            Package::filter(|p| p.name.is_in(["movie", "sports"])).column(|p| p.id)
        )),
        covered!(TerminalPlaylog, |p| p.start.lt("2026-01-01 00:00:00")),
        covered!(TvProgram, |p| p
            .stop
            .lt("2026-01-01")
            .and(p.channel_id.is_in([1, 2]))),
        covered!(Media, |m| m.is_tv.eq(false).and(m.port.is_in([1234, 1235]))),
    ];
    for (case, coverage) in sent.into_iter().enumerate() {
        assert_eq!(coverage, None, "case {case}");
    }
}

/// Both spellings of several changes.
#[test]
fn an_array_of_changes_is_a_tuple_of_them() {
    let update = || Subscriber::update(|s| s.username.eq("12345"));
    assert_eq!(
        update()
            .set(|s| [s.disabled.to(true), s.password.to(null())])
            .to_json(),
        update()
            .set(|s| (s.disabled.to(true), s.password.to(null())))
            .to_json()
    );
}
