//! Exports as billings write them: read, or refused with line and column.

mod json_lines;
mod problems;

use jsonsql_client::model::{Package, Patch};
use jsonsql_client::provisioning::sync::WantedRows;
use jsonsql_client::provisioning::sync::export::{
    Column, Export, ExportBuilder, ExportError, ExportReader,
};
use jsonsql_client::provisioning::{Members, TerminalKey};

/// What three rows say, whatever they are written in.
const PLAIN: &str = "external_ref,login,name,phone,enabled,packages,macs\n\
    LB-1,10001,Фёдорова Анна,+7 900,1,basic;movies,00:1a:79:00:00:01\n\
    LB-2,10002,O'Hara,,0,,\n\
    LB-3,10003,\"Петров, Иван\",,1,movies,001a.7900.0003;00-1A-79-00-00-04\n";

fn read(csv: impl AsRef<[u8]>) -> Result<Export, ExportError> {
    with(&ExportReader::new(), csv)
}

fn with(reader: &ExportReader, csv: impl AsRef<[u8]>) -> Result<Export, ExportError> {
    let packages = [
        ("1", "basic"),
        ("2", "movies"),
        ("3", "twice"),
        ("4", "twice"),
    ];
    let packages = packages.map(|(id, name)| Package::new(id.into(), name));
    let export = reader.read(csv.as_ref())?;
    Ok(export.with_packages(&packages))
}

/// A text in windows-1251, where Й is 0xC9.
fn cyrillic(text: &str) -> Vec<u8> {
    let byte = |sign: char| match sign {
        'ё' => 0xb8,
        'А'..='я' => u8::try_from(u32::from(sign) - 0x410 + 0xc0).unwrap(),
        other => u8::try_from(other).unwrap(),
    };
    text.chars().map(byte).collect()
}

fn refused(csv: impl AsRef<[u8]>) -> String {
    read(csv).unwrap_err().to_string()
}

fn text(patch: &Patch<String>) -> &str {
    match patch {
        Patch::Keep => "keep",
        Patch::Clear => "clear",
        Patch::Set(text) => text,
    }
}

fn show(export: &Export) -> Vec<String> {
    let row = |number| {
        let row = export.row(number);
        let wanted = &row.desired;
        let packages = wanted.subscriptions.wanted().iter();
        let packages: Vec<_> = packages.map(|one| one.package.as_str()).collect();
        let macs = wanted.terminals.wanted().iter();
        let macs: Vec<_> = macs
            .map(|one| match one {
                TerminalKey::Mac(mac) => mac.to_string(),
                TerminalKey::Id(id) => id.to_string(),
            })
            .collect();
        let (name, phone) = (text(&wanted.name), text(&wanted.phone));
        let problem = row.problem.as_deref().unwrap_or_default();
        format!(
            "{:?} {} {:?} {name} {phone} {packages:?} {macs:?} {problem}",
            wanted.external_ref.as_change(),
            wanted.login.as_deref().unwrap_or_default(),
            wanted.enabled,
        )
    };
    (0..export.len()).map(row).collect()
}

fn lines(export: &Export) -> Vec<u64> {
    (0..export.len())
        .filter_map(|row| export.row(row).line)
        .collect()
}

#[test]
fn whatever_it_is_written_in_the_same_rows_are_read() {
    let plain = read(PLAIN).unwrap();
    let rows = show(&plain);
    assert_eq!(lines(&plain), [2, 3, 4]);
    assert!(
        rows[0]
            .contains(r#"10001 Some(true) Фёдорова Анна +7 900 ["1", "2"] ["00-1A-79-00-00-01"]"#)
    );
    assert!(rows[1].contains("10002 Some(false) O'Hara clear [] []"));
    assert!(
        rows[2].contains(r#"Петров, Иван clear ["2"] ["00-1A-79-00-00-03", "00-1A-79-00-00-04"]"#)
    );

    let quoted = |separator: &str| {
        let cells = PLAIN
            .replace("\"Петров, Иван\"", "Петров\u{1} Иван")
            .replace(',', "\",\"");
        let lines = cells.lines().map(|line| format!("\"{line}\"\n"));
        let text: String = lines.collect();
        text.replace("\",\"", &format!("\"{separator}\""))
            .replace('\u{1}', ",")
    };
    let crlf = PLAIN.replace('\n', "\r\n");
    let utf16 = |text: &str| -> Vec<u8> {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(units).collect()
    };
    let forms: [(&str, Vec<u8>); 9] = [
        ("semicolons", quoted(";").into()),
        ("tabs", quoted("\t").into()),
        ("all quoted", quoted(",").into()),
        ("a byte order mark", format!("\u{feff}{PLAIN}").into()),
        ("CRLF", crlf.clone().into()),
        ("UTF-16", utf16(&crlf)),
        (
            "blanks",
            PLAIN
                .replace(",10", " , 10")
                .replace("7 900", "7 900 ")
                .into(),
        ),
        (
            "a header in capitals",
            PLAIN
                .replace("login", "Login")
                .replace("macs", "MACS")
                .into(),
        ),
        (
            "rows of nothing at the end",
            format!("{PLAIN},,,,,,\n\n,,,,,,\n").into(),
        ),
    ];
    for (form, csv) in forms {
        let export = read(&csv).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(show(&export), rows, "{form}");
        assert_eq!(lines(&export), [2, 3, 4], "{form}");
    }
    let named = read(format!("sep=;\r\n{}", quoted(";"))).unwrap();
    assert_eq!((show(&named), lines(&named)), (rows.clone(), vec![3, 4, 5]));

    let csv = cyrillic(PLAIN);
    for label in ["windows-1251", "cp1251"] {
        let reader = ExportReader::new().encoding(label).unwrap();
        assert_eq!(show(&with(&reader, &csv).unwrap()), rows);
    }
    assert!(ExportReader::new().encoding("cp-nothing").is_none());
    let told = refused(&csv);
    let expected = "line 2, column name: not UTF-8\nline 4, column name: not UTF-8";
    assert_eq!(told, expected);
}

#[test]
fn words_for_yes_and_no_are_those_of_databases_and_spreadsheets() {
    let enabled = |word: &str| {
        let export = read(format!("external_ref,login,enabled\nLB-1,1,{word}\n")).unwrap();
        let row = export.row(0).into_owned();
        (row.desired.enabled, row.problem)
    };
    for word in ["1", "TRUE", "True", "true", "t", "yes", "ИСТИНА", "да"] {
        assert_eq!(enabled(word), (Some(true), None), "{word}");
    }
    for word in ["0", "FALSE", "False", "f", "no", "ЛОЖЬ", "Нет"] {
        assert_eq!(enabled(word), (Some(false), None), "{word}");
    }
    for word in ["", "2", "-1", "perhaps", "truе"] {
        let problem = "column enabled: neither 1 nor 0".to_owned();
        assert_eq!(enabled(word), (None, Some(problem)), "{word}");
    }
}

#[test]
fn an_empty_cell_is_not_a_column_that_is_left_out() {
    let export = read("external_ref,login,enabled,name,packages\nLB-1,1,1,,\n").unwrap();
    let row = export.row(0);
    assert_eq!(row.desired.name, Patch::Clear);
    assert_eq!(row.desired.phone, Patch::Keep);
    assert_eq!(row.desired.subscriptions, Members::Exactly(Vec::new()));
    assert_eq!(row.desired.terminals, Members::Keep);
    let columns = ["external_ref", "login", "enabled", "name", "packages"];
    assert!(export.columns().iter().map(|one| one.as_str()).eq(columns));
    assert!(!export.columns().contains(&Column::Macs));
}

#[test]
fn columns_that_are_not_known_missing_or_doubled_are_refused() {
    let told = refused("login;foo;enabled;login\n1;2;3;4\n");
    let known = Column::ALL.map(Column::as_str).join(", ");
    assert_eq!(
        told,
        format!(
            "line 1, column 2: the header has \"foo\" there; known are {known}\n\
             line 1, column login: the header has it twice\n\
             line 1, column external_ref: the header lacks it"
        )
    );
    // Without a header the first subscriber would be one.
    assert!(read("LB-1,10001,1\nLB-2,10002,1\n").is_err());
}

#[test]
fn a_quote_that_is_not_closed_swallows_nobody() {
    let start = "external_ref,login,enabled,name\nLB-1,1,1,Anna\n";
    let text = format!("{start}LB-2,2,1,\"Anna\nLB-3,3,1,Anna\nLB-4,4,1,\"Anna B.\"\nLB-5,5,1,C\n");
    let told = refused(&text);
    assert!(
        told.starts_with("line 3, column name: a line break within the cell"),
        "{told}"
    );
    // The same on the last line.
    let told = refused(format!("{start}LB-2,2,1,\"Anna\n"));
    assert!(
        told.starts_with("line 3, column name: a line break within the cell"),
        "{told}"
    );

    // Wherever one is put, no row is read as another one.
    let good = PLAIN.replace("+7 900", "\"+7 900\"");
    let rows = show(&read(&good).unwrap());
    for (at, _) in good.match_indices([',', '\n']) {
        let mut bad = good.clone();
        bad.insert(at + 1, '"');
        for reader in [ExportReader::new(), ExportReader::new().unterminated(true)] {
            match with(&reader, &bad) {
                Err(_) => {}
                // Within a quoted cell it is a part of it.
                Ok(export) => assert_eq!(show(&export).len(), rows.len(), "{bad}"),
            }
        }
    }

    // Allowed by name, a cell may have lines of its own, and lines are counted.
    let reader = ExportReader::new().line_breaks_in_cells(true);
    let text = "external_ref,login,enabled,name\r\nLB-1,1,1,\"Anna\r\nB.\"\r\n\r\nLB-2,2,x,C\r\n";
    let export = with(&reader, text).unwrap();
    assert_eq!(text_of(&export, 0), "Anna\r\nB.");
    assert_eq!(lines(&export), [2, 5]);
}

/// What the reader of CSV would take for another text without a word.
#[test]
fn a_quote_in_the_wrong_place_is_refused_with_its_cell() {
    let start = "external_ref,login,enabled,name,macs\n";
    let quote = "a quote that neither begins nor ends the cell; within one it is written twice";
    let cases = [
        // A name in quotes, not doubled.
        ("LB-1,1,1,\"ООО \"Ромашка\"\",\n", "name"),
        ("LB-1,1,1,\"ООО \"Ромашка\", Инк\",\n", "name"),
        // A blank before the quote: the quotes would be a part of the login.
        ("LB-1, \"1\",1,Anna,\n", "login"),
        ("\"LB-1\",\"1\"2,1,Anna,\n", "login"),
        ("\"LB-1\" \"LB-2\",1,1,Anna,\n", "external_ref"),
    ];
    for (row, column) in cases {
        let told = refused(format!("{start}LB-0,0,1,Anna,\n{row}LB-3,3,1,Anna,\n"));
        let first = told.lines().next().unwrap();
        assert_eq!(first, format!("line 3, column {column}: {quote}"), "{row}");
    }
    let header = refused("external_ref,\"login\"x,enabled\n1,1,1\n");
    assert_eq!(header, format!("line 1, column 2: {quote}"));
    // These say what they say.
    let inch = format!("{start}LB-1,1,1,5\" disk,\nLB-2,2,1,\"O\"\"Hara\" ,\nLB-3,3,1,\"\",\n");
    let export = read(inch).unwrap();
    assert_eq!(text_of(&export, 0), "5\" disk");
    assert_eq!(text_of(&export, 1), "O\"Hara");
    assert_eq!(text_of(&export, 2), "clear");
}

/// A key with such a character in it is another key: whose line it is is in doubt.
#[test]
fn characters_that_do_not_show_are_refused_with_their_place() {
    let start = "external_ref,login,enabled,name\n";
    let unseen = "a character that does not show, U+";
    let cases = [
        ("LB-1,10\u{a0}001,1,Anna\n", format!("login: {unseen}00A0")),
        (
            "LB\u{202f}1,10001,1,Anna\n",
            format!("external_ref: {unseen}202F"),
        ),
        (
            "LB-1,10001\u{200b},1,Anna\n",
            format!("login: {unseen}200B"),
        ),
        (
            "LB-1,\u{feff}10001,1,Anna\n",
            format!("login: {unseen}FEFF"),
        ),
        ("LB-1,10\t001,1,Anna\n", format!("login: {unseen}0009")),
        (
            "LB-1,10001,1,An\0na\n",
            "name: a control character".to_owned(),
        ),
        (
            "LB-1,10001\u{1b}[2J,1,Anna\n",
            "login: a control character".to_owned(),
        ),
        (
            "LB-1,10001,1,An\u{1f}na\n",
            "name: a control character".to_owned(),
        ),
    ];
    for (row, told) in cases {
        let expected = format!("line 2, column {told}");
        assert_eq!(refused(format!("{start}{row}")), expected);
    }
    // Around a cell they are none of it, and a name may have them.
    let export = read(format!(
        "{start}\u{a0}LB-1 ,10001\u{a0},\u{a0}1,Анна\u{a0}Б.\n"
    ))
    .unwrap();
    let row = export.row(0).into_owned();
    assert_eq!(
        (row.desired.login.as_deref(), row.problem),
        (Some("10001"), None)
    );
    assert_eq!(row.desired.enabled, Some(true));
    assert_eq!(text_of(&export, 0), "Анна\u{a0}Б.");
    // UTF-16 without its mark.
    let units = PLAIN.encode_utf16().flat_map(u16::to_le_bytes);
    let told = refused(units.collect::<Vec<u8>>());
    assert!(told.starts_with("line 1, column 1: "), "{told}");
}

#[test]
fn joined_half_written_and_empty_exports_are_refused_with_their_place() {
    let header = "external_ref,login,enabled\n";
    let again = "the header again: two exports look joined";
    let cases = [
        (
            String::new(),
            "line 1: there is no subscriber in it".to_owned(),
        ),
        (
            "\n\n".to_owned(),
            "line 1: there is no subscriber in it".to_owned(),
        ),
        (
            header.to_owned(),
            "line 1: there is no subscriber in it".to_owned(),
        ),
        (
            format!("{header}LB-1,1,1\n{header}LB-2,2,1\n"),
            format!("line 3: {again}"),
        ),
        (
            format!("{header}LB-1,1,1\n\u{feff}External_Ref, Login,ENABLED\nLB-2,2,1\n"),
            format!("line 3: {again}"),
        ),
        (
            format!("{header}LB-1,1,1,\n"),
            "line 2, column 4: 4 cells, where the header has 3".to_owned(),
        ),
        (
            format!("{header}LB-1,1\n(1 row)\n"),
            "line 2, column login: 2 cells, where the header has 3\n\
             line 3, column external_ref: 1 cells, where the header has 3"
                .to_owned(),
        ),
        // Lines that end as a Macintosh's once did are one line.
        (
            format!("{header}LB-1,1,1\n").replace('\n', "\r"),
            "line 1: the line has no end: the export looks cut off".to_owned(),
        ),
    ];
    for (text, expected) in cases {
        let told = refused(&text);
        assert!(told.starts_with(&expected), "{text:?}: {told}");
    }
    let trailing = refused("external_ref;login;enabled;\nLB-1;1;1;\n");
    assert!(
        trailing.starts_with("line 1, column 4: the header has \"\" there"),
        "{trailing}"
    );
    let mixed = refused("external_ref;login;enabled\nLB-1,1,1\n");
    assert_eq!(
        mixed,
        "line 2, column external_ref: 1 cells, where the header has 3"
    );
}

/// As spreadsheets write what they take for numbers and dates: whatever is doubtful is
/// that subscriber's problem, and names its column.
#[test]
fn numbers_and_dates_of_spreadsheets_are_not_guessed() {
    let problem = |column: &str, cell: &str| {
        let text = format!("external_ref;login;enabled;{column}\nLB-1;1;1;{cell}\n");
        read(text).unwrap().row(0).problem.clone()
    };
    for cell in ["1,5", "2.0", "1 000", "-1", "+1e3", "01.02.2026"] {
        let told = problem("device_limit", cell).expect(cell);
        assert_eq!(
            told, "column device_limit: no number of terminals",
            "{cell}"
        );
    }
    assert_eq!(problem("device_limit", "3"), None);
    // The letter А of another alphabet.
    let told = problem("macs", "00:1А:79:00:00:01").unwrap();
    assert_eq!(told, "column macs: no hardware address");
    for word in ["1,0", "1.0", "+", "01.02.2026", "дa"] {
        let text = format!("external_ref;login;enabled\nLB-1;1;{word}\n");
        let told = read(text).unwrap().row(0).problem.clone();
        assert_eq!(
            told.as_deref(),
            Some("column enabled: neither 1 nor 0"),
            "{word}"
        );
    }
    let told = refused("external_ref;login;enabled;until\nLB-1;1;1;01.02.2026\n");
    assert!(
        told.starts_with("line 1, column 4: the header has \"until\" there"),
        "{told}"
    );
}

#[test]
fn three_hundred_thousand_rows_are_read() {
    let mut text = String::from("external_ref;login;enabled;name;packages\r\n");
    for row in 0..300_000 {
        use std::fmt::Write as _;
        let _ = write!(
            text,
            "LB-{row};{row};1;\"Иванов, {row}\";\"basic;movies\"\r\n"
        );
    }
    let export = read(text).unwrap();
    assert_eq!(export.len(), 300_000);
    let last = export.row(299_999);
    assert_eq!(last.line, Some(300_001));
    assert_eq!(last.desired.login.as_deref(), Some("299999"));
    assert_eq!(last.desired.subscriptions.wanted().len(), 2);
}

fn text_of(export: &Export, row: usize) -> String {
    text(&export.row(row).desired.name).to_owned()
}

#[test]
fn an_export_that_was_cut_off_within_a_row_is_refused() {
    for at in 0..PLAIN.len() {
        let cut = &PLAIN.as_bytes()[..at];
        let is_at_the_end_of_a_row = cut.ends_with(b"\n") && !cut.ends_with(b"macs\n");
        assert_eq!(read(cut).is_ok(), is_at_the_end_of_a_row, "{at}");
    }
    let cut = &PLAIN[..PLAIN.len() - 1];
    assert_eq!(
        refused(cut),
        "line 4: the line has no end: the export looks cut off"
    );
    let allowed = ExportReader::new().unterminated(true);
    assert_eq!(
        show(&with(&allowed, cut).unwrap()),
        show(&read(PLAIN).unwrap())
    );
}

#[test]
fn a_wrong_encoding_is_not_told_line_by_line_for_ever() {
    let rows = (0..1_000).map(|row| format!("LB-{row},{row},1,\u{fffd}\n"));
    let text = "external_ref,login,enabled,name\n".to_owned() + &rows.collect::<String>();
    let told = refused(text);
    assert_eq!(told.lines().count(), 21);
    assert!(told.ends_with("\nand 980 more"), "{told}");
}

#[test]
fn an_export_is_collected_from_rows_too() {
    let mut export = ExportBuilder::new(["login", "External_Ref", "enabled"]).unwrap();
    export.row(1, ["10001", " LB-1 ", "t"]);
    export.row(2, ["10002", "LB-2"]);
    let refused = export.finish().unwrap_err().to_string();
    let expected = "row 2, column external_ref: 2 cells, where the header has 3";
    assert_eq!(refused, expected);

    let empty = ExportBuilder::new(["login", "external_ref", "enabled"]).unwrap();
    let refused = empty.finish().unwrap_err().to_string();
    assert_eq!(refused, "there is no subscriber in it");

    let unknown = ExportBuilder::new(["login", "external_ref", "enabled", "mac"]).unwrap_err();
    assert!(unknown.to_string().starts_with("column 4: "), "{unknown}");
}
