//! What is read of an export, and what is said about a bad one.

use super::*;

fn problems(csv: &str) -> Vec<String> {
    let problems = Export::read(csv.as_bytes()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_row_is_a_subscriber() {
    let csv = "\u{feff}external_ref,login,name,phone,email,enabled,packages,macs\r\n\
               C-1, 1553 ,\"Иванова, Мария\",,m@example.net,1,basic; family,02:00:00:00:00:01;02-00-00-00-00-02\r\n";
    let export = Export::read(csv.as_bytes()).unwrap();
    assert_eq!(export.subscribers(), 1);
    let row = &export.rows[0];
    assert_eq!(row.line, 2);
    assert_eq!(row.record.login, "1553");
    assert_eq!(row.record.external_ref, Some(ExternalRef::new("C-1")));
    assert_eq!(row.record.name.as_deref(), Some("Иванова, Мария"));
    assert_eq!(row.record.phone, None);
    assert!(row.record.enabled);
    assert_eq!(row.packages, ["basic", "family"]);
    let macs: Vec<String> = row.macs.iter().map(ToString::to_string).collect();
    assert_eq!(macs, ["02-00-00-00-00-01", "02-00-00-00-00-02"]);
    assert!(export.managed.phone && export.managed.packages && !export.managed.note);
}

#[test]
fn a_column_that_is_left_out_is_not_managed() {
    let export = Export::read("login,enabled,external_ref\n1553,no,C-1\n".as_bytes()).unwrap();
    assert_eq!(export.managed, Managed::default());
    assert!(!export.rows[0].record.enabled);
}

#[test]
fn every_bad_cell_is_named_by_line_and_column() {
    let csv = "external_ref,login,enabled,macs\n\
               C-1,a,1,\n\
               ,b,maybe,02:00:00:00:00:01;zz\n\
               C-3,c,1\n\
               \n\
               C-1,a,0,02:00:00:00:00:02\n\
               C-5,e,0,02:00:00:00:00:02\n";
    assert_eq!(
        problems(csv),
        [
            "line 3, column external_ref: it is empty",
            "line 3, column enabled: neither 1 nor 0",
            "line 3, column macs: \"zz\" is no hardware address",
            "line 4: 3 cells, where 4 were expected",
            "line 6, column external_ref: the same as in line 2",
            "line 6, column login: the same as in line 2",
            "line 7, column macs: the same as in line 6",
        ]
    );
}

#[test]
fn a_header_is_checked() {
    assert_eq!(
        problems("external_ref,login,nmae,login\n"),
        [
            "the header has the column \"nmae\"; known are external_ref, login, name, phone, \
             email, enabled, packages, macs",
            "the header has the column \"login\" twice",
            "the header lacks the column \"enabled\"",
        ]
    );
}

#[test]
fn an_export_of_nobody_is_none() {
    let nobody = "there is no subscriber in it";
    assert_eq!(problems("external_ref,login,enabled\n"), [nobody]);
    assert_eq!(problems("").len(), 3);
}

#[test]
fn what_is_not_utf_8_is_named_by_its_line() {
    let csv = b"external_ref,login,enabled\nC-1,a,1\nC-2,\xcf\xf0,1\n";
    let problems = Export::read(csv.as_slice()).unwrap_err();
    assert_eq!(problems[0].to_string(), "line 3: not UTF-8");
}

#[test]
fn packages_are_found_by_name_or_else_by_key() {
    let offer = |id: i64, name: &str| Offer {
        id: id.into(),
        name: name.to_owned(),
        plan: false,
    };
    let offers = [offer(1, "tv"), offer(2, "sport"), offer(3, "sport")];
    let read = |packages: &str| {
        let csv = format!("external_ref,login,enabled,packages\nC-1,a,1,{packages}\n");
        let export = Export::read(csv.as_bytes()).unwrap();
        export.resolve(&offers)
    };
    let wanted = read("tv;3").unwrap();
    let found: Vec<_> = wanted[0].packages.iter().map(|one| &one.offer).collect();
    assert_eq!(found, [&offers[0], &offers[2]]);
    let told: Vec<String> = read("sport;movie")
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "line 2, column packages: several packages are called \"sport\": write the key of one",
            "line 2, column packages: there is no package \"movie\" on the platform",
        ]
    );
}
