//! From a body to a row: what a POST or PUT makes of what is there.

use serde_json::{Map, Value};

use super::answer;
use super::refusal::Refusal;
use super::resource::{Class, Resource};
use super::state::State;
use super::unknowns::{ExplicitNull, FieldSet, NotKnownName, TvipUnknowns};

/// The fields of a body.
pub(super) type Body = Map<String, Value>;

/// A new row, not yet in its table.
pub(super) fn created<R: Resource>(
    mut body: Body,
    state: &State,
    unknowns: &TvipUnknowns,
) -> Result<R, Refusal> {
    // The SDK sends null for everything it was not given.
    body.retain(|_, value| !value.is_null());
    let mut fields = Map::new();
    assign::<R>(&mut fields, body, unknowns)?;
    R::complete(&mut fields, state);
    fields.insert("id".to_owned(), R::table(state).next_id().into());
    row(fields)
}

/// The row with the body's fields and its own others.
pub(super) fn merged<R: Resource>(
    old: &R,
    mut body: Body,
    unknowns: &TvipUnknowns,
) -> Result<R, Refusal> {
    if unknowns.explicit_null == ExplicitNull::Keeps {
        body.retain(|_, value| !value.is_null());
    }
    let mut fields = answer::fields(old);
    assign::<R>(&mut fields, body, unknowns)?;
    row(fields)
}

/// The row with the body's fields, and of its own only what no client writes.
pub(super) fn replaced<R: Resource>(
    old: &R,
    mut body: Body,
    unknowns: &TvipUnknowns,
) -> Result<R, Refusal> {
    body.retain(|_, value| !value.is_null());
    let mut fields = answer::fields(old);
    for (name, class) in R::FIELDS {
        if written_by_clients(*class, unknowns) {
            fields.remove(*name);
        }
    }
    assign::<R>(&mut fields, body, unknowns)?;
    row(fields)
}

fn written_by_clients(class: Class, unknowns: &TvipUnknowns) -> bool {
    match class {
        Class::Given | Class::Secret => true,
        Class::Newer => unknowns.field_set == FieldSet::Newer,
        Class::Dto | Class::Kept | Class::NewerKept | Class::NewerStamp => false,
    }
}

fn assign<R: Resource>(
    fields: &mut Map<String, Value>,
    body: Body,
    unknowns: &TvipUnknowns,
) -> Result<(), Refusal> {
    for (name, value) in body {
        if name == "id" {
            continue;
        }
        let class = R::FIELDS.iter().find(|(field, _)| *field == name);
        match class {
            Some((_, class)) if written_by_clients(*class, unknowns) => {
                fields.insert(name, value);
            }
            Some((_, Class::Dto | Class::Kept)) => {}
            Some(_) if unknowns.field_set == FieldSet::Newer => {}
            _ if unknowns.not_known_name == NotKnownName::Ignored => {}
            _ => return Err(Refusal::bad(format!("{} have no field {name:?}", R::PATH))),
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
