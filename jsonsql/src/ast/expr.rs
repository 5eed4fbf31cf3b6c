//! Expressions: columns, literals, operators, calls, sub-queries.

use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::json::Json;
use super::parse::{At, MAX_DEPTH, Members, ParseError, identifier, list, one_or_more};
use super::write::Wire;
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

impl Serialize for Wire<'_, Expr> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.node {
            Expr::Bare(text) | Expr::Text(text) => s.serialize_str(text),
            Expr::Column(Column { table: None, name }) => s.serialize_str(name),
            Expr::Star => s.serialize_str("*"),
            Expr::TooDeep => Err(S::Error::custom(format_args!(
                "an expression nests deeper than {MAX_DEPTH} levels"
            ))),
            Expr::Null => s.serialize_unit(),
            Expr::Bool(value) => s.serialize_bool(*value),
            Expr::Number(value) => value.serialize(s),
            // Most of what is written, so without looking at it twice.
            Expr::Column(Column {
                table: Some(table),
                name,
            }) => {
                let mut map = s.serialize_map(Some(1))?;
                map.serialize_entry::<str, str>(table, name)?;
                map.end()
            }
            object => {
                let mut map = s.serialize_map(None)?;
                self.of(object).members(&mut map)?;
                map.end()
            }
        }
    }
}

impl Expr {
    /// Whether the expression is written as an object, which is the only form
    /// that can carry an output name.
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
}

impl Wire<'_, Expr> {
    /// Writes the members of an expression that [is an object](Expr::is_object).
    #[inline]
    pub(crate) fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        match self.node {
            Expr::Column(Column { table, name }) => {
                map.serialize_entry(table.as_deref().unwrap_or_default(), name)
            }
            Expr::Op(Op::Not, args) if args.len() == 1 && self.dialect.not == NotOperand::Bare => {
                map.serialize_entry("not", &self.of(&args[0]))
            }
            Expr::Op(Op::NotIn, args) if self.dialect.not_in == NotIn::Negated => {
                let operand = In(self.of(args.as_slice()));
                match self.dialect.not {
                    NotOperand::Bare => map.serialize_entry("not", &operand),
                    NotOperand::List => map.serialize_entry("not", [operand].as_slice()),
                }
            }
            Expr::Op(op @ (Op::Add | Op::Mul), args)
                if args.len() > 2 && self.dialect.arithmetic == Chain::Pairs =>
            {
                let operands = self.of(args.as_slice());
                map.serialize_entry(op.name(), &Pair { op, operands })
            }
            Expr::Op(op, args) => map.serialize_entry(op.name(), &self.of(args.as_slice())),
            Expr::Call { function, args } => {
                map.serialize_entry("function", function)?;
                match args.as_slice() {
                    // The spelling seen answered: `["*"]`, but `"id"` alone.
                    [one] if !matches!(one, Expr::Star | Expr::Null) => {
                        map.serialize_entry("args", &self.of(one))
                    }
                    args => map.serialize_entry("args", &self.of(args)),
                }
            }
            Expr::Select(select) => map.serialize_entry("select", &self.of(&**select)),
            Expr::Values(rows) => map.serialize_entry("values", &self.of(rows.as_slice())),
            _ => Err(M::Error::custom("an expression that is not an object")),
        }
    }
}

/// `{"in": […]}`, to be negated.
struct In<'a>(Wire<'a, [Expr]>);

impl Serialize for In<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(1))?;
        map.serialize_entry(Op::In.name(), &self.0)?;
        map.end()
    }
}

/// A chain of operands as two: all but the last, and the last.
struct Pair<'a> {
    op: &'a Op,
    operands: Wire<'a, [Expr]>,
}

impl Serialize for Pair<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Pair { op, operands } = self;
        let most = MAX_DEPTH / 2;
        if operands.node.len() > most {
            return Err(S::Error::custom(format_args!(
                "`{}` of more than {most} operands nests too deeply in pairs",
                op.name()
            )));
        }
        let mut seq = s.serialize_seq(Some(2))?;
        match operands.node {
            [first, second] => {
                seq.serialize_element(&operands.of(first))?;
                seq.serialize_element(&operands.of(second))?;
            }
            [before @ .., last] => {
                let before = operands.of(before);
                seq.serialize_element(&Paired(Pair {
                    op,
                    operands: before,
                }))?;
                seq.serialize_element(&operands.of(last))?;
            }
            [] => {}
        }
        seq.end()
    }
}

/// A [`Pair`] under its operator.
struct Paired<'a>(Pair<'a>);

impl Serialize for Paired<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(1))?;
        map.serialize_entry(self.0.op.name(), &self.0)?;
        map.end()
    }
}

impl Serialize for Wire<'_, [Expr]> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut seq = s.serialize_seq(Some(self.node.len()))?;
        for expr in self.node {
            seq.serialize_element(&self.of(expr))?;
        }
        seq.end()
    }
}

impl Serialize for Wire<'_, [Vec<Expr>]> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut seq = s.serialize_seq(Some(self.node.len()))?;
        for row in self.node {
            seq.serialize_element(&self.of(row.as_slice()))?;
        }
        seq.end()
    }
}
