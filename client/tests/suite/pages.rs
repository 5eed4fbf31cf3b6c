//! Reading a table page by page.

use std::sync::{Arc, Mutex};

use jsonsql::ast::{Method, Statement};
use jsonsql::prelude::{Select, Table, concat, select, values};
use jsonsql::row::Row;
use jsonsql_client::Error;
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;
use crate::tables::{Subscriber, ids};

/// Ids of a table that changes while it is read.
type Ids = Arc<Mutex<Vec<i64>>>;

/// Answers a page as a server would; then changes the table.
fn page(ids: &Ids, change: impl Fn(&mut Vec<i64>) + Send + Sync + 'static) -> Step {
    let ids = Arc::clone(ids);
    Step::with(move |request| {
        let params = &request["params"];
        assert_eq!(params["order_by"], json!({"s": "id"}));
        let clause = &params["where"];
        let after = match &clause["and"] {
            Value::Null => clause,
            both => &both[1],
        };
        let last = after["gt"][1].as_i64().unwrap_or(i64::MIN);
        let mut ids = ids.lock().unwrap();
        let limit = params["limit"].as_u64().unwrap() as usize;
        let rows: Vec<_> = ids
            .iter()
            .filter(|id| **id > last)
            .take(limit)
            .map(|id| json!([id, format!("user{id}"), null, false, id]))
            .collect();
        change(&mut ids);
        json!({"id": request["id"], "result": rows}).to_string()
    })
}

async fn read(server: &Server, query: &Select<Subscriber>) -> Vec<i64> {
    let client = server.builder().page_rows(10).build().unwrap();
    let mut rows = client.stream(query);
    let mut seen = Vec::new();
    while let Some(row) = rows.next().await {
        seen.push(row.unwrap().id);
    }
    assert!(rows.next().await.is_none());
    seen
}

#[tokio::test]
async fn all_rows_come_once_though_the_table_changes() {
    let server = Server::start().await;
    let ids: Ids = Arc::new(Mutex::new((1..=25).collect()));
    // After the first page, rows before and after the reader come and go.
    server.on_call(page(&ids, |ids| {
        ids.retain(|id| *id != 3 && *id != 15);
        ids.insert(0, 0);
        ids.push(30);
    }));
    (0..3).for_each(|_| {
        server.on_call(page(&ids, |_| {}));
    });
    let expected: Vec<_> = (1..=25).filter(|id| *id != 15).chain([30]).collect();
    assert_eq!(read(&server, &Subscriber::all()).await, expected);
    // Pages of 10, 10, 5, and none.
    assert_eq!(server.calls().len(), 4);
}

#[tokio::test]
async fn a_filter_stays_and_a_short_page_is_not_taken_for_the_last() {
    let server = Server::start().await;
    let ids: Ids = Arc::new(Mutex::new((1..=8).collect()));
    let short = Step::result(&json!([[1, "a", null, false, 1], [2, "b", null, false, 2]]));
    server
        .on_call(short)
        .on_call(page(&ids, |_| {}))
        .on_call(page(&ids, |_| {}));
    let query = Subscriber::filter(|s| s.disabled.eq(false));
    assert_eq!(read(&server, &query).await, (1..=8).collect::<Vec<_>>());
    assert_eq!(
        server.calls()[1].body["params"]["where"],
        json!({"and": [{"eq": [{"s": "disabled"}, false]}, {"gt": [{"s": "id"}, 2]}]})
    );
}

/// A package of a subscriber.
#[derive(Debug, Table)]
#[table(name = "subscriber_package")]
struct SubscriberPackage {
    #[column(key)]
    subscriber_id: i64,
    #[column(key)]
    package_id: i64,
    #[column(default)]
    enabled: bool,
}

#[tokio::test]
async fn a_key_of_two_columns_goes_on_after_both() {
    let server = Server::start().await;
    server.on_call(Step::result(&json!([[1, 7, true, 1, 7]])));
    let client = server.client();
    let mut rows = client.stream(&SubscriberPackage::all());
    let row = rows.next().await.unwrap().unwrap();
    assert_eq!(
        (row.subscriber_id, row.package_id, row.enabled),
        (1, 7, true)
    );
    assert!(rows.next().await.is_none());
    let (first, second) = (json!({"sp": "subscriber_id"}), json!({"sp": "package_id"}));
    let params = &server.calls()[1].body["params"];
    assert_eq!(params["order_by"], json!([first, second]));
    assert_eq!(
        params["where"],
        json!({"or": [{"gt": [first, 1]}, {"and": [{"eq": [first, 1]}, {"gt": [second, 7]}]}]})
    );
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::error("no"));
    let mut rows = client.stream(&Subscriber::all());
    assert!(matches!(rows.next().await, Some(Err(Error::Server(_)))));
    assert!(rows.next().await.is_none());
}

/// Reads all rows of a query, or until the error.
async fn drain<R>(server: &Server, query: &Select<R>) -> (usize, Option<Error>)
where
    R: for<'de> Row<'de> + Send + 'static,
{
    let client = server.builder().page_rows(3).build().unwrap();
    let mut rows = client.stream(query);
    let mut read = 0;
    while let Some(row) = rows.next().await {
        match row {
            Ok(_) => read += 1,
            Err(error) => {
                assert!(rows.next().await.is_none());
                return (read, Some(error));
            }
        }
    }
    (read, None)
}

#[tokio::test]
async fn what_has_no_pages_is_refused() {
    let server = Server::start().await;
    let parsed = |json: &[u8]| match Statement::from_json(Method::Select, json).unwrap() {
        Statement::Select(select) => Select::<i64>::from_ast(select),
        _ => unreachable!(),
    };
    let of = |select: Select<i64>| select;
    for (query, why) in [
        (ids().offset(5), "an offset"),
        (
            of(select(|mut q| {
                let s = q.from(Subscriber);
                q.distinct();
                q.select(s.id)
            })),
            "not rows of a table",
        ),
        (
            of(select(|mut q| {
                let s = q.from(Subscriber);
                q.group_by(s.id);
                q.select(s.id)
            })),
            "not rows of a table",
        ),
        (
            of(select(|mut q| {
                let s = q.from(Subscriber);
                let _ = q.left_join(SubscriberPackage, |sp| sp.subscriber_id.eq(s.id));
                q.select(s.id)
            })),
            "without a partner",
        ),
        (
            of(select(|mut q| {
                let s = q.from(Subscriber);
                q.order_by((s.id + 1).asc());
                q.select(s.id)
            })),
            "not one of mapped columns",
        ),
        (
            of(select(|mut q| {
                let s = q.from(Subscriber);
                q.order_by([s.username.asc(), s.password.asc(), s.disabled.desc()]);
                let _ = q.join(SubscriberPackage, |sp| sp.subscriber_id.eq(s.id));
                q.select(s.id)
            })),
            "more than four",
        ),
        (
            of(select(|mut q| {
                let id = q.from_select(|mut q| {
                    let s = q.from(Subscriber);
                    q.select(s.id)
                });
                q.select(id)
            })),
            "nested query",
        ),
        (values([1_i64]), "reads no table"),
        (
            parsed(br#"{"data": ["id"], "from": "media"}"#),
            "is not known",
        ),
    ] {
        let (_, error) = drain(&server, &query).await;
        let error = error.unwrap().to_string();
        assert!(error.contains(why), "{error}");
    }
    assert!(server.calls().is_empty());
    // A text of the query's own is not taken apart without having been asked for.
    let (_, error) = drain(&server, &Subscriber::filter(|s| s.username.eq("email"))).await;
    assert!(matches!(error, Some(Error::Statement(_))), "{error:?}");
    assert!(server.calls().is_empty());
}

/// A subscriber by login.
#[derive(Debug, Table)]
#[table(name = "subscriber", reserved("x"))]
#[allow(dead_code, reason = "rows are only counted")]
struct Login {
    #[column(key)]
    username: String,
    #[column(default)]
    paid: bool,
}

#[tokio::test]
async fn a_key_that_is_spelt_like_a_column_is_gone_on_after() {
    for (key, from, after) in [
        ("ivanov", "s", json!("ivanov")),
        ("paid", "s", json!({"concat": ["p", "aid"]})),
        ("username", "s", json!({"concat": ["u", "sername"]})),
        (
            "*",
            "s",
            json!({"function": "regexp_replace", "args": ["-*", "-", ""]}),
        ),
        (
            "x",
            "s",
            json!({"function": "regexp_replace", "args": ["-x", "-", ""]}),
        ),
        // An alias keeps out of the way.
        ("s", "s2", json!("s")),
    ] {
        let server = Server::start().await;
        server.on_call(Step::result(&json!([[key, false, key]])));
        let (read, error) = drain(&server, &Login::filter(|s| s.paid.eq(false))).await;
        assert_eq!((read, error.map(|error| error.to_string())), (1, None));
        let calls = server.calls();
        assert_eq!(calls.len(), 2);
        let params = &calls[1].body["params"];
        assert_eq!(params["from"]["as"], from);
        assert_eq!(
            params["where"],
            json!({"and": [
                {"eq": [{from: "paid"}, false]},
                {"gt": [{from: "username"}, after]},
            ]})
        );
        assert_eq!(params["order_by"], json!({from: "username"}));
    }
    // An output name reads like a column too.
    let server = Server::start().await;
    server.on_call(Step::result(&json!([["a", "title"]])));
    let named: Select<String> = select(|mut q| {
        let s = q.from(Login);
        q.select(concat((s.username, "+")).named("title"))
    });
    assert_eq!(drain(&server, &named).await.0, 1);
    assert_eq!(
        server.calls()[1].body["params"]["where"]["gt"][1],
        json!({"concat": ["t", "itle"]})
    );
}

#[tokio::test]
async fn an_order_goes_on_after_its_columns_and_the_key() {
    let server = Server::start().await;
    server
        .on_call(Step::result(&json!([
            ["b", "b", "p", 7],
            ["b", "b", null, 3]
        ])))
        .on_call(Step::result(&json!([["a", "a", "q", 9]])));
    let query = Subscriber::all()
        .order_by(|s| s.username.desc())
        .order_by(|s| s.password.asc())
        .column(|s| s.username);
    assert_eq!(drain(&server, &query).await.0, 3);
    let (name, password, id) = (
        json!({"s": "username"}),
        json!({"s": "password"}),
        json!({"s": "id"}),
    );
    let calls = server.calls();
    let params = |call: usize| &calls[call].body["params"];
    assert_eq!(params(0)["data"], json!([name, name, password, id]));
    assert_eq!(params(0)["order_by"], json!([[name, "DESC"], password, id]));
    // NULLs come last: nothing but NULLs of a higher key follows one.
    assert_eq!(
        params(1)["where"],
        json!({"or": [
            {"lt": [name, "b"]},
            {"and": [
                {"eq": [name, "b"]},
                {"and": [{"is": [password, null]}, {"gt": [id, 3]}]},
            ]},
        ]})
    );
    assert_eq!(
        params(2)["where"]["or"][1]["and"][1],
        json!({"or": [
            {"gt": [password, "q"]},
            {"is": [password, null]},
            {"and": [{"eq": [password, "q"]}, {"gt": [id, 9]}]},
        ]})
    );

    // In a descending order they come first.
    let server = Server::start().await;
    server.on_call(Step::result(&json!([[3, null, 3]])));
    let query = Subscriber::all()
        .order_by(|s| s.password.desc())
        .column(|s| s.id);
    assert_eq!(drain(&server, &query).await.0, 1);
    assert_eq!(
        server.calls()[1].body["params"]["where"],
        json!({"or": [
            {"is_not": [password, null]},
            {"and": [{"is": [password, null]}, {"gt": [id, 3]}]},
        ]})
    );
}

#[tokio::test]
async fn a_limit_is_one_of_all_rows() {
    let server = Server::start().await;
    let table: Ids = Arc::new(Mutex::new((1..=25).collect()));
    (0..2).for_each(|_| {
        server.on_call(page(&table, |_| {}));
    });
    assert_eq!(drain(&server, &Subscriber::all().limit(5)).await.0, 5);
    let limits: Vec<_> = server
        .calls()
        .iter()
        .map(|call| call.body["params"]["limit"].as_u64())
        .collect();
    assert_eq!(limits, [Some(3), Some(2)]);
    // A server that answers with more than that.
    server.on_call(Step::result(&json!([[1, 1], [2, 2], [3, 3]])));
    assert_eq!(drain(&server, &ids().limit(2)).await.0, 2);
    assert_eq!(drain(&server, &ids().limit(0)).await.0, 0);
    assert_eq!(server.calls().len(), 3);
}

#[tokio::test]
async fn of_joined_tables_the_keys_of_all_are_the_key() {
    let server = Server::start().await;
    server.on_call(Step::result(&json!([["a", true, 1, 1, 7]])));
    let query: Select<(String, bool)> = select(|mut q| {
        let s = q.from(Subscriber);
        let sp = q.join(SubscriberPackage, |sp| sp.subscriber_id.eq(s.id));
        q.select((s.username, sp.enabled))
    });
    assert_eq!(drain(&server, &query).await.0, 1);
    assert_eq!(
        server.calls()[0].body["params"]["order_by"],
        json!([{"s": "id"}, {"sp": "subscriber_id"}, {"sp": "package_id"}])
    );
}

#[tokio::test]
async fn a_key_comes_back_digit_for_digit() {
    for key in [
        "18446744073709551616",
        "0.1000000000000000055511151231257827",
    ] {
        let server = Server::start().await;
        let body = format!(r#"{{"id": $ID, "result": [[1, {key}]]}}"#);
        server.on_call(Step::body(&body));
        assert_eq!(drain(&server, &ids()).await.0, 1);
        let after = &server.calls()[1].body["params"]["where"]["gt"][1];
        assert_eq!(*after, json!(key));
    }
}

/// Answers the pages in turn, for ever.
async fn turning(pages: &[Value], query: &Select<i64>) -> (usize, String, usize) {
    let server = Server::start().await;
    (0..50).for_each(|turn| {
        server.on_call(Step::result(&pages[turn % pages.len()]));
    });
    let (read, error) = drain(&server, query).await;
    let error = error.expect("an error").to_string();
    (read, error, server.calls().len())
}

#[tokio::test]
async fn pages_that_do_not_go_on_end_in_an_error() {
    let (by_id, by_login) = (ids(), Login::all().column(|s| s.paid));
    let by_login = Select::<i64>::from_ast(by_login.node().clone());
    let newest = Subscriber::all().order_by(|s| s.id.desc()).column(|s| s.id);
    let again = "a row that it had answered with before";
    let earlier = "a row from before those it had answered with";
    let order = "rows that are not in the order asked for";
    for (query, pages, read, what, calls) in [
        // The same page for ever.
        (&by_id, vec![json!([[1, 1], [2, 2], [3, 3]])], 3, earlier, 2),
        (&by_id, vec![json!([[5, 5]])], 1, again, 2),
        (
            &by_login,
            vec![json!([[1, "c"], [1, "a"], [1, "b"]])],
            3,
            again,
            2,
        ),
        // A page that begins with the row the last one ended with.
        (
            &by_login,
            vec![json!([[1, "a"], [1, "b"]]), json!([[1, "b"], [1, "c"]])],
            2,
            again,
            2,
        ),
        // Two and three pages in turn.
        (
            &by_id,
            vec![json!([[1, 1]]), json!([[2, 2]])],
            2,
            earlier,
            3,
        ),
        (
            &by_login,
            vec![json!([[1, "a"]]), json!([[1, "b"]]), json!([[1, "c"]])],
            3,
            again,
            5,
        ),
        // Numbers, not their spelling.
        (&by_id, vec![json!([[9, 9], [10, 10], [2, 2]])], 0, order, 1),
        (
            &newest,
            vec![json!([[10, 10], [9, 9]]), json!([[11, 11]])],
            2,
            earlier,
            2,
        ),
        (
            &by_id,
            vec![json!([[1, 1], [1, 1]])],
            0,
            "two rows of one key",
            1,
        ),
        (
            &by_login,
            vec![json!([[1, "a"], [1, "b"], [1, "a"]])],
            0,
            again,
            1,
        ),
        (
            &by_id,
            vec![json!([[1, null]])],
            0,
            "NULL in a column of the key",
            1,
        ),
    ] {
        let (rows, error, sent) = turning(&pages, query).await;
        let place = " (select on `subscriber` at http://";
        assert!(
            error.contains(&format!("{what}{place}")),
            "{pages:?}: {error}"
        );
        assert!(error.contains(&format!("after {rows} rows")), "{error}");
        assert!(
            sent <= calls && rows >= read,
            "{pages:?}: {rows} rows, {sent} calls"
        );
    }
}
