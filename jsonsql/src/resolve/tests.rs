use crate::ast::{Method, Statement};

use super::{Column, Finding, FindingKind, Schema, Table};
use super::{resolve, validate};
use crate::ast::SqlKind;

pub(super) fn schema() -> Schema {
    Schema::new([
        Table::new(
            "subscriber",
            [
                Column::new("id", SqlKind::Int),
                Column::new("username", SqlKind::Text),
                Column::new("disabled", SqlKind::Bool),
            ],
        )
        .with_key(["id"]),
        Table::new(
            "terminal",
            [
                Column::new("id", SqlKind::Int),
                Column::nullable("subscriber_id", SqlKind::Int),
                Column::nullable("mac_addr", SqlKind::MacAddr),
            ],
        )
        .with_key(["id"]),
    ])
}

fn resolved(method: Method, json: &str) -> String {
    let mut statement = Statement::from_json(method, json.as_bytes()).unwrap();
    resolve(&mut statement, &schema()).unwrap_or_else(|findings| panic!("{json}: {findings:?}"));
    format!("{statement:#}")
}

/// Pointer, kind and message of the only finding.
fn finding(method: Method, json: &str) -> (String, FindingKind, String) {
    let mut statement = Statement::from_json(method, json.as_bytes()).unwrap();
    let mut findings = resolve(&mut statement, &schema()).expect_err(json);
    assert_eq!(findings.len(), 1, "{json}: {findings:?}");
    let finding = findings.remove(0);
    // The pointer points at something in the canonical spelling.
    let canonical: serde_json::Value =
        serde_json::to_value(Statement::from_json(method, json.as_bytes()).unwrap()).unwrap();
    assert!(
        canonical.pointer(&finding.pointer).is_some(),
        "{} not in {canonical}",
        finding.pointer
    );
    (finding.pointer, finding.kind, finding.message)
}

#[test]
fn strings_are_columns_where_a_table_has_them() {
    let cases = [
        (
            Method::Select,
            r#"{"data": ["id", "nmae", {"concat": ["username", "id!"]}], "from": "subscriber", "order_by": "username"}"#,
            "SELECT id, 'nmae', username || 'id!' FROM subscriber ORDER BY username",
        ),
        // A sub-select sees the tables around it; its own come first.
        (
            Method::Select,
            r#"{"data": ["id"], "from": "subscriber", "where":
                {"in": ["id", {"select": {"data": "subscriber_id", "from": "terminal", "where": {"eq": ["mac_addr", "username"]}}}]}}"#,
            "SELECT id FROM subscriber WHERE id IN (SELECT subscriber_id FROM terminal WHERE mac_addr = username)",
        ),
        // And so do constant rows nested in it.
        (
            Method::Select,
            r#"{"data": ["id"], "from": "subscriber", "where": {"in": ["id", {"select": {"values": [["id"], ["nothing"]]}}]}}"#,
            "SELECT id FROM subscriber WHERE id IN (VALUES (id), ('nothing'))",
        ),
        // Values of an insert see nothing, not even the target.
        (
            Method::Insert,
            r#"{"into": "subscriber", "columns": ["username"], "values": [["username"], ["id"]], "returning": "id"}"#,
            "INSERT INTO subscriber (username) VALUES ('username'), ('id') RETURNING id",
        ),
        (
            Method::Insert,
            r#"{"into": "terminal", "columns": ["subscriber_id", "mac_addr"],
                "select": {"data": ["id", "11-22-33-44-55-77"], "from": "subscriber"}, "returning": ["*"]}"#,
            "INSERT INTO terminal (subscriber_id, mac_addr) SELECT id, '11-22-33-44-55-77' FROM subscriber RETURNING *",
        ),
        (
            Method::Update,
            r#"{"table": "subscriber", "set": {"disabled": {"not": "disabled"}, "username": "usr"}, "where": {"eq": ["username", "x"]}}"#,
            "UPDATE subscriber SET disabled = NOT disabled, username = 'usr' WHERE username = 'x'",
        ),
        (
            Method::Delete,
            r#"{"from": "terminal", "using": "subscriber", "where": {"eq": ["subscriber_id", {"subscriber": "id"}]}}"#,
            "DELETE FROM terminal USING subscriber WHERE subscriber_id = subscriber.id",
        ),
        // A sub-select in FROM is a table of its output names.
        (
            Method::Select,
            r#"{"data": ["m", "mac_addr"], "from": [{"select": {"data": [{"t": "mac_addr", "as": "m"}], "from": {"table": "terminal", "as": "t"}}, "as": "q"}]}"#,
            "SELECT m, 'mac_addr' FROM (SELECT t.mac_addr AS m FROM terminal AS t) AS q",
        ),
        // One name of one thing twice leaves no doubt (PostgreSQL 15,
        // `findTargetlistEntrySQL92`).
        (
            Method::Select,
            r#"{"data": [{"subscriber": "id", "as": "x"}, {"subscriber": "id", "as": "x"}], "from": "subscriber", "order_by": [["x", "desc"]]}"#,
            "SELECT subscriber.id AS x, subscriber.id AS x FROM subscriber ORDER BY x DESC",
        ),
        // ORDER BY knows output names.
        (
            Method::Select,
            r#"{"data": [{"subscriber": "username", "as": "login"}], "from": "subscriber", "order_by": ["login", "nothing"]}"#,
            "SELECT subscriber.username AS login FROM subscriber ORDER BY login, 'nothing'",
        ),
        (
            Method::Select,
            r#"{"values": [[1, "username"]]}"#,
            "VALUES (1, 'username')",
        ),
    ];
    for (method, json, sql) in cases {
        assert_eq!(resolved(method, json), sql);
    }
}

#[test]
fn what_does_not_fit_is_named() {
    use FindingKind::*;
    use Method::*;
    let two = r#""from": [{"table": "subscriber", "as": "s"}, {"join": "terminal", "as": "t", "on": {"eq": [{"s": "id"}, {"t": "subscriber_id"}]}}]"#;
    let cases = [
        (Select, r#"{"data": ["id"], "from": "clients"}"#.to_owned(), "/from", UnknownTable, "relation \"clients\" does not exist"),
        (Select, r#"{"data": ["id"], "from": {"table": "clients", "as": "c"}}"#.to_owned(), "/from/table", UnknownTable, "relation \"clients\" does not exist"),
        // Anything may be a column of it, under its alias.
        (Select, r#"{"data": [{"c": "id"}], "from": {"table": "clients", "as": "c"}}"#.to_owned(), "/from/table", UnknownTable, "relation \"clients\" does not exist"),
        (Delete, r#"{"from": "clients"}"#.to_owned(), "/from", UnknownTable, "relation \"clients\" does not exist"),
        (Select, format!(r#"{{"data": ["id"], {two}}}"#), "/data/0", AmbiguousColumn, "column reference \"id\" is ambiguous"),
        (Select, format!(r#"{{"data": [{{"q": "id"}}], "from": [{{"select": {{"data": [{{"s": "id"}}, {{"t": "id"}}], {two}}}, "as": "q"}}]}}"#), "/data/0/q", AmbiguousColumn, "column reference \"id\" is ambiguous"),
        // GROUP BY takes a column before an output name, so the output decides nothing.
        (Select, format!(r#"{{"data": [{{"s": "id"}}], {two}, "group_by": "id"}}"#), "/group_by", AmbiguousColumn, "column reference \"id\" is ambiguous"),
        (Select, format!(r#"{{"data": [1, {{"eq": [1, {{"s": "usrname"}}]}}], {two}}}"#), "/data/1/eq/1/s", UnknownColumn, "column s.usrname does not exist"),
        (Select, format!(r#"{{"data": {{"p": "id"}}, {two}}}"#), "/data/p", UnknownAlias, "missing FROM-clause entry for table \"p\""),
        (Select, format!(r#"{{"data": {{"terminal": "id"}}, {two}}}"#), "/data/terminal", UnknownAlias, "invalid reference to FROM-clause entry for table \"terminal\""),
        (Select, r#"{"data": [1], "from": "terminal", "where": {"eq": ["id"]}}"#.to_owned(), "/where/eq", Arity, "operator \"eq\" takes exactly 2 operands, found 1"),
        (Select, r#"{"data": [1], "from": "terminal", "where": {"in": ["id"]}}"#.to_owned(), "/where/in", EmptyIn, "\"in\" has nothing to look in: no value after the first operand"),
        (Select, r#"{"data": [1], "where": {"in": [1, {"values": []}]}}"#.to_owned(), "/where/in", EmptyIn, "\"in\" has nothing to look in: no row in \"values\""),
        (Select, r#"{"data": [1], "where": {"is": [1, 2]}}"#.to_owned(), "/where/is/1", IsOperand, "the second operand of \"is\" is true, false or null"),
        (Select, r#"{"data": ["*"]}"#.to_owned(), "/data/0", Star, "SELECT * with no tables specified is not valid"),
        (Select, r#"{"data": [1], "from": [{"table": "terminal"}, {"table": "terminal"}]}"#.to_owned(), "/from/1", DuplicateAlias, "table name \"terminal\" specified more than once"),
        (Insert, r#"{"into": "terminal", "columns": ["mac"], "values": ["x"]}"#.to_owned(), "/columns/0", UnknownColumn, "column \"mac\" of relation \"terminal\" does not exist"),
        (Update, r#"{"table": "terminal", "set": {"mac": "x"}}"#.to_owned(), "/set/mac", UnknownColumn, "column \"mac\" of relation \"terminal\" does not exist"),
        (Insert, r#"{"into": "terminal", "columns": ["id"], "select": {"data": [1, 2]}}"#.to_owned(), "/select", Shape, "INSERT has more expressions than target columns"),
        (Select, r#"{"values": [[1, 2], [3]]}"#.to_owned(), "/values/1", Shape, "VALUES lists must all be the same length"),
        (Select, r#"{"data": [{"terminal": "id", "as": "x"}, {"terminal": "mac_addr", "as": "x"}], "from": "terminal", "order_by": [["x", "desc"]]}"#.to_owned(), "/order_by/0", AmbiguousColumn, "ORDER BY \"x\" is ambiguous"),
        // ON sees nothing to its right.
        (Select, r#"{"data": [1], "from": [{"table": "subscriber", "as": "s"}, {"join": "terminal", "as": "t", "on": {"eq": [{"s": "id"}, {"u": "id"}]}}, {"join": "terminal", "as": "u", "on": {"eq": [{"u": "id"}, {"t": "id"}]}}]}"#.to_owned(), "/from/1/on/eq/1/u", UnknownAlias, "invalid reference to FROM-clause entry for table \"u\""),
        // A comma ends the chain of joins that ON sees.
        (Select, r#"{"data": [1], "from": [{"table": "subscriber"}, {"table": "terminal", "as": "t"}, {"join": "terminal", "as": "u", "on": {"eq": [{"subscriber": "id"}, {"u": "id"}]}}]}"#.to_owned(), "/from/2/on/eq/0/subscriber", UnknownAlias, "invalid reference to FROM-clause entry for table \"subscriber\""),
    ];
    for (method, json, pointer, kind, message) in cases {
        assert_eq!(
            finding(method, &json),
            (pointer.to_owned(), kind, message.to_owned()),
            "{json}"
        );
    }
    let (pointer, kind, message) = finding(Select, r#"{"data": [1], "where": {"equals": [1, 1]}}"#);
    assert_eq!((pointer.as_str(), kind), ("/where/equals", UnknownOperator));
    assert!(message.starts_with("unknown operator \"equals\"; expected one of and, or, not"));
}

#[test]
fn grouping_is_checked_as_postgresql_does() {
    let fine = [
        r#"{"data": ["disabled", {"function": "count", "args": ["*"]}], "from": "subscriber", "group_by": "disabled", "order_by": "disabled"}"#,
        r#"{"data": ["username"], "from": "subscriber", "group_by": {"subscriber": "id"}}"#,
        r#"{"data": [{"not": "disabled"}], "from": "subscriber", "group_by": {"not": {"subscriber": "disabled"}}}"#,
        r#"{"data": [{"concat": ["username", "!"], "as": "u"}, {"function": "max", "args": "id"}], "from": "subscriber", "group_by": "u", "order_by": "u"}"#,
        r#"{"data": ["id"], "from": "subscriber", "where": {"gt": [{"select": {"data": {"function": "count", "args": ["*"]}, "from": "terminal", "where": {"eq": ["subscriber_id", {"subscriber": "id"}]}}}, 1]}}"#,
        // Of an output and a column of the query around it, it is the output that groups.
        r#"{"data": ["id"], "from": "subscriber", "where": {"in": ["a", {"select": {"data": {"concat": ["mac_addr", "!"], "as": "username"}, "from": "terminal", "group_by": "username"}}]}}"#,
    ];
    for json in fine {
        resolved(Method::Select, json);
    }
    let count = r#"{"function": "count", "args": ["*"]}"#;
    let not_grouped = "column \"subscriber.username\" must appear in the GROUP BY clause or be used in an aggregate function";
    let cases = [
        // An aggregate makes one row of all, wherever it stands.
        (format!(r#"{{"data": ["username"], "from": "subscriber", "order_by": {count}}}"#), "/data/0", FindingKind::NotGrouped, not_grouped),
        (format!(r#"{{"data": ["username", {count}], "from": "subscriber"}}"#), "/data/0", FindingKind::NotGrouped, not_grouped),
        // Of a column and an output of one name, it is the column that groups.
        (r#"{"data": [{"concat": ["username", "!"], "as": "disabled"}], "from": "subscriber", "group_by": "disabled"}"#.to_owned(), "/data/0/concat/0", FindingKind::NotGrouped, not_grouped),
        // `*` is each of the columns.
        (r#"{"data": ["*"], "from": "subscriber", "group_by": ["username", "disabled"]}"#.to_owned(), "/data/0", FindingKind::NotGrouped, "column \"subscriber.id\" must appear in the GROUP BY clause or be used in an aggregate function"),
        (format!(r#"{{"data": [{count}], "from": "subscriber", "order_by": "username"}}"#), "/order_by", FindingKind::NotGrouped, not_grouped),
        (format!(r#"{{"data": ["id"], "from": "subscriber", "where": {{"gt": [{count}, 1]}}}}"#), "/where/gt/0", FindingKind::MisplacedAggregate, "aggregate functions are not allowed in WHERE"),
        // The place in a list of groups.
        (format!(r#"{{"data": ["id"], "from": "subscriber", "group_by": ["id", {count}]}}"#), "/group_by/1", FindingKind::MisplacedAggregate, "aggregate functions are not allowed in GROUP BY"),
        (format!(r#"{{"data": [1], "from": "subscriber", "group_by": {{"add": ["id", {count}]}}}}"#), "/group_by/add/1", FindingKind::MisplacedAggregate, "aggregate functions are not allowed in GROUP BY"),
        (format!(r#"{{"data": [{{"s": "id"}}], "from": [{{"table": "subscriber", "as": "s"}}, {{"select": {{"data": "id", "from": "terminal", "where": {{"eq": [{count}, 1]}}}}, "as": "q"}}]}}"#), "/from/1/select/where/eq/0", FindingKind::MisplacedAggregate, "aggregate functions are not allowed in WHERE"),
        (format!(r#"{{"data": [{{"function": "max", "args": {count}}}], "from": "subscriber"}}"#), "/data/0/args", FindingKind::MisplacedAggregate, "aggregate function calls cannot be nested"),
        (
            r#"{"data": ["disabled", {"select": {"data": {"t": "id"}, "from": {"table": "terminal", "as": "t"}, "where": {"eq": ["mac_addr", "username"]}}}], "from": "subscriber", "group_by": "disabled"}"#.to_owned(),
            "/data/1/select/where/eq/1",
            FindingKind::NotGrouped,
            "subquery uses ungrouped column \"subscriber.username\" from outer query",
        ),
    ];
    for (json, pointer, kind, message) in cases {
        assert_eq!(
            finding(Method::Select, &json),
            (pointer.to_owned(), kind, message.to_owned()),
            "{json}"
        );
    }
}

/// A write returns one row for each that it wrote.
#[test]
fn aggregates_are_not_returned() {
    let count = r#"{"function": "count", "args": ["*"]}"#;
    let writes = [
        (
            Method::Insert,
            r#""into": "subscriber", "columns": ["username"], "values": ["a"]"#,
        ),
        (
            Method::Update,
            r#""table": "subscriber", "set": {"disabled": true}, "where": {"eq": ["id", 1]}"#,
        ),
        (
            Method::Delete,
            r#""from": "subscriber", "where": {"eq": ["id", 1]}"#,
        ),
    ];
    for (method, members) in writes {
        let json = format!(r#"{{{members}, "returning": ["id", {count}]}}"#);
        assert_eq!(
            finding(method, &json),
            (
                "/returning/1".to_owned(),
                FindingKind::MisplacedAggregate,
                "aggregate functions are not allowed in RETURNING".to_owned()
            ),
            "{json}"
        );
    }
}

#[test]
fn the_rows_of_a_write_are_not_chosen_by_an_aggregate() {
    let count = r#"{"gt": [{"function": "count", "args": ["*"]}, 1]}"#;
    for (method, members) in [
        (
            Method::Update,
            r#""table": "subscriber", "set": {"disabled": true}"#,
        ),
        (Method::Delete, r#""from": "subscriber""#),
    ] {
        let json = format!(r#"{{{members}, "where": {count}, "returning": "id"}}"#);
        assert_eq!(
            finding(method, &json),
            (
                "/where/gt/0".to_owned(),
                FindingKind::MisplacedAggregate,
                "aggregate functions are not allowed in WHERE".to_owned()
            ),
            "{json}"
        );
    }
}

/// RFC 6901, section 3: `~` is written `~0` and `/` is written `~1`.
#[test]
fn a_pointer_escapes_names() {
    let (pointer, ..) = finding(
        Method::Update,
        r#"{"table": "terminal", "set": {"a~/b": 1, "id": 1}}"#,
    );
    assert_eq!(pointer, "/set/a~0~1b");
    let json = br#"{"data": [1], "from": "t", "where": {"~1": [[]]}}"#;
    let error = Statement::from_json(Method::Select, json).unwrap_err();
    assert_eq!(error.pointer(), "/where/~01/0");
}

pub(super) fn advice(method: Method, json: &str) -> Vec<(String, FindingKind)> {
    let statement = Statement::from_json(method, json.as_bytes()).unwrap();
    let findings = validate(&statement, &schema());
    let canonical = serde_json::to_value(&statement).unwrap();
    for finding in &findings {
        assert!(
            canonical.pointer(&finding.pointer).is_some(),
            "{} not in {canonical}",
            finding.pointer
        );
    }
    findings
        .into_iter()
        .map(|finding| (finding.pointer, finding.kind))
        .collect()
}

#[test]
fn comparisons_with_itself_are_found_by_any_name() {
    let two = r#""from": [{"table": "subscriber", "as": "s"}, {"join": "terminal", "as": "t", "on": {"eq": [{"s": "id"}, {"t": "subscriber_id"}]}}]"#;
    let cases = [
        (r#"{"data": ["id"], "from": "subscriber", "where": {"eq": ["id", "id"]}}"#.to_owned(), "/where/eq"),
        (r#"{"data": ["id"], "from": "subscriber", "where": {"lt": ["id", {"subscriber": "id"}]}}"#.to_owned(), "/where/lt"),
        (r#"{"data": ["id"], "from": "subscriber", "where": {"not": {"in": ["id", 1, "id"]}}}"#.to_owned(), "/where/not_in"),
        (format!(r#"{{"data": [{{"s": "id"}}], {two}, "where": {{"eq": ["mac_addr", {{"t": "mac_addr"}}]}}}}"#), "/where/eq"),
        (r#"{"data": ["id"], "from": "subscriber", "where": {"in": ["id", {"select": {"data": "subscriber_id", "from": "terminal", "where": {"gte": ["subscriber_id", "subscriber_id"]}}}]}}"#.to_owned(), "/where/in/1/select/where/gte"),
        (r#"{"data": [{"eq": ["id", "id"]}], "from": "subscriber"}"#.to_owned(), "/data/0/eq"),
    ];
    for (json, pointer) in cases {
        assert_eq!(
            advice(Method::Select, &json),
            [(pointer.to_owned(), FindingKind::SelfComparison)],
            "{json}"
        );
    }
    let fine = format!(
        r#"{{"data": [{{"s": "id"}}], {two}, "where": {{"neq": [{{"s": "id"}}, {{"t": "id"}}]}}}}"#
    );
    assert_eq!(advice(Method::Select, &fine), []);
    // The inner column is the inner table's.
    let nested = r#"{"data": ["id"], "from": "terminal", "where": {"in": ["subscriber_id", {"select": {"data": "subscriber_id", "from": "terminal"}}]}}"#;
    assert_eq!(advice(Method::Select, nested), []);
    assert_eq!(
        advice(
            Method::Update,
            r#"{"table": "subscriber", "set": {"username": {"subscriber": "username"}}, "where": {"eq": ["id", 1]}}"#
        ),
        [("/set/username".to_owned(), FindingKind::SelfAssignment)]
    );
}

/// One slip of the keyboard in a short name, two in one of five letters or more.
#[test]
fn misspelt_columns_are_found() {
    let columns = ["id", "port", "login"].map(|name| Column::new(name, SqlKind::Text));
    let schema = Schema::new([Table::new("account", columns)]);
    let meant = |text: &str| {
        let json = format!(r#"{{"data": ["{text}"], "from": "account"}}"#);
        let select = Statement::from_json(Method::Select, json.as_bytes()).unwrap();
        let findings = validate(&select, &schema);
        let is_misspelt = |finding: &Finding| finding.kind == FindingKind::MisspeltColumn;
        findings.iter().any(is_misspelt)
    };
    for text in ["prt", "porr", "Port", "prot", "logon", "lgni", "LOGIN"] {
        assert!(meant(text), "{text}");
    }
    for text in ["di", "pout!", "pour", "part1", "lagxm", "12345", "x y"] {
        assert!(!meant(text), "{text}");
    }
}

/// One row is written as an object, several as lists.
#[test]
fn inserted_texts_are_found_where_they_are_written() {
    let found = |values: &str| {
        let json = format!(
            r#"{{"into": "subscriber", "columns": ["id", "username"], "values": {values}}}"#
        );
        advice(Method::Insert, &json)
    };
    let at = |pointer: &str| [(pointer.to_owned(), FindingKind::TextIsColumn)];
    assert_eq!(found(r#"[[1, "disabled"]]"#), at("/values/username"));
    assert_eq!(found(r#"[[1, "a"], [2, "disabled"]]"#), at("/values/1/1"));
}

/// PostgreSQL 9.1 and later: the other columns follow from the whole key only.
#[test]
fn a_part_of_the_key_groups_no_other_column() {
    let columns = ["subscriber_id", "package_id", "note"];
    let columns = columns.map(|name| Column::new(name, SqlKind::Int));
    let schema =
        Schema::new(
            [Table::new("subscription", columns).with_key(["subscriber_id", "package_id"])],
        );
    let findings = |group_by: &str| {
        let json =
            format!(r#"{{"data": ["note"], "from": "subscription", "group_by": {group_by}}}"#);
        let mut select = Statement::from_json(Method::Select, json.as_bytes()).unwrap();
        resolve(&mut select, &schema).map_err(|findings| findings[0].kind)
    };
    assert_eq!(findings(r#"["subscriber_id", "package_id"]"#), Ok(()));
    let not_grouped = Err(FindingKind::NotGrouped);
    assert_eq!(findings(r#""subscriber_id""#), not_grouped);
    assert_eq!(findings(r#""package_id""#), not_grouped);
}

#[test]
fn numbers_that_are_positions_are_found() {
    let json = r#"{"data": ["id", "username"], "from": "subscriber", "order_by": [["id", "DESC"], [2, "DESC"]]}"#;
    assert_eq!(
        advice(Method::Select, json),
        [("/order_by/1/0".to_owned(), FindingKind::Position)]
    );
    let json = r#"{"data": ["disabled"], "from": "subscriber", "group_by": 1}"#;
    assert_eq!(
        advice(Method::Select, json),
        [("/group_by".to_owned(), FindingKind::Position)]
    );
    let json = r#"{"data": ["disabled"], "distinct": [1], "from": "subscriber"}"#;
    assert_eq!(
        advice(Method::Select, json),
        [("/distinct/0".to_owned(), FindingKind::Position)]
    );
}

#[test]
fn a_finding_says_its_place() {
    let mut statement = Statement::from_json(Method::Delete, br#"{"from": "clients"}"#).unwrap();
    let findings = resolve(&mut statement, &schema()).unwrap_err();
    assert_eq!(
        findings[0].to_string(),
        "relation \"clients\" does not exist, at /from"
    );
    // The pointer of the whole statement is an empty text.
    let whole = Finding {
        pointer: String::new(),
        ..findings[0].clone()
    };
    assert_eq!(
        whole.to_string(),
        "relation \"clients\" does not exist, at the top"
    );
}

/// PostgreSQL: `operator does not exist: text = integer`.
#[test]
fn values_of_two_types_are_found_and_texts_take_the_others() {
    let found = |condition: &str| {
        let json = format!(
            r#"{{"data": [{{"s": "id"}}], "from": [{{"table": "subscriber", "as": "s"}},
                {{"join": "terminal", "as": "t", "on": true}}], "where": {condition}}}"#
        );
        advice(Method::Select, &json)
    };
    let mixed = |pointer: &str| [(pointer.to_owned(), FindingKind::MixedTypes)];
    assert_eq!(
        found(r#"{"eq": [{"s": "username"}, 12345]}"#),
        mixed("/where/eq/1")
    );
    assert_eq!(
        found(r#"{"in": [{"s": "username"}, "a", 12345]}"#),
        mixed("/where/in/2")
    );
    assert_eq!(
        found(r#"{"not": {"in": [{"s": "username"}, 12345]}}"#),
        mixed("/where/not_in/1")
    );
    assert_eq!(
        found(r#"{"in": [{"s": "username"}, {"values": [["a"], [1]]}]}"#),
        mixed("/where/in/1/values/1/0")
    );
    assert_eq!(
        found(r#"{"in": [{"s": "username"}, {"select": {"data": "id", "from": "terminal"}}]}"#),
        mixed("/where/in/1")
    );
    assert_eq!(
        found(r#"{"eq": [{"s": "disabled"}, 1]}"#),
        mixed("/where/eq/1")
    );
    assert_eq!(
        found(r#"{"eq": [{"t": "mac_addr"}, {"s": "username"}]}"#),
        mixed("/where/eq/1")
    );
    assert_eq!(
        found(r#"{"like": [{"s": "username"}, {"t": "id"}]}"#),
        mixed("/where/like/1")
    );
    for fitting in [
        r#"{"eq": [{"s": "username"}, "12345"]}"#,
        r#"{"eq": [{"s": "id"}, "7"]}"#,
        r#"{"eq": [{"s": "id"}, 7.5]}"#,
        r#"{"eq": [{"s": "disabled"}, true]}"#,
        r#"{"eq": [{"t": "subscriber_id"}, {"s": "id"}]}"#,
        r#"{"and": [{"eq": [{"s": "id"}, 7]}, {"eq": [{"s": "username"}, "x"]}]}"#,
        r#"{"in": [{"s": "username"}, {"values": [["a"], ["b"]]}]}"#,
        r#"{"is": [{"s": "username"}, null]}"#,
    ] {
        assert_eq!(found(fitting), [], "{fitting}");
    }
}

#[test]
fn texts_that_are_spelt_like_columns_are_found_in_comparisons() {
    let found = |condition: &str| {
        let json = format!(r#"{{"data": ["id"], "from": "terminal", "where": {condition}}}"#);
        advice(Method::Select, &json)
    };
    let column = |pointer: &str| [(pointer.to_owned(), FindingKind::TextIsColumn)];
    assert_eq!(
        found(r#"{"eq": ["subscriber_id", "id"]}"#),
        column("/where/eq/1")
    );
    assert_eq!(
        found(r#"{"in": ["subscriber_id", 7, "id"]}"#),
        column("/where/in/2")
    );
    // Written as a column, it is meant.
    for meant in [
        r#"{"eq": ["subscriber_id", {"terminal": "id"}]}"#,
        r#"{"eq": ["subscriber_id", 12345]}"#,
    ] {
        assert_eq!(found(meant), [], "{meant}");
    }
}
