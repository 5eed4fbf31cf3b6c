//! Functions that clients call, timestamps at the end of a day, and texts beyond
//! ASCII: on both engines.

use serde_json::{Value, json};

use crate::{Demo, demos};

fn call(function: &str, args: Value) -> Value {
    json!({"function": function, "args": args})
}

#[tokio::test]
async fn functions_answer_as_postgresql_does() {
    let cases = [
        // NULL is left out, and a boolean is a letter.
        (
            call(
                "concat",
                json!(["a", {"m": "path"}, {"m": "id"}, {"m": "is_tv"}]),
            ),
            json!("a1t"),
        ),
        (
            call("concat_ws", json!(["-", "a", {"m": "path"}, {"m": "port"}])),
            json!("a-1234"),
        ),
        (call("btrim", json!(["  x "])), json!("x")),
        (call("ltrim", json!(["xxyx", "x"])), json!("yx")),
        (call("rtrim", json!(["xyx", "yx"])), json!("")),
        (call("left", json!(["Первый", 2])), json!("Пе")),
        (call("left", json!(["abc", -1])), json!("ab")),
        (call("right", json!(["abc", "2"])), json!("bc")),
        (call("right", json!(["abc", -5])), json!("")),
        (call("replace", json!(["aXbX", "X", ""])), json!("ab")),
        (call("replace", json!(["ab", "", "x"])), json!("ab")),
        (call("substr", json!(["Первый", 2, 3])), json!("ерв")),
        (call("substr", json!(["abc", -1, 3])), json!("a")),
        (call("substr", json!(["abc", 2])), json!("bc")),
        (call("strpos", json!(["Первый", "в"])), json!(4)),
        (call("char_length", json!(["Ж"])), json!(1)),
        (
            call("date", json!(["2020-03-01 18:30:00"])),
            json!("2020-03-01"),
        ),
        (call("upper", json!(["ёж"])), json!("ЁЖ")),
        (call("lower", json!(["ПЕРВЫЙ"])), json!("первый")),
    ];
    for Demo { client, .. } in &demos().await {
        for (expr, expected) in &cases {
            let select = json!({"data": [expr], "from": {"table": "media", "as": "m"},
                "where": {"eq": [{"m": "id"}, 1]}});
            assert_eq!(client.select(select).await, json!([[expected]]), "{expr}");
        }
        let negative = json!({"data": [call("substr", json!(["abc", 1, -1]))]});
        assert_eq!(
            client.error("select", negative).await,
            "negative substring length not allowed"
        );
    }
}

#[tokio::test]
async fn a_date_compares_with_dates_and_timestamps() {
    for Demo { client, .. } in &demos().await {
        let date = call("date", json!([{"p": "start"}]));
        for (condition, rows) in [
            (json!({"eq": [date, "2020-3-1"]}), 4),
            (json!({"lt": [date, {"p": "start"}]}), 4),
            (json!({"eq": [date, {"p": "start"}]}), 0),
            (json!({"in": [date, "2020-03-01", "2021-01-01"]}), 4),
        ] {
            let select = json!({"data": [{"p": "id"}], "from": {"table": "tv_program", "as": "p"},
                "where": condition});
            let found = client.select(select).await;
            assert_eq!(found.as_array().unwrap().len(), rows, "{condition}");
        }
        let by_day = json!({"data": [date, call("count", json!(["*"]))],
            "from": {"table": "tv_program", "as": "p"}, "group_by": [date]});
        assert_eq!(client.select(by_day).await, json!([["2020-03-01", 4]]));
    }
}

#[tokio::test]
async fn the_end_of_a_day_is_the_beginning_of_the_next() {
    for Demo { client, .. } in &demos().await {
        for (given, stored) in [
            ("2020-02-28 24:00:00", "2020-02-29 00:00:00"),
            ("2020-12-31 23:59:60", "2021-01-01 00:00:00"),
            ("2020-01-01 10:59:60.5", "2020-01-01 11:00:00.5"),
            ("2019-02-28T24:00", "2019-03-01 00:00:00"),
        ] {
            let update = json!({"table": "subscriber_package", "set": {"expired_on": given},
                "where": {"eq": ["id", 2]}, "returning": "expired_on"});
            assert_eq!(
                client.result("update", update).await,
                json!([stored]),
                "{given}"
            );
        }
        for given in [
            "2020-01-01 24:00:01",
            "2020-01-01 23:59:61",
            "2020-01-01 24:00:00.1",
            "2020-01-01 25:00",
        ] {
            let update = json!({"table": "subscriber_package", "set": {"expired_on": given},
                "where": {"eq": ["id", 2]}, "returning": "expired_on"});
            let error = client.error("update", update).await;
            assert_eq!(
                error,
                format!("date/time field value out of range: \"{given}\"")
            );
        }
    }
}

#[tokio::test]
async fn a_pattern_that_ends_with_a_backslash_fails_for_texts_that_reach_it() {
    for Demo { client, .. } in &demos().await {
        let like = |pattern: &str| json!({"data": "id", "from": "media", "where": {"like": ["name", pattern]}});
        assert_eq!(client.select(like("nothing\\")).await, json!([]));
        assert_eq!(
            client.error("select", like("%\\")).await,
            "LIKE pattern must not end with escape character"
        );
    }
}

#[tokio::test]
async fn the_demo_has_the_packages_of_the_vendors_scripts() {
    for Demo { client, .. } in &demos().await {
        let select = json!({"data": "name", "from": "package",
            "where": {"in": ["name", "movie", "sports"]}, "order_by": "name"});
        assert_eq!(client.select(select).await, json!(["movie", "sports"]));
    }
}

#[tokio::test]
async fn a_statement_has_more_values_than_sqlite_numbers() {
    for Demo { client, .. } in &demos().await {
        let mut condition = vec![json!("username")];
        condition.extend((0..40_000).map(|n| json!(format!("nobody-{n}"))));
        condition.push(json!("12345"));
        let select = json!({"data": "id", "from": "subscriber", "where": {"in": condition}});
        assert_eq!(client.select(select).await, json!([1]));
        let rows: Vec<Value> = (0..20_000)
            .map(|n| json!([format!("u{n}"), "p?"]))
            .collect();
        let insert = json!({"into": "subscriber", "columns": ["username", "password"],
            "values": rows, "returning": "password"});
        let answered = client.result("insert", insert).await;
        assert_eq!(answered.as_array().unwrap().len(), 20_000);
        assert_eq!(answered[19_999], "p?");
    }
}
