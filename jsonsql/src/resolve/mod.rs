//! The bare-string rule: which JSON strings are columns, and what in a
//! statement does not fit a schema.
//!
//! On the wire `"username"` is a column if a table in scope has one of that
//! name, and otherwise a text, silently. [`resolve`] applies that rule, and
//! reports what PostgreSQL would report: unknown tables and columns, ambiguous
//! names, wrong operand counts.
//!
//! ```
//! use jsonsql::ast::{Method, Statement};
//! use jsonsql::resolve::{Column, Schema, SqlKind, Table, resolve};
//!
//! let schema = Schema::new([Table::new(
//!     "subscriber",
//!     [Column::new("id", SqlKind::Int), Column::new("username", SqlKind::Text)],
//! )]);
//! let params = br#"{"data": ["id", "nmae"], "from": "subscriber", "where": {"eq": ["username", "test"]}}"#;
//! let mut statement = Statement::from_json(Method::Select, params)?;
//! resolve(&mut statement, &schema).expect("every name is known");
//! // The misspelt column is a constant now: that is what a server answers.
//! assert_eq!(
//!     format!("{statement:#}"),
//!     "SELECT id, 'nmae' FROM subscriber WHERE username = 'test'"
//! );
//! # Ok::<(), jsonsql::ast::ParseError>(())
//! ```
//!
//! # What no source says
//!
//! Where scopes begin and end is SQL's own answer, since the protocol gives
//! none: a sub-select sees the tables around it, `set` and `where` of an
//! update see its target, `values` of an insert see nothing, a sub-select in
//! FROM sees the tables around the whole select but not its neighbours, and a
//! condition in ON sees the tables of its own chain of joins. A bare string in
//! `order_by` is an output name first, then a column, then a text: a text
//! orders nothing and is dropped when the statement is written for an engine.

use crate::ast::{At, Statement};

mod dml;
mod expr;
mod finding;
mod from;
mod grouping;
mod schema;
mod scope;
mod select;
#[cfg(test)]
mod tests;

pub use finding::{Finding, FindingKind};
pub use grouping::AGGREGATES;
pub use schema::{Column, Schema, SqlKind, Table};
pub use scope::{Field, Lookup, Relation, Scope};

/// Decides every bare string of a statement and checks every name in it.
///
/// # Errors
///
/// Everything that does not fit, in the order of the statement. The statement
/// is then resolved as far as it went and not fit to run.
pub fn resolve(statement: &mut Statement, schema: &Schema) -> Result<(), Vec<Finding>> {
    let mut resolver = Resolver {
        schema,
        findings: Vec::new(),
    };
    let at = &At::Root;
    match statement {
        Statement::Select(select) => {
            resolver.select(select, None, at);
        }
        Statement::Insert(insert) => resolver.insert(insert, at),
        Statement::Update(update) => resolver.update(update, at),
        Statement::Delete(delete) => resolver.delete(delete, at),
    }
    // A name that is not known makes nonsense of what is grouped by what.
    if resolver.findings.is_empty() {
        resolver.findings = grouping::check(statement, schema);
    }
    if resolver.findings.is_empty() {
        Ok(())
    } else {
        Err(resolver.findings)
    }
}

/// The schema, and what did not fit it so far.
struct Resolver<'s> {
    schema: &'s Schema,
    findings: Vec<Finding>,
}

impl Resolver<'_> {
    fn report(&mut self, at: &At<'_>, kind: FindingKind, message: impl Into<String>) {
        self.findings.push(Finding::new(at, kind, message));
    }
}
