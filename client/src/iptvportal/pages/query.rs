//! The query whose pages are read.

use jsonsql::ast::TableInfo;
use jsonsql::ast::{
    self, Body, Direction, Expr, Item, JoinKind, Name, Op, Order, Projection, Source, StatementRef,
};
use jsonsql::query::Select;
use jsonsql::{Dialect, Statement};

use super::key::KeyValue;
use crate::error::{Error, Result};

/// The greatest number of columns to order by, those of the key among them.
pub(super) const MOST_TERMS: usize = 4;

/// A query with an order in which no two rows are equal; it selects what it
/// orders by, last.
pub(super) struct Query {
    select: ast::Select,
    pub(super) order: Vec<Term>,
    page: u64,
    /// The number of rows that are still wanted, of a query with a limit.
    left: Option<u64>,
}

/// A column by which rows are ordered.
pub(super) struct Term {
    column: Expr,
    pub(super) direction: Direction,
    /// `true` if it may be NULL, as far as the mapping says.
    pub(super) nullable: bool,
}

/// A page, ready to be sent. `Row` is not used: the page reads its answer itself.
pub(super) struct PageQuery(pub(super) ast::Select);

impl Statement for PageQuery {
    type Row = ();

    fn ast(&self) -> StatementRef<'_> {
        StatementRef::Select(&self.0)
    }
}

/// A table in FROM: what its columns are qualified with.
type Tables = Vec<(Name, &'static TableInfo)>;

fn paging(problem: &'static str) -> Error {
    Error::Paging {
        problem,
        place: None,
    }
}

impl Query {
    pub(super) fn new(select: &ast::Select, page: u64) -> Result<Query> {
        if select.distinct.is_some() || !select.group_by.is_empty() || select.having.is_some() {
            return Err(paging("its rows are not rows of a table"));
        }
        if select.offset.is_some() {
            return Err(paging(
                "it has an offset, which rows that come and go shift",
            ));
        }
        let mut select = select.clone();
        let tables = tables(&select)?;
        let mut order = Vec::new();
        for term in std::mem::take(&mut select.order_by) {
            push(&mut order, Term::of(term, &tables)?);
        }
        for (alias, table) in &tables {
            for name in table.key() {
                push(
                    &mut order,
                    Term {
                        column: Expr::column(alias.clone(), name),
                        direction: Direction::Ascending,
                        nullable: false,
                    },
                );
            }
        }
        if order.len() > MOST_TERMS {
            return Err(paging(
                "the columns of its order and key are more than four",
            ));
        }
        let Body::Data(Projection::List(items)) = &mut select.body else {
            return Err(paging("it does not select a list of columns"));
        };
        items.extend(order.iter().map(|term| Item::from(term.column.clone())));
        select.order_by = order.iter().map(Term::order).collect();
        Ok(Query {
            left: select.limit.take(),
            // A page of no rows would look like the end.
            page: page.max(1),
            select,
            order,
        })
    }

    /// What is asked, as it was given and with the order of its pages.
    pub(super) fn statement(&self) -> StatementRef<'_> {
        StatementRef::Select(&self.select)
    }

    /// The page after the row of this key, the first one without; nothing when
    /// all rows that were wanted have been read.
    ///
    /// A text of the key may be spelt like a column. It is the server's own,
    /// so it is taken apart without having been asked for; a text of the
    /// query's own is not, and was refused with the first page.
    pub(super) fn page(
        &self,
        after: Option<&[KeyValue]>,
        dialect: &Dialect,
    ) -> Option<ast::Select> {
        let left = self.left.unwrap_or(u64::MAX);
        if left == 0 {
            return None;
        }
        let make = |literal: &dyn Fn(&KeyValue) -> Expr| {
            let mut select = self.select.clone();
            select.limit = Some(left.min(self.page));
            if let Some(last) = after {
                add(&mut select.filter, following(&self.order, last, literal));
            }
            Select::<()>::from_ast(select)
        };
        let mut select = make(&KeyValue::literal);
        if after.is_some() && select.params(dialect).is_err() {
            select = make(&KeyValue::literal).split_ambiguous_text();
            if select.params(dialect).is_err() {
                select = make(&without_single_characters).split_ambiguous_text();
            }
        }
        Some(select.node().clone())
    }

    /// Returns the number of these rows that were wanted; they count as read.
    pub(super) fn take(&mut self, rows: usize) -> usize {
        let Some(left) = &mut self.left else {
            return rows;
        };
        let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(rows);
        *left -= u64::try_from(taken).unwrap_or(*left);
        taken
    }
}

/// A text of one character, such as `"*"`, has no two pieces. It is what is left
/// of two characters, of which the server takes the first away.
fn without_single_characters(value: &KeyValue) -> Expr {
    match value {
        KeyValue::Text(text) if text.chars().nth(1).is_none() => Expr::Call {
            function: Name::Borrowed("regexp_replace"),
            args: vec![
                Expr::text(format!("-{text}")),
                Expr::text("-"),
                Expr::text(""),
            ],
        },
        value => value.literal(),
    }
}

/// The tables whose rows together make one row of the query.
fn tables(select: &ast::Select) -> Result<Tables> {
    let mut tables = Tables::new();
    for item in &select.from {
        let Source::Table(table) = &item.source else {
            return Err(paging("it reads from a nested query, which has no key"));
        };
        let kind = item.join.as_ref().map(|join| join.kind);
        if !matches!(kind, None | Some(JoinKind::Inner | JoinKind::Cross)) {
            return Err(paging(
                "it has a join that keeps rows without a partner, which have no key",
            ));
        }
        let (Some(info), Some(name)) = (table.info(), item.visible_name()) else {
            return Err(paging("the key of its table is not known"));
        };
        tables.push((Name::Owned(name.to_owned()), info));
    }
    if tables.iter().all(|(_, table)| table.key().next().is_none()) {
        return Err(paging("it reads no table"));
    }
    Ok(tables)
}

/// Adds a term, unless its column is one already: it could only be equal.
fn push(order: &mut Vec<Term>, term: Term) {
    if order.iter().all(|known| known.column != term.column) {
        order.push(term);
    }
}

impl Term {
    fn of(order: Order, tables: &Tables) -> Result<Term> {
        let column = match &order.expr {
            Expr::Column(ast::Column {
                table: Some(table),
                name,
            }) => tables
                .iter()
                .filter(|(alias, _)| alias == table)
                .flat_map(|(_, info)| info.columns)
                .find(|column| column.name == name),
            _ => None,
        };
        let Some(column) = column else {
            return Err(paging("its order is not one of mapped columns"));
        };
        Ok(Term {
            nullable: column.nullable,
            column: order.expr,
            direction: order.direction,
        })
    }

    fn order(&self) -> Order {
        Order {
            expr: self.column.clone(),
            direction: self.direction,
        }
    }

    /// `column = value`.
    fn equal(&self, value: &KeyValue, literal: &dyn Fn(&KeyValue) -> Expr) -> Expr {
        let op = match value {
            KeyValue::Null => Op::Is,
            _ => Op::Eq,
        };
        Expr::Op(op, vec![self.column.clone(), literal(value)])
    }

    /// Values that come after this one; PostgreSQL has NULLs last, and first in
    /// a descending order.
    fn beyond(&self, value: &KeyValue, literal: &dyn Fn(&KeyValue) -> Expr) -> Vec<Expr> {
        let null = |op| Expr::Op(op, vec![self.column.clone(), Expr::Null]);
        let than = |op| Expr::Op(op, vec![self.column.clone(), literal(value)]);
        match (value, self.direction) {
            (KeyValue::Null, Direction::Ascending) => Vec::new(),
            (KeyValue::Null, Direction::Descending) => vec![null(Op::IsNot)],
            (_, Direction::Ascending) if self.nullable => vec![than(Op::Gt), null(Op::Is)],
            (_, Direction::Ascending) => vec![than(Op::Gt)],
            (_, Direction::Descending) => vec![than(Op::Lt)],
        }
    }
}

/// Rows after that of these values: the first is beyond, or equal and the rest
/// is; rows do not compare in this language.
fn following(order: &[Term], last: &[KeyValue], literal: &dyn Fn(&KeyValue) -> Expr) -> Expr {
    let ([term, rest @ ..], [value, others @ ..]) = (order, last) else {
        return Expr::Bool(false);
    };
    let mut any = term.beyond(value, literal);
    if !rest.is_empty() {
        let tail = following(rest, others, literal);
        any.push(Expr::Op(Op::And, vec![term.equal(value, literal), tail]));
    }
    match any.len() {
        0 => Expr::Bool(false),
        1 => any.remove(0),
        _ => Expr::Op(Op::Or, any),
    }
}

/// Adds a condition, on the level of those that are there.
fn add(filter: &mut Option<Expr>, condition: Expr) {
    *filter = Some(match filter.take() {
        None => condition,
        Some(Expr::Op(Op::And, mut all)) => {
            all.push(condition);
            Expr::Op(Op::And, all)
        }
        Some(one) => Expr::Op(Op::And, vec![one, condition]),
    });
}
