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
        // As a literal is written that has an output name.
        covered!(Subscriber, |s| {
            let password = Ast::Column(ast::Column {
                table: None,
                name: "password".into(),
            });
            raw::<String>(Ast::Op(Op::Coalesce, vec![password])).gte(s.password)
        }),
    ];
    for (case, coverage) in without_null.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRowWithoutNull), "case {case}");
    }
}

/// A bound that was taken from the row itself, `s`, and not from another one.
#[test]
fn a_whole_number_is_less_than_itself_and_one() {
    let without_null = [
        covered!(Subscriber, |s| s.max_terminal.lt(s.max_terminal + 1)),
        covered!(Subscriber, |s| (s.max_terminal + 1).gte(s.max_terminal)),
        covered!(Subscriber, |s| (s.max_terminal - 1).lte(s.max_terminal)),
        covered!(Subscriber, |s| s.max_terminal.neq(s.max_terminal + 7)),
        covered!(Subscriber, |s| (s.max_terminal + 2 - 1)
            .gt(s.max_terminal - 3)),
        covered!(Subscriber, |s| (s.max_terminal + 1 - 1)
            .eq(s.max_terminal + 3 - 3)),
        covered!(Subscriber, |s| !s.max_terminal.gt(s.max_terminal + 1)),
    ];
    for (case, coverage) in without_null.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRowWithoutNull), "case {case}");
    }
    // The two are NULL together.
    let every_row = covered!(Subscriber, |s| s
        .max_terminal
        .lt(s.max_terminal + 1)
        .or(s.max_terminal.is_null()));
    assert_eq!(every_row, Some(Coverage::EveryRow));
    let others = [
        // Never true.
        covered!(Subscriber, |s| s.max_terminal.gt(s.max_terminal + 1)),
        covered!(Subscriber, |s| s.max_terminal.eq(s.max_terminal - 1)),
        // True of some.
        covered!(Subscriber, |s| s.max_terminal.lt(s.max_terminal * 2)),
        covered!(Subscriber, |s| (s.max_terminal + s.max_terminal)
            .gt(s.max_terminal)),
        covered!(Subscriber, |s| s
            .max_terminal
            .lt(s.max_terminal + 1)
            .and(s.max_terminal.gt(2))),
    ];
    for (case, coverage) in others.into_iter().enumerate() {
        assert_eq!(coverage, None, "case {case}");
    }
}

/// Between `a` and `b` there is, by most collations, `A`, which does not begin
/// with an `a`: `SELECT 'a' < 'A' COLLATE "und-x-icu"` is true to PostgreSQL.
#[test]
fn a_pattern_says_nothing_about_an_order() {
    let undecided = [
        covered!(Subscriber, |s| s
            .username
            .like("a%")
            .or(s.username.gte("b"))
            .or(s.username.lt("a"))),
        covered!(Subscriber, |s| s
            .username
            .starts_with("a")
            .or(s.username.neq("a"))
            .and(s.username.lt("b"))),
        covered!(Subscriber, |s| (!s.username.like("a%"))
            .or(s.username.gte("a").and(s.username.lt("b")))),
        covered!(Subscriber, |s| s.username.like("a%").or(s.username.lt("a"))),
        covered!(Subscriber, |s| s
            .username
            .ilike("a%")
            .or(s.username.gt("a"))),
    ];
    for (case, coverage) in undecided.into_iter().enumerate() {
        assert_eq!(coverage, None, "case {case}");
    }
    // These need no order of other texts: a pattern takes its own prefix.
    let every_row = [
        covered!(Subscriber, |s| s
            .username
            .like("a%")
            .or(s.username.gt("a"))
            .or(s.username.lt("a"))),
        covered!(Subscriber, |s| s
            .username
            .like("B%")
            .or(s.username.neq("B"))),
        covered!(Subscriber, |s| s
            .username
            .like("a%")
            .or(s.username.gte("b"))
            .or(!s.username.like("a%"))),
    ];
    for (case, coverage) in every_row.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRow), "case {case}");
    }
}

/// Each row is its own partner.
#[test]
fn a_table_joined_with_itself_has_every_row() {
    let every_row = [
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let b = q.join(Subscriber, |b| b.id.eq(a.id));
            q.select(b.id)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let _ = q.from(Subscriber);
            q.select(a.id)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let _ = q.from(Subscriber);
            let b = q.from(Subscriber);
            let _ = q.left_join(Terminal, |t| t.subscriber_id.eq(b.id));
            q.select(b.id)
        }))),
        covered!(Subscriber, |s| s.username.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let b = q.from(Subscriber);
            let c = q.join(Subscriber, |c| c.username.gte(b.username));
            q.filter(a.disabled.eq(b.disabled)).filter(c.id.lte(a.id));
            q.select(c.username)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let id = q.from_select(|mut q| {
                let a = q.from(Subscriber);
                let _ = q.join(Subscriber, |b| b.id.eq(a.id));
                q.select(a.id)
            });
            q.select(id)
        }))),
    ];
    for (case, coverage) in every_row.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRow), "case {case}");
    }
    let others = [
        // Two rows of one kind.
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let b = q.join(Subscriber, |b| b.username.eq(a.username));
            q.filter(a.id.neq(b.id));
            q.select(b.id)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let _ = q.join(Subscriber, |b| b.id.lt(a.id));
            q.select(a.id)
        }))),
        // NULL has no partner.
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let _ = q.join(Subscriber, |b| b.password.eq(a.password));
            q.select(a.id)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let b = q.from(Subscriber);
            q.filter(b.disabled.eq(true));
            q.filter(a.username.eq(b.username));
            q.select(a.id)
        }))),
        covered!(Terminal, |t| t.subscriber_id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let _ = q.join(Subscriber, |b| b.id.eq(a.id));
            q.select(a.id)
        }))),
    ];
    for (case, coverage) in others.into_iter().enumerate() {
        assert_eq!(coverage, None, "case {case}");
    }
}

/// `WHERE t.id = terminal.id` finds the row itself.
#[test]
fn a_row_is_among_those_that_are_like_it() {
    macro_rules! like_it {
        (|$other:ident, $row:ident| $condition:expr) => {{
            let delete = Terminal::delete_using(|q, $row| {
                let like_it = q.subquery(|mut q| {
                    let $other = q.from(Terminal);
                    q.filter($condition);
                    q.select($other.id)
                });
                q.filter($row.id.in_query(like_it));
            });
            match delete.to_json() {
                Err(Error::Unbounded { coverage, .. }) => Some(coverage),
                Err(other) => panic!("{other}"),
                Ok(_) => None,
            }
        }};
    }
    let every_row = [
        like_it!(|other, row| other.id.eq(row.id)),
        like_it!(|other, row| other
            .registered
            .eq(row.registered)
            .and(other.subscriber_id.lte(row.subscriber_id))),
    ];
    for (case, coverage) in every_row.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::EveryRow), "case {case}");
    }
    let others = [
        like_it!(|other, row| other.id.neq(row.id)),
        like_it!(|other, row| other.id.lt(row.id)),
        like_it!(|other, row| other
            .subscriber_id
            .eq(row.subscriber_id)
            .and(other.registered.eq(true))),
        // NULL is like nothing.
        like_it!(|other, row| other.inet_addr.eq(row.inet_addr)),
    ];
    for (case, coverage) in others.into_iter().enumerate() {
        assert_eq!(coverage, None, "case {case}");
    }
}

/// The product with a table that is not asked about the row: everything if the
/// other table has a row, and otherwise nothing.
#[test]
fn a_table_joined_with_what_has_nothing_to_do_with_it_is_all_or_none() {
    let all_or_none = [
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let _ = q.from(Package);
            q.select(a.id)
        }))),
        covered!(Subscriber, |s| s.id.not_in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let _ = q.join(Package, |p| p.paid.eq(true));
            q.select(a.id)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let t = q.from(Terminal);
            let p = q.join(Subscriber, |b| b.id.eq(t.subscriber_id));
            q.filter(t.registered.eq(true)).filter(p.disabled.eq(true));
            q.select(a.id)
        }))),
    ];
    for (case, coverage) in all_or_none.into_iter().enumerate() {
        assert_eq!(coverage, Some(Coverage::AllOrNone), "case {case}");
    }
    let sent = [
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(a.id));
            q.select(a.id)
        }))),
        covered!(Subscriber, |s| s.id.in_query(select(|mut q| {
            let a = q.from(Subscriber);
            let _ = q.from(Package);
            q.filter(a.disabled.eq(true));
            q.select(a.id)
        }))),
    ];
    for (case, coverage) in sent.into_iter().enumerate() {
        assert_eq!(coverage, None, "case {case}");
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
    // A nested query that answers with the row's own column, beside that of a
    // table of its own.
    let among = |source: &'static str, operand: Option<&'static str>| {
        let mut select =
            ast::Select::new(ast::Projection::Single(column(Some("subscriber")).into()));
        select.from = vec![ast::FromItem::table(source, source)];
        let found = Ast::Op(Op::In, vec![column(operand), Ast::Select(Box::new(select))]);
        Subscriber::delete(|_| raw::<bool>(found)).to_json()
    };
    for operand in [None, Some("subscriber")] {
        let itself = among("terminal", operand).unwrap_err();
        assert!(matches!(itself, Error::SelfComparison { .. }), "{itself}");
        let own = among("subscriber", operand);
        assert!(!matches!(own, Err(Error::SelfComparison { .. })), "{own:?}");
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
