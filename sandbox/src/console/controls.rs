//! The switches: faults, behaviors, the clock; and the way back to the start.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use maud::{Markup, html};

use super::answer::{Answer, Refused, ok, see};
use super::form::Form;
use super::layout::{Tab, page as whole};
use super::{Shared, behaviors, faults};
use crate::clock::Clock;
use crate::control::clock::{duration, time};
use crate::control::reset::{Start, perform};

/// The address of the page.
const PAGE: &str = "/console/controls";

/// The words for each thing that was done, by the word in the address after it.
const DONE: [(&str, &str); 5] = [
    ("fault", "The fault was switched."),
    ("plan", "The plan of faults is in force."),
    ("behaviors", "The behaviors are in force."),
    ("clock", "The clock was set."),
    ("reset", "Everything is as at the start."),
];

/// Shows the switches.
pub(super) async fn page(State(console): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let done = DONE
        .iter()
        .find(|(word, _)| query == format!("done={word}"));
    let content = html! {
        @if let Some((_, text)) = done { p.done role="status" { (text) } }
        (faults::section(&console.control))
        (behaviors::section(&console.control))
        (clock_section(&console.control.clock))
        h2 #reset { "Reset" }
        form method="post" action="/console/reset" {
            label { "Data "
                select name="seed" {
                    option value="" { "as at the start" }
                    option value="demo" { "demo" }
                    option value="documents" { "the vendors' documents" }
                    option value="empty" { "empty" }
                }
            }
            button { "Reset everything" }
        }
        p.quiet { "Rows, records, inboxes, journal, faults, behaviors and clock. Sessions stay." }
    };
    ok(&whole(Tab::Controls, "Controls", &content))
}

/// Leads back to the page, which says what was done.
pub(super) fn done(word: &str) -> Answer {
    see(&format!("{PAGE}?done={word}"))
}

fn clock_section(clock: &Clock) -> Markup {
    let now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let state = if clock.is_frozen() {
        "stopped"
    } else {
        "running"
    };
    html! {
        h2 #clock { "Clock" }
        p { "It is " time datetime=(now) { (now) } ", and the clock is " (state) "." }
        form.row method="post" action="/console/clock" {
            label { "Stop at " input name="at" value=(now) size="22"; }
            button name="do" value="freeze" { "Stop the clock" }
            label { "Seconds " input name="seconds" inputmode="decimal" value="3600" size="8"; }
            button name="do" value="advance" { "Advance" }
            button name="do" value="release" { "As the machine's clock" }
        }
    }
}

/// Stops, advances or releases the clock.
pub(super) async fn clock(State(console): State<Shared>, sent: Body) -> Answer {
    let form = Form::read(sent, &console.limits).await?;
    let clock = &console.control.clock;
    match form.get("do") {
        "freeze" => clock.freeze(time(form.get("at").trim())?),
        "advance" => {
            let text = form.get("seconds").trim();
            let seconds: f64 = text
                .parse()
                .map_err(|_| Refused::bad(format!("seconds: `{text}` is not a number")))?;
            clock.advance(duration(seconds)?);
        }
        "release" => clock.release(),
        _ => {
            return Err(Refused::bad(
                "the form does not say what to do with the clock",
            ));
        }
    }
    done("clock")
}

/// Puts everything back to the start.
pub(super) async fn reset(State(console): State<Shared>, sent: Body) -> Answer {
    let form = Form::read(sent, &console.limits).await?;
    let start = match form.get("seed") {
        "" => Start::default(),
        seed => Start::named(seed),
    };
    perform(&console.control, start).await?;
    done("reset")
}
