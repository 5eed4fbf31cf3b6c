//! `distinct`, in each of the spellings of [`DistinctRows`].

use super::json::Json;
use super::parse::{At, ParseError, one_or_more};
use super::{Body, Expr, Item, Name, Projection};
use crate::dialect::DistinctRows;

/// `distinct`: named in the document, without a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Distinct {
    /// No two rows alike: see [`DistinctRows`].
    Rows,
    /// Expressions, as a list: the first row of each group, PostgreSQL's
    /// DISTINCT ON (no evidence). Of all that is selected it is [`Rows`](Self::Rows).
    On(Vec<Expr>),
}

/// The function's name in a call that makes rows distinct.
const NAME: &str = "distinct";

impl Distinct {
    pub(super) fn parse(json: Json, at: &At<'_>) -> Result<Option<Distinct>, ParseError> {
        match json {
            Json::Bool(true) => Ok(Some(Distinct::Rows)),
            Json::Bool(false) => Ok(None),
            other => one_or_more(other, at, Expr::parse).map(|on| Some(Distinct::On(on))),
        }
    }

    /// Takes the list of everything selected, and a call around the first thing
    /// selected, for what they mean.
    pub(super) fn settled(member: Option<Distinct>, body: &mut Body) -> Option<Distinct> {
        let Body::Data(projection) = body else {
            return member;
        };
        match member {
            None => uncall(projection).then_some(Distinct::Rows),
            Some(Distinct::On(on)) if on.iter().eq(projection.items().iter().map(expr)) => {
                Some(Distinct::Rows)
            }
            member => member,
        }
    }
}

/// A spelling of [`Distinct::Rows`].
pub(super) enum Spelling {
    Flag,
    List(Vec<Expr>),
    /// In place of the projection.
    Call(Projection),
}

impl Spelling {
    pub(super) fn of(body: &Body, form: DistinctRows) -> Spelling {
        let Body::Data(projection) = body else {
            return Spelling::Flag;
        };
        let items = projection.items();
        if items.is_empty() || items.iter().any(|item| item.expr == Expr::Star) {
            return Spelling::Flag;
        }
        match form {
            DistinctRows::Flag => Spelling::Flag,
            DistinctRows::List => Spelling::List(items.iter().map(expr).cloned().collect()),
            DistinctRows::Call => {
                let mut called = projection.clone();
                if let Some(first) = called.items_mut().first_mut() {
                    *first = Item {
                        expr: Expr::Call {
                            function: Name::Borrowed(NAME),
                            args: vec![first.expr.clone()],
                        },
                        alias: first.alias.take(),
                    };
                }
                Spelling::Call(called)
            }
        }
    }
}

fn expr(item: &Item) -> &Expr {
    &item.expr
}

/// Takes a call of `distinct` off the first thing selected.
fn uncall(projection: &mut Projection) -> bool {
    let Some(Item { expr, alias }) = projection.items_mut().first_mut() else {
        return false;
    };
    let Expr::Call { function, args } = expr else {
        return false;
    };
    // With a name it stays: only an object can carry one.
    match args.as_slice() {
        [one] if function == NAME && *one != Expr::Star && (alias.is_none() || one.is_object()) => {
            *expr = args.remove(0);
            true
        }
        _ => false,
    }
}
