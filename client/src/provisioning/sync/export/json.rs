//! An export as JSON lines: an object for each subscriber.

use std::fmt;
use std::io::BufRead;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::builder::ExportBuilder;
use super::lines::Lines;
use super::problem::ExportError;
use super::{EMPTY, Export, ExportReader, NO_CHARACTER, unreadable};

/// Reads all of it. The first object's members are the columns, and each other object
/// has the same ones: a column that only some rows have would say nothing about the
/// others.
pub(super) fn read(
    options: &ExportReader,
    mut lines: Lines<impl BufRead>,
) -> Result<Export, ExportError> {
    let mut export: Option<ExportBuilder> = None;
    let mut names: Vec<String> = Vec::new();
    loop {
        let text = lines.peek().map_err(unreadable)?;
        if text.is_empty() {
            break;
        }
        let blank = text.trim_ascii().is_empty();
        // Written as an escape it is a character of the text like others.
        let is_decoded = !String::from_utf8_lossy(text).contains(NO_CHARACTER);
        let object = serde_json::from_slice::<Object>(text).map_err(|error| match error.column() {
            0 => "no object of JSON".to_owned(),
            column => format!("no object of JSON, at byte {column}"),
        });
        lines.skip();
        let line = lines.count();
        if blank {
            continue;
        }
        let object = match is_decoded {
            true => object,
            false => Err(format!("not {}", options.encoding.name())),
        };
        let object = match (object, &mut export) {
            (Ok(object), _) => object,
            (Err(what), Some(export)) => {
                export.problem(line, None, what);
                continue;
            }
            (Err(what), None) => {
                let mut first = ExportError::default();
                first.add(Some(line), None, what);
                return Err(first);
            }
        };
        let export = match &mut export {
            Some(export) => export,
            none => {
                names = object.0.iter().map(|(name, _)| name.clone()).collect();
                none.insert(ExportBuilder::with_header(Some(line), &names)?)
            }
        };
        add(export, line, &names, &object);
    }
    match export {
        Some(export) => export.finish(),
        None => {
            let mut empty = ExportError::default();
            empty.add(Some(1), None, EMPTY);
            Err(empty)
        }
    }
}

fn add(export: &mut ExportBuilder, line: u64, names: &[String], object: &Object) {
    for (place, (name, _)) in object.0.iter().enumerate() {
        if !names.contains(name) {
            let what = "the first line does not have it";
            export.problem(line, Some(name), what);
        } else if object.0[..place].iter().any(|(before, _)| before == name) {
            export.problem(line, Some(name), "it is there twice");
        }
    }
    let mut cells = Vec::with_capacity(names.len());
    for name in names {
        let member = object.0.iter().find(|(member, _)| member == name);
        let cell = match member {
            Some((_, value)) => cell(value),
            None => Err("it is missing, and the first line has it"),
        };
        cells.push(cell.unwrap_or_else(|what| {
            export.problem(line, Some(name), what);
            String::new()
        }));
    }
    export.row(line, cells);
}

/// Returns a value as the text of a cell. A number keeps its digits: it may be a login.
fn cell(value: &RawValue) -> Result<String, &'static str> {
    if !value.get().starts_with('[') {
        return scalar(value);
    }
    let members: Vec<&RawValue> =
        serde_json::from_str(value.get()).map_err(|_| "no list of values")?;
    let mut texts = Vec::with_capacity(members.len());
    for member in members {
        let text = scalar(member)?;
        if text.contains(';') {
            return Err("a list's value with a semicolon in it");
        }
        texts.push(text);
    }
    Ok(texts.join(";"))
}

fn scalar(value: &RawValue) -> Result<String, &'static str> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map_err(|_| "no text"),
        Some(b'n') => Ok(String::new()),
        Some(b'{') => Err("an object, where a text, a number or a list is expected"),
        Some(b'[') => Err("a list within a list"),
        _ => Ok(text.to_owned()),
    }
}

/// The members of an object in their order, repeated ones included.
struct Object(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
