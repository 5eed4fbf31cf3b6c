//! `plan --from-sql`: the rows of a query of a billing's database are the export.

#[cfg(not(all(feature = "mysql", feature = "postgres")))]
mod absent;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod servers;

use std::path::{Path, PathBuf};
use std::process::Command;

/// One row for each subscriber of the demo, as the types of databases have them: a
/// number as login, a flag, NULL, and lists in one text.
const QUERY: &str = "select ref as external_ref, login, active as enabled, name, phone, macs \
                     from contracts order by login";

/// A query that writes, though its rows are an export.
#[cfg(any(feature = "mysql", feature = "postgres"))]
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

/// A password in the flag is refused, and no message repeats it.
#[cfg(any(feature = "mysql", feature = "postgres"))]
fn no_password_is_shown(scheme: &str) {
    let address = format!("{scheme}://me:hunter2hunter2@127.0.0.1/b");
    let run = plan(&address, QUERY, &[]);
    refused(&run, 2, "JSONSQL_BILLING_PASSWORD");
    assert!(!run.err.contains("hunter2"), "{}", run.err);
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
