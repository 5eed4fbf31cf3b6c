//! Expressions: columns, literals, operators, calls, sub-queries.

use super::json::Json;
use super::parse::{At, MAX_DEPTH, Members, ParseError, identifier, list, one_or_more};
use super::write::{Write, WriteError, Writer, member};
use super::{Name, Number, Op, Select};
use crate::dialect::{Chain, NotIn, NotOperand};

/// An expression, as data.
///
/// On the wire a column without qualifier and a text are the same thing, a
/// JSON string. Here they are not: what was parsed is [`Expr::Bare`] until
/// [`resolve`](crate::resolve) decides it against a schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A JSON string that is either a column or a text: the server decides, by
    /// whether a table in scope has a column of that name.
    Bare(Name),
    /// A column.
    Column(Column),
    /// `"*"`: every column of a row, or every row in `count(*)`.
    Star,
    /// `null`. Not attested as a literal by the vendor.
    Null,
    /// A boolean literal.
    Bool(bool),
    /// A numeric literal.
    Number(Number),
    /// A text literal.
    Text(Name),
    /// An operator and its operands.
    Op(Op, Vec<Expr>),
    /// A function call, `{"function": "count", "args": …}`.
    Call {
        /// The function's name.
        function: Name,
        /// Its arguments.
        args: Vec<Expr>,
    },
    /// A sub-select, `{"select": {…}}`.
    Select(Box<Select>),
    /// Rows of values, `{"values": [[…], …]}`.
    Values(Vec<Vec<Expr>>),
    /// The place of an expression that the builder dropped, because with it
    /// the statement would nest deeper than [`MAX_DEPTH`](super::MAX_DEPTH)
    /// levels. A statement with it cannot be written.
    TooDeep,
}

/// A column, by name or by alias and name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Column {
    /// The alias or table it belongs to; `{"s": "id"}` when there is one.
    pub table: Option<Name>,
    /// Its name.
    pub name: Name,
}

impl Expr {
    /// The members of objects that are expressions, beside the operators.
    pub(crate) const MEMBERS: &'static [&'static str] =
        &["select", "values", "function", "args", "as"];

    /// A column of the table known by this alias.
    pub fn column(table: impl Into<Name>, name: impl Into<Name>) -> Expr {
        Expr::Column(Column {
            table: Some(table.into()),
            name: name.into(),
        })
    }

    /// A text literal.
    pub fn text(text: impl Into<Name>) -> Expr {
        Expr::Text(text.into())
    }

    pub(crate) fn parse(json: Json, at: &At<'_>) -> Result<Expr, ParseError> {
        at.bounded()?;
        match json {
            Json::Null => Ok(Expr::Null),
            Json::Bool(value) => Ok(Expr::Bool(value)),
            Json::Number(value) => Ok(Expr::Number(value)),
            Json::String(text) => Ok(Expr::Bare(text.into())),
            Json::Array(_) => Err(at.error("expected an expression, found a list")),
            Json::Object(members) => Expr::parse_object(members, at),
        }
    }

    /// An expression in a place where `"*"` means all columns or all rows.
    pub(crate) fn parse_or_star(json: Json, at: &At<'_>) -> Result<Expr, ParseError> {
        match json {
            Json::String(text) if text == "*" => Ok(Expr::Star),
            other => Expr::parse(other, at),
        }
    }

    pub(crate) fn parse_object(
        mut members: Vec<(String, Json)>,
        at: &At<'_>,
    ) -> Result<Expr, ParseError> {
        if members.iter().any(|(name, _)| name == "function") {
            return Expr::parse_call(Json::Object(members), at);
        }
        let (name, value) = match (members.pop(), members.is_empty()) {
            (Some(member), true) => member,
            (None, _) => return Err(at.error("expected an expression, found {}")),
            (Some((second, _)), false) => {
                return Err(at.error(format!(
                    "expected one operator or one alias, found `{}` beside `{second}`",
                    members[0].0
                )));
            }
        };
        let here = at.member(&name);
        if name.is_empty() {
            return Err(here.error("expected an operator or an alias, found \"\""));
        }
        match name.as_str() {
            "select" => Ok(Expr::Select(Box::new(Select::parse(value, &here)?))),
            "values" => Ok(Expr::Values(rows(value, &here)?)),
            _ => match (Op::known(&name), value) {
                // `{"s": "id"}` is a column, `{"not": "disabled"}` an operator.
                (None, Json::String(column)) => Ok(Expr::Column(Column {
                    name: identifier(Json::String(column), &here)?,
                    table: Some(Name::Owned(name)),
                })),
                (known, value) => {
                    let args = one_or_more(value, &here, Expr::parse)?;
                    let op = known.unwrap_or(Op::Other(Name::Owned(name)));
                    Ok(as_meant(op, args))
                }
            },
        }
    }

    fn parse_call(json: Json, at: &At<'_>) -> Result<Expr, ParseError> {
        let mut members = Members::of(json, at, "a function call", &["function", "args"])?;
        let function = members.name("function")?;
        let args = members
            .optional("args", |json, at| {
                one_or_more(json, at, Expr::parse_or_star)
            })?
            .unwrap_or_default();
        members.finish()?;
        Ok(Expr::Call { function, args })
    }
}

/// Takes the other spellings of an operation for what they mean: `{"not":
/// {"in": […]}}` is `not_in`, see [`NotIn`], and a chain in pairs is flat, see
/// [`Chain`].
fn as_meant(op: Op, mut args: Vec<Expr>) -> Expr {
    match (&op, args.as_mut_slice()) {
        (Op::Not, [Expr::Op(Op::In, inner)]) => Expr::Op(Op::NotIn, std::mem::take(inner)),
        (Op::Add | Op::Mul, [Expr::Op(first, inner), _, ..]) if *first == op && inner.len() > 1 => {
            let inner = std::mem::take(inner);
            args.splice(..1, inner);
            Expr::Op(op, args)
        }
        _ => Expr::Op(op, args),
    }
}

/// Rows of expressions.
pub(crate) fn rows(json: Json, at: &At<'_>) -> Result<Vec<Vec<Expr>>, ParseError> {
    let Json::Array(items) = json else {
        return Err(at.expected("a list of rows", &json));
    };
    list(items, at, |row, at| match row {
        Json::Array(cells) => list(cells, at, Expr::parse),
        other => Err(at.expected("a row, a list of values", &other)),
    })
}

impl Write for Expr {
    // Columns, which most expressions are, without a call.
    #[inline]
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        match self {
            Expr::Column(Column {
                table: Some(table),
                name,
            }) => {
                w.column(table, name);
                Ok(())
            }
            other => other.write_other(w),
        }
    }
}

impl Expr {
    #[inline(never)]
    fn write_other(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        match self {
            Expr::Bare(text)
            | Expr::Text(text)
            | Expr::Column(Column {
                table: None,
                name: text,
            }) => {
                w.text(text);
            }
            Expr::Star => w.text("*"),
            Expr::TooDeep => {
                return Err(WriteError::new(format!(
                    "an expression nests deeper than {MAX_DEPTH} levels"
                )));
            }
            Expr::Null => w.null(),
            Expr::Bool(value) => w.bool(*value),
            Expr::Number(value) => w.number(value),
            object => {
                let opened = w.open_object();
                object.write_members(w)?;
                w.close(opened);
            }
        }
        Ok(())
    }

    /// Returns `true` if the expression is written as an object, which is the
    /// only form that can carry an output name.
    pub(crate) fn is_object(&self) -> bool {
        matches!(
            self,
            Expr::Column(Column { table: Some(_), .. })
                | Expr::Op(..)
                | Expr::Call { .. }
                | Expr::Select(_)
                | Expr::Values(_)
        )
    }

    /// The name of the member that holds the operands or the column.
    pub(super) fn member(&self) -> Option<&str> {
        match self {
            Expr::Column(Column { table, .. }) => table.as_deref(),
            Expr::Op(op, _) => Some(op.name()),
            _ => None,
        }
    }

    /// Writes the members of an expression that [is an object](Expr::is_object).
    #[inline]
    pub(super) fn write_members(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        match self {
            Expr::Column(Column { table, name }) => {
                w.member(table.as_deref().unwrap_or_default());
                w.text(name);
                Ok(())
            }
            Expr::Op(op @ (Op::Not | Op::NotIn | Op::Add | Op::Mul), args) => {
                write_spelled(op, args, w)
            }
            Expr::Op(op, args) => {
                w.member(op.name());
                w.list(args)
            }
            Expr::Call { function, args } => {
                member!(w, "function");
                w.text(function);
                member!(w, "args");
                match args.as_slice() {
                    // The spelling seen answered: `["*"]`, but `"id"` alone.
                    [one] if !matches!(one, Expr::Star | Expr::Null) => one.write(w),
                    args => w.list(args),
                }
            }
            Expr::Select(select) => {
                member!(w, "select");
                select.write(w)
            }
            Expr::Values(rows) => {
                member!(w, "values");
                write_rows(rows, w)
            }
            _ => Err(WriteError::new("an expression that is not an object")),
        }
    }
}

/// Writes an operator of which dialects have more than one spelling.
// Not in line: the writer of the others has to stay small to be fast.
#[inline(never)]
fn write_spelled(op: &Op, args: &[Expr], w: &mut Writer<'_>) -> Result<(), WriteError> {
    match (op, args) {
        (Op::Not, [one]) if w.dialect.not == NotOperand::Bare => {
            member!(w, "not");
            one.write(w)
        }
        (Op::NotIn, _) if w.dialect.not_in == NotIn::Negated => {
            member!(w, "not");
            let list = (w.dialect.not == NotOperand::List).then(|| w.open_list());
            if list.is_some() {
                w.element();
            }
            let object = w.open_object();
            member!(w, "in");
            w.list(args)?;
            w.close(object);
            if let Some(list) = list {
                w.close(list);
            }
            Ok(())
        }
        (Op::Add | Op::Mul, [_, _, _, ..]) if w.dialect.arithmetic == Chain::Pairs => {
            write_pairs(op, args, w)
        }
        _ => {
            w.member(op.name());
            w.list(args)
        }
    }
}

/// Writes a chain of operands as pairs: all but the last, and the last.
fn write_pairs(op: &Op, operands: &[Expr], w: &mut Writer<'_>) -> Result<(), WriteError> {
    let most = MAX_DEPTH / 2;
    if operands.len() > most {
        return Err(WriteError::new(format!(
            "`{}` of more than {most} operands nests too deeply in pairs",
            op.name()
        )));
    }
    write_pair(op, operands, w)
}

fn write_pair(op: &Op, operands: &[Expr], w: &mut Writer<'_>) -> Result<(), WriteError> {
    let [others @ .., last] = operands else {
        return Ok(());
    };
    w.member(op.name());
    let list = w.open_list();
    w.element();
    match others {
        [first] => first.write(w)?,
        chain => {
            let object = w.open_object();
            write_pair(op, chain, w)?;
            w.close(object);
        }
    }
    w.element();
    last.write(w)?;
    w.close(list);
    Ok(())
}

/// Writes rows of expressions as lists.
pub(super) fn write_rows(rows: &[Vec<Expr>], w: &mut Writer<'_>) -> Result<(), WriteError> {
    let list = w.open_list();
    for row in rows {
        w.element();
        w.list(row)?;
    }
    w.close(list);
    Ok(())
}
