//! What must not be shown, taken out of what the server says.
//!
//! Servers repeat what they were sent: PostgreSQL quotes the text it could not
//! read and the row it could not insert, a login page the name it did not know.

use jsonsql::ast;
use jsonsql::resolve::{Schema, resolve};
use jsonsql::sql::{Flavor, Sql};

/// Known texts that must not be shown.
pub(crate) struct Secrets<'a> {
    /// Not shown anywhere, not even inside a word.
    pub(crate) keys: &'a [&'a str],
    /// Statements whose texts are not shown as words.
    pub(crate) statements: &'a [&'a ast::Statement],
}

impl Secrets<'_> {
    /// The message without them.
    pub(crate) fn hide(&self, message: &str) -> String {
        let mut message = message.to_owned();
        for key in self.keys {
            message = replace(&message, key, key.len() < 6);
        }
        for text in self.statements.iter().flat_map(|s| texts(s)) {
            message = replace(&message, &text, true);
        }
        without_values(&message)
    }
}

/// The texts of a statement. Those of one that was parsed, not built, cannot be
/// told from columns: to a schema without any they are all texts.
fn texts(statement: &ast::Statement) -> Vec<String> {
    let texts = |sql: Sql| sql.parameters;
    Sql::of(statement, Flavor::Postgres).map_or_else(
        |_| {
            let mut decided = statement.clone();
            // What is missed of a schema without tables is every table.
            let _ = resolve(&mut decided, &Schema::new([]));
            Sql::of(&decided, Flavor::Postgres).map_or_else(|_| Vec::new(), texts)
        },
        texts,
    )
}

/// Replaces a text by `?`; `words` leaves it where it is part of a word.
fn replace(message: &str, text: &str, words: bool) -> String {
    if text.is_empty() {
        return message.to_owned();
    }
    let mut shown = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(text) {
        let (before, found) = rest.split_at(at);
        let after = &found[text.len()..];
        let inside_a_word = before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
            && text.starts_with(char::is_alphanumeric)
            || after.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric);
        shown.push_str(before);
        if words && inside_a_word {
            shown.push_str(text);
        } else {
            shown.push('?');
        }
        rest = after;
    }
    shown + rest
}

/// Takes out the rows PostgreSQL quotes: `Key (a, b)=(1, x) already exists`,
/// `Failing row contains (1, x)`.
fn without_values(message: &str) -> String {
    let mut shown = message.to_owned();
    for opening in [")=(", "contains ("] {
        let mut from = 0;
        while let Some(at) = shown[from..].find(opening) {
            let start = from + at + opening.len();
            let line = shown[start..]
                .find('\n')
                .map_or(shown.len(), |end| start + end);
            // To the line's last parenthesis, for a value may have one in it.
            let end = shown[start..line]
                .rfind(')')
                .map_or(line, |end| start + end);
            shown.replace_range(start..end, "?");
            from = start;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_everywhere_and_rows_are_not_quoted() {
        let secrets = Secrets {
            keys: &["s3cret-password", "a"],
            statements: &[],
        };
        assert_eq!(secrets.hide("bad:s3cret-passwords a far"), "bad:?s ? far");
        assert_eq!(
            secrets.hide("DETAIL: Key (domain_id, username)=(1, O'Neill (2)) already exists.\nX"),
            "DETAIL: Key (domain_id, username)=(?) already exists.\nX"
        );
        assert_eq!(
            secrets.hide("Failing row contains (1, null, x"),
            "Failing row contains (?"
        );
    }
}
