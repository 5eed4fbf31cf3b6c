//! Functions that do correctly what SQLite does differently from PostgreSQL.
//!
//! The lowering puts them into statements; clients cannot name them.

use std::fmt;

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, Result};

use super::numeric::Decimal;
use super::{bound, coerce, errors, pattern, regexp, row_security, texts};
use crate::engine::Fault;

/// The calculations, by the name of their operator on the wire.
pub(super) const CALCULATIONS: [&str; 5] = ["add", "sub", "mul", "div", "mod"];

pub(super) fn install(connection: &Connection) -> Result<()> {
    conversions(connection)?;
    matching(connection)?;
    for operator in CALCULATIONS {
        calculations(connection, operator)?;
    }
    numbers(connection)?;
    aggregates(connection)?;
    texts::install(connection)?;
    bound::install(connection)
}

fn conversions(connection: &Connection) -> Result<()> {
    scalar(connection, "pg_text", 1, |ctx| {
        Ok(match ctx.get_raw(0) {
            ValueRef::Integer(value) => Value::Text(value.to_string()),
            _ => ctx.get(0)?,
        })
    })?;
    strict(connection, "pg_text_bool", |value| {
        Ok(Value::Text(
            if value.as_i64()? == 0 {
                "false"
            } else {
                "true"
            }
            .to_owned(),
        ))
    })?;
    // As text, an address always shows its mask.
    strict(connection, "pg_text_inet", |value| {
        let stored = value.as_str()?;
        let mask = match (stored.contains('/'), stored.contains(':')) {
            (true, _) => "",
            (false, false) => "/32",
            (false, true) => "/128",
        };
        Ok(Value::Text(format!("{stored}{mask}")))
    })?;
    strict(connection, "pg_inet_key", |value| {
        Ok(coerce::inet_key(value.as_str()?).map_or(Value::Null, Value::Text))
    })?;
    strict(connection, "pg_lower", |value| {
        Ok(Value::Text(value.as_str()?.to_lowercase()))
    })?;
    strict(connection, "pg_upper", |value| {
        Ok(Value::Text(value.as_str()?.to_uppercase()))
    })?;
    strict(connection, "pg_length", |value| {
        let length = value.as_str()?.chars().count();
        Ok(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX)))
    })?;
    // An explicit NULL for a generated number would get the next one.
    scalar(connection, "pg_required", 3, |ctx| match ctx.get_raw(0) {
        ValueRef::Null => {
            let (table, column): (String, String) = (ctx.get(1)?, ctx.get(2)?);
            Err(fault(Fault::statement(errors::not_null(&table, &column))))
        }
        _ => ctx.get(0),
    })?;
    // What PostgreSQL's row-level security says of a row of another domain.
    scalar(connection, row_security::OWN, 3, |ctx| {
        let (value, domain) = (ctx.get::<Value>(0)?, ctx.get::<Value>(1)?);
        if value == domain {
            return Ok(value);
        }
        let table: String = ctx.get(2)?;
        Err(fault(Fault::Statement(format!(
            "new row violates row-level security policy for table \"{table}\""
        ))))
    })
}

fn matching(connection: &Connection) -> Result<()> {
    for (name, case) in [
        ("pg_like", pattern::Case::Kept),
        ("pg_ilike", pattern::Case::Folded),
    ] {
        scalar(connection, name, 2, move |ctx| {
            let (ValueRef::Text(_), ValueRef::Text(_)) = (ctx.get_raw(0), ctx.get_raw(1)) else {
                return Ok(Value::Null);
            };
            let (text, like) = (ctx.get_raw(0).as_str()?, ctx.get_raw(1).as_str()?);
            let matches = pattern::matches(text, like, case).map_err(fault)?;
            Ok(Value::Integer(matches.into()))
        })?;
    }
    scalar(connection, "pg_regexp_replace", 4, |ctx| {
        if (0..4).any(|index| ctx.get_raw(index) == ValueRef::Null) {
            return Ok(Value::Null);
        }
        let [text, regex, replacement, flags] = [0, 1, 2, 3].map(|index| ctx.get_raw(index));
        let (regex, flags) = (regex.as_str()?, flags.as_str()?);
        let kept = ctx.get_aux::<regexp::Pattern>(1)?;
        let pattern = match kept.filter(|kept| kept.is_of(regex, flags)) {
            Some(kept) => kept,
            None => ctx.set_aux(1, regexp::Pattern::new(regex, flags).map_err(fault)?)?,
        };
        let replaced = pattern.replace(text.as_str()?, replacement.as_str()?);
        replaced.map(Value::Text).map_err(fault)
    })
}

fn calculations(connection: &Connection, operator: &'static str) -> Result<()> {
    for (kind, bits) in [("int4", 32), ("int8", 64)] {
        scalar(
            connection,
            &format!("pg_{kind}_{operator}"),
            2,
            move |ctx| {
                let (Some(a), Some(b)) = (ctx.get::<Option<i64>>(0)?, ctx.get(1)?) else {
                    return Ok(Value::Null);
                };
                calculate(operator, a, b, bits)
                    .map(Value::Integer)
                    .map_err(fault)
            },
        )?;
    }
    scalar(
        connection,
        &format!("pg_numeric_{operator}"),
        2,
        move |ctx| {
            let (Some(a), Some(b)) = (decimal(ctx.get_raw(0))?, decimal(ctx.get_raw(1))?) else {
                return Ok(Value::Null);
            };
            let result = match operator {
                "add" => a.add(b),
                "sub" => a.sub(b),
                "mul" => a.mul(b),
                "div" => a.div(b),
                _ => a.rem(b),
            };
            result
                .map(|value| Value::Text(value.to_string()))
                .map_err(fault)
        },
    )
}

fn calculate(operator: &str, a: i64, b: i64, bits: u32) -> Result<i64, Fault> {
    let result = match operator {
        "add" => a.checked_add(b),
        "sub" => a.checked_sub(b),
        "mul" => a.checked_mul(b),
        _ if b == 0 => return Err(Fault::statement("division by zero")),
        "div" => a.checked_div(b),
        _ => Some(a.wrapping_rem(b)),
    };
    result
        .filter(|value| bits == 64 || i32::try_from(*value).is_ok())
        .ok_or_else(|| out_of_range(bits))
}

fn out_of_range(bits: u32) -> Fault {
    Fault::statement(if bits == 32 {
        "integer out of range"
    } else {
        "bigint out of range"
    })
}

fn numbers(connection: &Connection) -> Result<()> {
    scalar(connection, "pg_numeric", 1, |ctx| {
        Ok(text_or_null(decimal(ctx.get_raw(0))?))
    })?;
    scalar(connection, "pg_numeric_key", 1, |ctx| {
        let value = decimal(ctx.get_raw(0))?;
        Ok(value.map_or(Value::Null, |value| Value::Text(value.key())))
    })?;
    scalar(connection, "pg_numeric_abs", 1, |ctx| {
        Ok(text_or_null(decimal(ctx.get_raw(0))?.map(Decimal::abs)))
    })?;
    for (kind, bits) in [("int4", 32), ("int8", 64)] {
        // From any number, rounded, to this one.
        scalar(connection, &format!("pg_to_{kind}"), 1, move |ctx| {
            let Some(value) = decimal(ctx.get_raw(0))? else {
                return Ok(Value::Null);
            };
            i64::try_from(value.round().map_err(fault)?)
                .ok()
                .filter(|value| bits == 64 || i32::try_from(*value).is_ok())
                .map(Value::Integer)
                .ok_or_else(|| fault(out_of_range(bits)))
        })?;
        scalar(connection, &format!("pg_{kind}_abs"), 1, move |ctx| {
            let Some(value) = ctx.get::<Option<i64>>(0)? else {
                return Ok(Value::Null);
            };
            value
                .checked_abs()
                .filter(|value| bits == 64 || i32::try_from(*value).is_ok())
                .map(Value::Integer)
                .ok_or_else(|| fault(out_of_range(bits)))
        })?;
    }
    Ok(())
}

fn aggregates(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, goal) in [
        ("pg_sum", Goal::Sum),
        ("pg_avg", Goal::Average),
        ("pg_min", Goal::Least),
        ("pg_max", Goal::Greatest),
    ] {
        connection.create_aggregate_function(name, 1, flags, Numbers(goal))?;
    }
    connection.create_aggregate_function("pg_only", 1, flags, Only)
}

/// An aggregate of numerics.
struct Numbers(Goal);

#[derive(Clone, Copy)]
enum Goal {
    Sum,
    Average,
    Least,
    Greatest,
}

impl Aggregate<Option<(Decimal, i64)>, Value> for Numbers {
    fn init(&self, _: &mut Context<'_>) -> Result<Option<(Decimal, i64)>> {
        Ok(None)
    }

    fn step(&self, ctx: &mut Context<'_>, state: &mut Option<(Decimal, i64)>) -> Result<()> {
        let Some(value) = decimal(ctx.get_raw(0))? else {
            return Ok(());
        };
        *state = Some(match *state {
            None => (value, 1),
            Some((so_far, count)) => {
                let next = match self.0 {
                    Goal::Sum | Goal::Average => so_far.add(value).map_err(fault)?,
                    Goal::Least if value.key() < so_far.key() => value,
                    Goal::Greatest if value.key() > so_far.key() => value,
                    Goal::Least | Goal::Greatest => so_far,
                };
                (next, count + 1)
            }
        });
        Ok(())
    }

    fn finalize(
        &self,
        _: &mut Context<'_>,
        state: Option<Option<(Decimal, i64)>>,
    ) -> Result<Value> {
        let Some((value, count)) = state.flatten() else {
            return Ok(Value::Null);
        };
        let value = match self.0 {
            Goal::Average => value.div(Decimal::from_int(count)).map_err(fault)?,
            _ => value,
        };
        Ok(Value::Text(value.to_string()))
    }
}

/// The value of the only row, NULL without one; a second row is an error.
struct Only;

impl Aggregate<Option<Value>, Value> for Only {
    fn init(&self, _: &mut Context<'_>) -> Result<Option<Value>> {
        Ok(None)
    }

    fn step(&self, ctx: &mut Context<'_>, state: &mut Option<Value>) -> Result<()> {
        if state.is_some() {
            return Err(fault(Fault::statement(
                "more than one row returned by a subquery used as an expression",
            )));
        }
        *state = Some(ctx.get(0)?);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<Option<Value>>) -> Result<Value> {
        Ok(state.flatten().unwrap_or(Value::Null))
    }
}

pub(super) fn scalar<F>(
    connection: &Connection,
    name: &str,
    arguments: i32,
    function: F,
) -> Result<()>
where
    F: Fn(&Context<'_>) -> Result<Value> + Send + 'static,
{
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(name, arguments, flags, move |ctx| function(ctx))
}

/// A function of one argument that is NULL for NULL.
pub(super) fn strict<F>(connection: &Connection, name: &str, function: F) -> Result<()>
where
    F: Fn(ValueRef<'_>) -> Result<Value> + Send + 'static,
{
    scalar(connection, name, 1, move |ctx| match ctx.get_raw(0) {
        ValueRef::Null => Ok(Value::Null),
        value => function(value),
    })
}

fn decimal(value: ValueRef<'_>) -> Result<Option<Decimal>> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(value) => Ok(Some(Decimal::from_int(value))),
        other => Decimal::parse(other.as_str()?).map(Some).map_err(fault),
    }
}

fn text_or_null(value: Option<Decimal>) -> Value {
    value.map_or(Value::Null, |value| Value::Text(value.to_string()))
}

/// A fault on its way through SQLite.
pub(super) fn fault(fault: Fault) -> Error {
    Error::UserFunctionError(Box::new(Carried(fault)))
}

/// SQLite only carries a text; [`errors`] reads it again.
#[derive(Debug)]
struct Carried(Fault);

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::NeedsPostgres(what) => write!(f, "{}{what}", errors::NEEDS_POSTGRES),
            other => write!(f, "{}{other}", errors::STATEMENT),
        }
    }
}

impl std::error::Error for Carried {}
