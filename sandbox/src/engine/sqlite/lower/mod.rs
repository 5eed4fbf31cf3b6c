//! From a resolved statement to one SQLite answers as PostgreSQL would.
//!
//! Every expression is given PostgreSQL's type, every text literal is read as
//! the type it meets, and every operation that SQLite does differently becomes
//! a call of a [function](super::functions) that does it right. What cannot be
//! matched is refused.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Expr, Name, Select, Statement};
use jsonsql::resolve::{Field, Relation, Scope};

use super::row_security::{Checks, Reach};
use crate::engine::Fault;
use crate::schema::{Catalog, Table};

mod arithmetic;
mod assign;
mod call;
mod compare;
mod dml;
mod expr;
mod order;
mod select;
mod subselect;
mod text;
mod typed;

pub(in crate::engine) use call::KNOWN;

/// A statement ready for SQLite, and the types of what it answers with.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) statement: Statement,
    /// One for each column of the answer; none without one.
    pub(super) kinds: Vec<SqlKind>,
    /// The conditions on the rows that the statement writes. If there are any, it
    /// answers with one more column, the `rowid`.
    pub(super) checks: Checks,
    /// Calculations with constants only, which PostgreSQL makes, and may fail
    /// at, before it looks at any row.
    pub(super) constants: Vec<Expr>,
    /// `true` if new rows are given numbers.
    pub(super) generates: bool,
    /// The table whose new rows SQLite numbers, where we cannot.
    pub(super) numbered: Option<Name>,
}

/// Lowers a statement that is [resolved](jsonsql::resolve) without findings.
pub(super) fn lower(
    statement: &Statement,
    catalog: &Catalog,
    domain: i64,
    reach: Reach,
) -> Result<Lowered, Fault> {
    let mut lowering = Lowering {
        catalog,
        domain,
        reach,
        constants: Vec::new(),
        aliases: 0,
        returning: false,
    };
    let lowered = match statement {
        Statement::Select(select) => {
            let (select, fields) = lowering.select(select, None, Role::Top)?;
            Ok(Lowered {
                statement: Statement::Select(select),
                kinds: kinds(&fields),
                checks: Checks::default(),
                constants: Vec::new(),
                generates: false,
                numbered: None,
            })
        }
        Statement::Insert(insert) => lowering.insert(insert),
        Statement::Update(update) => lowering.update(update),
        Statement::Delete(delete) => lowering.delete(delete),
    };
    Ok(Lowered {
        constants: lowering.constants,
        ..lowered?
    })
}

struct Lowering<'c> {
    catalog: &'c Catalog,
    domain: i64,
    reach: Reach,
    constants: Vec<Expr>,
    /// The number of the sandbox's own aliases so far.
    aliases: usize,
    /// `true` within RETURNING, where SQLite wants bare column names.
    returning: bool,
}

/// The purpose of a select.
#[derive(Clone, Copy)]
enum Role<'a> {
    /// The answer.
    Top,
    /// A part of another statement, which refers to its columns by name.
    Part,
    /// The rows of an insert into these columns.
    Source(&'a Table, &'a [Name]),
}

type Done<T> = Result<T, Fault>;
type Selected = (Select, Vec<Field>);

fn kinds(fields: &[Field]) -> Vec<SqlKind> {
    fields.iter().map(kind_of).collect()
}

fn kind_of(field: &Field) -> SqlKind {
    // The lowering makes every field, and gives each a type.
    field.kind.unwrap_or(SqlKind::Text)
}

impl<'c> Lowering<'c> {
    /// The table of this name; resolving has made sure of it.
    fn table(&self, name: &str) -> Done<&'c Table> {
        self.catalog
            .table(name)
            .ok_or_else(|| Fault::statement(format!("relation \"{name}\" does not exist")))
    }

    fn target(&self, name: &str) -> Done<Relation> {
        let table = self.catalog.schema.table(name);
        let table =
            table.ok_or_else(|| Fault::statement(format!("relation \"{name}\" does not exist")))?;
        Ok(Relation::of_table(table, None))
    }

    /// A name for a sub-select of our own. Clients' aliases may be anything,
    /// but none of them is in scope where these are used.
    fn alias(&mut self) -> Name {
        self.aliases += 1;
        format!("pg_{}", self.aliases).into()
    }

    /// A condition: WHERE, ON, HAVING.
    fn condition(&mut self, expr: &Expr, clause: &str, scope: &Scope<'_>) -> Done<Expr> {
        self.expr(expr, scope)?.boolean(clause)
    }
}
