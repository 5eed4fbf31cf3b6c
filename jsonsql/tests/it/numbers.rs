//! Numbers: digit for digit, in rows and in statements, whatever features of
//! `serde_json` a program has turned on. `.ci/run` runs these tests with
//! `arbitrary_precision` and without.

use std::borrow::Cow;

use jsonsql::ast::{Expr, Method, Number, Statement};
use jsonsql::row::{Row, decode};
use jsonsql::{SqlType, Table};
use proptest::prelude::*;

fn one<R: for<'de> Row<'de>>(json: &str) -> Result<R, String> {
    let rows = decode::<R>(format!("[{json}]").as_bytes()).map_err(|error| error.to_string())?;
    rows.into_iter().next().ok_or_else(|| "no row".to_owned())
}

/// A name for people, whose column may hold what the server takes for a number.
#[derive(Debug, Clone, PartialEq, SqlType)]
struct Account(String);

#[derive(Debug, Clone, Copy, PartialEq, SqlType)]
struct Cents(i64);

const LONG: [&str; 8] = [
    "0.1000000000000000055511151231257827",
    "99999999999999999999999999999999999999",
    "-18446744073709551616",
    "18446744073709551615",
    "1.50",
    "-0",
    "1e400",
    "1E5",
];

#[test]
fn a_text_column_keeps_the_digits_of_a_number() {
    for digits in LONG {
        assert_eq!(one::<String>(digits).as_deref(), Ok(digits));
        assert_eq!(one::<Account>(digits), Ok(Account(digits.to_owned())));
        assert_eq!(one::<Option<String>>(digits), Ok(Some(digits.to_owned())));
        // In a row of its own, and among others.
        assert_eq!(
            one::<(String,)>(&format!("[ {digits} ]")),
            Ok((digits.to_owned(),))
        );
        assert_eq!(
            one::<(i32, String, f64)>(&format!("[1,{digits}\n, 2.5]")),
            Ok((1, digits.to_owned(), 2.5))
        );
        let json = format!("[{digits}, [{digits}]]");
        assert_eq!(decode::<&str>(json.as_bytes()).unwrap(), [digits; 2]);
        assert_eq!(
            decode::<Cow<'_, str>>(json.as_bytes()).unwrap(),
            [digits; 2]
        );
    }
}

#[test]
fn numbers_with_fractions_are_numbers() {
    assert_eq!(one::<f64>("2.5"), Ok(2.5));
    assert_eq!(one::<(f64,)>("[2.5]"), Ok((2.5,)));
    assert_eq!(
        one::<(Option<f64>, i16)>("[-2.5e-1, 7]"),
        Ok((Some(-0.25), 7))
    );
    assert_eq!(
        one::<f64>("18446744073709551616"),
        Ok(18_446_744_073_709_551_616.0)
    );
    // The nearest float, which a fast reader misses.
    assert_eq!(
        one::<f64>("2.638344616030823e-256"),
        Ok(2.638_344_616_030_823e-256)
    );
    assert_eq!(
        one::<i64>("2.5"),
        Err("row 0, value 0: expected a 64-bit integer, found a number with a fraction".into())
    );
    assert_eq!(
        one::<i64>("1.0"),
        Err("row 0, value 0: expected a 64-bit integer, found a number with a fraction".into())
    );
    assert_eq!(
        one::<(i32, bool)>("[1, 2.5]"),
        Err("row 0, value 1: expected a boolean, found a number with a fraction".into())
    );
    assert_eq!(
        one::<(i32, bool)>("2.5"),
        Err("row 0, value 0: expected a row, a list of values, found one value".into())
    );
}

#[test]
fn out_of_range_is_an_error_with_row_and_column() {
    #[derive(Debug, PartialEq, Table)]
    struct Price {
        #[column(key)]
        id: i64,
        cost: Option<f64>,
    }
    let message = |json: &str| decode::<Price>(json.as_bytes()).unwrap_err();
    for digits in ["1e400", "-1e999"] {
        let error = message(&format!("[[1, 2.5], [2, {digits}]]"));
        assert_eq!(
            error.to_string(),
            "row 1, value 1 (`cost`): expected a number, found a number out of range"
        );
        assert_eq!(
            (error.row(), error.index(), error.column()),
            (Some(1), Some(1), Some("cost"))
        );
    }
    let out_of_range = "a number out of range";
    for (digits, found) in [
        ("9223372036854775808", out_of_range),
        ("-9223372036854775809", out_of_range),
        ("170141183460469231731687303715884105728", out_of_range),
        // An integer would forget the sign.
        ("-0", "a negative zero"),
    ] {
        assert_eq!(
            message(&format!("[[1, null], [{digits}, 2]]")).to_string(),
            format!("row 1, value 0 (`id`): expected a 64-bit integer, found {found}")
        );
    }
    // So is JSON that breaks off, or is none.
    assert_eq!(
        message("[[1, 2.5], [2, tru]]").to_string(),
        "row 1, value 1 (`cost`): expected ident at line 1 column 19"
    );
    assert_eq!(
        message("[[1, 2.5], [2").to_string(),
        "row 1, value 1 (`cost`): EOF while parsing a list at line 1 column 13"
    );
    assert_eq!(
        message(r#"[[1, "\ud800"]]"#).to_string(),
        "row 0, value 1 (`cost`): expected a number, found a text with an invalid escape"
    );
}

/// Of each column type: texts that PostgreSQL prints, and texts that mean the
/// same to a lenient reader and may be something else.
#[test]
fn only_the_canonical_text_of_a_number_is_one() {
    fn check<T: for<'de> Row<'de> + PartialEq + std::fmt::Debug>(good: &[(&str, T)], bad: &[&str]) {
        for (text, value) in good {
            assert_eq!(
                one::<T>(&format!("\"{text}\"")).as_ref(),
                Ok(value),
                "{text}"
            );
        }
        for text in bad {
            let message = one::<T>(&format!("\"{text}\"")).unwrap_err();
            assert!(
                message.starts_with("row 0, value 0: expected a"),
                "{message}"
            );
            assert!(message.contains(", found a text"), "{message}");
        }
    }
    let bad = [
        "00012345", "+7", " 7", "7 ", "1_000", "1e3", "0x1F", "0b1", "-0", "--1", "007", "-07",
        "1.0", "1.", "", " ", "-", "1,000", "٣", "\\t7", "7\\u0000", "NaN", "true", "0.0",
    ];
    check::<i64>(
        &[
            ("0", 0),
            ("7", 7),
            ("-12", -12),
            ("9223372036854775807", i64::MAX),
        ],
        &bad,
    );
    check::<i64>(&[], &["9223372036854775808"]);
    check::<i16>(&[("-32768", i16::MIN)], &["32768"]);
    check::<i32>(&[("10", 10)], &bad);
    check::<u16>(&[("65535", u16::MAX)], &["-1", "65536", "+1", "01"]);
    check::<u32>(&[("0", 0)], &bad);
    check::<u64>(&[("18446744073709551615", u64::MAX)], &["-0", "+0", "00"]);
    check::<Cents>(&[("250", Cents(250))], &bad);
    check::<f64>(
        &[
            ("1.50", 1.5),
            ("-0.25", -0.25),
            ("1e+20", 1e20),
            ("1e-07", 1e-7),
            ("0", 0.0),
            ("Infinity", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("100", 100.0),
        ],
        &[
            "inf", "-inf", "+inf", "infinity", "INFINITY", "nan", "NAN", "-NaN", "+1.5", "01.5",
            ".5", "5.", " 1.5", "1.5 ", "1_0.5", "0x1p3", "1e3", "1E+20", "1e400", "1e+400", "",
        ],
    );
    assert!(one::<f64>("\"NaN\"").unwrap().is_nan());
    check::<bool>(
        &[("t", true), ("true", true), ("f", false), ("false", false)],
        &["1", "0", "T", "yes", "on", " t", "TRUE", "tru", ""],
    );
    assert_eq!(
        one::<i64>("\"00012345\""),
        Err("row 0, value 0: expected a 64-bit integer, \
             found a text that is not a number in its canonical form"
            .into())
    );
    assert_eq!(
        one::<i32>("\"3000000000\""),
        Err("row 0, value 0: expected a 32-bit integer, \
             found a text with a number out of range"
            .into())
    );
    assert_eq!(
        one::<i32>("\"ten\""),
        Err("row 0, value 0: expected a 32-bit integer, found a text".into())
    );
}

#[test]
fn addresses_in_ambiguous_spellings_are_refused() {
    use std::net::IpAddr;
    for text in [
        "010.0.0.1",
        "10.0.0.01",
        "10.0.1",
        "0x0a.0.0.1",
        " 10.0.0.1",
        "10.0.0.1/032",
        "167772161",
    ] {
        assert!(one::<IpAddr>(&format!("\"{text}\"")).is_err(), "{text}");
    }
}

fn select(filter: &str) -> Statement {
    let params = format!(r#"{{"data":["id"],"from":"media","where":{filter}}}"#);
    let statement = Statement::from_json(Method::Select, params.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&statement).unwrap(), params);
    statement
}

#[test]
fn a_number_in_a_statement_is_what_it_was() {
    let long = "123456789012345678901234567890123456789012345678";
    for digits in LONG.into_iter().chain([long, "1.5", "0", "-7"]) {
        let Statement::Select(select) = select(&format!(r#"{{"gt":["port",{digits}]}}"#)) else {
            unreachable!("parsed as one");
        };
        let Some(Expr::Op(_, args)) = select.filter else {
            panic!("no operator");
        };
        assert_eq!(args[1], Expr::Number(digits.parse().unwrap()), "{digits}");
    }
    // In SQL too, and through serde's own reading and writing.
    let statement = select(&format!(r#"{{"eq":["port",{long}]}}"#));
    assert!(format!("{statement:#}").ends_with(&format!("= {long}")));
    let expr: Expr = serde_json::from_str(&format!(r#"{{"neg":[-{long}]}}"#)).unwrap();
    assert_eq!(
        serde_json::to_string(&expr).unwrap(),
        format!(r#"{{"neg":[-{long}]}}"#)
    );
    let expr: Expr = serde_json::from_value(serde_json::json!({"add": ["a", 1.5]})).unwrap();
    assert_eq!(
        serde_json::to_string(&expr).unwrap(),
        r#"{"add":["a",1.5]}"#
    );
    // Where a count is expected, one that is none is refused.
    for limit in ["1.0", "-1", "1e2", "18446744073709551616"] {
        let params = format!(r#"{{"data":["id"],"limit":{limit}}}"#);
        let error = Statement::from_json(Method::Select, params.as_bytes()).unwrap_err();
        assert_eq!(error.pointer(), "/limit");
    }
}

#[test]
fn a_broken_text_in_a_statement_is_named_by_its_place() {
    let error = Statement::from_json(
        Method::Select,
        br#"{"data":["id"],"where":{"eq":["a","\ud800"]}}"#,
    );
    assert_eq!(error.unwrap_err().pointer(), "/where/eq/1");
    let error = Statement::from_json(
        Method::Select,
        br#"{"data":["id"],"where":{"eq":["a",1],"eq":["a",2]}}"#,
    );
    assert_eq!(error.unwrap_err().pointer(), "/where");
}

#[test]
fn floats_are_written_in_full() {
    let written = |value: f64| serde_json::to_string(&Number::from_f64(value)).unwrap();
    assert_eq!(written(2.5), "2.5");
    assert_eq!(written(0.1), "0.1");
    assert_eq!(written(-1.0), "-1.0");
    assert_eq!(written(5e-324), "5e-324");
    assert_eq!(written(f64::MAX), "1.7976931348623157e+308");
}

fn json_number() -> impl Strategy<Value = String> {
    r"-?(0|[1-9][0-9]{0,50})(\.[0-9]{1,50})?([eE][+-]?[0-9]{1,4})?"
}

proptest! {
    #[test]
    fn any_number_read_as_a_text_is_itself(digits in json_number(), before in any::<i64>()) {
        prop_assert_eq!(one::<(i64, String)>(&format!("[{before},{digits}]")), Ok((before, digits)));
    }

    /// A float is the one that Rust's own parser reads.
    #[test]
    fn any_number_read_as_a_float_is_the_nearest(digits in json_number()) {
        let float: f64 = digits.parse().unwrap();
        prop_assert_eq!(one::<f64>(&digits).ok(), Some(float).filter(|float| float.is_finite()));
    }

    /// An integer is read from its own digits alone, as a number or as a text.
    #[test]
    fn any_text_read_as_an_integer_is_its_own(text in "[-+ 0-9_.e]{0,5}|-?[0-9]{1,21}") {
        let canonical = text.parse::<i64>().ok().filter(|value| value.to_string() == text);
        prop_assert_eq!(one::<i64>(&format!("\"{text}\"")).ok(), canonical);
        if text.parse::<Number>().is_ok() {
            prop_assert_eq!(one::<i64>(&text).ok(), canonical);
        }
    }

    #[test]
    fn any_number_in_a_statement_stays_itself(digits in json_number(), other in json_number()) {
        select(&format!(r#"{{"and":[{{"gt":["port",{digits}]}},{{"in":["port",{other},{digits}]}}]}}"#));
    }
}
