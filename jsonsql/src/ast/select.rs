//! `select`.

use super::distinct::{Distinct, Spelling};
use super::expr::{rows, write_rows};
use super::from::write_from;
use super::json::Json;
use super::order::write_orders;
use super::parse::{At, Members, ParseError, list, one_or_more};
use super::write::{Write, WriteError, Writer, member, refuse_null};
use super::{Expr, FromItem, Op, Order, Projection};
use crate::dialect::{GroupBy, Having};

/// A SELECT: rows of tables, or with [`Body::Values`] rows of constants.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// The rule by which duplicate rows are dropped.
    pub distinct: Option<Distinct>,
    /// The content of the rows to return.
    pub body: Body,
    /// The source of the rows.
    pub from: Vec<FromItem>,
    /// The condition on the rows to keep, `where`.
    pub filter: Option<Expr>,
    /// The expressions to group by: see [`GroupBy`].
    pub group_by: Vec<Expr>,
    /// The condition on the groups to keep. It is not in the document's list of
    /// clauses: see [`Having`].
    pub having: Option<Expr>,
    /// The order of the rows.
    pub order_by: Vec<Order>,
    /// The maximum number of rows.
    pub limit: Option<u64>,
    /// The number of rows to skip first.
    pub offset: Option<u64>,
}

/// The content of the rows that a SELECT returns.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// `data`: expressions over the rows of FROM.
    Data(Projection),
    /// `values`: constant rows (from the vendor's script).
    Values(Vec<Vec<Expr>>),
}

impl Select {
    const MEMBERS: &'static [&'static str] = &[
        "distinct", "data", "values", "from", "where", "group_by", "having", "order_by", "limit",
        "offset",
    ];

    /// A select of these expressions, from nothing yet.
    pub fn new(projection: Projection) -> Select {
        Select {
            distinct: None,
            body: Body::Data(projection),
            from: Vec::new(),
            filter: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
            limit: None,
            offset: None,
        }
    }

    /// The projection, unless the body is constant rows.
    pub fn projection(&self) -> Option<&Projection> {
        match &self.body {
            Body::Data(projection) => Some(projection),
            Body::Values(_) => None,
        }
    }

    pub(crate) fn parse(json: Json, at: &At<'_>) -> Result<Select, ParseError> {
        at.bounded()?;
        let mut members = Members::of(json, at, "a select, an object", Select::MEMBERS)?;
        let data = members.optional("data", Projection::parse)?;
        let values = members.optional("values", rows)?;
        let mut body = match (data, values) {
            (Some(data), None) => Body::Data(data),
            (None, Some(values)) => Body::Values(values),
            (None, None) => return Err(at.error("member `data` is missing")),
            (Some(_), Some(_)) => {
                return Err(at.error("expected `data` or `values`, found both"));
            }
        };
        let distinct = members.optional("distinct", Distinct::parse)?.flatten();
        let select = Select {
            distinct: Distinct::settled(distinct, &mut body),
            body,
            from: members
                .optional("from", FromItem::parse_list)?
                .unwrap_or_default(),
            filter: members.optional("where", Expr::parse)?,
            group_by: members
                .optional("group_by", |json, at| one_or_more(json, at, Expr::parse))?
                .unwrap_or_default(),
            having: members.optional("having", having)?,
            order_by: members
                .optional("order_by", Order::parse_list)?
                .unwrap_or_default(),
            limit: members.optional("limit", count)?,
            offset: members.optional("offset", count)?,
        };
        members.finish()?;
        Ok(select)
    }
}

/// A condition, or a list of conditions that all have to be true.
fn having(json: Json, at: &At<'_>) -> Result<Expr, ParseError> {
    let Json::Array(items) = json else {
        return Expr::parse(json, at);
    };
    let mut conditions = list(items, at, Expr::parse)?;
    if conditions == [Expr::Null] {
        return Err(at.item(0).error("expected a condition, found null"));
    }
    match conditions.len() {
        0 => Err(at.error("expected at least one condition, found []")),
        1 => Ok(conditions.remove(0)),
        _ => Ok(Expr::Op(Op::And, conditions)),
    }
}

fn count(json: Json, at: &At<'_>) -> Result<u64, ParseError> {
    match &json {
        Json::Number(number) => number
            .as_u64()
            .ok_or_else(|| at.error("expected a whole number, 0 or more")),
        other => Err(at.expected("a whole number, 0 or more", other)),
    }
}

impl Write for Select {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        let object = w.open_object();
        let mut called = None;
        match &self.distinct {
            None => {}
            Some(Distinct::Rows) => match Spelling::of(&self.body, w.dialect.distinct) {
                Spelling::Flag => {
                    member!(w, "distinct");
                    w.bool(true);
                }
                Spelling::List(list) => {
                    member!(w, "distinct");
                    w.list(&list)?;
                }
                Spelling::Call(projection) => called = Some(projection),
            },
            Some(Distinct::On(on)) => {
                member!(w, "distinct");
                w.list(on)?;
            }
        }
        match &self.body {
            Body::Data(projection) => {
                member!(w, "data");
                called.as_ref().unwrap_or(projection).write(w)?;
            }
            Body::Values(rows) => {
                member!(w, "values");
                write_rows(rows, w)?;
            }
        }
        if !self.from.is_empty() {
            member!(w, "from");
            write_from(&self.from, w)?;
        }
        if let Some(filter) = &self.filter {
            member!(w, "where");
            w.condition("where", filter)?;
        }
        if !self.group_by.is_empty() {
            member!(w, "group_by");
            match self.group_by.as_slice() {
                // NULL alone would be a member that is null.
                [one] if w.dialect.group_by == GroupBy::Alone && *one != Expr::Null => {
                    one.write(w)?;
                }
                several => w.list(several)?,
            }
        }
        match (&self.having, w.dialect.having) {
            (None, _) => {}
            (Some(having), Having::Condition) => {
                member!(w, "having");
                w.condition("having", having)?;
            }
            (Some(having), Having::List) => {
                refuse_null(having, "having")?;
                member!(w, "having");
                w.list([having])?;
            }
        }
        if !self.order_by.is_empty() {
            member!(w, "order_by");
            write_orders(&self.order_by, w)?;
        }
        if let Some(limit) = self.limit {
            member!(w, "limit");
            w.number(&limit.into());
        }
        if let Some(offset) = self.offset {
            member!(w, "offset");
            w.number(&offset.into());
        }
        w.close(object);
        Ok(())
    }
}
