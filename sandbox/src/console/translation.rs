//! A statement in both languages, with what is wrong in it.

use jsonsql::ast::{Method, Statement};
use jsonsql::resolve::{Schema, resolve, validate};
use jsonsql::sql;

use super::document::Json;
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
    /// The column or the text that it is about, if it is about one.
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
            translation.sql_lines = listing(text);
            translation.request_of(&statement, schema);
            let found = translation.request_lines.findings.iter();
            let placed = found.filter_map(|beside| {
                Some(Beside {
                    line: line_of_word(text, beside.name.as_deref()?)?,
                    ..beside.clone()
                })
            });
            translation.sql_lines.findings = placed.collect();
        }
        Err(error) => {
            translation.sql_lines = listing(text);
            translation.sql_lines.findings.push(Beside {
                line: error.line().saturating_sub(1),
                message: format!("{}, at column {}", error.message(), error.column()),
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
            // In the canonical spelling, into which findings point.
            translation.request_of(&statement, schema);
            translation.request = text.to_owned();
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
        });
        self.request_lines.findings = findings.collect();
        self.request = lines.lines.join("\n");
        self.request_lines.lines = lines.lines;
        self.is_read = true;
    }
}

fn read(text: &str) -> Result<Statement, Beside> {
    let problem = |line: usize, message: String| Beside {
        line,
        message,
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
            line_of(text, &request, error.pointer()),
            error.message().to_owned(),
        )
    })
}

/// The line of the text in which a part of `params` stands, if the text is in the
/// spelling that is shown; otherwise the first.
fn line_of(text: &str, request: &Json, pointer: &str) -> usize {
    let lines = request.lines();
    match lines.lines.iter().map(String::as_str).eq(text.lines()) {
        true => lines.line_of(&format!("/params{pointer}")),
        false => 0,
    }
}

/// The name of the column or the text that a finding is about.
fn named(part: &Json) -> Option<String> {
    match part {
        Json::Text(name) => Some(name.clone()),
        Json::Object(members) => match &members[..] {
            [(_, Json::Text(name))] => Some(name.clone()),
            _ => None,
        },
        Json::Plain(_) | Json::List(_) => None,
    }
}

/// The line of a text in which a word stands, if it stands there once. A finding
/// points into the request, which has no places of the SQL.
fn line_of_word(text: &str, word: &str) -> Option<usize> {
    let mut found = text.lines().enumerate().flat_map(|(line, text)| {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.filter(|one| *one == word).map(move |_| line)
    });
    match (found.next(), found.next()) {
        (Some(line), None) => Some(line),
        _ => None,
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
        assert_eq!(line_of_word("a\na", "a"), None);
        let back = from_request(&from_sql.request, &schema);
        assert!(back.sql.contains("nmae"), "{}", back.sql);

        let refused = super::from_sql("select id\nfrom media\nwhere port::text = '80'", &schema);
        assert_eq!(refused.sql_lines.findings[0].line, 2);
        let refused = from_request("{\n\"method\": \n}", &schema);
        assert_eq!(refused.request_lines.findings[0].line, 2);
        assert!(from_request("[]", &schema).request_lines.findings[0].is_error);
    }
}
