//! The secret columns of the answer to a statement.

use jsonsql::resolve::Schema;
use jsonsql::schema::is_secret;

use super::document::Json;
use super::secrets::{self, Found, mentions};

/// The part of an answer's rows that is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Secret {
    Nothing,
    /// The values at these indexes of each row.
    Columns(Vec<usize>),
    /// Every value: nothing says which are.
    Everything,
}

/// Takes the secrets out of the answer to a request.
pub(super) fn redact_answer(answer: &mut Json, request: &Json, schema: &Schema) {
    let secret = match request.list() {
        // Answers of a batch come in any order.
        Some(calls) => match calls
            .iter()
            .all(|call| of_call(call, schema) == Secret::Nothing)
        {
            true => Secret::Nothing,
            false => Secret::Everything,
        },
        None => of_call(request, schema),
    };
    match &mut *answer {
        Json::List(answers) => answers
            .iter_mut()
            .for_each(|one| redact_result(one, &secret)),
        one => redact_result(one, &secret),
    }
    secrets::redact(answer);
}

fn redact_result(answer: &mut Json, secret: &Secret) {
    let Json::Object(members) = answer else {
        return;
    };
    let results = members.iter_mut().filter(|(name, _)| name == "result");
    let mut found = Found::default();
    for (_, result) in results {
        match (secret, result) {
            (Secret::Nothing, _) => {}
            (Secret::Columns(columns), Json::List(rows)) => {
                for row in rows {
                    match row {
                        Json::List(row) => {
                            let values = row.iter_mut().enumerate();
                            let secret = values.filter(|(index, _)| columns.contains(index));
                            secret.for_each(|(_, value)| secrets::blank(value, &mut found));
                        }
                        value => secrets::blank(value, &mut found),
                    }
                }
            }
            (_, result) => secrets::blank(result, &mut found),
        }
    }
}

fn of_call(call: &Json, schema: &Schema) -> Secret {
    let Some(params) = call.member("params") else {
        return Secret::Nothing;
    };
    // A select in FROM can give a column another name.
    if params
        .member("from")
        .is_some_and(|from| from.text().is_none() && mentions(from))
    {
        return Secret::Everything;
    }
    let selected = params.member("data").or_else(|| params.member("returning"));
    let items = match selected {
        None => return Secret::Nothing,
        Some(Json::List(items)) => items,
        Some(Json::Text(star)) if star == "*" => return of_star(params, schema),
        Some(single) => {
            return match mentions(single) {
                true => Secret::Everything,
                false => Secret::Nothing,
            };
        }
    };
    if items.iter().any(is_star) {
        return match items.len() {
            1 => of_star(params, schema),
            _ if of_star(params, schema) == Secret::Nothing && !items.iter().any(mentions) => {
                Secret::Nothing
            }
            _ => Secret::Everything,
        };
    }
    let secret = items.iter().enumerate().filter(|(_, item)| mentions(item));
    of_indexes(secret.map(|(index, _)| index).collect())
}

fn of_indexes(indexes: Vec<usize>) -> Secret {
    match indexes.is_empty() {
        true => Secret::Nothing,
        false => Secret::Columns(indexes),
    }
}

/// Returns `true` for `"*"` and `{alias: "*"}`.
fn is_star(item: &Json) -> bool {
    match item {
        Json::Text(text) => text == "*",
        Json::Object(members) => matches!(&members[..], [(_, Json::Text(star))] if star == "*"),
        _ => false,
    }
}

/// The secret columns among all of a table.
fn of_star(params: &Json, schema: &Schema) -> Secret {
    let named = ["from", "into", "table"];
    let source = named.iter().find_map(|member| params.member(member));
    let name = match source {
        Some(Json::Text(name)) => Some(name.as_str()),
        Some(source @ Json::Object(_)) => source.member("table").and_then(Json::text),
        _ => None,
    };
    let Some(table) = name.and_then(|name| schema.table(name)) else {
        return Secret::Everything;
    };
    let columns = table.columns.iter().enumerate();
    let secret = columns.filter(|(_, column)| is_secret(&column.name));
    of_indexes(secret.map(|(index, _)| index).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Catalog, portal};

    fn shown(params: &str, answer: &str) -> String {
        let request = Json::parse(&format!(r#"{{"method": "select", "params": {params}}}"#));
        let mut answer = Json::parse(answer).unwrap();
        redact_answer(
            &mut answer,
            &request.unwrap(),
            &Catalog::new(portal()).schema,
        );
        answer.compact()
    }

    #[test]
    fn secret_columns_are_found_however_they_are_selected() {
        let rows = r#"{"result": [["u", "hunter2"]]}"#;
        for params in [
            r#"{"data": ["username", "password"], "from": "subscriber"}"#,
            r#"{"data": ["username", {"s": "password"}], "from": {"table": "subscriber", "as": "s"}}"#,
            r#"{"data": ["a", "b"], "from": {"select": {"data": [{"s": "password", "as": "b"}]}, "as": "q"}}"#,
            r#"{"data": ["username", {"function": "lower", "args": ["password"]}], "from": "subscriber"}"#,
        ] {
            assert!(!shown(params, rows).contains("hunter2"), "{params}");
        }
        let flat = r#"{"result": ["hunter2"]}"#;
        assert!(!shown(r#"{"data": "password", "from": "subscriber"}"#, flat).contains("hunter2"));
        let star = r#"{"result": [[1, 1, "u", "hunter2", false]]}"#;
        for data in [r#""*""#, r#"["*"]"#] {
            let shown = shown(
                &format!(r#"{{"data": {data}, "from": "subscriber"}}"#),
                star,
            );
            assert!(
                shown.contains("\"u\"") && !shown.contains("hunter2"),
                "{shown}"
            );
        }
        let plain = shown(
            r#"{"data": ["username", "email"], "from": "subscriber"}"#,
            rows,
        );
        assert!(plain.contains("hunter2"));
    }
}
