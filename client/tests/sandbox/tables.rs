//! The mapped tables are the server's.

use jsonsql::prelude::*;
use jsonsql_client::{Client, schema};
use jsonsql_sandbox::Seed;

/// No column that the server does not have, and rows that read.
async fn fits<T: Table + Send>(client: &Client, all: Select<T>) -> usize {
    let table = T::INFO.name;
    assert_eq!(client.check::<T>().await.unwrap(), [], "{table}");
    let reserved = T::INFO.reserved;
    let mapped = |name: &&str| T::INFO.columns.iter().any(|column| column.name == *name);
    assert!(!reserved.iter().any(mapped), "{table}");
    let rows = client.fetch_all(&all).await.unwrap().len();
    let mut pages = client.stream(&all);
    let mut streamed = 0;
    while let Some(row) = pages.next().await {
        row.unwrap();
        streamed += 1;
    }
    assert_eq!(streamed, rows, "{table}");
    rows
}

#[tokio::test]
async fn every_table_fits_the_server() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = &crate::client(&sandbox);
    let rows = [
        fits(client, schema::Domain::all()).await,
        fits(client, schema::Media::all()).await,
        fits(client, schema::Package::all()).await,
        fits(client, schema::Subscriber::all()).await,
        fits(client, schema::SubscriberInetaddr::all()).await,
        fits(client, schema::SubscriberPackage::all()).await,
        fits(client, schema::Terminal::all()).await,
        fits(client, schema::TerminalPlaylog::all()).await,
        fits(client, schema::TvCategory::all()).await,
        fits(client, schema::TvChannel::all()).await,
        fits(client, schema::TvProgram::all()).await,
        fits(client, schema::TvProgramCategory::all()).await,
    ];
    // As many as the demo's seed has.
    assert_eq!(rows, [1, 11, 4, 12, 3, 12, 12, 4, 2, 4, 4, 4]);
}

#[tokio::test]
async fn a_password_does_not_show_with_its_row() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = crate::client(&sandbox);
    let query = schema::Subscriber::filter(|s| s.username.eq("12345"));
    let subscriber = client.fetch_one(&query).await.unwrap();
    assert_eq!(
        subscriber.password,
        Some(schema::Password("bM4kq9".to_owned()))
    );
    assert_eq!(subscriber.kind.as_deref(), Some("BILL"));
    assert!(!format!("{subscriber:?}").contains("bM4kq9"));
}
