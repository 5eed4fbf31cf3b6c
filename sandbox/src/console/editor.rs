//! SQL and JSONSQL, side by side.

use axum::body::Body;
use axum::extract::State;
use maud::{Markup, html};

use super::Shared;
use super::answer::{Answer, ok};
use super::form::Form;
use super::layout::{Tab, page as whole};
use super::translation::{Listing, Translation, from_request, from_sql, has_hidden};
use super::visible::{Visible, VisibleLines, visible};

/// A statement to begin with.
const EXAMPLE: &str = "select t.mac_addr, s.username\nfrom terminal t\nleft join subscriber s on \
                       s.id = t.subscriber_id\norder by t.id desc\nlimit 3";

/// Shows an example.
pub(super) async fn page(State(console): State<Shared>) -> Answer {
    let schema = &console.control.engine.catalog().schema;
    ok(&shown(&from_sql(EXAMPLE, schema), Side::Sql))
}

/// The side that a person wrote.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Sql,
    Request,
}

/// Translates to the other side.
pub(super) async fn translate(State(console): State<Shared>, sent: Body) -> Answer {
    let form = Form::read(sent, &console.limits).await?;
    let schema = &console.control.engine.catalog().schema;
    let (translation, side) = match form.get("to") {
        "sql" => (from_request(&form.text("jsonsql"), schema), Side::Request),
        _ => (from_sql(&form.text("sql"), schema), Side::Sql),
    };
    ok(&shown(&translation, side))
}

fn shown(translation: &Translation, written: Side) -> Markup {
    // What a person wrote stays as it is; what was made of it hides nothing.
    let field = |text: &str, side: Side| match side == written {
        true => text.to_owned(),
        false => visible(text),
    };
    let is_hidden = has_hidden(&translation.sql) || has_hidden(&translation.request);
    let content = html! {
        form method="post" action="/console/editor" {
            div.sides {
                div {
                    label for="sql" { "SQL" }
                    textarea #sql name="sql" rows="8" spellcheck="false" {
                        "\n" (field(&translation.sql, Side::Sql))
                    }
                    button name="to" value="jsonsql" { "To JSONSQL" }
                }
                div {
                    label for="jsonsql" { "JSONSQL" }
                    textarea #jsonsql name="jsonsql" rows="8" spellcheck="false" {
                        "\n" (field(&translation.request, Side::Request))
                    }
                    button name="to" value="sql" { "To SQL" }
                }
            }
        }
        p role="status" { (verdict(translation)) }
        @if is_hidden {
            p.problem { "There are characters in it that are not seen; below they are written as numbers." }
        }
        div.sides {
            section aria-labelledby="sql-lines" {
                h2 #sql-lines { "SQL, with findings" }
                (lines(&translation.sql_lines))
            }
            section aria-labelledby="jsonsql-lines" {
                h2 #jsonsql-lines { "JSONSQL, with findings" }
                (lines(&translation.request_lines))
            }
        }
        @if translation.is_read {
            form method="post" action="/console/send" {
                input type="hidden" name="verb" value="POST";
                input type="hidden" name="target" value="/api/jsonsql/";
                input type="hidden" name="body" value=(translation.request);
                button { "Send it" }
            }
        }
    };
    whole(Tab::Editor, "Editor", &content)
}

fn verdict(translation: &Translation) -> String {
    // Those beside the SQL are the same ones, unless it could not be read.
    let findings = match translation.is_read {
        true => translation.request_lines.findings.len(),
        false => translation.sql_lines.findings.len() + translation.request_lines.findings.len(),
    };
    match findings {
        0 => "Nothing found.".to_owned(),
        1 => "1 finding.".to_owned(),
        _ => format!("{findings} findings."),
    }
}

fn lines(listing: &Listing) -> Markup {
    let last = listing.lines.len().saturating_sub(1);
    html! {
        ol.lines tabindex="0" {
            @for (index, line) in listing.lines.iter().enumerate() {
                li {
                    code { (VisibleLines(line)) }
                    @for beside in listing.findings.iter().filter(|one| one.line.min(last) == index) {
                        strong.finding {
                            @if beside.is_error { "Error: " } @else { "Warning: " }
                            (Visible(&beside.message))
                        }
                    }
                }
            }
            @if listing.lines.is_empty() {
                @for beside in &listing.findings {
                    li { strong.finding { (Visible(&beside.message)) } }
                }
            }
        }
    }
}
