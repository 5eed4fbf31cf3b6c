//! Documents that are none of the language, with what is said and where; and
//! spellings of one statement. The forms are those of the protocol's document.

use jsonsql::ast::{Method, Statement};

fn read(method: Method, params: &str) -> Result<Statement, String> {
    Statement::from_json(method, params.as_bytes()).map_err(|error| error.to_string())
}

/// What is said of each `params`, and behind `at` the pointer into it, unless it is
/// the whole.
#[track_caller]
fn refused(method: Method, cases: &[(&str, &str)]) {
    for (params, said) in cases {
        let place = if said.contains(", at /") {
            ""
        } else {
            ", at the top"
        };
        let said = format!("{said}{place}");
        assert_eq!(read(method, params).unwrap_err(), said, "{params}");
    }
}

#[track_caller]
fn same(method: Method, cases: &[(&str, &str)]) {
    for (one, other) in cases {
        let statement = read(method, one).expect(one);
        assert_eq!(statement, read(method, other).expect(other), "{one}");
    }
}

#[test]
fn selects_that_are_none() {
    let members = "unknown member `were`; expected one of `distinct`, `data`, `values`, `from`, \
                   `where`, `group_by`, `having`, `order_by`, `limit`, `offset`";
    refused(
        Method::Select,
        &[
            ("[]", "expected a select, an object, found a list"),
            (r#""media""#, "expected a select, an object, found a string"),
            ("{}", "member `data` is missing"),
            (r#"{"data": ["id"], "were": true}"#, members),
            (
                r#"{"data": ["id"], "values": [[1]]}"#,
                "expected `data` or `values`, found both",
            ),
            (
                r#"{"data": []}"#,
                "expected at least one expression, found [], at /data",
            ),
            (
                r#"{"data": null}"#,
                "member `data` is null; leave it out if none is meant, at /data",
            ),
            (
                r#"{"data": ["id"], "data": ["name"]}"#,
                "member `data` stands twice in one object",
            ),
            (
                r#"{"data": ["id"], "where": {"eq": [1, {"m": "a", "m": "b"}]}}"#,
                "member `m` stands twice in one object, at /where/eq/1",
            ),
            (
                r#"{"data": ["id"], "limit": -1}"#,
                "expected a whole number, 0 or more, at /limit",
            ),
            (
                r#"{"data": ["id"], "offset": 1.5}"#,
                "expected a whole number, 0 or more, at /offset",
            ),
            (
                r#"{"data": ["id"], "limit": "5"}"#,
                "expected a whole number, 0 or more, found a string, at /limit",
            ),
            (
                r#"{"data": ["id"], "having": []}"#,
                "expected at least one condition, found [], at /having",
            ),
            (
                r#"{"data": ["id"], "order_by": [["id", "up"]]}"#,
                "expected an expression or [expression, \"DESC\"], at /order_by/0",
            ),
            (
                r#"{"data": ["id"], "order_by": ["id", ["name", "desc", 1]]}"#,
                "expected an expression or [expression, \"DESC\"], at /order_by/1",
            ),
        ],
    );
}

#[test]
fn expressions_that_are_none() {
    refused(
        Method::Select,
        &[
            (
                r#"{"data": [["id"]]}"#,
                "expected an expression, found a list, at /data/0",
            ),
            (
                r#"{"data": [{}]}"#,
                "expected an expression, found {}, at /data/0",
            ),
            (
                r#"{"data": [1], "where": {"eq": [1, 1], "gt": [2, 1]}}"#,
                "expected one operator or one alias, found `eq` beside `gt`, at /where",
            ),
            (
                r#"{"data": [1], "where": {"": [1, 1]}}"#,
                "expected an operator or an alias, found \"\", at /where/",
            ),
            (
                r#"{"data": [1], "where": {"and": [true, {"a/b": {"~": []}, "x": 1}]}}"#,
                "expected one operator or one alias, found `a/b` beside `x`, at /where/and/1",
            ),
            (
                r#"{"data": [1], "where": {"a/~b": [[]]}}"#,
                "expected an expression, found a list, at /where/a~1~0b/0",
            ),
        ],
    );
}

#[test]
fn tables_that_are_none() {
    let entries = [
        (
            "5",
            "expected a table name or an object, found a number, at /from",
        ),
        (r#""""#, "expected a name, found \"\", at /from"),
        (
            r#"["media", {"table": 5}]"#,
            "expected a name, found a number, at /from/1/table",
        ),
        (r#"{"as": "m"}"#, "member `table` is missing, at /from"),
        (
            r#"{"table": "media", "on": true}"#,
            "unknown member `on`; expected one of `table`, `as`, at /from",
        ),
        (
            r#"{"select": {"data": "id", "from": "media"}}"#,
            "member `as` is missing, at /from",
        ),
        (
            r#"{"select": {"data": "id"}, "as": "m", "on": true}"#,
            "unknown member `on`; expected one of `select`, `as`, at /from",
        ),
        (
            r#"{"select": {"data": []}, "as": "m"}"#,
            "expected at least one expression, found [], at /from/select/data",
        ),
        (
            r#"[{"table": "media"}, {"join": "package"}]"#,
            "member `on` is missing: a join needs a condition, at /from/1",
        ),
        (
            r#"[{"table": "media"}, {"join": "package", "join_type": "cross", "on": true}]"#,
            "a cross join has no condition, at /from/1/on",
        ),
        (
            r#"[{"table": "media"}, {"join": "package", "join_type": "outer", "on": true}]"#,
            "expected \"inner\", \"left\", \"right\", \"full\" or \"cross\", at /from/1/join_type",
        ),
        (
            r#"[{"table": "media"}, {"join": {"select": {"data": 1}, "as": "x"}, "on": true}]"#,
            "unknown member `as`; expected one of `select`, at /from/1/join",
        ),
        (
            r#"[{"table": "media"}, {"join": "package", "on": true, "using": "id"}]"#,
            "unknown member `using`; expected one of `join`, `join_type`, `as`, `on`, at /from/1",
        ),
    ];
    for (from, said) in entries {
        let params = format!(r#"{{"data": ["id"], "from": {from}}}"#);
        refused(Method::Select, &[(&params, said)]);
    }
}

#[test]
fn writes_that_are_none() {
    refused(
        Method::Insert,
        &[
            (
                r#"{"into": "media", "columns": "id", "values": [1]}"#,
                "expected a list of column names, found a string, at /columns",
            ),
            (
                r#"{"into": "media", "columns": [], "values": [[]]}"#,
                "expected at least one column name, found [], at /columns",
            ),
            (
                r#"{"into": "media", "columns": ["id", "name", "id"], "values": [1, 2, 3]}"#,
                "column `id` is listed twice, at /columns/2",
            ),
            (
                r#"{"into": "media", "columns": ["id"]}"#,
                "member `values` (or `select`) is missing",
            ),
            (
                r#"{"into": "media", "columns": ["id"], "values": [1], "select": {"data": 1}}"#,
                "expected `values` or `select`, found both",
            ),
            (
                r#"{"into": "media", "columns": ["id"], "values": []}"#,
                "expected at least one row, found [], at /values",
            ),
            (
                r#"{"into": "media", "columns": ["id"], "values": 5}"#,
                "expected an object or a list of rows, found a number, at /values",
            ),
            (
                r#"{"into": "media", "columns": ["id"], "values": [[1], 2]}"#,
                "expected a row, a list of values, found a number, at /values/1",
            ),
            (
                r#"{"into": "media", "columns": ["id", "name"], "values": [[1, 2], [3]]}"#,
                "expected 2 values, one for each of `columns`, found 1, at /values/1",
            ),
            (
                r#"{"into": "media", "columns": ["id"], "values": [1, 2]}"#,
                "expected 1 values, one for each of `columns`, found 2, at /values/0",
            ),
            (
                r#"{"into": "media", "columns": ["id", "name"], "values": {"name": "x"}}"#,
                "no value for `id`, which `columns` lists, at /values",
            ),
            (
                r#"{"into": "media", "columns": ["id"], "values": {"id": 1, "name": "x"}}"#,
                "a value for `name`, which `columns` does not list, at /values/name",
            ),
            (
                r#"{"into": "media", "columns": ["id"], "values": [1], "return": "id"}"#,
                "unknown member `return`; expected one of `into`, `columns`, `values`, `select`, \
                 `returning`",
            ),
        ],
    );
    refused(
        Method::Update,
        &[
            (r#"{"table": "media"}"#, "member `set` is missing"),
            (
                r#"{"table": "media", "set": {}}"#,
                "expected at least one column to set, found {}, at /set",
            ),
            (
                r#"{"table": "media", "set": [1]}"#,
                "expected an object of columns and values, found a list, at /set",
            ),
            (
                r#"{"table": "media", "set": {"id": []}}"#,
                "expected an expression, found a list, at /set/id",
            ),
            (
                r#"{"table": "media", "set": {"id": 1}, "where": null}"#,
                "member `where` is null; leave it out if none is meant, at /where",
            ),
            (
                r#"{"table": "media", "set": {"id": 1}, "were": true}"#,
                "unknown member `were`; expected one of `table`, `set`, `from`, `where`, \
                 `returning`",
            ),
        ],
    );
    refused(
        Method::Delete,
        &[
            ("{}", "member `from` is missing"),
            (
                r#"{"from": "media", "where": null}"#,
                "member `where` is null; leave it out if none is meant, at /where",
            ),
            (
                r#"{"from": "media", "were": true}"#,
                "unknown member `were`; expected one of `from`, `using`, `where`, `returning`",
            ),
        ],
    );
}

#[test]
fn spellings_of_one_statement() {
    same(
        Method::Select,
        &[
            (
                r#"{"data": ["id"], "from": "media", "distinct": false}"#,
                r#"{"data": ["id"], "from": "media"}"#,
            ),
            (
                r#"{"data": ["id"], "from": "media", "order_by": ["id", "asc"]}"#,
                r#"{"data": ["id"], "from": "media", "order_by": "id"}"#,
            ),
            (
                r#"{"data": ["id"], "from": "media", "order_by": [["id", "ASC"], "name"]}"#,
                r#"{"data": ["id"], "from": "media", "order_by": ["id", "name"]}"#,
            ),
            (
                r#"{"data": ["id"], "from": "media", "having": [{"eq": [1, 1]}]}"#,
                r#"{"data": ["id"], "from": "media", "having": {"eq": [1, 1]}}"#,
            ),
            (
                r#"{"data": ["id"], "from": "media", "having": [true, {"eq": [1, 1]}]}"#,
                r#"{"data": ["id"], "from": "media", "having": {"and": [true, {"eq": [1, 1]}]}}"#,
            ),
            (
                r#"{"data": ["id"], "from": ["media"], "group_by": ["id"]}"#,
                r#"{"data": ["id"], "from": "media", "group_by": "id"}"#,
            ),
            (
                r#"{"data": [1], "from": [{"table": "a"}, {"join": "b", "on": true}]}"#,
                r#"{"data": [1], "from": [{"table": "a"}, {"join": "b", "on": true, "join_type": "inner"}]}"#,
            ),
        ],
    );
    same(
        Method::Insert,
        &[
            (
                r#"{"into": "media", "columns": ["id", "name"], "values": [1, "x"]}"#,
                r#"{"into": "media", "columns": ["id", "name"], "values": [[1, "x"]]}"#,
            ),
            (
                r#"{"into": "media", "columns": ["id", "name"], "values": {"name": "x", "id": 1}}"#,
                r#"{"into": "media", "columns": ["id", "name"], "values": [[1, "x"]]}"#,
            ),
        ],
    );
}
