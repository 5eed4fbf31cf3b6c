//! Where SQLite alone would answer differently. Expectations are PostgreSQL's.

use serde_json::{Value, json};

use crate::{Demo, demo, demos};

#[tokio::test]
async fn rows_are_postgresqls() {
    for Demo { client, .. } in &demos().await {
        let from_package =
            |data: Value| json!({"data": data, "from": "package", "where": {"eq": ["id", 3]}});
        let cases = [
            // Integer division and remainder, exact decimals and their scales.
            (
                json!({"data": [{"div": [7, 2]}, {"div": [-7, 2]}, {"mod": [-7, 2]}, {"add": [1, 2, 3]}]}),
                json!([[3, -3, -1, 6]]),
            ),
            (
                json!({"data": [{"add": [1.5, 1]}, {"mul": ["1.50", 1.5]}, {"div": [10, "4"]}, {"div": [10, 2.5]}]}),
                json!([["2.5", "2.250", 2, "4.0000000000000000"]]),
            ),
            (
                from_package(
                    json!([{"mul": ["cost", 2]}, {"gt": ["cost", 99]}, {"eq": ["cost", 490.5]}]),
                ),
                json!([["981.00", true, true]]),
            ),
            (
                json!({"data": [{"function": "sum", "args": "id"}, {"function": "avg", "args": "id"}, {"function": "max", "args": "name"}, {"function": "sum", "args": "cost"}, {"function": "min", "args": "cost"}], "from": "package"}),
                json!([[21, "3.5000000000000000", "sports", "1188.50", "0.00"]]),
            ),
            (
                json!({"data": [{"function": "sum", "args": "id"}, {"function": "count", "args": ["*"]}], "from": "package", "where": {"eq": ["id", 0]}}),
                json!([[null, 0]]),
            ),
            // Text: case, Cyrillic, what `||` makes of other types.
            (
                json!({"data": "id", "from": "media", "where": {"ilike": ["name", "первый%"]}}),
                json!([1]),
            ),
            (
                json!({"data": "id", "from": "media", "where": {"like": ["name", "первый%"]}}),
                json!([]),
            ),
            (
                json!({"data": "id", "from": "media", "where": {"like": ["name", "% HD"]}, "order_by": "id"}),
                json!([6, 7]),
            ),
            (
                json!({"data": [{"concat": ["a", 1, true]}, {"concat": ["a", {"select": {"values": [[null]]}}]}]}),
                json!([["a1true", null]]),
            ),
            // A constant under a name, as the typed language sends it.
            (
                json!({"data": [{"q": "c1"}, {"q": "c2"}, {"q": "c3"}], "from": [{"select": {"data": [
                    {"coalesce": ["movie"], "as": "c1"}, {"coalesce": [7], "as": "c2"}, {"coalesce": [true], "as": "c3"}
                ]}, "as": "q"}]}),
                json!([["movie", 7, true]]),
            ),
            (
                json!({"data": {"concat": ["mac_addr", " ", "inet_addr"]}, "from": "terminal", "where": {"eq": ["id", 1]}}),
                json!(["00:1a:79:10:00:01 10.20.0.11/32"]),
            ),
            (
                json!({"data": [{"function": "regexp_replace", "args": ["name", "\\s\\(.*", ""]}], "from": "tv_channel", "order_by": "id"}),
                json!([["Первый"], ["Россия 1"], ["Первый"], ["Кино HD"]]),
            ),
            (
                json!({"data": [{"function": "lower", "args": "ПРИВЕТ"}, {"function": "length", "args": "привет"}]}),
                json!([["привет", 6]]),
            ),
            // NULL is the largest.
            (
                json!({"data": "max_terminal", "from": "subscriber", "order_by": ["max_terminal", "DESC"], "limit": 3}),
                json!([null, 40, 10]),
            ),
            (
                json!({"data": "id", "from": "subscriber", "order_by": ["max_terminal"], "offset": 11}),
                json!([5]),
            ),
            // Addresses sort as addresses; MACs as texts.
            (
                json!({"data": "inet_addr", "from": "terminal", "order_by": "inet_addr", "limit": 4}),
                json!(["10.20.0.11", "10.20.0.12", "10.20.0.21", "10.20.0.99"]),
            ),
            (
                json!({"data": "inet_addr", "from": "terminal", "where": {"lt": ["inet_addr", "10.20.0.100"]}, "order_by": ["inet_addr", "DESC"], "limit": 1}),
                json!(["10.20.0.99"]),
            ),
            // Booleans, three-valued logic.
            (
                json!({"data": [{"is": [{"eq": ["cost", null]}, null]}, {"is_not": ["paid", true]}, {"or": [{"eq": ["cost", null]}, true]}, {"coalesce": [null, "paid"]}], "from": "package", "where": {"eq": ["id", 1]}}),
                json!([[true, true, true, false]]),
            ),
            (
                json!({"data": "id", "from": "package", "where": {"not_in": ["id", 1, 2]}, "order_by": "id"}),
                json!([3, 4, 5, 6]),
            ),
            (
                json!({"data": "id", "from": "package", "where": {"in": ["cost", "250", 490.5]}, "order_by": "id"}),
                json!([2, 3]),
            ),
            (
                json!({"data": "id", "from": "package", "where": {"in": ["id", {"select": {"data": {"div": [{"mul": ["cost", 1]}, 125]}, "from": "package"}}]}}),
                json!([2]),
            ),
            // Grouping, distinct, aliases.
            (
                json!({"data": ["disabled", {"function": "count", "args": ["*"], "as": "n"}], "from": "subscriber", "group_by": "disabled", "having": {"gt": [{"function": "count", "args": ["*"]}, 1]}, "order_by": "n"}),
                json!([[true, 2], [false, 10]]),
            ),
            (
                json!({"distinct": true, "data": ["protocol"], "from": "media", "order_by": "protocol"}),
                json!([["http"], ["udp"]]),
            ),
            (
                json!({"data": [{"function": "count", "args": {"function": "distinct", "args": "protocol"}}], "from": "media"}),
                json!([[2]]),
            ),
            (
                json!({"data": [{"subscriber": "username", "as": "id"}], "from": "subscriber", "order_by": ["id", "DESC"], "limit": 2}),
                json!([["test"], ["office-1"]]),
            ),
            // A text in order_by orders nothing.
            (
                json!({"data": "id", "from": "package", "order_by": ["nothing", {"package": "id"}]}),
                json!([1, 2, 3, 4, 5, 6]),
            ),
            // Sub-selects: correlated, in FROM, with VALUES.
            (
                json!({"data": ["id", {"select": {"data": {"function": "count", "args": ["*"]}, "from": {"table": "terminal", "as": "t"}, "where": {"eq": [{"t": "subscriber_id"}, {"subscriber": "id"}]}}}], "from": "subscriber", "order_by": "id", "limit": 2}),
                json!([[1, 2], [2, 1]]),
            ),
            (
                json!({"data": [{"q": "n"}, {"q": "p"}], "from": [{"select": {"data": [{"m": "protocol", "as": "p"}, {"function": "count", "args": ["*"], "as": "n"}], "from": {"table": "media", "as": "m"}, "group_by": {"m": "protocol"}}, "as": "q"}], "order_by": ["n"]}),
                json!([[3, "http"], [8, "udp"]]),
            ),
            (
                json!({"values": [[2, "b"], [1, null]], "order_by": "column1"}),
                json!([[1, null], [2, "b"]]),
            ),
            (
                json!({"values": [[1, true], [1.5, "f"]]}),
                json!([["1", true], ["1.5", false]]),
            ),
            // Joins of every kind.
            (
                json!({"data": [{"function": "count", "args": ["*"]}], "from": [{"table": "subscriber", "as": "s"}, {"join": "terminal", "join_type": "full", "as": "t", "on": {"eq": [{"s": "id"}, {"t": "subscriber_id"}]}}]}),
                json!([[15]]),
            ),
            (
                json!({"data": [{"function": "count", "args": ["*"]}], "from": [{"table": "domain"}, {"table": "tv_category", "as": "c"}, {"table": "subscriber", "as": "s"}, {"join": "terminal", "join_type": "right", "as": "t", "on": {"eq": [{"s": "id"}, {"t": "subscriber_id"}]}}]}),
                json!([[24]]),
            ),
            (
                json!({"data": [{"function": "count", "args": ["*"]}], "from": [{"table": "package"}, {"join": "tv_category", "join_type": "cross", "as": "c"}]}),
                json!([[12]]),
            ),
        ];
        for (params, rows) in cases {
            assert_eq!(client.select(params.clone()).await, rows, "{params}");
        }
    }
}

#[tokio::test]
async fn changes_through_other_tables() {
    for Demo { client, .. } in &demos().await {
        let update = json!({"table": "terminal", "set": {"registered": {"s": "disabled"}},
        "from": {"table": "subscriber", "as": "s"},
        "where": {"and": [{"eq": ["subscriber_id", {"s": "id"}]}, {"s": "disabled"}]},
        "returning": [{"terminal": "id"}, "registered"]});
        assert_eq!(client.result("update", update).await, json!([[5, true]]));
        let delete = json!({"from": "terminal", "using": {"table": "subscriber", "as": "s"},
        "where": {"and": [{"eq": ["subscriber_id", {"s": "id"}]}, {"eq": ["username", "12345"]}]},
        "returning": {"terminal": "mac_addr"}});
        assert_eq!(
            client.result("delete", delete).await,
            json!(["00:1a:79:10:00:01", "00:1a:79:10:00:02"])
        );
    }
}

/// The guide has the list as the code that refuses has it.
#[test]
fn the_guide_lists_what_is_refused() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../client/src/guide/sandbox.md"
    );
    let guide = std::fs::read_to_string(path).unwrap();
    let (_, section) = guide
        .split_once("\n## What the embedded engine refuses\n")
        .unwrap();
    let section = section.split("\n## ").next().unwrap();
    let listed: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    assert_eq!(listed, jsonsql_sandbox::refused_statements());
}

#[tokio::test]
async fn a_pattern_may_be_another_one_in_each_row() {
    for Demo { client, .. } in &demos().await {
        let replaced = |pattern: Value, flags: &str| {
            let args = json!(["name", pattern, "-", flags]);
            json!({
                "data": [{"function": "regexp_replace", "args": args}],
                "from": "package",
                "order_by": "id",
                "limit": 2
            })
        };
        // A name that is its own pattern is replaced as a whole.
        let rows = client.result("select", replaced(json!("name"), "g")).await;
        assert_eq!(rows, json!([["-"], ["-"]]));
        let rows = client.result("select", replaced(json!("A"), "")).await;
        assert_eq!(rows, json!([["basic"], ["family"]]));
        let rows = client.result("select", replaced(json!("A"), "i")).await;
        assert_eq!(rows, json!([["b-sic"], ["f-mily"]]));
    }
}

#[tokio::test]
async fn what_cannot_be_matched_is_refused() {
    let (_sandbox, client) = demo().await;
    let refused = [
        json!({"distinct": ["protocol"], "data": ["name"], "from": "media"}),
        json!({"distinct": true, "data": ["cost"], "from": "package"}),
        json!({"data": ["cost"], "from": "package", "group_by": "cost"}),
        json!({"data": ["id"], "from": "tv_program", "where": {"gt": ["start", "yesterday"]}}),
        json!({"data": [{"sub": ["stop", "start"]}], "from": "tv_program"}),
        json!({"data": ["id"], "from": "key", "order_by": "update_period"}),
        json!({"data": [{"function": "regexp_replace", "args": ["name", "a|ab", ""]}], "from": "media"}),
        json!({"data": [{"function": "now"}]}),
    ];
    for params in refused {
        let message = client.error("select", params).await;
        assert!(message.starts_with("needs PostgreSQL: "), "{message}");
    }
    let stated = [
        (
            json!({"data": ["name", {"function": "count", "args": ["*"]}], "from": "media"}),
            "column \"media.name\" must appear in the GROUP BY clause or be used in an aggregate function, at /data/0",
        ),
        (
            json!({"distinct": true, "data": ["name"], "from": "media", "order_by": "port"}),
            "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
        ),
        (
            json!({"data": ["id"], "from": "media", "order_by": 4}),
            "ORDER BY position 4 is not in select list",
        ),
        (
            json!({"values": [[1], [true]]}),
            "VALUES types integer and boolean cannot be matched",
        ),
        (
            json!({"data": [{"coalesce": ["paid", "id"]}], "from": "package"}),
            "COALESCE types boolean and integer cannot be matched",
        ),
    ];
    for (params, message) in stated {
        assert_eq!(client.error("select", params).await, message);
    }
}

/// Numbers are taken by a refused insert and not taken twice, also where one lies
/// ahead that a client gave (found by the comparison with PostgreSQL).
#[tokio::test]
async fn a_refused_insert_takes_the_numbers_that_postgresql_takes() {
    for Demo { client, .. } in &demos().await {
        let insert = |columns: Value, values: Value| json!({"into": "tv_program", "columns": columns, "values": values, "returning": "id"});
        let (columns, time) = (
            json!(["channel_id", "start", "stop"]),
            "2020-03-01 18:00:00",
        );
        let given = insert(
            json!(["id", "channel_id", "start", "stop"]),
            json!([[11, 1, time, time]]),
        );
        assert_eq!(client.result("insert", given).await, json!([11]));
        let nowhere = json!([[99, time, time], [1, time, time], [1, time, time]]);
        let message = client
            .error("insert", insert(columns.clone(), nowhere))
            .await;
        assert!(message.contains("tv_program_channel_id_fkey"), "{message}");
        let fine = insert(columns, json!([[1, time, time]]));
        assert_eq!(client.result("insert", fine).await, json!([8]));
    }
}
