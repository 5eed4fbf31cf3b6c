//! Values that are left as text, and decoded later.

use jsonsql::row::{Cells, Row, RowError, decode, decode_values};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `W` values that are decoded later, and one that is read.
#[derive(Debug, PartialEq)]
struct Later<'de, const W: usize> {
    values: &'de str,
    key: i64,
}

impl<'de, const W: usize> Row<'de> for Later<'de, W> {
    const WIDTH: usize = W + 1;

    fn decode(cells: &mut Cells<'de>) -> Result<Self, RowError> {
        Ok(Later {
            values: cells.raw(W)?,
            key: cells.required("key")?,
        })
    }
}

fn texts<const W: usize>(json: &str) -> Result<Vec<(&str, i64)>, String> {
    let rows = decode::<Later<'_, W>>(json.as_bytes()).map_err(|error| error.to_string())?;
    Ok(rows.into_iter().map(|row| (row.values, row.key)).collect())
}

#[test]
fn the_text_is_that_of_the_values_and_no_more() {
    assert_eq!(
        texts::<2>(r#"[[ "a,]\"" , [1, {"b": "]"}] , 7 ],[-1.5e3,null,8]]"#),
        Ok(vec![
            (r#""a,]\"" , [1, {"b": "]"}]"#, 7),
            ("-1.5e3,null", 8)
        ])
    );
    assert_eq!(texts::<0>("[[7], [8]]"), Ok(vec![("", 7), ("", 8)]));
    // What an escape stands for is a matter of whoever reads it.
    assert_eq!(
        texts::<1>(r#"[["\ud800", 7]]"#),
        Ok(vec![(r#""\ud800""#, 7)])
    );
}

#[test]
fn what_is_not_there_or_no_json_is_an_error_with_its_place() {
    for (json, message) in [
        (
            "[[1, 2, 7], [1]]",
            "row 1, value 1: expected a value, found the end of the row",
        ),
        (
            "[[1, 2]]",
            "row 0, value 2 (`key`): expected a 64-bit integer, found the end of the row",
        ),
        (
            "[[1, 2, 7, 8]]",
            "row 0, value 3: expected the end of the row, found one more value",
        ),
        (
            "[[]]",
            "row 0, value 0: expected a value, found the end of the row",
        ),
        (
            "[7]",
            "row 0, value 0: expected a row, a list of values, found one value",
        ),
    ] {
        assert_eq!(texts::<2>(json), Err(message.to_owned()), "{json}");
    }
    for json in [
        r#"[["a, 2, 7]]"#,
        r#"[["\x", 2, 7]]"#,
        "[[1 2, 7]]",
        "[[01, 2, 7]]",
        "[[nil, 2, 7]]",
        "[[1,",
    ] {
        let message = texts::<2>(json).unwrap_err();
        assert!(message.starts_with("row 0, value "), "{json}: {message}");
        assert!(message.contains(" at line 1 column "), "{json}: {message}");
    }
}

#[test]
fn an_error_of_values_has_the_number_of_their_row() {
    let message = |values, row| {
        decode_values::<(i64, bool)>(values, row)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message(r#"1, "maybe""#, 41),
        "row 41, value 1: expected a boolean, found a text"
    );
    assert_eq!(
        message("1 ", 3),
        "row 3, value 1: expected a value, found the end of the row"
    );
    assert_eq!(
        message("1, true, 3", 3),
        "row 3, value 2: expected the end of the row, found one more value"
    );
    assert_eq!(
        message("1, tr", 3),
        "row 3, value 1: expected JSON values with commas between them"
    );
    assert_eq!(
        message("1], true", 3),
        "row 3, value 1: expected a boolean, found the end of the row"
    );
    assert_eq!(decode_values::<i64>(" 7 ", 0), Ok(7));
    assert!(decode_values::<i64>("", 0).is_err());
}

/// A value of a row, and blanks as servers do not write them.
fn value() -> impl Strategy<Value = (Value, &'static str)> {
    let value = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-я\"\\\\\\[\\],{}]{0,8}".prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!([1, {"a": ["]"]}])),
    ];
    (value, prop::sample::select(vec!["", " ", "\n\t"]))
}

proptest! {
    /// Whatever a row has, its values are the same decoded at once and later.
    #[test]
    fn values_are_the_same_decoded_later(
        rows in prop::collection::vec(([value(), value(), value()], any::<i64>()), 0..6),
        ascii in any::<bool>(),
    ) {
        type Values = (Kept, Kept, Kept);
        let rows: Vec<String> = rows
            .iter()
            .map(|(values, key)| {
                let values = values.iter().map(|(value, blank)| format!("{blank}{value}{blank}"));
                format!("[{},{key}]", values.collect::<Vec<_>>().join(","))
            })
            .collect();
        let mut json = format!("[{}]", rows.join(","));
        if ascii {
            json = json.chars().map(escaped).collect();
        }
        let at_once: Vec<(Values, i64)> = decode(json.as_bytes()).unwrap();
        let later: Vec<Later<'_, 3>> = decode(json.as_bytes()).unwrap();
        let later: Vec<(Values, i64)> = later
            .iter()
            .enumerate()
            .map(|(row, later)| (decode_values(later.values, row).unwrap(), later.key))
            .collect();
        prop_assert_eq!(at_once, later);
    }
}

proptest! {
    /// Whatever text it is, it is read or refused.
    #[test]
    fn any_text_is_values_or_an_error(text in "[\\[\\]{}\",:0-9a-z\\\\ яé-]{0,12}") {
        let listed = decode::<(Kept, Kept)>(format!("[[{text}]]").as_bytes());
        let read = decode_values::<(Kept, Kept)>(&text, 0);
        if let Ok([listed]) = listed.as_deref() {
            prop_assert_eq!(read.as_ref(), Ok(listed));
        } else if !text.contains(']') {
            prop_assert!(read.is_err(), "{:?}", read);
        }
    }
}

/// A character as writers put it that write ASCII alone.
fn escaped(c: char) -> String {
    let mut units = [0; 2];
    match c {
        ' '..='~' | '\n' | '\t' => c.to_string(),
        c => (c.encode_utf16(&mut units).iter())
            .map(|unit| format!("\\u{unit:04x}"))
            .collect(),
    }
}

/// A value as it was read.
type Kept = Option<Seen>;

#[derive(Debug, PartialEq)]
struct Seen(String);

impl<'de> jsonsql::row::Decode<'de> for Seen {
    const EXPECTED: &'static str = "anything";

    fn decode(scalar: jsonsql::row::Scalar<'de>) -> Result<Seen, jsonsql::row::Mismatch> {
        use jsonsql::row::Scalar;
        Ok(Seen(match scalar {
            Scalar::Text(text) => format!("text {text}"),
            Scalar::Number(digits) => format!("number {digits}"),
            other => format!("{other:?}"),
        }))
    }
}
