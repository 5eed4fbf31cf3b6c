//! Writes that are sent only if few rows match.

use std::time::{Duration, Instant};

use jsonsql::Statement;
use jsonsql::ast::{Select, StatementRef};
use jsonsql::query::Brake;
use jsonsql::row::{Decode, Mismatch, Scalar};

use crate::Client;
use crate::error::{Error, Result, TransportError, TransportErrorKind};

/// The select of the keys of a braked write.
pub(super) struct Keys<'a>(&'a Select);

impl Statement for Keys<'_> {
    type Row = Key;

    fn ast(&self) -> StatementRef<'_> {
        StatementRef::Select(self.0)
    }
}

/// A key, which only has to be there.
pub(super) struct Key;

impl<'de> Decode<'de> for Key {
    const EXPECTED: &'static str = "a key";

    fn decode(scalar: Scalar<'de>) -> Result<Key, Mismatch> {
        match scalar {
            Scalar::List | Scalar::Object => Err(Mismatch::new::<Key>(&scalar)),
            _ => Ok(Key),
        }
    }
}

impl<'a> Keys<'a> {
    /// Those to be read before a write with this brake is sent.
    pub(super) fn of(brake: Brake<'a>) -> Keys<'a> {
        Keys(brake.keys)
    }
}

/// Refuses the write if this many keys are too many.
pub(super) fn check(write: StatementRef<'_>, brake: Brake<'_>, keys: &[Key]) -> Result<()> {
    let found = count(keys.len());
    if found <= brake.rows {
        return Ok(());
    }
    let table = match write {
        StatementRef::Update(update) => update.table.to_string(),
        StatementRef::Delete(delete) => delete.from.to_string(),
        StatementRef::Insert(_) | StatementRef::Select(_) => String::new(),
    };
    Err(Error::TooManyRows {
        method: write.method(),
        table,
        allowed: brake.rows,
        found,
    })
}

/// Reads the keys of a braked write, and answers with the time that is left to it.
pub(super) async fn hold<S: Statement + Sync>(
    client: &Client,
    statement: &S,
    timeout: Option<Duration>,
) -> Result<Option<Duration>> {
    let Some(brake) = statement.brake() else {
        return Ok(timeout);
    };
    let keys = Keys::of(brake);
    let begun = Instant::now();
    let mut call = client.fetch_all(&keys);
    if let Some(limit) = timeout {
        call = call.timeout(limit);
    }
    check(statement.ast(), brake, &call.await?)?;
    let left = timeout.map(|limit| limit.saturating_sub(begun.elapsed()));
    if left.is_some_and(|left| left.is_zero()) {
        // Sent now, the write would be one whose outcome nobody knows.
        let doing = "while its rows were counted";
        return Err(TransportError::not_sent(TransportErrorKind::Timeout, doing).into());
    }
    Ok(left)
}

/// The rows came to match after they were counted; they are written.
pub(super) fn note_overrun(brake: Option<Brake<'_>>, rows: usize) {
    if let Some(brake) = brake
        && count(rows) > brake.rows
    {
        let allowed = brake.rows;
        tracing::warn!(rows, allowed, "a write touched more rows than were counted");
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
