//! Streams over a server that executes what it is sent.

use jsonsql::prelude::*;
use jsonsql::row;
use jsonsql_client::Client;
use jsonsql_client::schema::{Subscriber, Terminal};
use jsonsql_sandbox::{Sandbox, Seed};

/// A subscriber by login: the key of its streams is a text.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "subscriber", reserved("id", "email", "password", "x", "q"))]
struct Login {
    #[column(key)]
    username: String,
    surname: Option<String>,
    max_terminal: Option<i32>,
    #[column(default)]
    disabled: bool,
}

/// A terminal by address.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "terminal")]
struct Device {
    #[column(key)]
    mac_addr: MacAddr,
}

async fn stream<R>(client: &Client, query: &Select<R>) -> Vec<R>
where
    R: for<'de> row::Row<'de> + Send + 'static,
{
    let mut pages = client.stream(query);
    let mut rows = Vec::new();
    while let Some(row) = pages.next().await {
        rows.push(row.unwrap());
    }
    rows
}

/// A client whose pages have so many rows.
fn client(sandbox: &Sandbox, page: u32) -> Client {
    let client = crate::builder(&sandbox.url()).page_rows(page);
    client.build().unwrap()
}

#[tokio::test]
async fn logins_spelt_like_columns_are_all_read() {
    let sandbox = crate::start(Seed::Empty).await;
    let logins = [
        "*",
        "-",
        "disabled",
        "email",
        "id",
        "ivanov",
        "password",
        "q",
        "s",
        "s2",
        "subscriber",
        "username",
        "x",
        "z",
    ];
    for login in logins {
        let sql = format!("INSERT INTO subscriber (domain_id, username) VALUES (1, '{login}')");
        sandbox.query(&sql).await.unwrap();
    }
    for page in [1, 2, 3, 5, 100] {
        let client = client(&sandbox, page);
        let read = stream(&client, &Login::all().column(|s| s.username)).await;
        assert_eq!(read, logins, "pages of {page}");
        let mut down = stream(&client, &Login::all().order_by(|s| s.username.desc())).await;
        down.reverse();
        let down: Vec<_> = down.into_iter().map(|login| login.username).collect();
        assert_eq!(down, logins, "pages of {page}");
    }
}

#[tokio::test]
async fn orders_filters_and_limits_read_what_one_query_reads() {
    let sandbox = crate::start(Seed::Demo).await;
    let all = client(&sandbox, 1000);
    type Ordered = fn(Select<Login>) -> Select<Login>;
    let orders: [Ordered; 7] = [
        |query| query.order_by(|s| s.username.asc()),
        |query| query.order_by(|s| s.username.desc()),
        // With NULLs, and with rows that are equal in it.
        |query| query.order_by(|s| s.surname.asc()),
        |query| query.order_by(|s| s.surname.desc()),
        |query| {
            query
                .order_by(|s| s.max_terminal.asc())
                .order_by(|s| s.username.asc())
        },
        |query| {
            query
                .order_by(|s| s.max_terminal.desc())
                .order_by(|s| s.surname.asc())
        },
        |query| {
            query
                .order_by(|s| s.disabled.desc())
                .order_by(|s| s.max_terminal.asc())
        },
    ];
    for page in [1, 2, 5, 12] {
        let paged = client(&sandbox, page);
        for order in orders {
            for limit in [None, Some(1), Some(7), Some(40)] {
                for query in [Login::all(), Login::filter(|s| s.username.neq("test"))] {
                    let query = order(query);
                    let query = match limit {
                        Some(limit) => query.limit(limit),
                        None => query,
                    };
                    // The key settles what the order leaves open.
                    let settled = query.clone().order_by(|s| s.username.asc());
                    let expected = all.fetch_all(&settled).await.unwrap();
                    assert_eq!(
                        stream(&paged, &query).await,
                        expected,
                        "{query:#} by {page}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn addresses_and_joined_rows_go_on() {
    let sandbox = crate::start(Seed::Demo).await;
    let paged = client(&sandbox, 2);
    let devices = Device::all();
    let expected = paged.fetch_all(&devices).await.unwrap();
    assert_eq!(stream(&paged, &devices).await.len(), expected.len());
    let owners: Select<(String, Option<MacAddr>)> = select(|mut q| {
        let s = q.from(Subscriber);
        let t = q.join(Terminal, |t| t.subscriber_id.eq(s.id));
        q.select((s.username, t.mac_addr))
    });
    let mut expected = paged.fetch_all(&owners).await.unwrap();
    let mut read = stream(&paged, &owners).await;
    expected.sort_by_key(|row| format!("{row:?}"));
    read.sort_by_key(|row| format!("{row:?}"));
    assert_eq!(read, expected);
}
