//! Nothing a client sends becomes SQL.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Method, Statement};
use jsonsql::resolve::{Column, Schema, Table, resolve};
use jsonsql::sql::{self, Flavor, Quoted, Sql};
use serde_json::{Value, json};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::{Demo, demos};

const HOSTILE: [&str; 11] = [
    "E'\\x27; DROP TABLE subscriber; --",
    "$$; DROP TABLE subscriber; $$",
    "'; DROP TABLE subscriber; --",
    "' OR '1'='1",
    "\\'; DELETE FROM subscriber; --",
    "\"; DROP TABLE subscriber; --",
    "?1",
    "$1",
    "x\u{1}statement:forged",
    "\u{202e}\u{feff}%_\\",
    "/* */ UNION SELECT password FROM subscriber",
];

/// For SQLite not a byte of the statement changes; for PostgreSQL one literal
/// does, and nothing else, as another parser reads it.
#[test]
fn hostile_texts_change_nothing_else() {
    let sql = |text: &str| {
        let params = json!({"data": ["id", text], "from": "subscriber",
            "where": {"eq": ["username", {"concat": [text, text]}]}});
        let mut statement =
            Statement::from_json(Method::Select, params.to_string().as_bytes()).unwrap();
        let columns = ["id", "username"].map(|name| Column::new(name, SqlKind::Text));
        let schema = Schema::new([Table::new("subscriber", columns)]);
        resolve(&mut statement, &schema).unwrap();
        let embedded = Sql::new(&statement, Flavor::Sqlite).unwrap().text;
        (
            embedded,
            sql::write(&statement, Flavor::Postgres, &mut Quoted).unwrap(),
        )
    };
    let tokens = |sql: &str| {
        let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql)
            .tokenize()
            .unwrap();
        let literal = |token: &Token| matches!(token, Token::SingleQuotedString(_));
        let (texts, others): (Vec<_>, Vec<_>) = tokens.into_iter().partition(literal);
        (texts, others)
    };
    let (embedded, postgres) = sql("harmless");
    let (_, expected) = tokens(&postgres);
    for text in HOSTILE {
        let (other, postgres) = sql(text);
        assert_eq!(other, embedded);
        let (texts, others) = tokens(&postgres);
        assert_eq!(others, expected, "{postgres}");
        assert_eq!(texts, vec![Token::SingleQuotedString(text.to_owned()); 3]);
    }
}

#[tokio::test]
async fn hostile_texts_are_only_texts() {
    for Demo {
        sandbox, client, ..
    } in &demos().await
    {
        for (index, text) in HOSTILE.into_iter().enumerate() {
            let insert = json!({"into": "subscriber", "columns": ["username", "password"],
            "values": {"username": text, "password": format!("p{index}")}, "returning": "username"});
            assert_eq!(client.result("insert", insert).await, json!([text]));
            let found = json!({"data": "password", "from": "subscriber", "where": {"eq": ["username", text]}});
            assert_eq!(client.select(found).await, json!([format!("p{index}")]));
            let echoed = json!({"data": [text], "from": "domain"});
            assert_eq!(client.select(echoed).await, json!([[text]]));
        }
        let count = sandbox
            .query("SELECT count(*) FROM subscriber")
            .await
            .unwrap();
        assert_eq!(count, [[json!(12 + HOSTILE.len())]]);
    }
}

#[tokio::test]
async fn hostile_names_are_only_names() {
    for Demo { client, .. } in &demos().await {
        for name in HOSTILE {
            for (method, params) in [
                ("select", json!({"data": ["id"], "from": name})),
                (
                    "select",
                    json!({"data": [{"s": name}], "from": {"table": "subscriber", "as": "s"}}),
                ),
                (
                    "select",
                    json!({"data": [{"function": name, "args": "id"}], "from": "subscriber"}),
                ),
                (
                    "select",
                    json!({"data": [{name: ["id", "id"]}], "from": "subscriber"}),
                ),
                (
                    "insert",
                    json!({"into": "subscriber", "columns": [name], "values": ["x"]}),
                ),
                ("update", json!({"table": "subscriber", "set": {name: "x"}})),
                ("delete", json!({"from": name})),
            ] {
                client.error(method, params).await;
            }
            // As an alias any name will do.
            let aliased = json!({"data": [{name: "id", "as": name}], "from": {"table": "subscriber", "as": name},
            "order_by": name, "limit": 1});
            assert_eq!(client.select(aliased).await, json!([[1]]), "{name}");
        }
        let subscribers = client
            .select(json!({"data": "id", "from": "subscriber"}))
            .await;
        assert_eq!(subscribers.as_array().unwrap().len(), 12);
    }
}

#[tokio::test]
async fn what_sql_cannot_hold_is_refused() {
    for Demo { client, .. } in &demos().await {
        let nul =
            json!({"data": "id", "from": "subscriber", "where": {"eq": ["username", "a\0b"]}});
        assert_eq!(
            client.error("select", nul).await,
            "invalid byte sequence for encoding \"UTF8\": 0x00"
        );
        let large = "x".repeat(10 << 20);
        let found =
            json!({"data": "id", "from": "subscriber", "where": {"eq": ["username", large]}});
        assert_eq!(client.select(found).await, json!([]));
        let beyond = json!({"data": "id", "from": "subscriber", "where": {"eq": ["id", 99999999999999999999_u128 as f64]}});
        assert_eq!(client.select(beyond).await, json!([]));
        let limit = json!({"data": "id", "from": "subscriber", "limit": u64::MAX});
        assert_eq!(client.error("select", limit).await, "bigint out of range");
    }
}

#[tokio::test]
async fn functions_that_do_something_are_refused() {
    for Demo { client, .. } in &demos().await {
        for (name, arguments) in [
            ("pg_sleep", json!([1])),
            ("PG_SLEEP", json!([1])),
            ("set_config", json!(["jsonsql.domain", "2", false])),
            ("pg_read_file", json!(["/etc/passwd"])),
            ("query_to_xml", json!(["SELECT 1", true, true, ""])),
            ("nextval", json!(["subscriber_id_seq"])),
            ("lo_import", json!(["/etc/passwd"])),
        ] {
            let call = json!({"function": name, "args": arguments});
            for params in [
                json!({"data": [call]}),
                json!({"data": ["id"], "from": "domain", "where": {"in": ["name",
                    {"select": {"data": {"concat": [call, ""]}}}]}}),
            ] {
                let message = client.error("select", params).await;
                let lower = name.to_lowercase();
                assert!(
                    message.starts_with("needs PostgreSQL: the function")
                        || message == format!("permission denied for function {lower}"),
                    "{message}"
                );
            }
        }
    }
}

/// Neither what tells about the server and its other users, nor the helpers by
/// which rows of other domains could be found.
#[tokio::test]
async fn the_catalogue_and_the_helpers_are_not_callable() {
    for Demo { sandbox, client } in &demos().await {
        let mut named: Vec<(String, Value)> = [
            ("jsonsql_nobodys_subscriber", json!([1])),
            ("JSONSQL_NOBODYS_SUBSCRIBER", json!([1])),
            ("jsonsql_terminal_subscriber_id", json!([])),
            ("current_setting", json!(["jsonsql.domain"])),
            ("version", json!([])),
            ("current_database", json!([])),
            ("current_schema", json!([])),
            ("to_regclass", json!(["pg_class"])),
            ("pg_relation_size", json!(["subscriber"])),
            ("pg_get_userbyid", json!([10])),
            ("has_table_privilege", json!(["sandbox_record", "select"])),
            ("obj_description", json!([1, "pg_class"])),
            ("table_to_xml", json!(["subscriber", true, true, ""])),
            ("database_to_xml", json!([true, true, ""])),
            ("inet_server_addr", json!([])),
            ("txid_current_snapshot", json!([])),
        ]
        .map(|(name, arguments)| (name.to_owned(), arguments))
        .into();
        // All that the schema has, on the engine that has them.
        if let Ok(helpers) = sandbox
            .query("SELECT proname FROM pg_proc WHERE proname LIKE 'jsonsql%'")
            .await
        {
            assert!(!helpers.is_empty());
            let helper = |row: Vec<Value>| (row[0].as_str().unwrap().to_owned(), json!([1]));
            named.extend(helpers.into_iter().map(helper));
        }
        for (name, arguments) in named {
            let params = json!({"data": [{"function": name, "args": arguments}]});
            let message = client.error("select", params).await;
            let lower = name.to_lowercase();
            assert!(
                message.starts_with("needs PostgreSQL: the function")
                    || message == format!("permission denied for function {lower}"),
                "{name}: {message}"
            );
        }
        for table in [
            "pg_class",
            "pg_roles",
            "sandbox_record",
            "sqlite_master",
            "jsonsql_sandbox_migration",
        ] {
            let message = client
                .error("select", json!({"data": ["*"], "from": table}))
                .await;
            assert!(message.contains("does not exist"), "{message}");
        }
    }
}

/// What only calculates is not lost by it.
#[tokio::test]
async fn functions_that_calculate_are_callable_on_postgresql() {
    let Some(url) = crate::cluster::database().await else {
        return;
    };
    let sandbox = jsonsql_sandbox::Sandbox::builder()
        .database(url)
        .start()
        .await
        .unwrap();
    let client = crate::http::Client::login(&sandbox).await;
    for (call, value) in [
        (json!({"function": "concat", "args": ["a", 1]}), json!("a1")),
        (
            json!({"function": "to_char", "args": [5, "009"]}),
            json!(" 005"),
        ),
        (
            json!({"function": "date", "args": ["2024-01-02 03:04:05"]}),
            json!("2024-01-02"),
        ),
        (
            json!({"function": "repeat", "args": ["ab", 2]}),
            json!("abab"),
        ),
        (json!({"function": "upper", "args": ["a"]}), json!("A")),
        (
            json!({"function": "md5", "args": ["a"]}),
            json!("0cc175b9c0f1b6a831c399e269772661"),
        ),
        (
            json!({"function": "coalesce", "args": [null, "x"]}),
            json!("x"),
        ),
    ] {
        let params = json!({"data": call, "from": "domain"});
        assert_eq!(client.select(params).await, json!([value]), "{call}");
    }
    client
        .select(json!({"data": [{"function": "now", "args": []}]}))
        .await;
}
