use crate::ast::{Method, Statement};

use super::super::tests::{advice, schema};
use super::super::{Column, FindingKind, Schema, Table, resolve};
use super::{Coverage, coverage};
use crate::ast::SqlKind;

#[test]
fn writes_of_every_row_are_found_by_meaning() {
    let every_row = [
        r#"{"like": ["username", "%"]}"#,
        // An empty pattern takes the empty text alone.
        r#"{"or": [{"like": ["username", ""]}, {"neq": ["username", ""]}]}"#,
        // Whatever the pattern is, the text is like it or not.
        r#"{"or": [{"like": ["username", "id"]}, {"not": {"like": ["username", "id"]}}]}"#,
        r#"{"or": ["disabled", {"not": "disabled"}]}"#,
        r#"{"eq": [1, 1]}"#,
        r#"{"eq": ["a", "a"]}"#,
        r#"{"not": {"eq": [1, 2]}}"#,
        r#"{"is": [{"eq": [1, 2]}, false]}"#,
        r#"{"and": [{"ilike": ["username", "%%"]}, true]}"#,
        r#"{"in": ["id", {"select": {"data": "id", "from": "subscriber"}}]}"#,
        r#"{"in": [{"subscriber": "id"}, {"select": {"data": {"s": "id"}, "from": {"table": "subscriber", "as": "s"}, "where": {"like": ["username", "%"]}}}]}"#,
        r#"{"or": [
            {"in": ["id", {"select": {"data": "subscriber_id", "from": "terminal"}}]},
            {"not_in": ["id", {"select": {"data": "subscriber_id", "from": "terminal"}}]}]}"#,
        // A text beside a column of numbers is read as one.
        r#"{"or": [{"lte": ["id", "4"]}, {"gt": ["id", "3"]}]}"#,
        r#"{"or": [{"lte": ["id", 4]}, {"gte": ["id", "5"]}]}"#,
        // Whatever else the query in between selects, and by which name.
        r#"{"in": ["id", {"select": {"data": {"q": "id"}, "from": {"select": {"data": ["username", "id"], "from": "subscriber"}, "as": "q"}}}]}"#,
        r#"{"in": ["id", {"select": {"data": {"q": "id"}, "from": {"select": {"data": [1, "id"], "from": "subscriber"}, "as": "q"}}}]}"#,
        r#"{"in": ["id", {"select": {"data": {"q": "x"}, "from": {"select": {"data": ["username", {"subscriber": "id", "as": "x"}], "from": "subscriber"}, "as": "q"}}}]}"#,
        r#"{"in": [1, {"select": {"data": "id", "from": "terminal"}}]}"#,
        r#"{"or": [{"eq": ["id", 1]}, {"in": [1, {"select": {"data": "id", "from": "terminal"}}]}]}"#,
        // Two queries deep, the name is that of the table of the query around it.
        r#"{"in": [1, {"select": {"data": {"subscriber": "id"}, "from": "subscriber", "where":
            {"in": [{"subscriber": "id"}, {"select": {"data": "subscriber_id", "from": "terminal", "where":
                {"eq": [{"subscriber": "disabled"}, true]}}}]}}}]}"#,
        r#"{"coalesce": [null, true]}"#,
        r#"{"coalesce": [{"like": ["username", "%"]}, false]}"#,
        // A list of literals without NULL, more of them than are compared one by one.
        r#"{"is_not": [{"in": ["id", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]}, null]}"#,
    ];
    for condition in every_row {
        let json = format!(r#"{{"from": "subscriber", "where": {condition}}}"#);
        let expected = ("/where".to_owned(), FindingKind::Unbounded);
        assert!(
            advice(Method::Delete, &json).contains(&expected),
            "{condition}"
        );
        let json = format!(
            r#"{{"table": "subscriber", "set": {{"disabled": true}}, "where": {condition}}}"#
        );
        assert!(
            advice(Method::Update, &json).contains(&expected),
            "{condition}"
        );
        let json = format!(r#"{{"data": ["id"], "from": "subscriber", "where": {condition}}}"#);
        // A query in it is looked at by itself.
        if !condition.contains("select") {
            let found = rows_advice(Method::Select, &json);
            let expected = [("/where".to_owned(), FindingKind::AlwaysTrue)];
            assert_eq!(found, expected, "{condition}");
        }
    }
    let nested = r#"{"data": ["id"], "from": "terminal", "where": {"in": ["subscriber_id",
        {"select": {"data": ["id"], "from": "subscriber", "where": {"like": ["username", "%"]}}}]}}"#;
    assert_eq!(
        advice(Method::Select, nested),
        [(
            "/where/in/1/select/where".to_owned(),
            FindingKind::AlwaysTrue
        )]
    );
    let joined = r#"{"data": ["id"], "from": [{"table": "terminal", "as": "t"},
        {"join": "subscriber", "as": "s", "on": {"eq": [{"t": "subscriber_id"}, {"s": "id"}]}}],
        "where": {"like": [{"s": "username"}, "%"]}}"#;
    assert!(
        !advice(Method::Select, joined)
            .iter()
            .any(|(_, kind)| *kind == FindingKind::AlwaysTrue)
    );
    let narrow = [
        r#"{"like": ["username", "a%"]}"#,
        r#"{"in": ["id", {"select": {"data": "subscriber_id", "from": "terminal"}}]}"#,
        // Correlated: the nested query looks at the row.
        r#"{"in": [1, {"select": {"data": "id", "from": "terminal", "where": {"eq": ["subscriber_id", {"subscriber": "id"}]}}}]}"#,
        r#"{"in": [1, {"select": {"data": "id", "from": "terminal", "where": {"eq": ["mac_addr", "username"]}}}]}"#,
        r#"{"eq": [1, 2]}"#,
        // Alike but for whose column it is: the inner table's, or that around it.
        r#"{"or": [
            {"in": ["id", {"select": {"data": "subscriber_id", "from": {"table": "terminal", "as": "s"}, "where":
                {"in": [1, {"select": {"data": [1], "from": {"table": "terminal", "as": "s"}, "where": {"eq": [{"s": "id"}, 7]}}}]}}}]},
            {"not_in": ["id", {"select": {"data": "subscriber_id", "from": {"table": "terminal", "as": "s"}, "where":
                {"in": [1, {"select": {"data": [1], "from": {"table": "terminal", "as": "u"}, "where": {"eq": [{"s": "id"}, 7]}}}]}}}]}]}"#,
        // Of a list with NULL in it, whatever its length, the answer may be NULL.
        r#"{"is_not": [{"in": ["id", 1, 2, null]}, null]}"#,
        r#"{"is_not": [{"in": ["id", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, null]}, null]}"#,
    ];
    for condition in narrow {
        let json = format!(r#"{{"from": "subscriber", "where": {condition}}}"#);
        assert_eq!(rows_advice(Method::Delete, &json), [], "{condition}");
        let json = format!(r#"{{"data": ["id"], "from": "subscriber", "where": {condition}}}"#);
        assert_eq!(rows_advice(Method::Select, &json), [], "{condition}");
    }
    assert_eq!(
        advice(Method::Delete, r#"{"from": "subscriber"}"#),
        [(String::new(), FindingKind::Unbounded)]
    );
    // Rows of the other table alone.
    let joined = r#"{"from": "terminal", "using": {"table": "subscriber", "as": "s"}, "where": {"eq": [{"s": "username"}, "x"]}}"#;
    assert_eq!(
        advice(Method::Delete, joined),
        [("/where".to_owned(), FindingKind::Unbounded)]
    );
}

/// The findings but those about the operands of a comparison: some conditions
/// compare bare columns of two types.
fn rows_advice(method: Method, json: &str) -> Vec<(String, FindingKind)> {
    let mut found = advice(method, json);
    found.retain(|(_, kind)| !matches!(kind, FindingKind::TextIsColumn | FindingKind::MixedTypes));
    found
}

/// Each level is looked into for every combination of values around it, and that for
/// each level: what is not found out in a bounded number of steps stays undecided.
#[test]
fn queries_in_queries_are_judged_in_bounded_time() {
    let nested = |depth: usize| {
        let values =
            r#"{"eq": ["id", 1]}, {"like": ["username", "a%"]}, {"is": ["disabled", true]}"#;
        (0..depth).fold(format!(r#"{{"or": [{values}]}}"#), |inner, _| {
            let query = format!(r#"{{"data": ["id"], "from": "subscriber", "where": {inner}}}"#);
            format!(r#"{{"or": [{values}, {{"in": ["id", {{"select": {query}}}]}}]}}"#)
        })
    };
    for depth in [1, 3, 15] {
        let json = format!(r#"{{"from": "subscriber", "where": {}}}"#, nested(depth));
        assert_eq!(advice(Method::Delete, &json), [], "{depth}");
        let json = format!(
            r#"{{"data": ["id"], "from": "subscriber", "where": {}}}"#,
            nested(depth)
        );
        assert_eq!(advice(Method::Select, &json), [], "{depth}");
    }
}

/// PostgreSQL 8.6: the words, what is unique of their beginnings, in any letter
/// case, with blanks around; what is none of them is an error, which writes no row.
#[test]
fn a_text_is_the_truth_value_that_it_is_short_for() {
    let of = |condition: String| {
        let json = format!(r#"{{"from": "subscriber", "where": {condition}}}"#);
        let mut delete = Statement::from_json(Method::Delete, json.as_bytes()).unwrap();
        resolve(&mut delete, &schema()).unwrap();
        coverage(&delete, &schema())
    };
    for text in ["true", "t", "tru", "yes", "y", "on", "1", "TRUE", " Yes "] {
        assert_eq!(
            of(format!("{text:?}")),
            Some(Coverage::EveryRow),
            "{text:?}"
        );
        assert_eq!(of(format!(r#"{{"not": {text:?}}}"#)), None, "{text:?}");
    }
    for text in [
        "false", "f", "fal", "no", "n", "off", "of", "0", "FALSE", " off",
    ] {
        assert_eq!(of(format!("{text:?}")), None, "{text:?}");
        let opposite = of(format!(r#"{{"not": {text:?}}}"#));
        assert_eq!(opposite, Some(Coverage::EveryRow), "{text:?}");
    }
    for text in ["", "o", "  ", "10", "truer", "tf"] {
        assert_eq!(of(format!("{text:?}")), None, "{text:?}");
        assert_eq!(of(format!(r#"{{"not": {text:?}}}"#)), None, "{text:?}");
    }
}

/// The first value of two columns is one value wherever it stands, NULL or not.
#[test]
fn the_first_of_two_columns_is_true_or_false_or_null() {
    let columns = ["paid", "trial"].map(|name| Column::nullable(name, SqlKind::Bool));
    let schema = Schema::new([Table::new("subscription", columns)]);
    let first = r#"{"coalesce": ["paid", "trial"]}"#;
    let json = format!(
        r#"{{"from": "subscription", "where":
            {{"or": [{first}, {{"not": {first}}}, {{"is": [{first}, null]}}]}}}}"#
    );
    let mut delete = Statement::from_json(Method::Delete, json.as_bytes()).unwrap();
    resolve(&mut delete, &schema).unwrap();
    assert_eq!(coverage(&delete, &schema), Some(Coverage::EveryRow));
}

/// Flags without NULL have two values each: twelve of them have as many combinations
/// as are looked at, six in a nested query.
#[test]
fn the_last_combination_that_is_looked_at() {
    let names: Vec<String> = (0..13).map(|number| format!("flag{number}")).collect();
    let columns = names
        .clone()
        .into_iter()
        .map(|name| Column::new(name, SqlKind::Bool));
    let schema = Schema::new([Table::new("device", columns)]);
    let found = |condition: &str| {
        let json = format!(r#"{{"from": "device", "where": {condition}}}"#);
        let mut delete = Statement::from_json(Method::Delete, json.as_bytes()).unwrap();
        resolve(&mut delete, &schema).unwrap();
        coverage(&delete, &schema)
    };
    let list = |count: usize| format!(r#"["{}"]"#, names[1..count].join(r#"", ""#));
    let always = |count: usize| {
        let others = list(count);
        format!(r#"{{"or": ["flag0", {{"not": "flag0"}}, {{"and": {others}}}]}}"#)
    };
    assert_eq!(found(&always(12)), Some(Coverage::EveryRow));
    assert_eq!(found(&always(13)), None);
    let among_none = |count: usize| {
        let others = list(count);
        let never = format!(r#"{{"and": ["flag0", {{"not": "flag0"}}, {{"or": {others}}}]}}"#);
        let query = format!(r#"{{"data": "flag0", "from": "device", "where": {never}}}"#);
        format!(r#"{{"not_in": ["flag0", {{"select": {query}}}]}}"#)
    };
    assert_eq!(found(&among_none(6)), Some(Coverage::EveryRow));
    assert_eq!(found(&among_none(7)), None);
}

/// A right join answers with NULL for its left side as well.
#[test]
fn outer_joins_leave_nulls_on_either_side() {
    for join_type in ["left", "right", "full"] {
        let json = format!(
            r#"{{"from": "terminal", "where": {{"is_not": [{{"s": "id"}}, null]}}, "using": [
                {{"table": "subscriber", "as": "s"}},
                {{"join": "subscriber", "as": "o", "join_type": "{join_type}", "on": {{"eq": [{{"s": "id"}}, {{"o": "id"}}]}}}}]}}"#
        );
        let mut delete = Statement::from_json(Method::Delete, json.as_bytes()).unwrap();
        resolve(&mut delete, &schema()).unwrap();
        let found = coverage(&delete, &schema());
        assert_eq!(found, Some(Coverage::AllOrNone), "{join_type}");
    }
}
