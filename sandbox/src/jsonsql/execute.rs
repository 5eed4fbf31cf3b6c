//! From a call to an answer: parse, resolve, run.

use std::sync::Arc;

use ::jsonsql::ast::{Method, Statement};
use ::jsonsql::resolve::{Finding, resolve};

use super::rpc::{Call, Outcome};
use super::{Inner, answer, names};
use crate::caller::Caller;
use crate::engine::Allowance;
use crate::journal::{Answered, Entry, Trace};
use crate::server_behavior::{DottedText, UnknownOrderBy};

pub(super) async fn execute(
    portal: &Inner,
    call: &Call<'_>,
    domain: i64,
    (trace, caller): (&Trace, &Caller),
    allowance: &mut Allowance,
) -> Outcome {
    let mut entry = Entry {
        method: None,
        sql: None,
        rows: 0,
        changed: 0,
        answer: Answered::Error,
    };
    let outcome = run(portal, call, (domain, caller), allowance, &mut entry).await;
    trace.record(entry);
    outcome.unwrap_or_else(Outcome::Error)
}

async fn run(
    portal: &Inner,
    call: &Call<'_>,
    (domain, caller): (i64, &Caller),
    allowance: &mut Allowance,
    entry: &mut Entry,
) -> Result<Outcome, String> {
    let method = Method::from_name(&call.method).ok_or_else(|| unknown(&call.method))?;
    entry.method = Some(method.as_str());
    let behavior = portal.behavior();
    let dotted = match behavior.dotted_text {
        DottedText::Column => names::with_dotted_columns(call.params),
        DottedText::Text => None,
    };
    let params = dotted.as_deref().unwrap_or(call.params);
    let mut statement = Statement::from_json(method, params).map_err(|error| error.to_string())?;
    resolve(&mut statement, &portal.engine.catalog().schema)
        .map_err(|findings| describe(&findings))?;
    if behavior.unknown_order_by == UnknownOrderBy::Refused
        && let Some(name) = names::unknown_order_by(&statement)
    {
        return Err(format!("column \"{name}\" does not exist"));
    }
    entry.sql = Some(statement.to_string());
    let statement = Arc::new(statement);
    let rows = portal
        .engine
        .execute(&statement, domain, caller, *allowance)
        .await
        .map_err(|fault| fault.to_string())?;
    allowance.take(&rows);
    entry.rows = rows.rows.len();
    entry.changed = rows.changed;
    entry.answer = Answered::Result;
    Ok(Outcome::Result(answer::shape(&statement, rows, &behavior)))
}

fn unknown(method: &str) -> String {
    let known: Vec<&str> = Method::ALL.into_iter().map(Method::as_str).collect();
    format!(
        "unknown method \"{method}\"; expected one of {} (authorize_user goes to /api/jsonrpc/)",
        known.join(", ")
    )
}

/// The first finding, as PostgreSQL says one thing at a time; the others follow
/// for the reader who wants to mend all at once.
fn describe(findings: &[Finding]) -> String {
    let texts: Vec<String> = findings.iter().map(Finding::to_string).collect();
    texts.join("; ")
}
