//! `jsonsql sql`: SQL, sent as JSONSQL.

use std::ops::Range;
use std::path::{Path, PathBuf};

use jsonsql::ast::Statement;
use jsonsql::sql::{Argument, BindError, Parameter, ParseError, Prepared};

use serde_json::value::RawValue;

use super::send;
use crate::exit::{Failure, Result, Status};
use crate::say;
use crate::source::{Rating, Source};
use crate::statement::{self, SendArgs};

/// Runs SQL on IPTVPORTAL and writes the rows
///
/// The SQL is PostgreSQL's, as far as JSONSQL can say it; what it cannot is
/// refused with its place. A write needs --write, says how many rows match, and asks.
///
///   jsonsql sql "select id, username from subscriber where disabled" --format csv
///
///   jsonsql sql "select id from subscriber where username = :login" -p login=12345
///
///   jsonsql sql "update subscriber set disabled = true where id = 7 returning id" --write
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The statement; `-` reads standard input
    #[arg(required_unless_present = "file")]
    sql: Option<String>,

    /// Reads the statement from a file
    #[arg(long, value_name = "FILE", conflicts_with = "sql")]
    file: Option<PathBuf>,

    /// The value of a parameter: `name=text` for `:name`, `1=text` for `$1`. A text
    /// takes the type of the column it meets; `name:=5` is JSON: a number, `true`,
    /// `null`, or a list for `in (:name)`
    #[arg(long = "param", short, value_name = "NAME=VALUE")]
    parameters: Vec<String>,

    #[command(flatten)]
    send: SendArgs,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    let (name, text) = read(&args)?;
    let source = Source {
        name: &name,
        text: &text,
    };
    let statement = bound(&source, &args.parameters)?;
    statement::send(&statement, &args.send, |finding, is_grave| {
        let rating = match is_grave {
            true => Rating::Error,
            false => Rating::Warning,
        };
        match only_place(source.text, &finding.message) {
            Some(place) => say::rendered(&source.mark(rating, &finding.message, place)),
            None => say::note(&format!("{}: {}", rating.name(), finding.message)),
        }
    })
    .await
}

fn read(args: &Args) -> Result<(String, String)> {
    match (&args.file, args.sql.as_deref()) {
        (Some(path), _) => send::read(path),
        (None, Some("-") | None) => send::read(Path::new("-")),
        (None, Some(text)) => Ok(("the statement".to_owned(), text.to_owned())),
    }
}

fn bound(source: &Source<'_>, parameters: &[String]) -> Result<Statement> {
    let text = source.text.trim_start_matches('\u{feff}');
    let marked = |error: &ParseError| {
        let offset = source.offset(error.line(), error.column());
        let place = offset..offset + word(&source.text[offset..]);
        Failure::rendered(
            Status::Failed,
            source.mark(Rating::Error, error.message(), place),
        )
    };
    let prepared = Prepared::new(text).map_err(|error| marked(&error))?;
    let given = parameters
        .iter()
        .map(|text| parameter(text))
        .collect::<Result<Vec<_>>>()?;
    let bound = match prepared.parameters().first() {
        Some(Parameter::Number(_)) => prepared.bind(&numbered(given, prepared.parameters().len())?),
        Some(Parameter::Name(_)) => {
            let named: Vec<(&str, Argument)> = given
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            prepared.bind_named(&named)
        }
        None if given.is_empty() => prepared.bind(&[]),
        None => {
            return Err(Failure::usage(
                "the statement has no parameters, and --param gives some",
            ));
        }
    };
    bound.map_err(|error| match error {
        BindError::Statement(error) => marked(&error),
        other => Failure::usage(other.to_string()).hint("--param NAME=VALUE gives one"),
    })
}

/// The place of the name that a finding is about: the last part of the first name in
/// the message, where the text has that word only once. A finding points into the
/// request, which has no places of the text.
fn only_place(text: &str, message: &str) -> Option<Range<usize>> {
    let (_, quoted) = message.split_once(['`', '"'])?;
    let (name, _) = quoted.split_once(['`', '"'])?;
    let name = name.rsplit('.').next().filter(|name| !name.is_empty())?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut places = text.match_indices(name).filter(|(start, _)| {
        let before = text[..*start].chars().next_back();
        let after = text[start + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    });
    match (places.next(), places.next()) {
        (Some((start, _)), None) => Some(start..start + name.len()),
        _ => None,
    }
}

/// Returns the length of the word that begins here, and at least one character.
fn word(text: &str) -> usize {
    let letters = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    match letters.unwrap_or(text.len()) {
        0 => text.chars().next().map_or(0, char::len_utf8),
        length => length,
    }
}

fn parameter(text: &str) -> Result<(String, Argument)> {
    let wrong = || Failure::usage(format!("--param {text}: expected NAME=VALUE or NAME:=JSON"));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => (name, json(name, value)?),
        None => (name, Argument::from(value)),
    };
    if name.is_empty() {
        return Err(wrong());
    }
    Ok((name.trim_start_matches([':', '$']).to_owned(), value))
}

/// A value of JSON. A number is taken from its digits, which a float would round.
fn json(name: &str, text: &str) -> Result<Argument> {
    let wrong = |what: &str| Failure::usage(format!("--param {name}: {what}"));
    let value: &RawValue = serde_json::from_str(text)
        .map_err(|error| wrong(&format!("the value is no JSON: {error}")))?;
    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
        let items = items
            .into_iter()
            .map(|item| scalar(item.get()).map_err(|what| wrong(&what)));
        return Ok(Argument::list(items.collect::<Result<Vec<_>>>()?));
    }
    scalar(value.get()).map_err(|what| wrong(&what))
}

fn scalar(text: &str) -> Result<Argument, String> {
    if text == "null" {
        return Ok(Argument::null());
    }
    if let Ok(value) = serde_json::from_str::<bool>(text) {
        return Ok(Argument::from(value));
    }
    if let Ok(value) = serde_json::from_str::<String>(text) {
        return Ok(Argument::from(value));
    }
    if let Ok(value) = text.parse::<i64>() {
        return Ok(Argument::from(value));
    }
    match text.parse::<f64>() {
        Ok(value) if value.to_string() == text => Ok(Argument::from(value)),
        Ok(_) => Err("the number has another spelling or more digits than can be kept: give it as a text, `name=…`".to_owned()),
        Err(_) => Err("expected a number, a text, `true`, `false`, `null`, or a list of them".to_owned()),
    }
}

/// Arguments by number, each once.
fn numbered(given: Vec<(String, Argument)>, expected: usize) -> Result<Vec<Argument>> {
    let mut numbered: Vec<Option<Argument>> = vec![None; expected];
    for (name, value) in given {
        let place = name
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        match place.and_then(|place| numbered.get_mut(place)) {
            Some(empty @ None) => *empty = Some(value),
            Some(Some(_)) => return Err(Failure::usage(format!("--param {name} is given twice"))),
            None => {
                return Err(Failure::usage(format!(
                    "the statement has no parameter ${name}"
                )));
            }
        }
    }
    let missing = numbered.iter().position(Option::is_none);
    match missing {
        Some(place) => Err(
            Failure::usage(format!("no value for the parameter ${0}", place + 1))
                .hint(format!("--param {}=VALUE gives it", place + 1)),
        ),
        None => Ok(numbered.into_iter().flatten().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_has_a_place_where_its_name_stands_once() {
        let place = |text, message| only_place(text, message).map(|place| &text[place]);
        let sql = "select t.nmae, t.id from media t where t.id = 1 and paid = 'nmae2'";
        assert_eq!(place(sql, "no column `nmae` in `t`"), Some("nmae"));
        assert_eq!(place(sql, "no column `t.nmae`"), Some("nmae"));
        assert_eq!(place(sql, "the text \"nmae2\" is read"), Some("nmae2"));
        assert_eq!(place(sql, "no column `id`"), None, "it stands there twice");
        assert_eq!(place(sql, "no column `x`"), None);
        assert_eq!(place(sql, "no name"), None);
        assert_eq!(place(sql, "``"), None);
    }
}
