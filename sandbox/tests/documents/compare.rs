//! The places in which one JSON value is not another.

use serde_json::{Map, Value};

/// A place, and what is there.
#[derive(Debug, PartialEq)]
pub(crate) struct Found {
    /// A JSON pointer.
    pub(crate) at: String,
    pub(crate) what: What,
}

#[derive(Debug, PartialEq)]
pub(crate) enum What {
    /// A value that is not the printed one.
    Value(Value),
    /// The printed number, as a text.
    Text(String),
    /// Members that are not printed.
    More(Vec<String>),
    /// An element that is not printed.
    Element,
    /// Nothing, and something is printed.
    Absent,
}

/// Compares an answer with the printed one.
pub(crate) fn differences(printed: &Value, answered: &Value) -> Vec<Found> {
    let mut found = Vec::new();
    compare(printed, answered, "", &mut found);
    found
}

fn compare(printed: &Value, answered: &Value, at: &str, found: &mut Vec<Found>) {
    match (printed, answered) {
        (Value::Object(printed), Value::Object(answered)) => {
            members(printed, answered, at, found);
        }
        (Value::Array(printed), Value::Array(answered)) => {
            for index in 0..printed.len().max(answered.len()) {
                let at = format!("{at}/{index}");
                match (printed.get(index), answered.get(index)) {
                    (Some(printed), Some(answered)) => compare(printed, answered, &at, found),
                    (Some(_), None) => found.push(Found {
                        at,
                        what: What::Absent,
                    }),
                    _ => found.push(Found {
                        at,
                        what: What::Element,
                    }),
                }
            }
        }
        _ if printed == answered => {}
        (Value::Number(number), Value::String(text)) if number.to_string() == *text => {
            found.push(Found {
                at: at.to_owned(),
                what: What::Text(text.clone()),
            });
        }
        _ => found.push(Found {
            at: at.to_owned(),
            what: What::Value(answered.clone()),
        }),
    }
}

fn members(
    printed: &Map<String, Value>,
    answered: &Map<String, Value>,
    at: &str,
    found: &mut Vec<Found>,
) {
    for (name, value) in printed {
        let at = format!("{at}/{name}");
        match answered.get(name) {
            Some(answered) => compare(value, answered, &at, found),
            None => found.push(Found {
                at,
                what: What::Absent,
            }),
        }
    }
    let more = answered.keys().filter(|name| !printed.contains_key(*name));
    let more: Vec<String> = more.cloned().collect();
    if !more.is_empty() {
        found.push(Found {
            at: at.to_owned(),
            what: What::More(more),
        });
    }
}

#[test]
fn every_kind_of_difference_is_found() {
    let printed = serde_json::json!({"a": 1, "b": [1, 2], "c": {"d": null}, "e": 0, "h": true});
    let answered =
        serde_json::json!({"a": "1", "b": [1], "c": {"d": null, "f": 1}, "g": [3], "h": 1});
    let found = differences(&printed, &answered);
    let found: Vec<(&str, &What)> = found.iter().map(|f| (f.at.as_str(), &f.what)).collect();
    assert_eq!(
        found,
        [
            ("/a", &What::Text("1".to_owned())),
            ("/b/1", &What::Absent),
            ("/c", &What::More(vec!["f".to_owned()])),
            ("/e", &What::Absent),
            ("/h", &What::Value(1.into())),
            ("", &What::More(vec!["g".to_owned()])),
        ]
    );
    let longer = differences(&serde_json::json!([]), &serde_json::json!([1]));
    assert_eq!(longer[0].what, What::Element);
}
