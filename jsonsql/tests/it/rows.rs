//! Rows: what decodes, and where a failure is.

use jsonsql::MacAddr;
use jsonsql::prelude::*;
use jsonsql::row::{Scalar, decode};

use crate::tables::*;

fn message<R: for<'de> jsonsql::row::Row<'de> + std::fmt::Debug>(json: &str) -> String {
    decode::<R>(json.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_struct_takes_its_columns_in_order() {
    let rows: Vec<Subscriber> =
        decode(br#"[[7, "12345", null, false, 3], ["8", 600, "secret", "t", "2"]]"#).unwrap();
    assert_eq!(rows[0].id, SubscriberId(7));
    assert_eq!(rows[0].password, None);
    // Numbers as texts and texts as numbers, where the column's type decides.
    assert_eq!(rows[1].id, SubscriberId(8));
    assert_eq!(rows[1].username, "600");
    assert!(rows[1].disabled);
    assert_eq!(rows[1].max_terminal, Some(2));
}

#[test]
fn a_failure_says_where_and_never_what() {
    assert_eq!(
        message::<Subscriber>(r#"[[7, "12345", "secret", "secret", 3]]"#),
        "row 0, value 3 (`disabled`): expected a boolean, found a text"
    );
    assert_eq!(
        message::<Subscriber>(r#"[[7, null, "secret", true, 3]]"#),
        "row 0, value 1 (`username`): expected a value, found null"
    );
    assert_eq!(
        message::<Subscriber>(r#"[[7, "12345", "secret", true]]"#),
        "row 0, value 4 (`max_terminal`): expected a 32-bit integer, found the end of the row"
    );
    assert_eq!(
        message::<Subscriber>(r#"[[7, "12345", "secret", true, 3, 4]]"#),
        "row 0, value 5: expected the end of the row, found one more value"
    );
    assert_eq!(
        message::<Subscriber>(r#"[[null, null, null, null, null]]"#),
        "row 0, value 0 (`id`): expected a value, found null"
    );
    assert_eq!(
        message::<(i32, i32)>("[[1, 2], [3, 3000000000]]"),
        "row 1, value 1: expected a 32-bit integer, found a number out of range"
    );
    // An exponent may make a fraction of it.
    assert_eq!(
        message::<i32>("[5e-1]"),
        "row 0, value 0: expected a 32-bit integer, found a number with a fraction"
    );
    assert_eq!(
        message::<(i32, i32)>("[1]"),
        "row 0, value 0: expected a row, a list of values, found one value"
    );
    assert_eq!(
        message::<i32>("[[1, [2]]]"),
        "row 0, value 1: expected the end of the row, found one more value"
    );
    assert_eq!(
        message::<i32>(r#"[{"secret": 1}]"#),
        "row 0, value 0: expected a 32-bit integer, found an object"
    );
    for broken in ["[[1", "[[1]] x", "{}", "\"secret\"", ""] {
        let message = message::<(i32,)>(broken);
        assert!(!message.contains("secret"), "{message}");
    }
}

/// Decided by the key, not by the first column.
#[test]
fn a_field_of_several_values_gives_its_name_to_the_first() {
    #[derive(Debug, Row)]
    #[allow(dead_code, reason = "it is not read, for an error is expected")]
    struct Flat {
        rooms: (i32, i32),
        floor: i32,
    }
    for (json, place) in [
        (r#"[["x", 2, 3, 4]]"#, "row 0, value 0"),
        (r#"[[1, "x", 3, 4]]"#, "row 0, value 1 (`rooms`)"),
        (r#"[[1, 2, "x", 4]]"#, "row 0, value 2"),
        (r#"[[1, 2, 3, "x"]]"#, "row 0, value 3 (`floor`)"),
        (r#"[[1, 2, 3, 4], ["x", 2, 3, 4]]"#, "row 1, value 0"),
        (r#"[[1, 2, 3, 4], [1, 2, "x", 4]]"#, "row 1, value 2"),
    ] {
        assert_eq!(
            message::<(i32, Flat)>(json),
            format!("{place}: expected a 32-bit integer, found a text")
        );
    }
}

#[test]
fn a_joined_row_is_there_if_its_key_is() {
    #[derive(Debug, PartialEq, Table)]
    struct Note {
        text: Option<String>,
        #[column(key)]
        id: i64,
        stars: i32,
    }
    let rows: Vec<(i64, Option<Note>)> =
        decode(br#"[[1, null, 5, 3], [2, null, null, null]]"#).unwrap();
    let note = Note {
        text: None,
        id: 5,
        stars: 3,
    };
    assert_eq!(rows, [(1, Some(note)), (2, None)]);
    assert_eq!(
        message::<(i64, Option<Note>)>(r#"[[1, "a", 5, null]]"#),
        "row 0, value 3 (`stars`): expected a value, found null"
    );
    // Of a key of two columns, both are NULL where the row is missing.
    assert_eq!(
        decode::<Option<SubscriberPackage>>(b"[[null, null, null]]").unwrap(),
        [None]
    );
    assert_eq!(
        message::<Option<SubscriberPackage>>("[[7, null, true]]"),
        "row 0, value 1 (`package_id`): expected a value, found null"
    );
    assert_eq!(
        message::<Option<SubscriberPackage>>("[[null, 7, true]]"),
        "row 0, value 0 (`subscriber_id`): expected a value, found null"
    );
    // What is no row is not a missing one.
    assert_eq!(
        message::<(i64, Option<Note>)>("[[1, null, null]]"),
        "row 0, value 3: expected a value, found the end of the row"
    );
    assert_eq!(
        message::<(i64, Option<Note>)>("[[1]]"),
        "row 0, value 1 (`text`): expected a text, found the end of the row"
    );
    assert!(message::<(i64, Option<Note>)>("[[1, null, nil, null]]").contains("expected ident"));
    assert!(message::<Option<i64>>("[nil]").contains("expected ident"));
}

#[test]
fn the_key_of_a_joined_row_may_be_a_row() {
    #[derive(Debug, PartialEq, Row)]
    struct Rented {
        price: f64,
        #[row(key)]
        package: SubscriberPackage,
    }
    let rows: Vec<(Option<Rented>, i64)> =
        decode(br#"[[null, null, null, null, 1], [2.5, 7, 8, true, 2], [9, null, null, null, 3]]"#)
            .unwrap();
    assert_eq!(rows.iter().map(|row| row.1).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(rows[0].0, None);
    let rented = rows[1].0.as_ref().unwrap();
    assert_eq!((rented.price, rented.package.enabled), (2.5, true));
    assert_eq!(rows[2].0, None);
    assert_eq!(
        message::<Option<Rented>>("[[null, 7, 8, true]]"),
        "row 0, value 0 (`price`): expected a number, found null"
    );
}

#[test]
fn rows_borrow_from_the_answer() {
    let answer = br#"[["udp", 1], ["rtp", 2]]"#.to_vec();
    let rows: Vec<(&str, i32)> = decode(&answer).unwrap();
    assert_eq!(rows, [("udp", 1), ("rtp", 2)]);
    assert!(answer.as_ptr_range().contains(&rows[0].0.as_ptr()));

    #[derive(Row)]
    struct Channel<'a> {
        name: std::borrow::Cow<'a, str>,
    }
    let rows: Vec<Channel<'_>> = decode(br#"["caf\u00e9", "plain"]"#).unwrap();
    assert_eq!(rows[0].name, "café");
    assert_eq!(rows[1].name, "plain");
    assert_eq!(
        decode::<&str>(br#"["caf\u00e9"]"#).unwrap_err().to_string(),
        "row 0, value 0: expected a text without escapes, to be borrowed, found a text"
    );
}

#[test]
fn flat_answers_and_rows_of_one_are_the_same_to_a_scalar() {
    assert_eq!(decode::<i64>(b"[1, [2]]").unwrap(), [1, 2]);
    assert_eq!(decode::<(i64,)>(b"[1, [2]]").unwrap(), [(1,), (2,)]);
    assert_eq!(
        decode::<Option<i64>>(b"[null, [null], 3]").unwrap(),
        [None, None, Some(3)]
    );
}

#[test]
fn mac_addresses_in_any_usual_spelling() {
    let spellings =
        br#"["00:1a:79:0c:bb:01", "00-1A-79-0C-BB-01", "001a.790c.bb01", "001A790CBB01"]"#;
    let macs: Vec<MacAddr> = decode(spellings).unwrap();
    assert!(macs.iter().all(|mac| *mac == macs[0]));
    for wrong in [
        "",
        "00:1a:79:0c:bb",
        "00:1a:79:0c:bb:01:02",
        "0:01:a7:90:cb:b01",
        "zz:1a:79:0c:bb:01",
        ":00:1a:79:0c:bb:01",
        "-001A790CBB01",
    ] {
        assert!(wrong.parse::<MacAddr>().is_err(), "{wrong}");
    }
}

#[test]
fn a_debug_of_a_value_shows_its_kind_only() {
    let scalar = Scalar::Text("secret".into());
    assert_eq!(format!("{scalar:?}"), "a text");
}
