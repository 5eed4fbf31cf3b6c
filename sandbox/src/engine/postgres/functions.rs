//! The functions that clients may call.
//!
//! JSONSQL can name any function. PostgreSQL has some that sleep, read files,
//! change settings (the domain is one) or end other sessions; some that tell
//! what is in its catalogue, who the user is and how the server is set up; and
//! the sandbox has helpers of its own, which see the rows of all domains. What
//! only calculates from its arguments is allowed.

use std::collections::HashSet;

use jsonsql::ast::Statement;
use tokio_postgres::Client;

use crate::engine::Fault;

/// Functions of PostgreSQL's that depend on the session, by the time or the
/// form of dates and texts, and on nothing that clients may not know.
const HARMLESS: [&str; 41] = [
    "age",
    "array_agg",
    "array_to_json",
    "array_to_string",
    "clock_timestamp",
    "concat",
    "concat_ws",
    "date",
    "date_part",
    "date_trunc",
    "extract",
    "format",
    "gen_random_uuid",
    "json_agg",
    "json_build_array",
    "json_build_object",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_build_array",
    "jsonb_build_object",
    "jsonb_object_agg",
    "make_timestamptz",
    "now",
    "quote_literal",
    "quote_nullable",
    "random",
    "row_to_json",
    "statement_timestamp",
    "string_agg",
    "time",
    "timeofday",
    "timestamp",
    "timestamptz",
    "timezone",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "transaction_timestamp",
];

/// PostgreSQL's own that are always the same for the same arguments, and those
/// above; of other schemas what does not do something and does not run as
/// another user, except the sandbox's helpers.
const ALLOWED: &str = "SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n \
    ON n.oid = p.pronamespace WHERE CASE n.nspname \
      WHEN 'pg_catalog' THEN p.provolatile = 'i' OR p.proname = ANY ($1) \
      WHEN 'information_schema' THEN false \
      ELSE p.provolatile <> 'v' AND NOT p.prosecdef AND p.proname NOT LIKE 'jsonsql\\_%' END";

/// The functions of the server that clients may not call.
pub(super) struct Functions(HashSet<String>);

impl Functions {
    pub(super) async fn read(client: &Client) -> Result<Functions, tokio_postgres::Error> {
        let refused =
            format!("SELECT DISTINCT proname::text FROM pg_proc WHERE proname NOT IN ({ALLOWED})");
        let refused = client.query(&refused, &[&HARMLESS.as_slice()]).await?;
        Ok(Functions(refused.iter().map(|row| row.get(0)).collect()))
    }

    pub(super) fn check(&self, statement: &Statement) -> Result<(), Fault> {
        let mut refused = None;
        statement.functions(&mut |name| {
            // Written without quotes, so PostgreSQL folds its case.
            let folded = name.to_ascii_lowercase();
            if self.0.contains(&folded) {
                refused = Some(folded);
            }
        });
        match refused {
            Some(name) => Err(Fault::Statement(format!(
                "permission denied for function {name}"
            ))),
            None => Ok(()),
        }
    }
}
