//! The type of every expression of a statement.

mod expr;
mod function;
mod select;
mod statement;
#[cfg(test)]
mod tests;

use crate::ast::{At, Expr, Statement, StatementRef};

use super::{Finding, FindingKind, Schema, resolve};
use crate::ast::SqlKind;

/// The type of one expression of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExprKind {
    /// The place of the expression, as an RFC 6901 JSON pointer into the
    /// request's `params` in their canonical spelling: that of a
    /// [`Finding`](super::Finding).
    pub pointer: String,
    /// Its type. `None` if that is not known: a text or NULL that takes the type
    /// it meets, a column of an unknown table, a function this crate does not know.
    pub kind: Option<SqlKind>,
    /// Returns `true` if it may be NULL, or that is not known.
    pub nullable: bool,
    /// Of a literal, the type it is compared with, calculated with or assigned
    /// to, which PostgreSQL reads a text as. `None` if it meets nothing.
    pub meets: Option<SqlKind>,
    /// Returns `true` for a text, number, boolean or NULL: what would be a
    /// parameter of a prepared statement.
    pub literal: bool,
}

/// The type and nullability of every expression of a statement, and for every
/// literal the type it meets; outermost first, in the order of the statement's
/// clauses.
///
/// Bare strings are decided as by [`resolve`]; what does not fit the schema has
/// no kind here, and is reported there. The types are PostgreSQL's: of
/// operators and common functions as its documentation, chapter 9, has them.
///
/// ```
/// use jsonsql::ast::{Method, Statement};
/// use jsonsql::ast::SqlKind;
/// use jsonsql::resolve::{Column, Schema, Table, kinds};
///
/// let schema = Schema::new([Table::new(
///     "media",
///     [Column::new("id", SqlKind::Int), Column::nullable("port", SqlKind::Int)],
/// )]);
/// let params = br#"{"data": ["id"], "from": "media", "where": {"eq": ["port", "8080"]}}"#;
/// let statement = Statement::from_json(Method::Select, params)?;
/// let kinds = kinds(&statement, &schema);
/// let port = kinds.iter().find(|kind| kind.pointer == "/where/eq/1").unwrap();
/// // A text where the column has a number: what a lint would report.
/// assert!(port.literal && port.kind.is_none());
/// assert_eq!(port.meets, Some(SqlKind::Int));
/// # Ok::<(), jsonsql::ast::ParseError>(())
/// ```
pub fn kinds<'a>(statement: impl Into<StatementRef<'a>>, schema: &Schema) -> Vec<ExprKind> {
    let mut resolved = statement.into().to_statement();
    // What it finds is not asked for here.
    let _ = resolve(&mut resolved, schema);
    Typer::run(&resolved, schema, Pointers::Written).kinds
}

/// Finds the comparisons of two types in a resolved statement.
pub(super) fn mixed_types(resolved: &Statement, schema: &Schema) -> Vec<Finding> {
    // A text for each expression takes longer than its type, and mostly none is asked for.
    if Typer::run(resolved, schema, Pointers::LeftOut)
        .findings
        .is_empty()
    {
        return Vec::new();
    }
    Typer::run(resolved, schema, Pointers::Written).findings
}

/// The places of the expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pointers {
    Written,
    LeftOut,
}

struct Typer<'s> {
    schema: &'s Schema,
    pointers: Pointers,
    kinds: Vec<ExprKind>,
    /// The operands that do not compare with the first one.
    findings: Vec<Finding>,
}

/// One expression that has been looked at.
#[derive(Debug, Clone, Copy)]
struct Typed {
    /// Its place among the kinds.
    index: usize,
    kind: Option<SqlKind>,
    nullable: bool,
}

/// The type and nullability of what an expression gives.
#[derive(Debug, Clone, Copy)]
struct Gives(Option<SqlKind>, bool);

impl Gives {
    const UNKNOWN: Gives = Gives(None, true);
}

impl<'s> Typer<'s> {
    fn run(resolved: &Statement, schema: &'s Schema, pointers: Pointers) -> Typer<'s> {
        let mut typer = Typer {
            schema,
            pointers,
            kinds: Vec::new(),
            findings: Vec::new(),
        };
        typer.statement(resolved);
        typer
    }

    /// Checks what the first operand is compared with. A text is of the type of
    /// what it meets, so it fits everything.
    fn compare(&mut self, typed: &[Typed]) {
        let [first, others @ ..] = typed else { return };
        for other in others {
            let (Some(one), Some(second)) = (first.kind, other.kind) else {
                continue;
            };
            if compared_as(one) != compared_as(second) {
                self.findings.push(Finding {
                    pointer: self.kinds[other.index].pointer.clone(),
                    kind: FindingKind::MixedTypes,
                    message: format!("{one} is compared with {second}, which PostgreSQL refuses"),
                });
            }
        }
    }

    /// Notes an expression before its operands, and what it gives after them.
    fn noted(&mut self, expr: &Expr, at: &At<'_>, gives: impl FnOnce(&mut Self) -> Gives) -> Typed {
        let index = self.kinds.len();
        let literal = matches!(
            expr,
            Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Null
        );
        self.kinds.push(ExprKind {
            pointer: match self.pointers {
                Pointers::Written => at.to_string(),
                Pointers::LeftOut => String::new(),
            },
            kind: None,
            nullable: true,
            meets: None,
            literal,
        });
        let Gives(kind, nullable) = gives(self);
        self.kinds[index].kind = kind;
        self.kinds[index].nullable = nullable;
        Typed {
            index,
            kind,
            nullable,
        }
    }

    /// Says of the literals among these what they meet.
    fn meet(&mut self, typed: &[Typed], kind: Option<SqlKind>) {
        for one in typed {
            let noted = &mut self.kinds[one.index];
            if noted.literal {
                noted.meets = kind;
            }
        }
    }

    /// The type several operands are seen as: that of those which are no
    /// literals, or if all are, of the literals.
    fn common(&self, typed: &[Typed]) -> Option<SqlKind> {
        let of = |literal: bool| {
            let some = typed
                .iter()
                .filter(|one| self.kinds[one.index].literal == literal);
            some.filter_map(|one| one.kind).reduce(SqlKind::wider)
        };
        of(false).or_else(|| of(true))
    }
}

/// The type as which values of a type are compared.
fn compared_as(kind: SqlKind) -> SqlKind {
    match kind {
        SqlKind::SmallInt | SqlKind::Int | SqlKind::BigInt | SqlKind::Numeric | SqlKind::Float => {
            SqlKind::Float
        }
        SqlKind::Date | SqlKind::Timestamp | SqlKind::TimestampTz => SqlKind::Timestamp,
        SqlKind::Bool
        | SqlKind::Text
        | SqlKind::Time
        | SqlKind::Interval
        | SqlKind::Inet
        | SqlKind::MacAddr
        | SqlKind::Uuid => kind,
    }
}

fn any_nullable(typed: &[Typed]) -> bool {
    typed.iter().any(|one| one.nullable)
}

impl SqlKind {
    /// Returns `true` for the types of numbers.
    pub fn is_number(self) -> bool {
        self.width().is_some()
    }

    /// The numbers, each seen as one of those behind it without a cast.
    fn width(self) -> Option<u8> {
        match self {
            SqlKind::SmallInt => Some(0),
            SqlKind::Int => Some(1),
            SqlKind::BigInt => Some(2),
            SqlKind::Numeric => Some(3),
            SqlKind::Float => Some(4),
            _ => None,
        }
    }

    /// The wider of two types of numbers, and otherwise the first.
    fn wider(self, other: SqlKind) -> SqlKind {
        match (self.width(), other.width()) {
            (Some(one), Some(two)) if two > one => other,
            _ => self,
        }
    }
}
