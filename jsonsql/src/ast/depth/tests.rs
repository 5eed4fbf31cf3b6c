//! The count against what is written: levels of the JSON itself, in the
//! dialect that nests a statement deepest.

use super::*;
use crate::ast::{Column, Direction, JoinKind, Name, Statement, TableName, Update};
use crate::{Descending, Dialect, DistinctRows, GroupBy, Having, NotIn, NotOperand};

/// Every setting in the spelling with the most levels.
const DEEPEST: Dialect = Dialect {
    distinct: DistinctRows::Call,
    group_by: GroupBy::List,
    having: Having::List,
    descending: Descending::Pair,
    not_in: NotIn::Negated,
    not: NotOperand::List,
    ..Dialect::BEST_GUESS
};

/// The levels of brackets of a statement without brackets in its texts: what
/// is too deep, no reader of JSON takes.
fn levels(statement: &Statement) -> usize {
    let mut json = Vec::new();
    StatementRef::from(statement)
        .write_to(&DEEPEST, &mut json)
        .unwrap();
    let mut open = 0;
    let open_after = json.iter().map(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open -= 1,
            _ => {}
        }
        open
    });
    open_after.max().unwrap()
}

fn column(name: &'static str) -> Expr {
    Expr::Column(Column {
        table: None,
        name: Name::Borrowed(name),
    })
}

/// Expressions of about as many levels as are allowed, each deeper than the
/// one before, of operators that take two levels or four.
fn deep() -> Vec<Expr> {
    let mut found = Vec::new();
    for op in [Op::Sub, Op::NotIn] {
        for innermost in [column("id"), Expr::Values(vec![vec![column("id")]])] {
            let mut expr = innermost;
            for _ in 0..MAX_DEPTH {
                expr = Expr::Op(op.clone(), vec![expr, column("id")]);
                found.push(expr.clone());
            }
        }
    }
    found
}

fn users() -> TableName {
    "users".to_owned().into()
}

fn selecting(exprs: Vec<Expr>) -> Select {
    let items = exprs.into_iter().map(Into::into).collect();
    Select::new(Projection::List(items))
}

fn select(change: impl FnOnce(&mut Select)) -> Statement {
    let mut select = selecting(vec![column("id")]);
    change(&mut select);
    Statement::Select(select)
}

fn joined(source: Source, on: Expr) -> FromItem {
    FromItem {
        source,
        alias: None,
        join: Some(Join {
            kind: JoinKind::Inner,
            on: Some(on),
        }),
    }
}

fn insert(rows: Vec<Vec<Expr>>, returning: Option<Projection>) -> Statement {
    Statement::Insert(Insert {
        into: users(),
        columns: vec!["id".into()],
        source: InsertSource::Values(rows),
        returning,
    })
}

/// The clauses of all statements, with an expression in each.
type Clause = (&'static str, fn(Expr) -> Statement);

const CLAUSES: &[Clause] = &[
    ("data", |expr| Statement::Select(selecting(vec![expr]))),
    ("values", |expr| {
        select(|select| select.body = Body::Values(vec![vec![expr]]))
    }),
    ("where", |expr| select(|select| select.filter = Some(expr))),
    ("group_by", |expr| {
        select(|select| select.group_by = vec![column("id"), expr])
    }),
    ("having", |expr| select(|select| select.having = Some(expr))),
    ("distinct", |expr| {
        select(|select| select.distinct = Some(Distinct::On(vec![expr])))
    }),
    ("order_by", |expr| {
        select(|select| {
            let order = |expr| Order {
                expr,
                direction: Direction::Descending,
            };
            select.order_by = [column("id"), expr].map(order).into();
        })
    }),
    ("on", |expr| {
        select(|select| select.from = vec![joined(Source::Table(users()), expr)])
    }),
    ("from", |expr| {
        let inner = Source::Select(Box::new(selecting(vec![expr])));
        select(|select| select.from = vec![joined(inner, column("id"))])
    }),
    ("select", |expr| {
        let inner = Expr::Select(Box::new(selecting(vec![expr])));
        select(|select| select.filter = Some(inner))
    }),
    ("row", |expr| insert(vec![vec![expr]], None)),
    ("rows", |expr| {
        insert(vec![vec![column("id")], vec![expr]], None)
    }),
    ("returning", |expr| {
        let returning = Projection::List(vec![expr.into()]);
        insert(vec![vec![column("id")]], Some(returning))
    }),
    ("set", |expr| {
        Statement::Update(Update {
            table: users(),
            set: vec![("id".into(), expr)],
            from: Vec::new(),
            filter: None,
            returning: None,
        })
    }),
];

#[test]
fn the_levels_counted_are_those_written() {
    for (clause, statement) in CLAUSES {
        let (mut accepted, mut refused) = (0, 0);
        for expr in deep() {
            let statement = statement(expr);
            let levels = levels(&statement);
            let fits = levels <= MAX_DEPTH;
            assert_eq!(
                StatementRef::from(&statement).is_bounded(),
                fits,
                "{clause}: {levels} levels"
            );
            *if fits { &mut accepted } else { &mut refused } += 1;
        }
        assert!(accepted > 0 && refused > 0, "{clause}");
    }
}

/// Tests that an expression `distinct` is called with has one more level, and is
/// counted as an operand.
#[test]
fn what_distinct_is_called_of_is_counted_deeper() {
    for expr in deep() {
        let mut select = selecting(vec![expr, column("id")]);
        select.distinct = Some(Distinct::Rows);
        let statement = Statement::Select(select);
        assert!(!StatementRef::from(&statement).is_bounded() || levels(&statement) <= MAX_DEPTH);
    }
}
