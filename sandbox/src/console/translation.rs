//! A statement in both languages, with what is wrong in it.

use jsonsql::ast::{Method, Statement};
use jsonsql::resolve::{Schema, resolve, validate};
use jsonsql::sql;

use super::document::Json;
use super::places;
use super::visible::is_hidden;

/// A text in lines, and findings beside them.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) lines: Vec<String>,
    pub(super) findings: Vec<Beside>,
}

/// A finding beside a line.
#[derive(Clone)]
pub(super) struct Beside {
    /// The index of the line.
    pub(super) line: usize,
    pub(super) message: String,
    /// The part of `params` that it is about, a JSON pointer.
    pointer: String,
    /// The column, the text or the number that it is about, if it is about one.
    name: Option<String>,
    /// `true` if a server would refuse the statement.
    pub(super) is_error: bool,
}

/// A statement in both languages.
#[derive(Default)]
pub(super) struct Translation {
    /// The SQL; empty if there is none.
    pub(super) sql: String,
    /// The JSON-RPC request; empty if there is none.
    pub(super) request: String,
    /// The SQL in lines, with the problem that it could not be read for.
    pub(super) sql_lines: Listing,
    /// The request in lines, with the findings of the linter.
    pub(super) request_lines: Listing,
    /// `true` if the statement was read.
    pub(super) is_read: bool,
}

/// Translates SQL to JSONSQL.
pub(super) fn from_sql(text: &str, schema: &Schema) -> Translation {
    let mut translation = Translation {
        sql: text.to_owned(),
        ..Translation::default()
    };
    match sql::parse(text) {
        Ok(statement) => {
            translation.request_of(&statement, schema);
            translation.sql_lines = listing(text);
            translation.sql_lines.findings = translation
                .placed(|beside| places::in_sql(text, &beside.pointer, beside.name.as_deref()));
        }
        Err(error) => {
            translation.sql_lines = listing(text);
            translation.sql_lines.findings.push(Beside {
                line: error.line().saturating_sub(1),
                message: format!("{}, at column {}", error.message(), error.column()),
                pointer: String::new(),
                name: None,
                is_error: true,
            });
        }
    }
    translation
}

/// Translates a JSON-RPC request to SQL.
pub(super) fn from_request(text: &str, schema: &Schema) -> Translation {
    let mut translation = Translation {
        request: text.to_owned(),
        request_lines: listing(text),
        ..Translation::default()
    };
    match read(text) {
        Ok(statement) => {
            translation.request_of(&statement, schema);
            translation.request = text.to_owned();
            translation.request_lines = Listing {
                lines: listing(text).lines,
                findings: translation.placed(|beside| places::in_request(text, &beside.pointer)),
            };
            let mut decided = statement;
            // What it finds is among the findings of the linter.
            let _ = resolve(&mut decided, schema);
            translation.sql = format!("{decided:#}");
            translation.sql_lines = listing(&translation.sql);
        }
        Err(beside) => translation.request_lines.findings.push(beside),
    }
    translation
}

impl Translation {
    fn request_of(&mut self, statement: &Statement, schema: &Schema) {
        let params = serde_json::to_string(statement).ok();
        let Some(params) = params.as_deref().and_then(Json::parse) else {
            self.request_lines.findings.push(Beside {
                line: 0,
                message: "the protocol cannot say this statement".to_owned(),
                pointer: String::new(),
                name: None,
                is_error: true,
            });
            return;
        };
        let text = |text: &str| Json::Text(text.to_owned());
        let lines = Json::Object(vec![
            ("jsonrpc".to_owned(), text("2.0")),
            ("id".to_owned(), Json::Plain("1".to_owned())),
            ("method".to_owned(), text(statement.method().as_str())),
            ("params".to_owned(), params.clone()),
        ])
        .lines();
        let findings = validate(statement, schema);
        let findings = findings.into_iter().map(|finding| Beside {
            line: lines.line_of(&format!("/params{}", finding.pointer)),
            name: params.part(&finding.pointer).and_then(named),
            is_error: finding.kind.is_error(),
            message: finding.message,
            pointer: finding.pointer,
        });
        self.request_lines.findings = findings.collect();
        self.request = lines.lines.join("\n");
        self.request_lines.lines = lines.lines;
        self.is_read = true;
    }
}

impl Translation {
    /// The findings, each on the line of the text as it was written.
    fn placed(&self, line: impl Fn(&Beside) -> usize) -> Vec<Beside> {
        let found = self.request_lines.findings.iter();
        let placed = found.map(|beside| Beside {
            line: line(beside),
            ..beside.clone()
        });
        placed.collect()
    }
}

fn read(text: &str) -> Result<Statement, Beside> {
    let problem = |line: usize, message: String| Beside {
        line,
        message,
        pointer: String::new(),
        name: None,
        is_error: true,
    };
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        return Err(problem(
            error.line().saturating_sub(1),
            format!("not JSON: {error}"),
        ));
    }
    let request =
        Json::parse(text).ok_or_else(|| problem(0, "the request nests too deep".to_owned()))?;
    let method = request.member("method").and_then(Json::text);
    let method = method.and_then(Method::from_name).ok_or_else(|| {
        let message = "expected a request, {\"method\": …, \"params\": …}, with the method \
                       \"select\", \"insert\", \"update\" or \"delete\"";
        problem(0, message.to_owned())
    })?;
    let params = request
        .member("params")
        .ok_or_else(|| problem(0, "the request has no `params`".to_owned()))?;
    Statement::from_json(method, params.compact().as_bytes()).map_err(|error| {
        problem(
            places::in_request(text, error.pointer()),
            error.message().to_owned(),
        )
    })
}

/// The name of the column, the text or the number that a finding is about.
fn named(part: &Json) -> Option<String> {
    match part {
        Json::Text(name) | Json::Plain(name) => Some(name.clone()),
        Json::Object(members) => match &members[..] {
            [(_, Json::Text(name))] => Some(name.clone()),
            _ => None,
        },
        Json::List(_) => None,
    }
}

fn listing(text: &str) -> Listing {
    Listing {
        lines: text.lines().map(str::to_owned).collect(),
        findings: Vec::new(),
    }
}

/// Returns `true` if there are characters in a text that are not seen.
pub(super) fn has_hidden(text: &str) -> bool {
    text.chars().any(|c| is_hidden(c) && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Catalog, portal};

    #[test]
    fn findings_stand_beside_their_lines() {
        let schema = Catalog::new(portal()).schema;
        let from_sql = from_sql(
            "select username, email\nfrom subscriber\nwhere nmae = 'x'",
            &schema,
        );
        assert!(from_sql.is_read);
        let finding = &from_sql.request_lines.findings[0];
        assert!(from_sql.request_lines.lines[finding.line].contains("nmae"));
        assert_eq!(from_sql.sql_lines.findings[0].line, 2);
        let back = from_request(&from_sql.request, &schema);
        assert!(back.sql.contains("nmae"), "{}", back.sql);

        let refused = super::from_sql("select id\nfrom media\nwhere port::text = '80'", &schema);
        assert_eq!(refused.sql_lines.findings[0].line, 2);
        let refused = from_request("{\n\"method\": \n}", &schema);
        assert_eq!(refused.request_lines.findings[0].line, 2);
        assert!(from_request("[]", &schema).request_lines.findings[0].is_error);
    }
}
