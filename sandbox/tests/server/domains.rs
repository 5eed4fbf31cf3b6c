//! Accounts of one domain see nothing of another's.

use jsonsql_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

use crate::cluster;
use crate::http::Client;

/// Two operators; everything of the second has "theirs" in it, or 666.
const SEED: &str = r#"{
    "accounts": [{"username": "other", "password": "otherpassword", "domain": 2}],
    "tables": [
        {"name": "note", "columns": [
            {"name": "id", "type": "id"},
            {"name": "subscriber_id", "type": "integer", "required": true, "references": "subscriber"},
            {"name": "words", "type": "text"}]},
        {"name": "media", "columns": [{"name": "logo_url", "type": "text"}]}],
    "rows": [
        {"into": "subscriber", "columns": ["id", "username", "password"], "values": [[1, "same", "ours"], [2, "b", "ours"]]},
        {"into": "subscriber", "domain": 2, "columns": ["id", "username", "password", "max_terminal"],
            "values": [[11, "same", "theirs", 666], [12, "theirs", "theirs", 666]]},
        {"into": "package", "columns": ["id", "name"], "values": [[1, "ours"]]},
        {"into": "package", "domain": 2, "columns": ["id", "name", "cost"], "values": [[11, "theirs", 666]]},
        {"into": "terminal", "columns": ["id", "subscriber_id", "registered"], "values": [[1, 1, true]]},
        {"into": "terminal", "domain": 2, "columns": ["id", "subscriber_id", "mac_addr"],
            "values": [[11, 11, "66:66:66:66:66:66"], [12, null, "66:66:66:66:66:67"]]},
        {"into": "subscriber_package", "columns": ["id", "subscriber_id", "package_id"], "values": [[1, 1, 1]]},
        {"into": "subscriber_package", "domain": 2, "columns": ["id", "subscriber_id", "package_id"], "values": [[11, 11, 11]]},
        {"into": "note", "columns": ["id", "subscriber_id", "words"], "values": [[1, 1, "ours"]]},
        {"into": "note", "domain": 2, "columns": ["id", "subscriber_id", "words"], "values": [[11, 11, "theirs"]]}
    ]
}"#;

async fn sandboxes() -> Vec<Sandbox> {
    let builder = || Sandbox::builder().seed(Seed::from_json(SEED).unwrap());
    let mut sandboxes = vec![builder().start().await.unwrap()];
    let urls = [
        cluster::database().await,
        cluster::database_of_a_mortal().await,
    ];
    for url in urls.into_iter().flatten() {
        sandboxes.push(builder().database(url).start().await.unwrap());
    }
    sandboxes
}

/// Everything of the second domain.
async fn theirs(sandbox: &Sandbox) -> Vec<Vec<Vec<Value>>> {
    let mut all = Vec::new();
    for table in ["subscriber", "package", "terminal"] {
        let sql = format!("SELECT * FROM {table} WHERE domain_id = 2 ORDER BY id");
        all.push(sandbox.query(&sql).await.unwrap());
    }
    for table in ["subscriber_package", "note"] {
        let sql = format!("SELECT * FROM {table} WHERE subscriber_id > 10 ORDER BY id");
        all.push(sandbox.query(&sql).await.unwrap());
    }
    all
}

#[tokio::test]
async fn reads_do_not_reach_another_domain() {
    let tables = [
        "subscriber",
        "package",
        "terminal",
        "subscriber_package",
        "note",
        "domain",
    ];
    let mut selects = vec![
        json!({"data": [{"function": "count", "args": ["*"]}], "from": "subscriber",
            "where": {"eq": ["password", "theirs"]}, "having": {"gt": [{"function": "count", "args": ["*"]}, 0]}}),
        json!({"data": ["id"], "from": "subscriber", "where": {"or": [true, {"eq": ["domain_id", 2]}]}, "order_by": "id"}),
        // Through a sub-select, correlated and not, in every clause.
        json!({"data": ["id", {"select": {"data": {"function": "max", "args": {"concat": ["", {"t": "mac_addr"}]}},
            "from": {"table": "terminal", "as": "t"}}}], "from": "subscriber"}),
        json!({"data": ["id"], "from": "domain", "where": {"in": [11, {"select": {"data": "id", "from": "subscriber"}}]}}),
        json!({"data": ["id"], "from": "domain", "where": {"in": ["theirs", {"select": {"data": "words", "from": "note"}}]}}),
        json!({"data": [{"q": "password"}], "from": [{"select": {"data": ["password"], "from": "subscriber"}, "as": "q"}]}),
    ];
    for joined in ["left", "inner", "right", "full", "cross"] {
        for (a, b) in [
            ("subscriber", "terminal"),
            ("note", "subscriber"),
            ("package", "subscriber_package"),
        ] {
            let mut join = json!({"join": b, "join_type": joined, "as": "b"});
            if joined != "cross" {
                join["on"] = json!({"eq": [{"a": "id"}, {"b": "id"}]});
            }
            selects.push(json!({"data": ["*"], "from": [{"table": a, "as": "a"}, join]}));
        }
    }
    for table in tables {
        selects.push(json!({"data": ["*"], "from": table}));
        selects.push(json!({"data": ["*"], "from": {"table": table, "as": "x"}, "where": {"gt": [{"x": "id"}, 1]}}));
        // An error that only their rows cause would tell of them.
        selects.push(json!({"data": ["id"], "from": table,
            "where": {"eq": [{"div": [1, {"sub": ["id", 11]}]}, 100]}}));
        selects.push(
            json!({"data": [{"function": "max", "args": "id"}], "from": table, "having":
            {"gt": [{"function": "max", "args": "id"}, 2]}}),
        );
    }
    for sandbox in &sandboxes().await {
        let ours = Client::login(sandbox).await;
        for select in &selects {
            let answer = ours.select(select.clone()).await.to_string();
            let leaked = ["theirs", "666", "66:66", "11,", "12,", "domain 2"]
                .iter()
                .any(|of| answer.contains(of));
            assert!(!leaked, "{select}: {answer}");
        }
        let other = Client::login_as(sandbox, "other", "otherpassword").await;
        let seen = json!({"data": ["id", "domain_id", "password"], "from": "subscriber", "order_by": "id"});
        assert_eq!(
            other.select(seen).await,
            json!([[11, 2, "theirs"], [12, 2, "theirs"]])
        );
        let seen = json!({"data": ["id", "words"], "from": "note"});
        assert_eq!(other.select(seen).await, json!([[11, "theirs"]]));
        let own = json!({"data": "id", "from": "domain"});
        assert_eq!(other.select(own).await, json!([2]));
    }
}

#[tokio::test]
async fn writes_do_not_reach_another_domain() {
    let nothing = [
        (
            "update",
            json!({"table": "subscriber", "set": {"password": "mine"}, "where": {"gt": ["id", 10]}, "returning": ["id", "password"]}),
        ),
        (
            "update",
            json!({"table": "note", "set": {"words": "mine"}, "where": {"eq": ["id", 11]}, "returning": ["*"]}),
        ),
        (
            "update",
            json!({"table": "subscriber", "set": {"password": {"n": "words"}}, "from": {"table": "note", "as": "n"},
            "where": {"eq": [{"n": "words"}, "theirs"]}, "returning": {"subscriber": "id"}}),
        ),
        (
            "update",
            json!({"table": "terminal", "set": {"registered": true}, "from": {"table": "subscriber", "as": "s"},
            "where": {"and": [{"eq": [{"s": "id"}, "subscriber_id"]}, {"gt": [{"s": "id"}, 10]}]}, "returning": {"terminal": "id"}}),
        ),
        (
            "delete",
            json!({"from": "terminal", "where": {"gt": ["id", 10]}, "returning": "mac_addr"}),
        ),
        (
            "delete",
            json!({"from": "note", "where": {"neq": ["words", "ours"]}, "returning": ["*"]}),
        ),
        (
            "delete",
            json!({"from": "note", "using": {"table": "subscriber", "as": "s"},
            "where": {"gt": [{"s": "id"}, 10]}, "returning": {"note": "id"}}),
        ),
        (
            "delete",
            json!({"from": "subscriber_package", "where": {"in": ["subscriber_id",
            {"select": {"data": "id", "from": "subscriber", "where": {"gt": ["id", 10]}}}]}, "returning": "id"}),
        ),
        (
            "insert",
            json!({"into": "note", "columns": ["subscriber_id", "words"],
            "select": {"data": ["id", "password"], "from": "subscriber", "where": {"gt": ["id", 10]}}, "returning": "words"}),
        ),
    ];
    let foreign = |table: &str, column: &str| {
        format!(
            "insert or update on table \"{table}\" violates foreign key constraint \"{table}_{column}_fkey\""
        )
    };
    let policy =
        |table: &str| format!("new row violates row-level security policy for table \"{table}\"");
    let refused = [
        (
            "insert",
            json!({"into": "terminal", "columns": ["subscriber_id"], "values": [11]}),
            foreign("terminal", "subscriber_id"),
        ),
        (
            "insert",
            json!({"into": "terminal", "columns": ["subscriber_id"], "values": [11], "returning": "id"}),
            foreign("terminal", "subscriber_id"),
        ),
        (
            "insert",
            json!({"into": "note", "columns": ["subscriber_id"], "values": [[1], [11]]}),
            foreign("note", "subscriber_id"),
        ),
        (
            "insert",
            json!({"into": "subscriber_package", "columns": ["subscriber_id", "package_id"], "values": [1, 11], "returning": "id"}),
            foreign("subscriber_package", "package_id"),
        ),
        (
            "update",
            json!({"table": "terminal", "set": {"subscriber_id": 11}, "returning": "id"}),
            foreign("terminal", "subscriber_id"),
        ),
        (
            "update",
            json!({"table": "subscriber_package", "set": {"package_id": 11}}),
            foreign("subscriber_package", "package_id"),
        ),
        (
            "insert",
            json!({"into": "subscriber", "columns": ["domain_id", "username"], "values": [2, "planted"], "returning": "id"}),
            policy("subscriber"),
        ),
        (
            "insert",
            json!({"into": "domain", "columns": ["name"], "values": ["third"], "returning": "id"}),
            policy("domain"),
        ),
        (
            "update",
            json!({"table": "subscriber", "set": {"domain_id": 2}, "returning": "id"}),
            policy("subscriber"),
        ),
        (
            "update",
            json!({"table": "domain", "set": {"id": 2}}),
            policy("domain"),
        ),
    ];
    for sandbox in &sandboxes().await {
        let ours = Client::login(sandbox).await;
        let before = theirs(sandbox).await;
        for (method, params) in &nothing {
            assert_eq!(
                ours.result(method, params.clone()).await,
                json!([]),
                "{params}"
            );
        }
        for (method, params, message) in &refused {
            assert_eq!(
                ours.error(method, params.clone()).await,
                *message,
                "{params}"
            );
        }
        // Grouped, ordered and distinct sources are numbered too.
        let sources = [
            json!({"group_by": "n"}),
            json!({"order_by": "n"}),
            json!({"distinct": true}),
        ];
        for mut source in sources {
            source["data"] = json!([{"subscriber": "id", "as": "n"}, "x"]);
            source["from"] = json!("subscriber");
            let insert = json!({"into": "note", "columns": ["subscriber_id", "words"], "select": source, "returning": "words"});
            assert_eq!(ours.result("insert", insert).await, json!(["x", "x"]));
        }
        for table in ["terminal", "note", "subscriber_package"] {
            ours.result("delete", json!({"from": table})).await;
        }
        assert_eq!(theirs(sandbox).await, before);
    }
}

#[tokio::test]
async fn a_domain_fills_itself_in_and_logins_are_unique_within_it() {
    for sandbox in &sandboxes().await {
        let ours = Client::login(sandbox).await;
        let other = Client::login_as(sandbox, "other", "otherpassword").await;
        let insert = |name: &str| json!({"into": "subscriber", "columns": ["username"], "values": [name], "returning": ["domain_id"]});
        for (client, domain) in [(&ours, 1), (&other, 2)] {
            assert_eq!(
                client.result("insert", insert("new")).await,
                json!([[domain]])
            );
            for taken in ["new", "same"] {
                assert_eq!(
                    client.error("insert", insert(taken)).await,
                    "duplicate key value violates unique constraint \"subscriber_domain_id_key\""
                );
            }
        }
        // "theirs" is free here.
        assert_eq!(ours.result("insert", insert("theirs")).await, json!([[1]]));
        let declared = json!({"into": "media", "columns": ["name", "logo_url"], "values": ["x", "http://logo"], "returning": "logo_url"});
        assert_eq!(
            ours.result("insert", declared).await,
            json!(["http://logo"])
        );
    }
}

/// The tables of which no source shows a domain, and that may have one.
const UNKNOWN: [&str; 7] = [
    "key", "service", "playlist", "profile", "pprofile", "sprofile", "user",
];

/// The guide, which is everybody's.
const GUIDE: [&str; 4] = [
    "tv_channel",
    "tv_program",
    "tv_category",
    "tv_program_category",
];

/// One row of the second domain in every table; with `declared`, the unknown
/// tables say whose theirs are.
fn a_row_in_every_table(declared: bool) -> Seed {
    let columns = json!([{"name": "domain_id", "type": "domain"}]);
    let tables: Vec<Value> = match declared {
        true => UNKNOWN
            .map(|name| json!({"name": name, "columns": columns}))
            .into(),
        false => Vec::new(),
    };
    let theirs = |into: &str, columns: Value, values: Value| json!({"into": into, "domain": 2, "columns": columns, "values": [values]});
    let mut rows = vec![
        theirs(
            "subscriber",
            json!(["id", "username"]),
            json!([66, "theirs"]),
        ),
        theirs(
            "terminal",
            json!(["id", "mac_addr"]),
            json!([66, "66:66:66:66:66:66"]),
        ),
        theirs("media", json!(["id", "name"]), json!([66, "theirs"])),
        theirs("package", json!(["id", "name"]), json!([66, "theirs"])),
        theirs(
            "subscriber_package",
            json!(["id", "subscriber_id", "package_id"]),
            json!([66, 66, 66]),
        ),
        theirs(
            "subscriber_inetaddr",
            json!(["subscriber_id", "inet_addr"]),
            json!([66, "66.66.66.66"]),
        ),
        theirs("tv_channel", json!(["id", "name"]), json!([66, "theirs"])),
        theirs("tv_category", json!(["id", "name"]), json!([66, "theirs"])),
        theirs(
            "tv_program",
            json!(["id", "channel_id", "start", "stop", "title"]),
            json!([
                66,
                66,
                "2026-01-01 00:00:00",
                "2026-01-01 01:00:00",
                "theirs"
            ]),
        ),
        theirs(
            "tv_program_category",
            json!(["program_id", "category_id"]),
            json!([66, 66]),
        ),
        theirs(
            "terminal_playlog",
            json!(["start", "mac_addr"]),
            json!(["2026-01-01 00:00:00", "66:66:66:66:66:66"]),
        ),
    ];
    rows.extend(UNKNOWN.map(|table| theirs(table, json!(["id", "name"]), json!([66, "theirs"]))));
    let account = json!({"username": "other", "password": "otherpassword", "domain": 2});
    let seed = json!({"accounts": [account], "tables": tables, "rows": rows});
    Seed::from_json(&seed.to_string()).unwrap()
}

/// Of every table the vendor has, whether another domain's row is seen.
#[tokio::test]
async fn only_tables_without_an_owner_show_the_rows_of_another_domain() {
    for declared in [false, true] {
        let builder = || Sandbox::builder().seed(a_row_in_every_table(declared));
        let mut sandboxes = vec![builder().start().await.unwrap()];
        if let Some(url) = cluster::database().await {
            sandboxes.push(builder().database(url).start().await.unwrap());
        }
        for sandbox in &sandboxes {
            let ours = Client::login(sandbox).await;
            let other = Client::login_as(sandbox, "other", "otherpassword").await;
            let mut seen = Vec::new();
            for table in sandbox.schema().tables() {
                let everything = json!({"data": ["*"], "from": &*table.name});
                let theirs = other.select(everything.clone()).await;
                // Their own they see; their domain is a row too.
                assert!(!theirs.as_array().unwrap().is_empty(), "{}", table.name);
                let rows = ours.select(everything).await.to_string();
                if rows.contains("theirs") || rows.contains("66") {
                    seen.push(table.name.to_string());
                }
            }
            let mut expected: Vec<&str> = GUIDE.into();
            if !declared {
                expected.extend(UNKNOWN);
            }
            expected.sort_unstable();
            seen.sort_unstable();
            assert_eq!(seen, expected);
        }
    }
}
