//! Passwords and session ids, taken out of what is shown.
//!
//! A member is secret by its [name](is_secret). In a statement a value is secret by the
//! column that it meets: that of an insert by its position, that of a comparison
//! beside the column ([`positions`](super::positions) has the answers'). In doubt more is taken out than has to be.

use jsonsql::schema::is_secret;

use super::document::Json;

/// The text in place of a secret.
pub(super) const MARK: &str = "[redacted]";

/// The length from which a secret is looked for in other texts.
const SEARCHED: usize = 3;

/// Members of a statement whose lists have nothing to do with each other.
const APART: [&str; 12] = [
    "data",
    "columns",
    "returning",
    "order_by",
    "group_by",
    "from",
    "join",
    "and",
    "or",
    "not",
    "values",
    "params",
];

/// The secrets that were taken out of a request.
#[derive(Debug, Default)]
pub(super) struct Found(Vec<String>);

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, secret: String) {
        if secret != MARK {
            self.0.push(secret);
        }
    }

    /// Returns the text without any of the secrets in it.
    pub(super) fn removed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.0.iter().filter(|secret| secret.len() >= SEARCHED) {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), MARK);
            }
        }
        text
    }

    /// Takes the secrets out of all texts of an answer.
    pub(super) fn remove_from(&self, json: &mut Json) {
        match json {
            Json::Text(text) => *text = self.removed(text),
            Json::Plain(plain) if self.0.iter().any(|secret| secret == plain) => {
                *json = Json::Text(MARK.to_owned());
            }
            Json::Plain(_) => {}
            Json::List(items) => items.iter_mut().for_each(|item| self.remove_from(item)),
            Json::Object(members) => members
                .iter_mut()
                .for_each(|(_, value)| self.remove_from(value)),
        }
    }
}

/// Takes the secrets out of a JSON document, a request or an answer.
pub(super) fn redact(json: &mut Json) -> Found {
    let mut found = Found::default();
    walk(json, None, &mut found);
    found
}

/// Takes the secrets out of the fields of a form or a query string.
pub(super) fn redact_form(text: &str) -> (String, Found) {
    let mut found = Found::default();
    let mut fields = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if is_secret(&name) && !value.is_empty() {
            found.add(value.into_owned());
            fields.append_pair(&name, MARK);
        } else {
            fields.append_pair(&name, &value);
        }
    }
    match found.is_empty() && !text.contains(MARK) {
        // As it was spelt.
        true => (text.to_owned(), found),
        false => (fields.finish(), found),
    }
}

/// Returns `true` if a secret column is named anywhere in it.
pub(super) fn mentions(json: &Json) -> bool {
    match json {
        Json::Plain(_) => false,
        Json::Text(text) => is_secret(text.rsplit('.').next().unwrap_or_default()),
        Json::List(items) => items.iter().any(mentions),
        Json::Object(members) => members.iter().any(|(_, value)| mentions(value)),
    }
}

/// Takes out every text and number.
pub(super) fn blank(json: &mut Json, found: &mut Found) {
    match json {
        Json::Plain(plain) if matches!(&**plain, "true" | "false" | "null") => {}
        Json::Plain(plain) => {
            found.add(std::mem::take(plain));
            *json = Json::Text(MARK.to_owned());
        }
        Json::Text(text) => found.add(std::mem::replace(text, MARK.to_owned())),
        Json::List(items) => items.iter_mut().for_each(|item| blank(item, found)),
        Json::Object(members) => {
            for (name, value) in members {
                if name != "function" {
                    blank(value, found);
                }
            }
        }
    }
}

fn walk(json: &mut Json, member: Option<&str>, found: &mut Found) {
    match json {
        Json::Plain(_) | Json::Text(_) => {}
        Json::List(items) => {
            let is_apart = member.is_none_or(|member| APART.contains(&member));
            let is_mentioned = !is_apart && items.iter().any(mentions);
            for item in items {
                match is_mentioned && !mentions(item) && !is_column(item) {
                    true => blank(item, found),
                    false => walk(item, None, found),
                }
            }
        }
        Json::Object(members) => {
            let columns = members.iter().find(|(name, _)| name == "columns");
            let columns: Option<Vec<bool>> = columns
                .and_then(|(_, columns)| columns.list())
                .map(|columns| columns.iter().map(mentions).collect());
            for (name, value) in members {
                if is_secret(name) {
                    blank(value, found);
                    continue;
                }
                if let (Some(columns), "values" | "select" | "data") = (&columns, &**name) {
                    inserted(value, columns, found);
                }
                walk(value, Some(name.as_str()), found);
            }
        }
    }
}

/// Takes out what an insert writes into secret columns.
fn inserted(values: &mut Json, columns: &[bool], found: &mut Found) {
    if !columns.contains(&true) {
        return;
    }
    let Json::List(rows) = values else {
        return blank_texts(values, found);
    };
    if rows.iter().all(|row| matches!(row, Json::List(_))) {
        for row in rows {
            if let Json::List(row) = row {
                one_row(row, columns, found);
            }
        }
    } else {
        one_row(rows, columns, found);
    }
}

fn one_row(row: &mut [Json], columns: &[bool], found: &mut Found) {
    // Of a row that does not fit its columns nothing says which value is which.
    let is_whole = row.len() != columns.len();
    for (index, value) in row.iter_mut().enumerate() {
        if is_whole || columns[index] {
            blank(value, found);
        }
    }
}

/// Takes the texts out of the select of an insert, which has the values in
/// places of its own.
fn blank_texts(json: &mut Json, found: &mut Found) {
    match json {
        Json::Object(members) => {
            for (name, value) in members {
                match &**name {
                    "data" | "where" | "values" => blank(value, found),
                    _ => blank_texts(value, found),
                }
            }
        }
        Json::List(items) => items.iter_mut().for_each(|item| blank_texts(item, found)),
        Json::Plain(_) | Json::Text(_) => {}
    }
}

/// Returns `true` for `{alias: column}`.
fn is_column(json: &Json) -> bool {
    match json {
        Json::Object(members) => matches!(&members[..], [(_, Json::Text(_))]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let mut json = Json::parse(text).unwrap();
        redact(&mut json);
        json.compact()
    }

    #[test]
    fn secrets_are_taken_out_wherever_they_stand() {
        for request in [
            r#"{"params": {"username": "u", "password": "hunter2"}}"#,
            r#"{"columns": ["username", "password"], "values": [["u", "hunter2"], ["v", 7234]]}"#,
            r#"{"columns": ["username", "password"], "values": ["u", "hunter2"]}"#,
            r#"{"columns": ["password"], "values": [[{"function": "md5", "args": ["hunter2"]}]]}"#,
            r#"{"columns": ["password"], "values": {"data": ["hunter2"], "from": "media"}}"#,
            r#"{"set": {"password": "hunter2", "email": "e"}}"#,
            r#"{"where": {"and": [{"eq": ["username", "u"]}, {"eq": ["password", "hunter2"]}]}}"#,
            r#"{"where": {"in": [{"s": "password"}, "hunter2", "u"]}}"#,
            r#"{"where": {"eq": [{"function": "lower", "args": ["password"]}, "hunter2"]}}"#,
            r#"{"where": {"eq": ["s.password", {"function": "md5", "args": "hunter2"}]}}"#,
            r#"{"result": {"session_id": "hunter2"}}"#,
            r#"{"pin": 7234}"#,
        ] {
            let shown = redacted(request);
            assert!(
                !shown.contains("hunter2") && !shown.contains("7234"),
                "{shown}"
            );
            assert!(shown.contains(MARK), "{shown}");
        }
        let plain = r#"{"data": ["username"], "where": {"eq": ["username", "hunter2"]}}"#;
        assert_eq!(redacted(plain), plain);
        let apart = redacted(
            r#"{"where": {"and": [{"eq": ["username", "u"]}, {"is": ["password", null]}]}}"#,
        );
        assert!(apart.contains("\"u\"") && apart.contains("null"), "{apart}");
    }

    #[test]
    fn fields_of_forms_are_taken_out_and_found_again_in_answers() {
        let (form, found) = redact_form("login=u&password=hunter2&x=%20");
        assert_eq!(form, "login=u&password=%5Bredacted%5D&x=+");
        assert_eq!(found.removed("no hunter2 here"), "no [redacted] here");
        assert_eq!(redact_form("a=b%20c").0, "a=b%20c");
    }
}
