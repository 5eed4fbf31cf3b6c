//! Every scalar as a string, as a billing in production sends them.

use serde_json::json;

use crate::{Demo, demos};

#[tokio::test]
async fn strings_become_what_they_meet() {
    for Demo { client, .. } in &demos().await {
        let id = client
            .result(
                "insert",
                json!({"into": "subscriber",
            "columns": ["username", "password", "disabled", "max_terminal"],
            "values": ["20001", "pw", "true", "1"], "returning": "id"}),
            )
            .await;
        assert_eq!(id, json!([13]));
        let found = client
        .select(json!({"data": ["username", "disabled", "max_terminal", "domain_id"], "from": "subscriber",
            "where": {"and": [{"eq": ["id", "13"]}, {"eq": ["disabled", "t"]}, {"in": ["max_terminal", "1", "2"]}]}}))
        .await;
        assert_eq!(found, json!([["20001", true, 1, 1]]));
        let updated = client
        .result("update", json!({"table": "subscriber", "set": {"disabled": "off", "max_terminal": "7", "phone": 79120000000_i64},
            "where": {"eq": ["username", "20001"]}, "returning": ["disabled", "max_terminal", "phone"]}))
        .await;
        assert_eq!(updated, json!([[false, 7, "79120000000"]]));
        // Three literals, all strings, in an insert from a select.
        let bound = client
        .result("insert", json!({"into": "terminal", "columns": ["subscriber_id", "mac_addr", "registered"],
            "select": {"data": ["13", "00-1A-79-AA-BB-CC", "true"], "from": {"table": "subscriber", "as": "s"},
                "where": {"eq": [{"s": "id"}, "13"]}}, "returning": ["mac_addr", "registered", "subscriber_id"]}))
        .await;
        assert_eq!(bound, json!([["00:1a:79:aa:bb:cc", true, 13]]));
        let by_mac = client
        .select(json!({"data": "subscriber_id", "from": "terminal", "where": {"eq": ["mac_addr", "001A.79AA.BBCC"]}}))
        .await;
        assert_eq!(by_mac, json!([13]));
        let tv = client
        .select(json!({"data": [{"function": "count", "args": "id"}], "from": "media", "where": {"eq": ["is_tv", "1"]}}))
        .await;
        assert_eq!(tv, json!([[10]]));
        let later = client
        .select(json!({"data": "id", "from": "subscriber_package", "where": {"gt": ["expired_on", "2030-1-1"]}}))
        .await;
        assert_eq!(later, json!([7]));
        let dear = client
            .select(json!({"data": "name", "from": "package", "where": {"eq": ["cost", "490.5"]}}))
            .await;
        assert_eq!(dear, json!(["premium"]));
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_in_postgresqls_words() {
    for Demo { client, .. } in &demos().await {
        let cases = [
            (
                json!({"eq": ["id", "x"]}),
                "invalid input syntax for type integer: \"x\"",
            ),
            (
                json!({"eq": ["max_terminal", ""]}),
                "invalid input syntax for type integer: \"\"",
            ),
            (
                json!({"eq": ["id", "99999999999"]}),
                "value \"99999999999\" is out of range for type integer",
            ),
            (
                json!({"eq": ["disabled", "maybe"]}),
                "invalid input syntax for type boolean: \"maybe\"",
            ),
            (
                json!({"eq": ["disabled", 1]}),
                "operator does not exist: boolean = integer",
            ),
            (
                json!({"eq": ["username", 12345]}),
                "operator does not exist: text = integer",
            ),
            (
                json!({"in": ["username", 1]}),
                "operator does not exist: text = integer",
            ),
            (
                json!({"in": ["id", {"values": [["1"]]}]}),
                "operator does not exist: integer = text",
            ),
            (
                json!({"in": ["id", {"select": {"data": ["id", "name"], "from": "package"}}]}),
                "subquery has too many columns",
            ),
            (
                json!({"like": ["id", "1%"]}),
                "operator does not exist: integer ~~ unknown",
            ),
            (
                json!({"and": ["id", true]}),
                "argument of AND must be type boolean, not type integer",
            ),
            (json!({"eq": [{"div": ["id", 0]}, 1]}), "division by zero"),
            (
                json!({"eq": [{"add": ["id", 2147483647]}, 1]}),
                "integer out of range",
            ),
            (
                json!({"eq": [{"add": ["username", "x"]}, 1]}),
                "operator does not exist: text + unknown",
            ),
            (
                json!({"eq": ["id", {"select": {"data": "id", "from": "package"}}]}),
                "more than one row returned by a subquery used as an expression",
            ),
        ];
        for (condition, message) in cases {
            let select = json!({"data": "id", "from": "subscriber", "where": condition});
            let found = client.error("select", select).await;
            assert!(found.starts_with(message), "{condition}: {found}");
        }
        let cases = [
            (
                "insert",
                json!({"into": "subscriber", "columns": ["password"], "values": ["x"], "returning": "id"}),
                "null value in column \"username\" of relation \"subscriber\" violates not-null constraint",
            ),
            (
                "insert",
                json!({"into": "package", "columns": ["id", "name"], "values": [null, "x"]}),
                "null value in column \"id\" of relation \"package\" violates not-null constraint",
            ),
            (
                "insert",
                json!({"into": "package", "columns": ["id", "name"], "values": [1, "x"]}),
                "duplicate key value violates unique constraint \"package_pkey\"",
            ),
            (
                "insert",
                json!({"into": "terminal", "columns": ["subscriber_id"], "values": [99]}),
                "insert or update on table \"terminal\" violates foreign key constraint \"terminal_subscriber_id_fkey\"",
            ),
            (
                "insert",
                json!({"into": "package", "columns": ["name", "paid"], "values": ["x", 1]}),
                "column \"paid\" is of type boolean but expression is of type integer",
            ),
            (
                "update",
                json!({"table": "subscriber", "set": {"max_terminal": "username"}}),
                "column \"max_terminal\" is of type integer but expression is of type text",
            ),
            (
                "update",
                json!({"table": "subscriber", "set": {"username": "test"}, "where": {"eq": ["id", 1]}}),
                "duplicate key value violates unique constraint \"subscriber_domain_id_key\"",
            ),
            (
                "delete",
                json!({"from": "subscriber", "where": {"eq": ["username", "12345"]}}),
                "update or delete on table \"subscriber\" violates foreign key constraint \"terminal_subscriber_id_fkey\" on table \"terminal\"",
            ),
            (
                "insert",
                json!({"into": "terminal", "columns": ["mac_addr"], "values": ["nonsense"]}),
                "invalid input syntax for type macaddr: \"nonsense\"",
            ),
        ];
        for (method, params, message) in cases {
            assert_eq!(client.error(method, params).await, message);
        }
    }
}
