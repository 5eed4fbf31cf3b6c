//! From a call to an answer: parse, resolve, run.

use ::jsonsql::ast::{Method, Statement};
use ::jsonsql::resolve::{Finding, resolve};

use super::rpc::{Call, Outcome};
use super::{Inner, answer};

pub(super) fn execute(portal: &Inner, call: &Call<'_>, domain: i64) -> Outcome {
    let Some(method) = Method::from_name(call.method) else {
        let known: Vec<&str> = Method::ALL.into_iter().map(Method::name).collect();
        return Outcome::Error(format!(
            "unknown method \"{}\"; expected one of {} (authorize_user goes to /api/jsonrpc/)",
            call.method,
            known.join(", ")
        ));
    };
    let mut statement = match Statement::from_json(method, call.params) {
        Ok(statement) => statement,
        Err(error) => return Outcome::Error(error.to_string()),
    };
    if let Err(findings) = resolve(&mut statement, &portal.storage.catalog().schema) {
        return Outcome::Error(told(&findings));
    }
    match portal.storage.execute(&statement, domain) {
        Ok(rows) => {
            tracing::debug!(sql = rows.sql, changed = rows.changed, "executed");
            Outcome::Result(answer::shape(&statement, rows, &portal.unknowns))
        }
        Err(fault) => {
            tracing::debug!(%method, "refused");
            Outcome::Error(fault.to_string())
        }
    }
}

/// The first finding, as PostgreSQL says one thing at a time; the others follow
/// for the reader who wants to mend all at once.
fn told(findings: &[Finding]) -> String {
    let told: Vec<String> = findings.iter().map(Finding::to_string).collect();
    told.join("; ")
}
