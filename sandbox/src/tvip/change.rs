//! From a body to a row: what a POST or PUT makes of what is there.

use serde_json::{Map, Value};

use super::answer;
use super::behavior::{ExplicitNull, NotKnownName, TvipBehavior};
use super::refusal::Refusal;
use super::resource::{Resource, fields_in};
use super::state::State;

/// The fields of a body.
pub(super) type Body = Map<String, Value>;

/// Reads what clients leave empty, by the type of the field and alike in all
/// fields of a type. In a text, an empty one is a value.
fn without_blanks(body: &mut Body, required: &[&str], nullable: &[&str]) {
    body.retain(|name, value| *value != "" || !required.contains(&name.as_str()));
    for (name, value) in body {
        if *value == "" && nullable.contains(&name.as_str()) {
            *value = Value::Null;
        }
    }
}

fn without_nulls(body: &mut Body) {
    body.retain(|_, value| !value.is_null());
}

/// A new row, not yet in its table.
pub(super) fn created<R: Resource>(
    mut body: Body,
    state: &State,
    behavior: &TvipBehavior,
) -> Result<R, Refusal> {
    without_blanks(&mut body, R::REQUIRED, R::NULLABLE);
    // The SDK sends null for everything it was not given.
    without_nulls(&mut body);
    let mut fields = Map::new();
    assign::<R>(&mut fields, body, behavior)?;
    R::complete(&mut fields, state);
    fields.insert("id".to_owned(), R::table(state).next_id().into());
    row(fields)
}

/// The row with the body's fields and its own others.
pub(super) fn merged<R: Resource>(
    old: &R,
    mut body: Body,
    behavior: &TvipBehavior,
) -> Result<R, Refusal> {
    without_blanks(&mut body, R::REQUIRED, R::NULLABLE);
    if behavior.explicit_null == ExplicitNull::Keeps {
        without_nulls(&mut body);
    }
    let mut fields = answer::fields(old);
    assign::<R>(&mut fields, body, behavior)?;
    row(fields)
}

/// The row with the body's fields, and of its own only what no client writes.
pub(super) fn replaced<R: Resource>(
    old: &R,
    mut body: Body,
    behavior: &TvipBehavior,
) -> Result<R, Refusal> {
    without_blanks(&mut body, R::REQUIRED, R::NULLABLE);
    without_nulls(&mut body);
    let mut fields = answer::fields(old);
    for (name, class) in fields_in::<R>(behavior.field_set) {
        if class.is_written() {
            fields.remove(name);
        }
    }
    assign::<R>(&mut fields, body, behavior)?;
    row(fields)
}

fn assign<R: Resource>(
    fields: &mut Map<String, Value>,
    body: Body,
    behavior: &TvipBehavior,
) -> Result<(), Refusal> {
    for (name, value) in body {
        if name == "id" {
            continue;
        }
        let known = fields_in::<R>(behavior.field_set).find(|(field, _)| *field == name);
        match known {
            Some((_, class)) if class.is_written() => {
                fields.insert(name, value);
            }
            // Clients that send back what they read send these too.
            Some(_) => {}
            None if behavior.not_known_name == NotKnownName::Ignored => {}
            None => return Err(Refusal::bad(format!("{} have no field {name:?}", R::PATH))),
        }
    }
    Ok(())
}

fn row<R: Resource>(fields: Map<String, Value>) -> Result<R, Refusal> {
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let field = error.path().to_string();
        let what = error.into_inner();
        Refusal::bad(match field.as_str() {
            "." => what.to_string(),
            field => format!("{field}: {what}"),
        })
    })
}
