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
//! use jsonsql::ast::SqlKind;
//! use jsonsql::resolve::{Column, Schema, Table, resolve};
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

use crate::ast::{At, Statement, StatementRef};

mod accident;
mod advice;
mod coverage;
mod dml;
mod expr;
mod finding;
mod from;
mod grouping;
mod kinds;
mod schema;
mod scope;
mod select;
#[cfg(test)]
mod tests;

pub(crate) use accident::{is_position, operand_compared_with_itself};
pub(crate) use coverage::of_write;
pub use coverage::{Coverage, coverage};
pub use finding::{Finding, FindingKind};
pub use kinds::{ExprKind, kinds};
pub use schema::{Column, Schema, Table};
pub use scope::{Field, Lookup, Relation, Scope};

/// Decides every bare string of a statement and checks every name in it.
///
/// # Errors
///
/// Everything that does not fit, in the order of the statement. The statement
/// is then resolved as far as it went and not fit to run.
pub fn resolve(statement: &mut Statement, schema: &Schema) -> Result<(), Vec<Finding>> {
    let findings = Resolver::new(schema, false).run(statement);
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings)
    }
}

/// Everything about a statement that a server would refuse, comparisons of two
/// types among it, and what it would not refuse but the sender hardly meant: a
/// text that is read as a column, a misspelt column that is read as a text, a
/// write of every row.
///
/// ```
/// use jsonsql::ast::{Method, Statement};
/// use jsonsql::ast::SqlKind;
/// use jsonsql::resolve::{Column, Schema, Table, validate};
///
/// let schema = Schema::new([Table::new(
///     "subscriber",
///     [Column::new("id", SqlKind::Int), Column::new("username", SqlKind::Text)],
/// )]);
/// let params = br#"{"from": "subscriber", "where": {"neq": ["usernmae", "test"]}, "returning": "id"}"#;
/// let delete = Statement::from_json(Method::Delete, params)?;
/// assert_eq!(
///     validate(&delete, &schema)[0].to_string(),
///     "\"usernmae\" is no column in scope and is read as a text; \
///      is the column `username` meant?, at /where/neq/0"
/// );
/// # Ok::<(), jsonsql::ast::ParseError>(())
/// ```
pub fn validate<'a>(statement: impl Into<StatementRef<'a>>, schema: &Schema) -> Vec<Finding> {
    let mut resolved = statement.into().to_statement();
    let mut findings = Resolver::new(schema, true).run(&mut resolved);
    findings.extend(kinds::mixed_types(&resolved, schema));
    findings
}

/// The schema, and what did not fit it so far.
struct Resolver<'s> {
    schema: &'s Schema,
    findings: Vec<Finding>,
    /// `true` to report also what a server would not refuse.
    advises: bool,
}

impl<'s> Resolver<'s> {
    fn new(schema: &'s Schema, advises: bool) -> Self {
        Resolver {
            schema,
            findings: Vec::new(),
            advises,
        }
    }

    fn run(mut self, statement: &mut Statement) -> Vec<Finding> {
        let at = &At::Root;
        match statement {
            Statement::Select(select) => {
                self.select(select, None, at);
            }
            Statement::Insert(insert) => self.insert(insert, at),
            Statement::Update(update) => self.update(update, at),
            Statement::Delete(delete) => self.delete(delete, at),
        }
        // A name that is not known makes nonsense of what is grouped by what.
        if !self.findings.iter().any(|finding| finding.kind.is_error()) {
            self.advise_bounds(statement, at);
            self.findings
                .extend(grouping::check(statement, self.schema));
        }
        self.findings
    }

    fn report(&mut self, at: &At<'_>, kind: FindingKind, message: impl Into<String>) {
        self.findings.push(Finding::new(at, kind, message));
    }
}
