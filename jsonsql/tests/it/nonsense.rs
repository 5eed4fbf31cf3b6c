//! Trees that no parser and no builder makes, put together by hand: whatever
//! is done with one, nothing panics.

use jsonsql::ast::SqlKind;
use jsonsql::ast::*;
use jsonsql::query::Params;
use jsonsql::resolve::{self, Field, Relation, Schema, Scope};
use jsonsql::sql::{Flavor, Quoted, Sql};
use jsonsql::{
    Descending, Dialect, DistinctRows, GroupBy, Having, Joined, NotIn, Statement as _, prelude,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::tables::Subscriber;

fn name() -> impl Strategy<Value = Name> {
    let known = [
        "",
        "*",
        "s",
        "s1",
        "s02",
        "s2",
        "s99999999999",
        "id",
        "username",
        "subscriber",
        "package",
        "not",
        "in",
        "select",
        "values",
        "function",
        "as",
        "distinct",
        "count",
        "\0",
        "\"",
        "c1",
        "asc",
        "x DESC",
    ];
    prop_oneof![
        6 => proptest::sample::select(known.to_vec()).prop_map(Name::from),
        1 => ".{0,6}".prop_map(Name::from),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => proptest::sample::select(Op::KNOWN),
        1 => name().prop_map(Op::Other),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        (0u64..4).prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<i64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", Number::from_f64),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        name().prop_map(Expr::Bare),
        name().prop_map(Expr::Text),
        (option::of(name()), name()).prop_map(|(table, name)| Expr::Column(Column { table, name })),
        number().prop_map(Expr::Number),
        any::<bool>().prop_map(Expr::Bool),
        Just(Expr::Star),
        Just(Expr::Null),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            4 => (op(), vec(inner.clone(), 0..4)).prop_map(|(op, args)| Expr::Op(op, args)),
            2 => (name(), vec(inner.clone(), 0..3))
                .prop_map(|(function, args)| Expr::Call { function, args }),
            1 => vec(vec(inner.clone(), 0..3), 0..3).prop_map(Expr::Values),
            2 => select_of(inner).prop_map(|select| Expr::Select(Box::new(select))),
        ]
    })
}

fn item(inner: impl Strategy<Value = Expr>) -> impl Strategy<Value = Item> {
    (inner, option::of(name())).prop_map(|(expr, alias)| Item { expr, alias })
}

fn projection(inner: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Projection> {
    prop_oneof![
        item(inner.clone()).prop_map(Projection::Single),
        vec(item(inner), 0..3).prop_map(Projection::List),
    ]
}

fn from(inner: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Vec<FromItem>> {
    let kind = proptest::sample::select(vec![
        JoinKind::Inner,
        JoinKind::Left,
        JoinKind::Right,
        JoinKind::Full,
        JoinKind::Cross,
    ]);
    let source = prop_oneof![
        3 => name().prop_map(|name| Source::Table(name.into())),
        1 => (projection(inner.clone()), name()).prop_map(|(data, table)| {
            let mut select = Select::new(data);
            select.from = vec![FromItem::table(table.clone(), table)];
            Source::Select(Box::new(select))
        }),
    ];
    let join = (kind, option::of(inner)).prop_map(|(kind, on)| Join { kind, on });
    let item = (source, option::of(name()), option::of(join));
    vec(
        item.prop_map(|(source, alias, join)| FromItem {
            source,
            alias,
            join,
        }),
        0..3,
    )
}

fn select_of(inner: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Select> {
    let body = prop_oneof![
        4 => projection(inner.clone()).prop_map(Body::Data),
        1 => vec(vec(inner.clone(), 0..3), 0..3).prop_map(Body::Values),
    ];
    let distinct = prop_oneof![
        Just(None),
        Just(Some(Distinct::Rows)),
        vec(inner.clone(), 0..3).prop_map(|on| Some(Distinct::On(on))),
    ];
    let order = (inner.clone(), any::<bool>()).prop_map(|(expr, down)| Order {
        expr,
        direction: if down {
            Direction::Descending
        } else {
            Direction::Ascending
        },
    });
    (
        (distinct, body, from(inner.clone())),
        (
            option::of(inner.clone()),
            vec(inner.clone(), 0..3),
            option::of(inner),
        ),
        (
            vec(order, 0..3),
            option::of(any::<u64>()),
            option::of(any::<u64>()),
        ),
    )
        .prop_map(
            |((distinct, body, from), (filter, group_by, having), (order_by, limit, offset))| {
                Select {
                    distinct,
                    body,
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

fn statement() -> impl Strategy<Value = Statement> {
    let e = || expr().boxed();
    let returning = move || option::of(projection(e()));
    let rows = move || vec(vec(e(), 0..4), 0..3).prop_map(InsertSource::Values);
    let select = move || select_of(e());
    prop_oneof![
        3 => select().prop_map(Statement::Select),
        2 => (
            name(),
            vec(name(), 0..3),
            prop_oneof![
                3 => rows().boxed(),
                1 => select().prop_map(|select| InsertSource::Select(Box::new(select))).boxed(),
            ],
            returning(),
        )
            .prop_map(|(into, columns, source, returning)| {
                Statement::Insert(Insert { into: into.into(), columns, source, returning })
            }),
        1 => (name(), vec((name(), e()), 0..3), from(e()), option::of(e()), returning()).prop_map(
            |(table, set, from, filter, returning)| {
                Statement::Update(Update { table: table.into(), set, from, filter, returning })
            }
        ),
        1 => (name(), from(e()), option::of(e()), returning()).prop_map(
            |(from, using, filter, returning)| {
                Statement::Delete(Delete { from: from.into(), using, filter, returning })
            }
        ),
    ]
}

#[allow(
    clippy::needless_update,
    reason = "settings are added as questions come up"
)]
fn dialects() -> [Dialect; 3] {
    [
        Dialect::BEST_GUESS,
        Dialect {
            distinct: DistinctRows::List,
            group_by: GroupBy::List,
            having: Having::List,
            descending: Descending::Operator,
            using: Joined::List,
            update_from: Joined::List,
            not_in: NotIn::Negated,
            ..Dialect::BEST_GUESS
        },
        Dialect {
            distinct: DistinctRows::Call,
            descending: Descending::Suffix,
            ..Dialect::BEST_GUESS
        },
    ]
}

fn schema() -> Schema {
    let table = |name: &'static str| {
        resolve::Table::new(
            name,
            [
                resolve::Column::new("id", SqlKind::Int),
                resolve::Column::nullable("username", SqlKind::Text),
            ],
        )
        .with_key(["id"])
    };
    Schema::new([table("subscriber"), table("package"), table("s"), table("")])
}

/// Everything that the crate does with a statement as data.
fn use_all(statement: &Statement) {
    let _ = format!("{statement} {statement:#} {statement:?}");
    for dialect in dialects() {
        let params = Params::unchecked(statement, &dialect);
        let mut json = Vec::new();
        let written = params.write_to(&mut json);
        match serde_json::to_vec(&params) {
            Ok(by_serde) => {
                assert!(written.is_ok());
                assert_eq!(json, by_serde);
                let _ = Statement::from_json(statement.method(), &json);
            }
            Err(error) => assert!(
                written.is_err() || error.to_string().starts_with("nested deeper"),
                "{error}"
            ),
        }
    }
    for flavor in [Flavor::Postgres, Flavor::Sqlite] {
        let _ = Sql::new(statement, flavor);
        let _ = jsonsql::sql::write(statement, flavor, &mut Quoted);
    }
    statement.functions(&mut |_| {});
    let schema = schema();
    let findings = resolve::validate(statement, &schema);
    let _: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let mut resolved = statement.clone();
    if resolve::resolve(&mut resolved, &schema).is_ok() {
        let _ = Sql::new(&resolved, Flavor::Postgres);
        let _ = Sql::new(&resolved, Flavor::Sqlite);
    }
}

/// Everything that a typed statement does.
macro_rules! use_typed {
    ($statement:expr) => {{
        let statement = $statement;
        let _ = format!("{statement} {statement:#} {statement:?}");
        use_all(&statement.ast().to_statement());
        let _ = statement.to_json();
        for dialect in dialects() {
            if let Ok(params) = statement.params(&dialect) {
                let _ = params.write_to(&mut Vec::new());
            }
        }
        use_all(&statement.unqualified());
        let split = statement.clone().split_ambiguous_text();
        let _ = split.to_json();
    }};
}

proptest! {
    #[test]
    fn statements_of_any_shape_do_not_panic(statement in statement()) {
        use_all(&statement);
    }

    #[test]
    fn selects_of_any_shape_are_narrowed_without_a_panic(select in select_of(expr().boxed())) {
        use_typed!(prelude::Select::<Subscriber>::from_ast(select.clone()));
        let narrowed = prelude::Select::<Subscriber>::from_ast(select.clone())
            .filter(|s| s.username.eq("x"))
            .filter(|s| s.id.in_query(Subscriber::filter(|s| s.disabled.eq(true)).column(|s| s.id)))
            .order_by(|s| s.id.desc())
            .limit(u64::MAX)
            .offset(u64::MAX);
        use_typed!(narrowed.clone());
        use_typed!(narrowed.column(|s| s.username));
        let nested = prelude::Select::<crate::tables::SubscriberId>::from_ast(select);
        use_typed!(Subscriber::delete(|s| s.id.in_query(nested.clone())));
        use_typed!(Subscriber::update_from(|q, s| {
            let t = q.from(crate::tables::Terminal);
            q.filter(t.subscriber_id.in_query(nested.clone()));
            vec![s.username.to("x")]
        }));
    }

    #[test]
    fn expressions_of_any_shape_are_used_without_a_panic(expr in expr(), other in expr()) {
        use prelude::raw;

        let _ = format!("{expr} {expr:#} {expr:?} {:?}", raw::<i64>(expr.clone()));
        let _ = (serde_json::to_string(&expr), expr.to_string());
        let condition = || raw::<bool>(expr.clone());
        use_typed!(Subscriber::filter(|_| condition().and(raw::<bool>(other.clone())).or(condition())));
        use_typed!(Subscriber::delete(|_| !condition()));
        use_typed!(
            Subscriber::update(|_| condition())
                .set(|s| s.password.to(raw::<String>(other.clone())))
                .returning(|_| raw::<i64>(other.clone()))
        );
        use_typed!(prelude::select(|mut q| {
            let sub = q.from_select(|mut q| {
                let s = q.from(Subscriber);
                q.group_by(raw::<i64>(other.clone())).having(condition());
                q.order_by([raw::<i64>(other.clone()).asc(), s.id.desc()]);
                q.select((raw::<i64>(expr.clone()), s.id))
            });
            q.distinct_on(raw::<i64>(other.clone()));
            q.select((sub.0, sub.1, raw::<i64>(expr.clone()).named("c1")))
        }));
    }

    #[test]
    fn a_scope_of_any_range_has_some_relations(from in any::<usize>(), to in 0usize..4) {
        let relations = vec![Relation { name: None, table: None, fields: Some(Vec::<Field>::new()) }; 2];
        let scope = Scope::narrowed(&relations, from..to, None);
        prop_assert!(scope.relations().len() <= relations.len());
        let _ = (scope.column("id"), scope.qualified("s", "id"));
        let _ = Scope::narrowed(&relations, from % 4..to, None).relations();
    }
}

/// The object of one row has no place for a value without a column.
#[test]
fn a_row_of_another_width_is_not_written() {
    let insert = |width| {
        Statement::Insert(Insert {
            into: "package".into(),
            columns: vec!["name".into(), "paid".into()],
            source: InsertSource::Values(vec![vec![Expr::Bool(true); width]]),
            returning: None,
        })
    };
    assert!(serde_json::to_string(&insert(2)).is_ok());
    for width in [0, 1, 3] {
        let error = serde_json::to_string(&insert(width)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the row has {width} values for 2 columns")
        );
    }
}

/// What generated cases may miss, each once.
#[test]
fn shapes_that_have_panicked() {
    let call = |args| Expr::Op(Op::Not, args);
    let insert = |columns: Vec<Name>, rows| {
        Statement::Insert(Insert {
            into: "package".into(),
            columns,
            source: InsertSource::Values(rows),
            returning: None,
        })
    };
    use_all(&insert(Vec::new(), vec![vec![Expr::Null]]));
    use_all(&insert(Vec::new(), vec![Vec::new(), vec![Expr::Star]]));
    use_all(&insert(
        vec!["id".into()],
        vec![vec![call(Vec::new()); 3]; 2],
    ));
    use_all(&Statement::Select(Select::new(
        Projection::List(Vec::new()),
    )));
}
