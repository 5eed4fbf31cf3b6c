//! The tables of IPTVPORTAL, and the subscribers of all three platforms.

use axum::extract::{Path, State};
use jsonsql::schema::is_secret;
use maud::{Markup, html};
use serde_json::Value;

use super::Shared;
use super::answer::{Answer, ok};
use super::layout::{Tab, page as whole, scrolling};
use super::secrets::MARK;
use super::subscribers;
use super::visible::{Visible, visible};
use crate::control::tables;

/// The number of rows that are shown.
const ROWS: u64 = 200;

/// Shows the tables and the subscribers.
pub(super) async fn page(State(console): State<Shared>) -> Answer {
    let counts = tables::counts(&console.control).await?;
    let table = html! {
        table {
            caption { "Tables of IPTVPORTAL" }
            thead { tr { th scope="col" { "Table" } th scope="col" { "Rows" } } }
            tbody {
                @for (name, count) in &counts {
                    tr {
                        th scope="row" { a href=(link(name)) { (Visible(name)) } }
                        td { (value(count)) }
                    }
                }
            }
        }
    };
    let content = html! {
        p {
            "Subscribers of "
            a href="#iptvportal" { "IPTVPORTAL" } ", "
            a href="#ministra" { "Ministra" } ", "
            a href="#tvip" { "TVIP" } "; "
            a href="#tables" { "tables" } ". IPTVPORTAL has no inboxes: no source knows of \
             messages in its protocol."
        }
        (subscribers::iptvportal(&console.control).await?)
        (subscribers::ministra(&console.control).await)
        (subscribers::tvip(&console.control).await)
        h2 #tables { "Tables" }
        (scrolling("Tables", &table))
    };
    ok(&whole(Tab::Data, "Data", &content))
}

/// Shows the rows of a table.
pub(super) async fn table(State(console): State<Shared>, Path(name): Path<String>) -> Answer {
    let tables::Listing { columns, rows } = tables::rows(&console.control, &name, ROWS).await?;
    let table = html! {
        table {
            caption {
                (rows.len()) " rows"
                @if rows.len() as u64 == ROWS { ", the first ones" }
            }
            thead { tr { @for column in &columns { th scope="col" { (Visible(column)) } } } }
            tbody {
                @for row in &rows {
                    tr {
                        @for (content, column) in row.iter().zip(&columns) {
                            td { (unless_secret(content, column)) }
                        }
                    }
                }
            }
        }
    };
    let content = html! {
        (scrolling("Rows", &table))
        p { a href="/console/data" { "All data" } }
    };
    ok(&whole(
        Tab::Data,
        &format!("Table {}", visible(&name)),
        &content,
    ))
}

/// The address of the page of a table.
fn link(name: &str) -> String {
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("/console/data/tables/{name}")
}

fn unless_secret(content: &Value, column: &str) -> Markup {
    match is_secret(column) && !content.is_null() {
        true => html! { span.quiet { (MARK) } },
        false => value(content),
    }
}

/// A value of a record.
pub(super) fn value(value: &Value) -> Markup {
    html! {
        @match value {
            Value::Null => span.null { "null" },
            Value::String(text) => (Visible(text)),
            other => (Visible(&other.to_string())),
        }
    }
}
