//! A statement on its way: findings, the question before a write, rows.

use clap::Args;
use jsonsql::ast::{
    Expr, FromItem, Item, Method, Projection, Select, Source as Rows, Statement, TableName,
};
use jsonsql::resolve::{Finding, FindingKind, Schema, coverage, resolve};
use serde_json::Value;

use crate::exit::{Failure, Result, Status, ended};
use crate::knowledge;
use crate::output::{OutputArgs, Printer, print};
use crate::say;
use crate::stop::{self, Stop};
use crate::target::{TargetArgs, open};

mod columns;

/// How a statement is sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct SendArgs {
    /// Prints the request that would be sent, and sends nothing
    #[arg(long)]
    dry_run: bool,

    /// Allows an insert, update or delete
    #[arg(long)]
    write: bool,

    /// Answers the question before a write with yes
    #[arg(long, short, requires = "write")]
    yes: bool,

    /// The most rows that an update or delete may touch: with more it is refused
    #[arg(long, value_name = "N", requires = "write")]
    at_most: Option<u64>,

    /// Allows an update or delete of every row of its table
    #[arg(long, requires = "write")]
    all_rows: bool,

    /// Sends it although names in it are not known or texts read as columns
    #[arg(long)]
    unchecked: bool,

    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Sends the statement and writes its rows; `report` says a finding under the
/// text that was given.
///
/// # Errors
///
/// When the statement is refused, the server cannot be reached or says no, or
/// the rows cannot be written.
pub(crate) async fn send(
    statement: &Statement,
    args: &SendArgs,
    report: impl Fn(&Finding, bool),
) -> Result<Status> {
    let is_write = statement.method() != Method::Select;
    let schema = knowledge::known();
    let mut grave = 0;
    for finding in knowledge::findings(statement, &schema) {
        // What covers every row is refused by a guard of its own below.
        if finding.kind == FindingKind::Unbounded {
            continue;
        }
        let is_grave = knowledge::is_grave(&finding) && !args.unchecked;
        grave += usize::from(is_grave);
        report(&finding, is_grave);
    }
    if args.dry_run {
        let request = serde_json::json!({
            "jsonrpc": "2.0",
            "id": 1,
            "method": statement.method().as_str(),
        });
        let params = serde_json::to_string(statement)
            .map_err(|error| Failure::failed(format!("the statement cannot be sent: {error}")))?;
        let head = request.to_string();
        let head = head.trim_end_matches('}');
        say::note(&shown(statement, &schema));
        let status = match grave {
            0 => Status::Done,
            _ => Status::Failed,
        };
        return ended(status, print(format!("{head},\"params\":{params}}}\n")));
    }
    if grave > 0 {
        return Err(
            Failure::failed("the statement was not sent").hint("--unchecked sends it as it is")
        );
    }
    if is_write && !args.write {
        return Err(Failure::guarded(format!(
            "a statement of the method `{}` changes the server; it was not sent",
            statement.method()
        ))
        .hint("--write allows it; --dry-run prints the request"));
    }
    if covers_every_row(statement, &schema) && !args.all_rows {
        return Err(Failure::guarded(format!(
            "the {} covers every row of its table; it was not sent",
            statement.method()
        ))
        .hint("--all-rows allows it"));
    }
    let connection = open(&args.target).await?;
    let client = connection.portal()?;
    let mut stop = Stop::listen()?;
    if is_write {
        preview(statement, args, client, &mut stop).await?;
    }
    let rows = match is_write {
        true => client.raw(statement).await?,
        false => {
            stop.reading(async { client.raw(statement).await })
                .await??
        }
    };
    if is_write {
        // Said before the rows, which may not be printable.
        say::note(&format!("written: {}", counted(rows.len() as u64)));
    }
    let width = rows.first().map(Vec::len);
    let columns = columns::names(statement, &schema, width);
    let mut printer = Printer::new(&args.output, columns)?;
    for row in &rows {
        printer.row(row)?;
    }
    printer.finish()?;
    Ok(Status::Done)
}

/// Says how many rows a write touches, and asks.
async fn preview(
    statement: &Statement,
    args: &SendArgs,
    client: &jsonsql_client::Client,
    stop: &mut Stop,
) -> Result<()> {
    say::note(&shown(statement, &knowledge::known()));
    let Some(count) = count_of(statement) else {
        return stop::confirm("Send it?", args.yes, stop).await;
    };
    let answer = stop.reading(async { client.raw(&count).await }).await??;
    let rows = answer.first().and_then(|row| row.first()).and_then(whole);
    let Some(rows) = rows else {
        return Err(Failure::failed(
            "the server did not say how many rows match; nothing was written",
        ));
    };
    if args.at_most.is_some_and(|most| rows > most) {
        let most = args.at_most.unwrap_or_default();
        return Err(Failure::guarded(format!(
            "{} match, and at most {most} may; nothing was written",
            counted(rows)
        )));
    }
    stop::confirm(
        &format!("{} found. Send it?", counted(rows)),
        args.yes,
        stop,
    )
    .await
}

/// The SQL of a statement, with its names and texts told apart as a server does.
fn shown(statement: &Statement, schema: &Schema) -> String {
    let mut decided = statement.clone();
    // What it finds has been reported.
    let _ = resolve(&mut decided, schema);
    format!("{decided:#}")
}

/// "1 row", "2 rows".
fn counted(rows: u64) -> String {
    match rows {
        1 => "1 row".to_owned(),
        _ => format!("{rows} rows"),
    }
}

/// A count, which some servers send as a text.
fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Returns `true` if no row of its table is safe from an update or delete. Of a
/// table that is not known, only that there is no condition can be told.
fn covers_every_row(statement: &Statement, schema: &Schema) -> bool {
    let (table, filter) = match statement {
        Statement::Update(update) => (&update.table, &update.filter),
        Statement::Delete(delete) => (&delete.from, &delete.filter),
        Statement::Select(_) | Statement::Insert(_) => return false,
    };
    if filter.is_none() {
        return true;
    }
    let mut decided = statement.clone();
    // What it finds has been reported.
    let _ = resolve(&mut decided, schema);
    schema.table(&table.to_string()).is_some() && coverage(&decided, schema).is_some()
}

/// The select that counts the rows of an update or delete; none for an insert,
/// whose rows stand in it, and for a write over several tables, whose rows a
/// count of pairs would not tell.
fn count_of(statement: &Statement) -> Option<Statement> {
    let (table, filter): (&TableName, &Option<Expr>) = match statement {
        Statement::Update(update) if update.from.is_empty() => (&update.table, &update.filter),
        Statement::Delete(delete) if delete.using.is_empty() => (&delete.from, &delete.filter),
        _ => return None,
    };
    let count = Expr::Call {
        function: "count".into(),
        args: vec![Expr::Star],
    };
    let mut select = Select::new(Projection::List(vec![Item::from(count)]));
    select.from.push(FromItem {
        source: Rows::Table(table.clone()),
        alias: None,
        join: None,
    });
    select.filter = filter.clone();
    Some(Statement::Select(select))
}
