//! The list of requests.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use super::answer::{Answer, Refused, html_of, ok, see};
use super::layout::{Tab, page as whole, scrolling};
use super::visible::{Visible, visible};
use super::{Console, Shared};
use crate::control::requests::Filter;
use crate::journal::{Answered, Exchange, Request};

/// The number of requests that are listed.
const LISTED: usize = 100;

/// The platforms, as a filter names them.
const PLATFORMS: [(&str, &str); 4] = [
    ("", "all platforms"),
    ("iptvportal", "IPTVPORTAL"),
    ("ministra", "Ministra"),
    ("tvip", "TVIP"),
];

/// Shows the latest requests.
pub(super) async fn page(State(console): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let rows = listed(&console, &query)?;
    let chosen = |name: &str| {
        let mut fields = form_urlencoded::parse(query.as_bytes());
        let found = fields.find(|(field, _)| field == name);
        found.map_or(String::new(), |(_, value)| value.into_owned())
    };
    let platform = chosen("platform");
    let content = html! {
        form.row method="get" action="/" {
            label { "Platform "
                select name="platform" {
                    @for (value, name) in PLATFORMS {
                        option value=(value) selected[value == platform] { (name) }
                    }
                }
            }
            label { "Path begins with "
                input name="path" value=(visible(&chosen("path"))) size="24";
            }
            button { "Filter" }
        }
        p #live role="status" { "Reload the page to see new requests." }
        (scrolling("Requests", &table(&rows)))
        form method="post" action="/console/forget" {
            button { "Forget all requests" }
        }
        p { a href="/console/send" { "Write a request" } }
    };
    ok(&whole(Tab::Requests, "Requests", &content))
}

/// Shows the rows of the list alone, for the script.
pub(super) async fn rows(
    State(console): State<Shared>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let rows = listed(&console, query.as_deref().unwrap_or_default())?;
    let rows = html! { @for row in &rows { (row) } };
    Ok(html_of(axum::http::StatusCode::OK, &rows))
}

/// Forgets the requests.
pub(super) async fn forget(State(console): State<Shared>) -> Answer {
    console.control.watch.journal.clear();
    see("/")
}

/// The rows of the requests that pass, the latest first.
fn listed(console: &Console, query: &str) -> Result<Vec<Markup>, Refused> {
    // A field of a form that was left empty is no condition.
    let fields = form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty());
    let mut given = form_urlencoded::Serializer::new(String::new());
    given.extend_pairs(fields);
    let filter = Filter::read(Some(&given.finish()))?;
    let journal = &console.control.watch.journal;
    let requests = journal.recent(LISTED, |request| filter.passes(request));
    let rows = requests.iter().rev().map(|request| {
        let exchange = journal.exchange(request.number);
        row(request, exchange.as_deref())
    });
    Ok(rows.collect())
}

fn table(rows: &[Markup]) -> Markup {
    html! {
        table {
            caption { "The latest requests, the newest first" }
            thead {
                tr {
                    th scope="col" { "No." }
                    th scope="col" { "Time" }
                    th scope="col" { "Request" }
                    th scope="col" { "SQL or changes" }
                    th scope="col" { "Rows" }
                    th scope="col" { "Took" }
                    th scope="col" { "Status" }
                }
            }
            tbody #requests { @for row in rows { (row) } }
        }
    }
}

fn row(request: &Request, exchange: Option<&Exchange>) -> Markup {
    let number = request.number;
    html! {
        tr data-number=(number) {
            th scope="row" { a href=(format!("/console/requests/{number}")) { (number) } }
            td { @if let Some(exchange) = exchange { (time(exchange)) } }
            td {
                code { (request.verb) " " (Visible(&request.path)) }
                @if request.from_console { " " span.mark { "console" } }
                @for fault in &request.faults { " " span.mark.fault { "fault: " (fault) } }
            }
            td { (done(request)) }
            td { (counted(request)) }
            td { @if let Some(exchange) = exchange { (took(exchange)) } }
            td { (status(request)) }
        }
    }
}

/// The statements of a request, or the changes to records.
fn done(request: &Request) -> Markup {
    html! {
        @for call in &request.calls {
            div {
                @if let Some(sql) = &call.sql { code { (Visible(&short(sql))) } }
                @else { "not understood" }
            }
        }
        @for change in &request.changes {
            div { (change.kind) ": " (super::detail::change(&change.done)) " " (change.keys.len()) }
        }
    }
}

/// The beginning of a statement.
fn short(sql: &str) -> String {
    const LONGEST: usize = 160;
    match sql.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &sql[..end]),
        None => sql.to_owned(),
    }
}

/// The numbers of rows that were answered and changed.
fn counted(request: &Request) -> Markup {
    let rows: usize = request.calls.iter().map(|call| call.rows).sum();
    let changed: usize = request.calls.iter().map(|call| call.changed).sum();
    html! {
        @if !request.calls.is_empty() { (rows) }
        @if changed > 0 { ", " (changed) " changed" }
    }
}

/// The time of arrival, in UTC.
pub(super) fn time(exchange: &Exchange) -> Markup {
    let arrived = exchange.arrived;
    html! { time datetime=(arrived.to_string()) { (arrived.strftime("%H:%M:%S.%3f")) } }
}

/// The duration of a request.
pub(super) fn took(exchange: &Exchange) -> Markup {
    let milliseconds = exchange.duration.as_secs_f64() * 1000.0;
    html! { span.took { (format!("{milliseconds:.1} ms")) } }
}

/// The status of an answer, in words where a number says too little.
pub(super) fn status(request: &Request) -> Markup {
    let is_error = request
        .calls
        .iter()
        .any(|call| call.answer == Answered::Error);
    html! {
        @match request.status {
            None => span.failed { "closed without an answer" },
            Some(status) if status >= 400 => span.failed { (status) },
            Some(status) if is_error => span.failed { (status) " with an error" },
            Some(status) => (status),
        }
    }
}
