//! Comparisons that PostgreSQL refuses, or that are of two columns where a text
//! was hardly meant to be one.

use std::collections::HashMap;

use jsonsql::ast::SqlKind;
use jsonsql::ast::Statement;
use jsonsql::resolve::{ExprKind, Schema, kinds};

/// The operators whose operands have to be of one type.
const COMPARISONS: &[&str] = &["eq", "neq", "lt", "lte", "gt", "gte", "in", "like", "ilike"];

/// A comparison: where its second operand stands, and what is wrong.
pub(super) struct Doubtful {
    pub(super) rule: &'static str,
    pub(super) pointer: String,
    pub(super) message: String,
}

/// Finds doubtful comparisons. `is_string` tells of a pointer whether a JSON string
/// stands there, which a server reads as a column if there is one of that name.
///
/// A text is of the type of what it meets.
pub(super) fn doubtful(
    statement: &Statement,
    schema: &Schema,
    is_string: impl Fn(&str) -> bool,
) -> Vec<Doubtful> {
    let kinds = kinds(statement, schema);
    let by_pointer: HashMap<&str, &ExprKind> = kinds
        .iter()
        .map(|kind| (kind.pointer.as_str(), kind))
        .collect();
    let mut found = Vec::new();
    for second in &kinds {
        let Some((comparison, index)) = second.pointer.rsplit_once('/') else {
            continue;
        };
        let is_compared = comparison
            .rsplit_once('/')
            .is_some_and(|(_, operator)| COMPARISONS.contains(&operator));
        let first = by_pointer.get(format!("{comparison}/0").as_str());
        let Some(first) = first.filter(|_| is_compared && index != "0") else {
            continue;
        };
        let mut report = |rule, message| {
            let pointer = second.pointer.clone();
            found.push(Doubtful {
                rule,
                pointer,
                message,
            });
        };
        if let (Some(one), Some(other)) = (first.kind, second.kind)
            && class(one) != class(other)
        {
            report(
                "types",
                format!("{one} is compared with {other}, which PostgreSQL refuses"),
            );
        }
        let is_column =
            |kind: &ExprKind| !kind.literal && kind.kind.is_some() && is_string(&kind.pointer);
        if is_column(first) && is_column(second) {
            report(
                "text-is-column",
                "this text is read as the column of that name: two columns are compared".to_owned(),
            );
        }
    }
    found
}

/// The types that compare with each other.
fn class(kind: SqlKind) -> SqlKind {
    match kind {
        SqlKind::SmallInt | SqlKind::Int | SqlKind::BigInt | SqlKind::Numeric => SqlKind::Float,
        SqlKind::Date | SqlKind::TimestampTz => SqlKind::Timestamp,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use jsonsql::ast::Method;
    use jsonsql::sql::parse;

    use super::*;
    use crate::knowledge::known;

    fn messages(condition: &str) -> Vec<String> {
        let sql = format!("SELECT s.id FROM subscriber s, terminal t WHERE {condition}");
        let found = doubtful(&parse(&sql).expect("SQL"), &known(), |_| false);
        found.into_iter().map(|doubtful| doubtful.message).collect()
    }

    #[test]
    fn values_of_two_types_are_found_and_texts_take_the_others() {
        let expected = ["text is compared with integer, which PostgreSQL refuses"];
        assert_eq!(messages("s.username = 12345"), expected);
        assert_eq!(messages("s.username in ('a', 12345)"), expected);
        assert_eq!(
            messages("s.disabled = 1"),
            ["boolean is compared with integer, which PostgreSQL refuses"]
        );
        assert_eq!(messages("t.mac_addr = s.username").len(), 1);
        for fitting in [
            "s.username = '12345'",
            "s.id = '7'",
            "s.id = 7",
            "s.id = 7.5",
            "s.disabled = true",
            "t.subscriber_id = s.id",
            "s.id = 7 and s.username = 'x'",
        ] {
            assert!(messages(fitting).is_empty(), "{fitting}");
        }
    }

    #[test]
    fn a_text_that_is_spelt_like_a_column_is_found() {
        let found = |second: &str| {
            let params = format!(
                r#"{{"data":["id"],"from":"subscriber","where":{{"eq":["username",{second}]}}}}"#
            );
            let statement =
                Statement::from_json(Method::Select, params.as_bytes()).expect("a request");
            doubtful(&statement, &known(), |_| true).len()
        };
        assert_eq!(found("\"email\""), 1);
        assert_eq!(found("\"12345\""), 0);
    }
}
