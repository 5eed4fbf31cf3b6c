//! Keeping a session to its own domain's rows.
//!
//! PostgreSQL does this with row-level security. Here every table in FROM
//! becomes a select of the session's rows, the targets of changes get a
//! condition, and new rows are looked at before the commit.

use jsonsql::ast::{Expr, FromItem, Item, Name, Number, Op, Projection, Select, Source, Statement};
use jsonsql::sql::{Flavor, Sql};
use rusqlite::{Result, Transaction};

use super::prepared;
use crate::engine::Fault;
use crate::schema::{Catalog, Owner, Table};

/// The function that refuses a value other than the session's domain.
pub(super) const OWN: &str = "pg_own";

/// The set of rows that a statement reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those of its domain: a client's.
    Own,
    /// Those of its domain, which is the only one: all, but what it writes has to
    /// be its own. Looking at each row's owner would be for nothing, and costs a
    /// list of all owners for each statement.
    Only,
    /// All: the seed's.
    Everything,
}

impl Reach {
    /// The reach of a client of this domain, by the domains that there are: every row
    /// that has an owner refers to one of them.
    pub(super) fn of_client(transaction: &Transaction<'_>, domain: i64) -> Result<Reach> {
        let others = "SELECT 1 FROM \"domain\" WHERE \"id\" <> ?1";
        let has_others = prepared::with(transaction, others, |others| others.exists([domain]))?;
        Ok(if has_others { Reach::Own } else { Reach::Only })
    }

    /// Returns `true` if rows of others have to be kept out of sight.
    pub(super) fn is_narrowed(self) -> bool {
        self == Reach::Own
    }

    /// Returns `true` if what is written has to be the domain's.
    pub(super) fn is_client(self) -> bool {
        matches!(self, Reach::Own | Reach::Only)
    }
}

/// Returns the condition that makes a row of this table the domain's; `None` if
/// all rows are.
pub(super) fn visible(catalog: &Catalog, table: &Table, domain: i64) -> Option<Expr> {
    let column = |column: &Name| Expr::column(table.name.clone(), column.clone());
    match catalog.owner(table) {
        Owner::Shared => None,
        Owner::Column(owner) => {
            let domain = Expr::Number(Number::from(domain));
            Some(Expr::Op(Op::Eq, vec![column(owner), domain]))
        }
        Owner::Through(reference, to) => Some(refers(catalog, column(reference), to, domain)),
    }
}

/// `column IN (SELECT id FROM to WHERE visible)`.
fn refers(catalog: &Catalog, column: Expr, to: &Table, domain: i64) -> Expr {
    let id = Expr::column(to.name.clone(), "id");
    let mut select = Select::new(Projection::List(vec![Item::from(id)]));
    select.from.push(from(&to.name));
    select.filter = visible(catalog, to, domain);
    Expr::Op(Op::In, vec![column, Expr::Select(Box::new(select))])
}

/// The rows of a table that the domain sees, in place of the table.
pub(super) fn source(catalog: &Catalog, table: &Table, domain: i64) -> Source {
    let Some(filter) = visible(catalog, table, domain) else {
        return Source::Table(table.name.clone().into());
    };
    let mut select = Select::new(Projection::List(vec![Item::from(Expr::Star)]));
    select.from.push(from(&table.name));
    select.filter = Some(filter);
    Source::Select(Box::new(select))
}

fn from(table: &Name) -> FromItem {
    FromItem {
        source: Source::Table(table.clone().into()),
        alias: None,
        join: None,
    }
}

/// A value for the column that says whose a row is, refused unless it is the
/// session's domain.
pub(super) fn asserted(value: Expr, domain: i64, table: &Table) -> Expr {
    let domain = Expr::Number(Number::from(domain));
    Expr::Call {
        function: OWN.into(),
        args: vec![value, domain, Expr::Text(table.name.clone())],
    }
}

/// The conditions on the rows that a statement wrote.
#[derive(Debug, Default)]
pub(super) struct Checks(Vec<Check>);

#[derive(Debug)]
struct Check {
    table: Name,
    /// True of a row that should not be there.
    wrong: Expr,
    message: String,
}

impl Checks {
    /// Those of the columns that a statement writes.
    pub(super) fn new(catalog: &Catalog, table: &Table, columns: &[&Name], domain: i64) -> Checks {
        let mut checks = Vec::new();
        for reference in catalog.owned_references(table) {
            if !columns.contains(&reference.column) {
                continue;
            }
            let column = Expr::column(table.name.clone(), reference.column.clone());
            let fine = refers(catalog, column, reference.to, domain);
            checks.push(Check {
                table: table.name.clone(),
                // NULL is not wrong, as NOT (NULL IN …) is not true.
                wrong: Expr::Op(Op::Not, vec![fine]),
                message: format!(
                    "insert or update on table \"{}\" violates foreign key constraint \"{}\"",
                    table.name,
                    reference.constraint(table)
                ),
            });
        }
        Checks(checks)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks at the rows that were written; what is wrong with the first.
    pub(super) fn run(&self, transaction: &Transaction<'_>, rows: &[i64]) -> Result<Option<Fault>> {
        for check in &self.0 {
            let rowid = Expr::column(check.table.clone(), "rowid");
            let mut select = Select::new(Projection::List(vec![Item::from(rowid.clone())]));
            select.from.push(from(&check.table));
            for rows in rows.chunks(500) {
                let mut written = vec![rowid.clone()];
                written.extend(rows.iter().map(|row| Expr::Number(Number::from(*row))));
                let written = Expr::Op(Op::In, written);
                select.filter = Some(Expr::Op(Op::And, vec![written, check.wrong.clone()]));
                let sql = Sql::new(&Statement::Select(select.clone()), Flavor::Sqlite)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
                if prepared::with(transaction, &sql.text, |wrong| wrong.exists([]))? {
                    return Ok(Some(Fault::Statement(check.message.clone())));
                }
            }
        }
        Ok(None)
    }
}
