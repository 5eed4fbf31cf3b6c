//! Which functions clients may call.
//!
//! JSONSQL can name any function, and PostgreSQL has some that sleep, read
//! files, change settings (the domain is one) or end other sessions. All of
//! those are volatile: they do something. What only calculates is allowed.

use std::collections::HashSet;

use jsonsql::ast::Statement;
use tokio_postgres::Client;

use crate::engine::Fault;

/// Volatile, but all they do is to be different each time.
const HARMLESS: [&str; 4] = ["random", "clock_timestamp", "timeofday", "gen_random_uuid"];

/// The functions of the server that clients may not call.
pub(super) struct Functions(HashSet<String>);

impl Functions {
    pub(super) async fn read(client: &Client) -> Result<Functions, tokio_postgres::Error> {
        let refused = client
            .query(
                "SELECT DISTINCT proname::text FROM pg_proc WHERE provolatile = 'v'",
                &[],
            )
            .await?;
        Ok(Functions(
            refused
                .iter()
                .map(|row| row.get::<_, String>(0))
                .filter(|name| !HARMLESS.contains(&name.as_str()))
                .collect(),
        ))
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
