//! Arbitrary statements, as a parser leaves them: every string undecided.

use jsonsql::ast::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub(crate) fn name() -> impl Strategy<Value = Name> {
    prop_oneof![
        4 => proptest::sample::select(vec!["s", "t", "id", "username", "disabled", "port", "email"])
            .prop_map(Name::from),
        1 => "[a-zA-Zа-я_\"'\\\\][a-zA-Z0-9_\"'\\\\]{0,8}".prop_map(Name::from),
    ]
}

/// A string that `order_by` does not take for a direction.
fn text() -> impl Strategy<Value = Name> {
    "[^\0]{0,12}"
        .prop_filter("a direction, or a star", |text: &String| {
            let word = text.rsplit(' ').next().unwrap_or_default();
            !word.eq_ignore_ascii_case("asc") && !word.eq_ignore_ascii_case("desc") && text != "*"
        })
        .prop_map(Name::from)
}

/// Integers, binary fractions (their decimal form is exact), and numbers of
/// more digits than an integer or a float has.
fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<i32>().prop_map(|n| Number::from_f64(f64::from(n) / 4.0).unwrap()),
        r"-?[1-9][0-9]{20,60}(\.[0-9]{1,60})?".prop_map(|digits| digits.parse().unwrap()),
    ]
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        2 => text().prop_map(Expr::Bare),
        2 => name().prop_map(Expr::Bare),
        4 => (alias(), name()).prop_map(|(table, name)| Expr::column(table, name)),
        1 => number().prop_map(Expr::Number),
        1 => any::<bool>().prop_map(Expr::Bool),
        1 => Just(Expr::Null),
    ]
}

/// A name that no object takes for something else.
fn alias() -> impl Strategy<Value = Name> {
    name().prop_filter("an operator or a member", |name| {
        Op::known(name).is_none()
            && !["select", "values", "function", "as"].contains(&name.as_ref())
    })
}

fn op() -> impl Strategy<Value = Op> {
    proptest::sample::select(Op::KNOWN)
}

/// Whether operators get the operands they take.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Operands {
    Any,
    Fitting,
}

fn expr(operands: Operands) -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(4, 24, 4, move |inner| {
        let other = (alias(), vec(inner.clone(), 2..3));
        prop_oneof![
            5 => (op(), vec(inner.clone(), 0..4)).prop_map(move |(op, args)| match operands {
                Operands::Any => as_read(op, args),
                Operands::Fitting => fitting(op, args),
            }),
            1 => other.prop_map(move |(name, args)| match operands {
                Operands::Any => Expr::Op(Op::Other(name), args),
                Operands::Fitting => Expr::Call { function: name, args },
            }),
            2 => (alias(), vec(inner.clone(), 0..3))
                .prop_map(|(function, args)| Expr::Call { function, args }),
            1 => Just(Expr::Call { function: "count".into(), args: vec![Expr::Star] }),
            1 => vec(vec(inner.clone(), 2), 1..3).prop_map(move |rows| match operands {
                Operands::Any => Expr::Values(rows),
                // sqlparser takes VALUES in an expression only behind IN.
                Operands::Fitting => {
                    Expr::Op(Op::In, vec![Expr::Bool(true), Expr::Values(rows)])
                }
            }),
            2 => (present(inner.clone()), alias(), option::of(present(inner))).prop_map(
                |(data, table, filter)| {
                    let mut select = Select::new(Projection::Single(data.into()));
                    select.from = vec![FromItem::table(table.clone(), table)];
                    select.filter = filter;
                    Expr::Select(Box::new(select))
                }
            ),
        ]
    })
}

/// A negated `in` is read as the one operator, a sum in pairs as one sum.
fn as_read(op: Op, mut args: Vec<Expr>) -> Expr {
    match (&op, args.as_mut_slice()) {
        (Op::Not, [Expr::Op(Op::In, inner)]) => Expr::Op(Op::NotIn, std::mem::take(inner)),
        (Op::Add | Op::Mul, [Expr::Op(first, inner), _, ..]) if *first == op && inner.len() > 1 => {
            let rest = args.split_off(1);
            let Some(Expr::Op(_, mut chain)) = args.pop() else {
                unreachable!("just looked at")
            };
            chain.extend(rest);
            Expr::Op(op, chain)
        }
        _ => Expr::Op(op, args),
    }
}

/// The operator with as many operands as it takes, and of the kind.
fn fitting(op: Op, mut args: Vec<Expr>) -> Expr {
    let count = match op.arity() {
        Arity::Exactly(count) => count,
        Arity::AtLeast(least) => least.max(args.len()),
    };
    args.resize(count, Expr::Bool(true));
    match op {
        Op::Is | Op::IsNot => args[1] = Expr::Null,
        Op::Like | Op::Ilike => args.truncate(2),
        // sqlparser takes a sub-select for the whole list.
        Op::In | Op::NotIn if matches!(args[1], Expr::Select(_)) => args.truncate(2),
        // And so it does with what only begins with one, `IN ((SELECT 1) IS
        // NULL)`, which PostgreSQL takes.
        Op::In | Op::NotIn if args[1].to_string().starts_with("(SELECT") => {
            args[1] = Expr::Bool(true);
        }
        _ => {}
    }
    as_read(op, args)
}

/// Not `null`, which no member can be.
fn present(expr: impl Strategy<Value = Expr>) -> impl Strategy<Value = Expr> {
    expr.prop_filter("null", |expr| *expr != Expr::Null)
}

fn item(operands: Operands) -> impl Strategy<Value = Item> {
    (expr(operands), option::of(alias())).prop_map(|(expr, alias)| {
        let named = !matches!(
            expr,
            Expr::Bare(_) | Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Star
        );
        Item {
            expr,
            alias: alias.filter(|_| named),
        }
    })
}

fn projection(operands: Operands) -> impl Strategy<Value = Projection> {
    prop_oneof![
        item(operands)
            .prop_filter("null", |item| item.expr != Expr::Null)
            .prop_map(Projection::Single),
        vec(item(operands), 1..4).prop_map(Projection::List),
        Just(Projection::List(vec![Expr::Star.into()])),
    ]
}

fn from_item(operands: Operands) -> impl Strategy<Value = FromItem> {
    let kind = proptest::sample::select(vec![
        JoinKind::Inner,
        JoinKind::Left,
        JoinKind::Right,
        JoinKind::Full,
        JoinKind::Cross,
    ]);
    (
        alias(),
        option::of(alias()),
        option::of((kind, present(expr(operands)))),
    )
        .prop_map(|(table, alias, join)| FromItem {
            source: Source::Table(table.into()),
            alias,
            join: join.map(|(kind, on)| Join {
                kind,
                on: (kind != JoinKind::Cross).then_some(on),
            }),
        })
}

fn order(operands: Operands) -> impl Strategy<Value = Order> {
    (expr(operands), any::<bool>()).prop_map(|(expr, down)| Order {
        expr,
        direction: if down {
            Direction::Descending
        } else {
            Direction::Ascending
        },
    })
}

pub(crate) fn select(operands: Operands) -> impl Strategy<Value = Select> {
    (
        (
            projection(operands),
            vec(from_item(operands), 0..3),
            option::of(present(expr(operands))),
        ),
        (
            vec(expr(operands), 0..3),
            option::of(present(expr(operands))),
            vec(order(operands), 0..3),
        ),
        (option::of(any::<u64>()), option::of(any::<u64>())),
        option::of(prop_oneof![
            Just(Distinct::Rows),
            vec(expr(operands), 1..3).prop_map(Distinct::On)
        ]),
    )
        .prop_map(|(rows, groups, range, distinct)| Select {
            distinct: distinct.map(|distinct| match distinct {
                // Of all that is selected, it is read as the other.
                Distinct::On(on) if on.iter().eq(rows.0.items().iter().map(|item| &item.expr)) => {
                    Distinct::Rows
                }
                other => other,
            }),
            from: rows.1,
            filter: rows.2,
            group_by: groups.0,
            having: groups.1,
            order_by: groups.2,
            limit: range.0,
            offset: range.1,
            ..Select::new(rows.0)
        })
}

pub(crate) fn statement(operands: Operands) -> impl Strategy<Value = Statement> {
    let returning = || option::of(projection(operands));
    prop_oneof![
        4 => select(operands).prop_map(Statement::Select),
        1 => vec(vec(expr(operands), 2), 1..3).prop_map(|rows| {
            let mut select = Select::new(Projection::List(Vec::new()));
            select.body = Body::Values(rows);
            Statement::Select(select)
        }),
        1 => (alias(), vec(vec(expr(operands), 2), 1..3), returning()).prop_map(|(table, rows, returning)| {
            Statement::Insert(Insert {
                into: table.into(),
                columns: vec!["first".into(), "second".into()],
                source: InsertSource::Values(rows),
                returning,
            })
        }),
        1 => (alias(), select(operands), returning()).prop_map(|(table, select, returning)| {
            Statement::Insert(Insert {
                into: table.into(),
                columns: vec!["only".into()],
                source: InsertSource::Select(Box::new(select)),
                returning,
            })
        }),
        1 => (alias(), expr(operands), vec(from_item(operands), 0..2), option::of(present(expr(operands))), returning()).prop_map(
            |(table, value, from, filter, returning)| {
                Statement::Update(Update {
                    table: table.into(),
                    set: vec![("only".into(), value)],
                    from,
                    filter,
                    returning,
                })
            }
        ),
        1 => (alias(), vec(from_item(operands), 0..2), option::of(present(expr(operands))), returning()).prop_map(
            |(from, using, filter, returning)| {
                Statement::Delete(Delete { from: from.into(), using, filter, returning })
            }
        ),
    ]
}
