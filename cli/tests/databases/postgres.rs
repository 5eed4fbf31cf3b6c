//! Exports from PostgreSQL.

use std::time::Duration;

use crate::servers::Server;
use crate::{DELETE, QUERY, is_planned, no_password_is_shown, plan, refused, rows};

#[test]
fn a_password_stands_in_no_argument_and_in_no_message() {
    no_password_is_shown("postgres");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let run = plan("postgres://me@127.0.0.1:9/b?sslmode=disable", QUERY, &[]);
    refused(&run, 1, "PostgreSQL 127.0.0.1/b: ");
}

#[tokio::test]
async fn of_postgresql() {
    let Some(server) = Server::postgres() else {
        return;
    };
    let address = server.postgres_url("postgres");
    let connected = loop {
        // It listens before it is ready.
        match tokio_postgres::connect(&address, tokio_postgres::NoTls).await {
            Ok(connected) => break connected,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    tokio::spawn(connected.1);
    let table = "create table contracts (ref varchar(9), login numeric, active boolean, \
                 name text, phone text, macs text);";
    let made = format!("{table}{}", rows(["true", "false"]));
    connected.0.batch_execute(&made).await.expect("rows");
    is_planned(&plan(&address, QUERY, &[]), "postgresql");

    let typo = plan(&address, "select 'ё', lgoin from contracts", &[]);
    refused(&typo, 1, "column \"lgoin\" does not exist");
    assert!(typo.err.contains("--from-sql:1:13"), "{}", typo.err);
    refused(&plan(&address, DELETE, &[]), 1, "read-only transaction");
    for two in [format!("{QUERY}; {QUERY}"), format!("commit; {DELETE}")] {
        refused(&plan(&address, &two, &[]), 1, "more than one statement");
    }
    refused(
        &plan(&address, "drop table contracts", &[]),
        1,
        "no rows to give",
    );
    let rows = connected.0.query("select from contracts", &[]).await;
    assert_eq!(rows.expect("rows").len(), 2);
    let late = plan(
        &address,
        "select pg_sleep(60) as login, 1 as enabled, 2 as external_ref",
        &["--database-timeout", "1s"],
    );
    refused(&late, 1, "did not answer within 1 s");
}
