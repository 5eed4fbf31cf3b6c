//! Statements as SQL says them: one tree for each text.

use jsonsql::ast::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Names of tables and columns, some of which need quotes.
const NAMES: &[&str] = &[
    "id",
    "username",
    "name",
    "Login",
    "order",
    "user",
    "имя",
    "two words",
    "a\"b",
    "value",
    "year",
    "left",
    "s",
    "t",
];

/// Output names, none of which is a column: a term of ORDER BY would mean them.
const OUTPUTS: &[&str] = &["out", "Count", "select", "первый"];

/// Names of tables, which no column without a table goes by.
const TABLES: &[&str] = &["t", "order", "Big Table", "таблица"];

fn table() -> impl Strategy<Value = Name> {
    select(TABLES).prop_map(Name::from)
}

fn name() -> impl Strategy<Value = Name> {
    select(NAMES).prop_map(Name::from)
}

/// A text, which is no name of the statement.
fn text() -> impl Strategy<Value = Expr> {
    "[^\0]{0,10}"
        .prop_filter("a name", |text: &String| {
            let known = [NAMES, OUTPUTS, ALIASES, TABLES, &["written"]].concat();
            !known.contains(&text.as_str()) && text != "*"
        })
        .prop_map(Expr::text)
}

fn number() -> impl Strategy<Value = Expr> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        "-?[1-9][0-9]{0,30}\\.[0-9]{1,30}".prop_map(|digits| digits.parse().unwrap()),
        "-?[1-9](\\.[0-9]{1,3})?[eE][+-]?[0-9]{1,3}".prop_map(|digits| digits.parse().unwrap()),
    ]
    .prop_map(Expr::Number)
}

const ALIASES: &[&str] = &["a", "b", "c"];

fn column() -> impl Strategy<Value = Expr> {
    prop_oneof![
        2 => (select(ALIASES), name()).prop_map(|(table, name)| Expr::column(table, name)),
        1 => select(&["id", "username", "name", "Login", "two words", "имя"][..])
            .prop_map(|name| Expr::Column(Column { table: None, name: name.into() })),
    ]
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        6 => column(),
        2 => text(),
        2 => number(),
        1 => any::<bool>().prop_map(Expr::Bool),
        1 => Just(Expr::Null),
    ]
}

fn chain(op: Op, mut operands: Vec<Expr>) -> Expr {
    // Text says `(a + b) + c` and `a + b + c` alike.
    if let Some(Expr::Op(first, inner)) = operands.first()
        && *first == op
        && inner.len() > 1
    {
        let rest = operands.split_off(1);
        let Some(Expr::Op(_, mut all)) = operands.pop() else {
            unreachable!("just looked at")
        };
        all.extend(rest);
        return Expr::Op(op, all);
    }
    Expr::Op(op, operands)
}

fn negated(condition: Expr) -> Expr {
    match condition {
        Expr::Op(Op::In, operands) => Expr::Op(Op::NotIn, operands),
        condition => Expr::Op(Op::Not, vec![condition]),
    }
}

pub(super) fn expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(4, 32, 4, |inner| {
        let lists = select(vec![Op::And, Op::Or, Op::Add, Op::Mul, Op::Concat]);
        let pairs = select(vec![
            Op::Eq,
            Op::Neq,
            Op::Lt,
            Op::Gt,
            Op::Lte,
            Op::Gte,
            Op::Sub,
            Op::Div,
            Op::Mod,
            Op::Like,
            Op::Ilike,
        ]);
        let values = prop_oneof![Just(Expr::Null), any::<bool>().prop_map(Expr::Bool)];
        let functions = select(&["lower", "count", "max", "left", "substring", "trim", "nullif", "year"][..]);
        prop_oneof![
            4 => (lists, vec(inner.clone(), 2..4)).prop_map(|(op, args)| chain(op, args)),
            4 => (pairs, vec(inner.clone(), 2)).prop_map(|(op, args)| Expr::Op(op, args)),
            1 => inner.clone().prop_map(negated),
            1 => (any::<bool>(), inner.clone(), values).prop_map(|(not, left, right)| {
                Expr::Op(if not { Op::IsNot } else { Op::Is }, vec![left, right])
            }),
            1 => (any::<bool>(), inner.clone(), vec(inner.clone(), 1..4).prop_filter(
                "sqlparser takes it for the whole list",
                |list| !format!("{:#}", list[0]).trim_start_matches('(').starts_with("SELECT")))
                .prop_map(|(not, left, list)| {
                    let op = if not { Op::NotIn } else { Op::In };
                    Expr::Op(op, std::iter::once(left).chain(list).collect())
                }),
            1 => (any::<bool>(), inner.clone(), rows(inner.clone(), 1..2)).prop_map(|(not, left, rows)| {
                let op = if not { Op::NotIn } else { Op::In };
                Expr::Op(op, vec![left, Expr::Values(rows)])
            }),
            1 => (inner.clone(), simple_select(inner.clone())).prop_map(|(left, select)| {
                Expr::Op(Op::In, vec![left, select])
            }),
            1 => simple_select(inner.clone()),
            1 => vec(inner.clone(), 1..4).prop_map(|args| Expr::Op(Op::Coalesce, args)),
            2 => (functions, vec(inner.clone(), 1..4)).prop_map(|(function, args)| Expr::Call {
                function: function.into(),
                // As PostgreSQL names it with several arguments.
                args: if function == "trim" { args.into_iter().take(1).collect() } else { args },
            }),
            1 => Just(Expr::Call { function: "count".into(), args: vec![Expr::Star] }),
            1 => inner.prop_map(|arg| Expr::Call {
                function: "count".into(),
                args: vec![Expr::Call { function: "distinct".into(), args: vec![arg] }],
            }),
        ]
    })
}

fn simple_select(inner: impl Strategy<Value = Expr> + 'static) -> impl Strategy<Value = Expr> {
    let inner = inner.boxed();
    (inner.clone(), select(ALIASES), option::of(present(inner))).prop_map(
        |(data, alias, filter)| {
            let mut select = Select::new(operand(vec![data.into()]));
            select.from = vec![FromItem::table("t", alias)];
            select.filter = filter;
            Expr::Select(Box::new(select))
        },
    )
}

/// One column is written bare where it is an operand.
fn operand(items: Vec<Item>) -> Projection {
    match <[Item; 1]>::try_from(items) {
        Ok([one]) if matches!(one.expr, Expr::Column(Column { table: None, .. })) => {
            Projection::Single(one)
        }
        Ok([one]) => Projection::List(vec![one]),
        Err(items) => Projection::List(items),
    }
}

fn rows(
    cell: impl Strategy<Value = Expr> + 'static,
    width: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Vec<Expr>>> {
    let cell = cell.boxed();
    width.prop_flat_map(move |width| vec(vec(cell.clone(), width), 1..3))
}

fn present(expr: impl Strategy<Value = Expr>) -> impl Strategy<Value = Expr> {
    expr.prop_filter("null", |expr| *expr != Expr::Null)
}

fn item() -> impl Strategy<Value = Item> {
    (expr(), option::of(select(OUTPUTS))).prop_map(|(expr, alias)| {
        let is_object = matches!(
            expr,
            Expr::Column(Column { table: Some(_), .. })
                | Expr::Op(..)
                | Expr::Call { .. }
                | Expr::Select(_)
        );
        Item {
            expr,
            alias: alias.filter(|_| is_object).map(Name::from),
        }
    })
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    prop_oneof![
        4 => vec(item(), 1..4),
        1 => Just(vec![Expr::Star.into()]),
    ]
}

fn from() -> impl Strategy<Value = Vec<FromItem>> {
    let kinds = select(vec![
        JoinKind::Inner,
        JoinKind::Left,
        JoinKind::Right,
        JoinKind::Full,
        JoinKind::Cross,
    ]);
    // Its names are those of the columns before; a comma hides tables from ON.
    let on = present(leaf());
    (
        1usize..4,
        vec((table(), option::of((kinds, on)), option::of(items())), 3),
    )
        .prop_map(|(count, entries)| {
            let entries = entries.into_iter().zip(ALIASES).take(count).enumerate();
            let mut parted = false;
            let items = entries.map(|(index, ((table, join, select), alias))| {
                let join = join.filter(|_| index > 0 && !parted);
                parted |= index > 0 && join.is_none();
                let source = match select {
                    Some(items) if items.iter().all(|item| item.expr != Expr::Star) => {
                        let mut select = Select::new(Projection::List(items));
                        select.from = vec![FromItem::table("t", "a")];
                        Source::Select(Box::new(select))
                    }
                    _ => Source::Table(table.into()),
                };
                FromItem {
                    source,
                    alias: Some((*alias).into()),
                    join: join.map(|(kind, on)| Join {
                        kind,
                        on: (kind != JoinKind::Cross).then_some(on),
                    }),
                }
            });
            items.collect()
        })
}

/// An expression that is not a constant.
fn term() -> impl Strategy<Value = Expr> {
    expr().prop_filter("a constant", |expr| {
        !matches!(
            expr,
            Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null
        )
    })
}

fn order() -> impl Strategy<Value = Order> {
    let term = term().prop_filter(
        "a direction could be taken off it",
        |expr| !matches!(expr, Expr::Column(Column { table: None, name }) if name.contains(' ')),
    );
    (term, any::<bool>()).prop_map(|(expr, down)| Order {
        expr,
        direction: if down {
            Direction::Descending
        } else {
            Direction::Ascending
        },
    })
}

fn query() -> impl Strategy<Value = Select> {
    let bounds = (option::of(0..=u64::MAX), option::of(0..=u64::MAX));
    let distinct = option::of(prop_oneof![
        Just(Distinct::Rows),
        vec(term(), 1..3).prop_map(Distinct::On)
    ]);
    (
        items(),
        from(),
        option::of(present(expr())),
        vec(term(), 0..3),
        option::of(present(expr())),
        vec(order(), 0..3),
        bounds,
        distinct,
    )
        .prop_map(
            |(items, from, filter, group_by, having, order_by, (limit, offset), distinct)| {
                let selected = items.iter().map(|item| item.expr.clone());
                let all: Vec<Expr> = selected.collect();
                Select {
                    distinct: match distinct {
                        Some(Distinct::On(on)) if on == all => Some(Distinct::Rows),
                        distinct => distinct,
                    },
                    body: Body::Data(Projection::List(items)),
                    from,
                    filter,
                    group_by,
                    having,
                    order_by,
                    limit,
                    offset,
                }
            },
        )
}

/// An expression that names no column: one of an insert's rows.
fn constant() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        text(),
        number(),
        any::<bool>().prop_map(Expr::Bool),
        Just(Expr::Null)
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        vec(inner, 2).prop_map(|args| chain(Op::Concat, args))
    })
}

pub(super) fn statement() -> impl Strategy<Value = Statement> {
    let returning = || option::of(items().prop_map(operand));
    let condition = || option::of(present(expr()));
    prop_oneof![
        5 => query().prop_map(Statement::Select),
        1 => rows(constant(), 1..3).prop_map(|rows| {
            let mut select = Select::new(Projection::List(Vec::new()));
            select.body = Body::Values(rows);
            Statement::Select(select)
        }),
        1 => (table(), rows(constant(), 2..3), returning()).prop_map(|(into, rows, returning)| {
            Statement::Insert(Insert {
                into: into.into(),
                columns: vec!["id".into(), "Login".into()],
                source: InsertSource::Values(rows),
                returning,
            })
        }),
        1 => (table(), query(), returning()).prop_map(|(into, mut select, returning)| {
            // As wide as the columns.
            select.body = Body::Data(Projection::List(vec![Expr::Null.into()]));
            if !matches!(select.distinct, Some(Distinct::Rows)) {
                select.distinct = None;
            }
            Statement::Insert(Insert {
                into: into.into(),
                columns: vec!["id".into()],
                source: InsertSource::Select(Box::new(select)),
                returning,
            })
        }),
        1 => (table(), vec(expr(), 2), condition(), returning()).prop_map(
            |(table, values, filter, returning)| {
                let columns = [Name::from("id"), Name::from("Login")];
                Statement::Update(Update {
                    table: table.into(),
                    set: columns.into_iter().zip(values).collect(),
                    from: Vec::new(),
                    filter,
                    returning,
                })
            }
        ),
        1 => (from(), expr(), condition(), returning()).prop_map(
            |(from, value, filter, returning)| {
                Statement::Update(Update {
                    table: "written".into(),
                    set: vec![("id".into(), value)],
                    from,
                    filter,
                    returning,
                })
            }
        ),
        1 => (option::of(from()), condition(), returning()).prop_map(|(using, filter, returning)| {
            Statement::Delete(Delete {
                from: "written".into(),
                using: using.unwrap_or_default(),
                filter,
                returning,
            })
        }),
    ]
}
