//! Exports from MySQL and MariaDB.

use mysql_async::prelude::Queryable;

use crate::servers::Server;
use crate::{DELETE, QUERY, is_planned, no_password_is_shown, plan, refused, rows};

#[test]
fn a_password_stands_in_no_argument_and_in_no_message() {
    no_password_is_shown("mysql");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let run = plan("mysql://me@127.0.0.1:9/b", QUERY, &[]);
    refused(&run, 1, "MySQL 127.0.0.1/b: ");
}

#[tokio::test]
async fn of_mysql() {
    let Some(server) = Server::mariadb() else {
        return;
    };
    let address = server.mysql_url("mysql");
    let options = mysql_async::Opts::from_url(&address).expect("an address");
    let mut connection = mysql_async::Conn::new(options).await.expect("a connection");
    let table = "create table contracts (ref varchar(9), login bigint unsigned, active bit(1), \
                 name text character set utf8mb4, phone text, macs blob)";
    connection.query_drop(table).await.expect("a table");
    connection
        .query_drop(rows(["b'1'", "b'0'"]))
        .await
        .expect("rows");
    is_planned(&plan(&address, QUERY, &[]), "mysql");

    let typo = plan(&address, "select lgoin from contracts", &[]);
    refused(&typo, 1, "Unknown column 'lgoin'");
    refused(&plan(&address, DELETE, &[]), 1, "READ ONLY transaction");
    // It would end the transaction before it is executed.
    let drop = plan(&address, "drop table contracts", &[]);
    refused(&drop, 1, "no rows to give");
    for two in [format!("{QUERY}; {QUERY}"), format!("commit; {DELETE}")] {
        refused(&plan(&address, &two, &[]), 1, "error in your SQL syntax");
    }
    let count = connection.query_first("select count(*) from contracts");
    assert_eq!(count.await.expect("a count"), Some(2));
    let binary = "select x'ff00' as login, 1 as enabled, 'a' as external_ref";
    refused(
        &plan(&address, binary, &[]),
        1,
        "row 1, column login: the value is no text",
    );
    let late = plan(
        &address,
        "select sleep(60) as login, 1 as enabled, 2 as external_ref",
        &["--database-timeout", "1s"],
    );
    refused(&late, 1, "did not answer within 1 s");
}
