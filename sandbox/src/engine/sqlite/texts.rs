//! PostgreSQL's functions of texts.

use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

use super::functions::{fault, scalar, strict};
use crate::engine::Fault;

pub(super) fn install(connection: &Connection) -> Result<()> {
    strict(connection, "pg_printed_bool", |value| {
        let printed = if value.as_i64()? == 0 { "f" } else { "t" };
        Ok(Value::Text(printed.to_owned()))
    })?;
    strict(connection, "pg_midnight", |value| {
        Ok(Value::Text(format!("{} 00:00:00", value.as_str()?)))
    })?;
    strict(connection, "pg_date", |value| {
        let text = value.as_str()?;
        Ok(Value::Text(
            text.split(' ').next().unwrap_or(text).to_owned(),
        ))
    })?;
    scalar(connection, "pg_concat", -1, |ctx| {
        Ok(Value::Text(given(ctx, 0)?.concat()))
    })?;
    scalar(connection, "pg_concat_ws", -1, |ctx| match ctx.get_raw(0) {
        ValueRef::Null => Ok(Value::Null),
        separator => Ok(Value::Text(given(ctx, 1)?.join(separator.as_str()?))),
    })?;
    for (name, start, end) in [
        ("pg_btrim", true, true),
        ("pg_ltrim", true, false),
        ("pg_rtrim", false, true),
    ] {
        of_texts(connection, name, &[1, 2], move |texts| {
            let set = texts.get(1).copied().unwrap_or(" ");
            let inside = |c: char| set.contains(c);
            let text = texts[0];
            let text = if start {
                text.trim_start_matches(inside)
            } else {
                text
            };
            let text = if end {
                text.trim_end_matches(inside)
            } else {
                text
            };
            Value::Text(text.to_owned())
        })?;
    }
    of_texts(connection, "pg_replace", &[3], |texts| {
        Value::Text(match texts[1] {
            "" => texts[0].to_owned(),
            from => texts[0].replace(from, texts[2]),
        })
    })?;
    of_texts(connection, "pg_strpos", &[2], |texts| {
        let found = texts[0].find(texts[1]);
        let position = found.map_or(0, |at| texts[0][..at].chars().count() + 1);
        Value::Integer(i64::try_from(position).unwrap_or(i64::MAX))
    })?;
    parts(connection)
}

/// Functions that take a part of a text by numbers of characters.
fn parts(connection: &Connection) -> Result<()> {
    scalar(connection, "pg_left", 2, |ctx| {
        let Some((text, count)) = counted(ctx)? else {
            return Ok(Value::Null);
        };
        Ok(Value::Text(
            text.iter().take(from_end(count, text.len())).collect(),
        ))
    })?;
    scalar(connection, "pg_right", 2, |ctx| {
        let Some((text, count)) = counted(ctx)? else {
            return Ok(Value::Null);
        };
        let kept = from_end(count, text.len());
        Ok(Value::Text(text[text.len() - kept..].iter().collect()))
    })?;
    for arguments in [2, 3] {
        scalar(connection, "pg_substr", arguments, move |ctx| {
            let Some((text, start)) = counted(ctx)? else {
                return Ok(Value::Null);
            };
            let end = if arguments == 2 {
                i64::MAX
            } else {
                let Some(length) = ctx.get::<Option<i64>>(2)? else {
                    return Ok(Value::Null);
                };
                if length < 0 {
                    return Err(fault(Fault::statement(
                        "negative substring length not allowed",
                    )));
                }
                start.saturating_add(length)
            };
            let numbered = (1..).zip(&text);
            let kept = numbered.filter(|(at, _)| (start..end).contains(at));
            Ok(Value::Text(kept.map(|(_, c)| *c).collect()))
        })?;
    }
    Ok(())
}

/// A text and a number of characters; nothing where one is NULL.
fn counted(ctx: &Context<'_>) -> Result<Option<(Vec<char>, i64)>> {
    let (text, count): (Option<String>, Option<i64>) = (ctx.get(0)?, ctx.get(1)?);
    Ok(text
        .zip(count)
        .map(|(text, count)| (text.chars().collect(), count)))
}

/// A count that leaves so many out where it is negative.
fn from_end(count: i64, length: usize) -> usize {
    let size = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if count < 0 {
        length.saturating_sub(size)
    } else {
        size.min(length)
    }
}

/// The arguments from this one on that are not NULL.
fn given(ctx: &Context<'_>, from: usize) -> Result<Vec<String>> {
    let given = (from..ctx.len()).map(|index| match ctx.get_raw(index) {
        ValueRef::Integer(value) => Ok(Some(value.to_string())),
        _ => ctx.get::<Option<String>>(index),
    });
    given.filter_map(Result::transpose).collect()
}

/// A function of texts that is NULL where one of them is.
fn of_texts<F>(connection: &Connection, name: &str, counts: &[i32], function: F) -> Result<()>
where
    F: Fn(&[&str]) -> Value + Clone + Send + 'static,
{
    for count in counts {
        let function = function.clone();
        scalar(connection, name, *count, move |ctx| {
            let mut texts = Vec::new();
            for index in 0..ctx.len() {
                match ctx.get_raw(index) {
                    ValueRef::Null => return Ok(Value::Null),
                    text => texts.push(text.as_str()?),
                }
            }
            Ok(function(&texts))
        })?;
    }
    Ok(())
}
