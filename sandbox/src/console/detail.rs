//! One request: what was sent, the SQL it became, the answer.

use axum::extract::{Path, State};
use jsonsql::ast::{Method, Statement};
use jsonsql::resolve::{Schema, resolve};
use jsonsql::sql::{Flavor, Sql};
use maud::{Markup, html};

use super::answer::{Answer, Refused, ok};
use super::document::Json;
use super::layout::{Tab, page as whole, scrolling};
use super::positions::redact_answer;
use super::requests::{status, time, took};
use super::secrets::{self, Found, MARK};
use super::send;
use super::visible::{Visible, VisibleLines};
use super::{Console, Shared};
use crate::journal::{Done, Exchange, Kept, Request};

/// The number of rows that are shown as a table.
const ROWS: usize = 200;

/// Shows a request.
pub(super) async fn page(State(console): State<Shared>, Path(number): Path<u64>) -> Answer {
    let journal = &console.control.watch.journal;
    let request = journal.request(number).ok_or_else(|| {
        Refused::absent(format!("request {number} is not in the journal any longer"))
    })?;
    let exchange = journal.exchange(number);
    let content = html! {
        (facts(&request, exchange.as_deref()))
        @match &exchange {
            Some(exchange) => (bodies(&console, &request, exchange)),
            None => p { "Its bodies are not kept any longer." },
        }
    };
    ok(&whole(
        Tab::Requests,
        &format!("Request {number}"),
        &content,
    ))
}

fn facts(request: &Request, exchange: Option<&Exchange>) -> Markup {
    html! {
        dl {
            dt { "Request" }
            dd { code { (request.verb) " " (Visible(&request.path)) } }
            dt { "Status" }
            dd { (status(request)) }
            @if let Some(exchange) = exchange {
                dt { "Arrived" } dd { (time(exchange)) " UTC" }
                dt { "Took" } dd { (took(exchange)) }
            }
            @if request.from_console { dt { "Sent by" } dd { "the console" } }
            @if !request.faults.is_empty() {
                dt { "Faults" } dd { (request.faults.join(", ")) }
            }
            @for call in &request.calls {
                dt { "Call" }
                dd {
                    (call.method.unwrap_or("not a method of the protocol"))
                    ": " (call.rows) " rows, " (call.changed) " changed"
                }
            }
            @for done in &request.changes {
                dt { "Change" }
                dd {
                    (done.kind) " " (change(&done.done)) ": "
                    (done.keys.iter().map(i64::to_string).collect::<Vec<_>>().join(", "))
                }
            }
        }
    }
}

/// The change that was made to records, in words.
pub(super) fn change(done: &Done) -> Markup {
    html! {
        @match done {
            Done::Created => "created",
            Done::Changed(fields) => { "changed (" (Visible(&fields.join(", "))) ")" },
            Done::Deleted => "deleted",
        }
    }
}

fn bodies(console: &Console, request: &Request, exchange: &Exchange) -> Markup {
    let schema = &console.control.engine.catalog().schema;
    let sent = Sent::new(&exchange.sent);
    let target = match &exchange.query {
        Some(query) => format!("{}?{}", request.path, secrets::redact_form(query).0),
        None => request.path.clone(),
    };
    html! {
        @if let Some(Json::List(calls)) = &sent.json {
            @for call in calls { (statement(call, schema)) }
        } @else if let Some(call) = &sent.json {
            (statement(call, schema))
        }
        h2 { "Answer" }
        (answer(request, exchange, &sent, schema))
        h2 { "Sent" }
        @match &sent.text {
            None => p { (exchange.sent.length) " bytes, of which nothing is kept or shown." },
            Some(text) => {
                p {
                    "Change it and send it again. The console logs in by itself."
                    @if text.contains(MARK) || text.contains("%5Bredacted%5D") {
                        " Secrets were taken out: write them where it says " code { (MARK) } "."
                    }
                }
                (send::form(&request.verb, &target, text))
            }
        }
    }
}

/// The body of a request, without the secrets in it.
struct Sent {
    json: Option<Json>,
    text: Option<String>,
    found: Found,
}

impl Sent {
    fn new(kept: &Kept) -> Sent {
        let bytes = kept.bytes.as_deref().map(std::str::from_utf8);
        let Some(Ok(text)) = bytes else {
            return Sent {
                json: None,
                text: None,
                found: Found::default(),
            };
        };
        match Json::parse(text) {
            Some(mut json) => {
                let found = secrets::redact(&mut json);
                Sent {
                    text: Some(json.pretty()),
                    json: Some(json),
                    found,
                }
            }
            // What is neither JSON nor a form may be anything, as half a login is.
            None if text.is_empty() || is_form(text) => {
                let (text, found) = secrets::redact_form(text);
                Sent {
                    json: None,
                    text: Some(text),
                    found,
                }
            }
            None => Sent {
                json: None,
                text: None,
                found: Found::default(),
            },
        }
    }
}

/// Returns `true` if a text has the characters of a form, and no others.
fn is_form(text: &str) -> bool {
    text.contains('=')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'{' | b'<'))
}

/// The SQL of one call, and the texts that are bound to it.
fn statement(call: &Json, schema: &Schema) -> Markup {
    let method = call.member("method").and_then(Json::text);
    let method = method.and_then(Method::from_name);
    let (Some(method), Some(params)) = (method, call.member("params")) else {
        return html! {};
    };
    let written = Statement::from_json(method, params.compact().as_bytes())
        .map_err(|error| error.to_string())
        .and_then(|mut statement| {
            resolve(&mut statement, schema).map_err(|findings| {
                let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
                findings.join("; ")
            })?;
            Sql::new(&statement, Flavor::Postgres).map_err(|error| error.to_string())
        });
    html! {
        h2 { "SQL" }
        @match written {
            Err(problem) => p.problem { (Visible(&problem)) },
            Ok(Sql { text, parameters }) => {
                pre tabindex="0" { code { (VisibleLines(&text)) } }
                @if parameters.is_empty() { p { "No parameters." } }
                @else {
                    h3 { "Parameters" }
                    ol.parameters {
                        @for parameter in &parameters { li { code { (Visible(parameter)) } } }
                    }
                }
            }
        }
    }
}

fn answer(request: &Request, exchange: &Exchange, sent: &Sent, schema: &Schema) -> Markup {
    let length = exchange.answer.length;
    let spoiled = ["garble", "truncate", "blemish"];
    if request.faults.iter().any(|fault| spoiled.contains(fault)) {
        // Where a name is spoiled, nothing says that its value is secret.
        return html! { p { (length) " bytes, spoiled on purpose and not shown." } };
    }
    if sent.text.is_none() && length > 0 && request.status.is_some_and(|status| status < 400) {
        return html! { p { (length) " bytes, not shown since the request is not." } };
    }
    let bytes = exchange.answer.bytes.as_deref().map(std::str::from_utf8);
    let Some(Ok(text)) = bytes else {
        return html! { p { (length) " bytes, of which nothing is kept." } };
    };
    let Some(mut json) = Json::parse(text) else {
        return html! {
            @if text.is_empty() { p { "Empty." } }
            @else { pre tabindex="0" { (VisibleLines(&sent.found.removed(text))) } }
        };
    };
    match &sent.json {
        Some(request) => redact_answer(&mut json, request, schema),
        None => {
            secrets::redact(&mut json);
        }
    }
    sent.found.remove_from(&mut json);
    html! {
        @if let Some(Json::List(rows)) = json.member("result") { (table(rows, &columns(sent.json.as_ref()))) }
        details open[json.member("result").and_then(Json::list).is_none()] {
            summary { "The answer as JSON" }
            pre tabindex="0" { (VisibleLines(&json.pretty())) }
        }
    }
}

/// The columns of the answer to a request of one call, as it names them.
fn columns(request: Option<&Json>) -> Vec<String> {
    let params = request.and_then(|request| request.member("params"));
    let selected = params.and_then(|params| params.member("data").or(params.member("returning")));
    let name = |item: &Json| item.text().map_or_else(|| item.compact(), str::to_owned);
    match selected {
        Some(Json::List(items)) => items.iter().map(name).collect(),
        Some(single) => vec![name(single)],
        None => Vec::new(),
    }
}

fn table(rows: &[Json], columns: &[String]) -> Markup {
    if rows.is_empty() {
        return html! { p { "No rows." } };
    }
    let width = rows.first().and_then(Json::list).map_or(1, <[Json]>::len);
    let table = html! {
        table {
            caption { (rows.len()) @if rows.len() == 1 { " row" } @else { " rows" } }
            @if columns.len() == width {
                thead { tr { @for name in columns { th scope="col" { (Visible(name)) } } } }
            }
            tbody {
                @for row in rows.iter().take(ROWS) {
                    tr {
                        @match row {
                            Json::List(values) => { @for value in values { td { (cell(value)) } } },
                            value => td { (cell(value)) },
                        }
                    }
                }
            }
        }
    };
    html! {
        (scrolling("Rows", &table))
        @if rows.len() > ROWS { p { "The first " (ROWS) " rows are shown." } }
    }
}

fn cell(value: &Json) -> Markup {
    html! {
        @match value {
            Json::Text(text) => (Visible(text)),
            Json::Plain(null) if null == "null" => span.null { "null" },
            other => code { (Visible(&other.compact())) },
        }
    }
}
