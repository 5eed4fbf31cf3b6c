//! Spans of calls, with the names OpenTelemetry gives their attributes.

use jsonsql::ast::{Method, StatementRef};
use tracing::Span;
use tracing::field::{Empty, display};

use crate::Client;
use crate::error::{Error, tables};
use crate::http::failure_event;
use crate::sanitize::Printable;

/// The error of a call of this statement, with its place, recorded as an event.
pub(super) fn failed(client: &Client, statement: StatementRef<'_>, error: Error) -> Error {
    let error = error.at(&client.executor().place(statement));
    let table = tables(statement).first().copied().unwrap_or_default();
    failure_event::record(&error, statement.method().as_str(), table);
    error
}

/// The same of a call whose statement is not known.
pub(super) fn failed_of(client: &Client, method: Method, table: &str, error: Error) -> Error {
    let operation = match table {
        "" => method.as_str().to_owned(),
        table => format!("{} on `{table}`", method.as_str()),
    };
    let error = error.at(&client.executor().place_of(operation));
    failure_event::record(&error, method.as_str(), table);
    error
}

/// The span of a call. The SQL has `?` for its values.
pub(super) fn span(client: &Client, statement: StatementRef<'_>, id: u64) -> Span {
    let span = span_of(client, statement.method(), id);
    // Writing the SQL costs more than the call's other work here.
    if !span.is_disabled() {
        span.record("db.query.text", display(Printable(statement)));
    }
    span
}

/// The span of a call whose statement is not known.
pub(super) fn span_of(client: &Client, method: Method, id: u64) -> Span {
    let method = method.as_str();
    let span = tracing::info_span!(
        "jsonsql",
        otel.kind = "client",
        db.system.name = "iptvportal",
        db.operation.name = method,
        db.query.text = Empty,
        rpc.system.name = "jsonrpc",
        rpc.method = method,
        jsonrpc.request.id = id,
        server.address = Empty,
    );
    if !span.is_disabled() {
        let host = client.executor().url.host_str().unwrap_or_default();
        span.record("server.address", host);
    }
    span
}
