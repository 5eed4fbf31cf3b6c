//! Exports as JSON lines.

use jsonsql_client::model::Patch;
use jsonsql_client::provisioning::sync::WantedRows;
use jsonsql_client::provisioning::sync::export::ExportReader;

use super::{PLAIN, cyrillic, read, refused, show, with};

/// The three rows of [`PLAIN`], as a billing in another language writes them.
const JSON_LINES: &str = r#"{"external_ref":"LB-1","login":10001,"name":"Фёдорова Анна","phone":"+7 900","enabled":true,"packages":["basic","movies"],"macs":["00:1a:79:00:00:01"]}

{"login":"10002","external_ref":"LB-2","name":"O'Hara","phone":null,"enabled":0,"packages":[],"macs":null}
{"external_ref":"LB-3","login":"10003","name":"Петров, Иван","phone":"","enabled":"yes","packages":"movies","macs":["001a.7900.0003","00-1A-79-00-00-04"]}"#;

#[test]
fn json_lines_say_the_same_as_csv() {
    assert_eq!(
        show(&read(JSON_LINES).unwrap()),
        show(&read(PLAIN).unwrap())
    );
    let crlf = format!("\u{feff}{}\r\n", JSON_LINES.replace('\n', "\r\n"));
    assert_eq!(show(&read(crlf).unwrap()), show(&read(PLAIN).unwrap()));
}

#[test]
fn json_lines_in_another_encoding_are_refused_or_read() {
    let cp1251 = cyrillic(JSON_LINES);
    let refused = refused(&cp1251);
    assert!(refused.starts_with("line 1: not UTF-8"), "{refused}");
    let reader = ExportReader::new().encoding("windows-1251").unwrap();
    let read_back = with(&reader, &cp1251).unwrap();
    assert_eq!(show(&read_back), show(&read(PLAIN).unwrap()));
    // As an escape it is a character like others.
    let escaped = r#"{"external_ref":"a","login":"b\ufffd","enabled":1}"#;
    let login = read(escaped).unwrap().row(0).desired.login.clone();
    assert_eq!(login.as_deref(), Some("b\u{fffd}"));
}

#[test]
fn blank_lines_before_an_export_are_passed_over() {
    let json = format!("\n  \n{JSON_LINES}");
    assert_eq!(show(&read(json).unwrap()).len(), 3);
    let csv = format!("\r\n\n{PLAIN}");
    assert_eq!(show(&read(csv).unwrap()).len(), 3);
    let wrong = "\n\n{\"login\":1}\n";
    let expected = "line 3, column external_ref: the header lacks it";
    assert!(refused(wrong).starts_with(expected), "{}", refused(wrong));
}

#[test]
fn the_digits_of_a_number_are_the_login() {
    let long = "123456789012345678901234567890";
    let line = format!(r#"{{"external_ref": 1.50, "login": {long}, "enabled": false}}"#);
    let export = read(line).unwrap();
    let desired = &export.row(0).desired;
    assert_eq!(desired.login.as_deref(), Some(long));
    assert_eq!(
        desired.external_ref,
        Patch::Set(jsonsql_client::model::ExternalRef::new("1.50"))
    );
}

#[test]
fn json_lines_that_leave_a_doubt_are_refused_with_their_place() {
    let first = r#"{"external_ref":"a","login":"b","enabled":1}"#;
    let cases = [
        (
            "{\"external_ref\":\"a\"",
            "line 1: no object of JSON, at byte 19",
        ),
        ("{} x\n", "line 1: no object of JSON, at byte 4"),
        (
            "{\"login\":\"b\",\"enabled\":1}",
            "line 1, column external_ref: the header lacks it",
        ),
        (
            r#"{"external_ref":"a","login":"b","login":"c","enabled":1}"#,
            "line 1, column login: the header has it twice",
        ),
        (
            &format!("{first}\n{{\"external_ref\":\"a\",\"login\":\"b\"}}"),
            "line 2, column enabled: it is missing, and the first line has it",
        ),
        (
            &format!(
                "{first}\n\n{{\"external_ref\":\"a\",\"login\":\"b\",\"enabled\":1,\"macs\":[]}}"
            ),
            "line 3, column macs: the first line does not have it",
        ),
        (
            &format!(
                "{first}\n{{\"external_ref\":\"a\",\"login\":\"b\",\"enabled\":1,\"enabled\":0}}"
            ),
            "line 2, column enabled: it is there twice",
        ),
        (
            &format!(
                "{first}\n[1]\n{first}\n{{\"external_ref\":{{}},\"login\":[[1]],\"enabled\":1}}"
            ),
            "line 2: no object of JSON\n\
             line 4, column external_ref: an object, where a text, a number or a list is expected\n\
             line 4, column login: a list within a list",
        ),
        (
            r#"{"external_ref":"a","login":"b","enabled":1,"packages":["x;y"]}"#,
            "line 1, column packages: a list's value with a semicolon in it",
        ),
        (
            "{\"external_ref\":\"a\",\"login\":\"b\\u001f\",\"enabled\":1}",
            "line 1, column login: a control character",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(text), expected, "{text}");
    }
}
