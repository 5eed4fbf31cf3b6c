//! `plan --from-sql`: the rows of a query of a billing's database are the export.

mod servers;

use std::path::{Path, PathBuf};
use std::process::Command;

use mysql_async::prelude::Queryable;
use servers::Server;

/// One row for each subscriber of the demo, as the types of databases have them: a
/// number as login, a flag, NULL, and lists in one text.
const QUERY: &str = "select ref as external_ref, login, active as enabled, name, phone, macs \
                     from contracts order by login";

/// A query that writes, though its rows are an export.
const DELETE: &str =
    "delete from contracts returning ref as external_ref, login, active as enabled";

fn rows(truth: [&str; 2]) -> String {
    let [yes, no] = truth;
    format!(
        "insert into contracts values \
         ('LB-1', 12345, {yes}, 'Фёдорова ''Анна''; и К', null, '00:1a:79:00:00:01;00:1a:79:00:00:02'), \
         ('LB-2', 12346, {no}, null, '+7 900', '')"
    )
}

/// What a plan of these rows says, whatever database they come from.
const PLANNED: [&str; 2] = [r#""login":"12345""#, r#""login":"12346""#];

struct Run {
    status: i32,
    out: String,
    err: String,
}

fn plan(database: &str, query: &str, more: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_jsonsql"))
        .args(["plan", "--sandbox", "--json", "--limit", "50"])
        .args(["--database", database, "--from-sql", query])
        .args(more)
        .env_remove("JSONSQL_BILLING_DATABASE")
        .env_remove("JSONSQL_BILLING_PASSWORD")
        .env_remove("NO_COLOR")
        .output();
    let output = output.expect("the program");
    Run {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Whatever the database, the plan is that of the same rows in a file.
fn is_planned(run: &Run, database: &str) {
    let csv = "external_ref,login,enabled,name,phone,macs\n\
        LB-1,12345,1,Фёдорова 'Анна'; и К,,00:1a:79:00:00:01;00:1a:79:00:00:02\n\
        LB-2,12346,0,,+7 900,\n";
    let csv = csv.replace("Фёдорова 'Анна'; и К", "\"Фёдорова 'Анна'; и К\"");
    let path = scratch(&format!("{database}.csv"));
    std::fs::write(&path, csv).expect("a file");
    let file = Command::new(env!("CARGO_BIN_EXE_jsonsql"))
        .args(["plan", "--sandbox", "--json", "--limit", "50"])
        .arg(&path)
        .output()
        .expect("the program");
    // A row of a query has its number where a line of a file has the header before it.
    let expected = String::from_utf8(file.stdout).expect("text");
    let expected = expected.replace("\"line\":2", "\"line\":1");
    let expected = expected.replace("\"line\":3", "\"line\":2");
    assert!(
        PLANNED.iter().all(|one| expected.contains(one)),
        "{expected}"
    );
    assert_eq!(run.out, expected, "{database}: {}", run.err);
    assert_eq!(run.status, file.status.code().unwrap_or(-1));
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn refused(run: &Run, status: i32, sentence: &str) {
    assert_eq!((run.status, run.out.as_str()), (status, ""), "{}", run.err);
    assert!(run.err.contains(sentence), "{sentence}: {}", run.err);
}

#[test]
fn of_sqlite() {
    let path = scratch("billing.db");
    let _ = std::fs::remove_file(&path);
    let database = rusqlite::Connection::open(&path).expect("a file");
    let table = "create table contracts (ref text, login integer, active boolean, name text, \
                 phone text, macs text);";
    let made = database.execute_batch(&format!("{table}{}", rows(["true", "false"])));
    made.expect("rows");
    let address = format!("sqlite:{}", path.display());
    is_planned(&plan(&address, QUERY, &[]), "sqlite");

    let file = scratch("query.sql");
    std::fs::write(&file, QUERY).expect("a file");
    is_planned(
        &plan(&address, &format!("@{}", file.display()), &[]),
        "sqlite-file",
    );

    refused(
        &plan(&address, "delete from contracts", &[]),
        1,
        "no rows to give",
    );
    let writes = "insert into contracts select * from contracts \
                  returning ref as external_ref, login, active as enabled";
    refused(&plan(&address, writes, &[]), 1, "readonly");
    let two = format!("{QUERY}; select 1");
    refused(&plan(&address, &two, &[]), 1, "more than one statement");
    let typo = plan(&address, "select lgoin from contracts", &[]);
    refused(&typo, 1, "no such column: lgoin");
    assert!(
        typo.err.contains("--from-sql:1:8") && typo.err.contains('^'),
        "{}",
        typo.err
    );
    refused(
        &plan(
            &address,
            "select x'ff' as login, 1 as enabled, 'a' as external_ref",
            &[],
        ),
        1,
        "row 1, column login: the value is no text",
    );
    refused(
        &plan(&address, "select login from contracts", &[]),
        1,
        "column external_ref: the header lacks it",
    );
    let empty = format!("select * from ({QUERY}) where 0");
    refused(
        &plan(&address, &empty, &[]),
        1,
        "there is no subscriber in it",
    );
    refused(
        &plan("sqlite:/nowhere/b.db", QUERY, &[]),
        1,
        "unable to open",
    );
    refused(&plan(&address, "@/nowhere.sql", &[]), 2, "No such file");
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) \
                   select max(i) as login, 1 as enabled, 'a' as external_ref from n";
    let late = plan(&address, endless, &["--database-timeout", "300ms"]);
    refused(&late, 1, "did not answer within 0.3 s");
}

#[test]
fn no_password_stands_in_an_argument_or_in_a_message() {
    let run = plan("postgres://me:hunter2hunter2@127.0.0.1/b", QUERY, &[]);
    refused(&run, 2, "JSONSQL_BILLING_PASSWORD");
    assert!(!run.err.contains("hunter2"), "{}", run.err);
    // Nobody listens there.
    let run = plan("postgres://me@127.0.0.1:9/b?sslmode=disable", QUERY, &[]);
    refused(&run, 1, "PostgreSQL 127.0.0.1/b: ");
    let run = plan("mysql://me@127.0.0.1:9/b", QUERY, &[]);
    refused(&run, 1, "MySQL 127.0.0.1/b: ");
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
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
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
