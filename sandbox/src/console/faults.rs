//! Faults as switches, and the plan as JSON.

use axum::body::Body;
use axum::extract::State;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::Shared;
use super::answer::{Answer, Refused};
use super::controls::done;
use super::form::Form;
use super::visible::{Visible, visible};
use crate::control::Control;
use crate::faults::{Blemish, Fault, Faults, Plan, Rule};

/// The addresses that a switch is for.
const ROUTES: [(&str, &str); 5] = [
    ("/api/jsonsql", "statements of IPTVPORTAL"),
    ("/api/jsonrpc", "logins of IPTVPORTAL"),
    ("/stalker_portal", "Ministra"),
    ("/api/provider", "TVIP"),
    ("", "every request"),
];

/// The switches: the word of the form, the words on the button, the fault.
fn switches() -> [(&'static str, &'static str, Fault); 12] {
    let status = |code, retry_after| Fault::Status { code, retry_after };
    [
        ("delay", "Delay by 2 s", Fault::DelayMs(2000)),
        ("refuse", "Close before executing", Fault::Refuse),
        ("drop", "Execute, then close", Fault::Drop),
        ("truncate", "Cut the answer", Fault::Truncate),
        ("garble", "Garble the answer", Fault::Garble),
        ("401", "Status 401", status(401, None)),
        ("429", "Status 429, retry after 1 s", status(429, Some(1))),
        ("500", "Status 500", status(500, None)),
        ("foreign", "Answer with another id", Fault::ForeignId),
        ("bom", "Byte order mark", Fault::Blemish(Blemish::Bom)),
        ("expire", "Expire the session", Fault::ExpireSession),
        ("shuffle", "Shuffle a batch", Fault::Shuffle),
    ]
}

/// The part of the page about faults.
pub(super) fn section(control: &Control) -> Markup {
    let plan = control.watch.plan();
    let rules = plan.faults().rules.clone();
    let report = plan.report();
    drop(plan);
    let counted = report["rules"].as_array().cloned().unwrap_or_default();
    let set = json!({
        "seed": report["seed"],
        "rules": counted.iter().map(|one| one["rule"].clone()).collect::<Vec<Value>>(),
    });
    html! {
        h2 #faults { "Faults" }
        @if rules.is_empty() { p { "Nothing fails on purpose." } }
        @else {
            ul {
                @for one in &counted {
                    li {
                        code { (Visible(&one["rule"].to_string())) }
                        ", fired at " (one["fired"]) " of " (one["requests"]) " requests"
                    }
                }
            }
        }
        @for (route, name) in ROUTES {
            form method="post" action="/console/faults" {
                fieldset {
                    legend { "At " (name) }
                    input type="hidden" name="route" value=(route);
                    div.switches {
                        @for (word, label, fault) in switches() {
                            button name="fault" value=(word)
                                aria-pressed=(rules.contains(&Rule::new(route, fault)).to_string())
                                { (label) }
                        }
                    }
                }
            }
        }
        form method="post" action="/console/faults/plan" {
            label for="plan" { "The plan as JSON, with " code { "nth" } ", " code { "every" } ", " code { "chance" } " and " code { "call" } }
            textarea #plan name="plan" rows="6" spellcheck="false" {
                "\n" (visible(&format!("{set:#}")))
            }
            button { "Follow this plan" }
        }
        form method="post" action="/console/faults/plan" {
            input type="hidden" name="plan" value="{\"rules\": []}";
            button { "Switch all faults off" }
        }
    }
}

/// Switches a fault on, or off if it is on. The counts of the plan begin anew.
pub(super) async fn switch(State(console): State<Shared>, sent: Body) -> Answer {
    let form = Form::read(sent, &console.limits).await?;
    let route = form.get("route");
    let named = switches()
        .into_iter()
        .find(|(word, _, _)| *word == form.get("fault"));
    let is_route = ROUTES.iter().any(|(one, _)| *one == route);
    let (Some((_, _, fault)), true) = (named, is_route) else {
        return Err(Refused::bad("there is no such switch"));
    };
    let rule = Rule::new(route, fault);
    let mut plan = console.control.watch.plan();
    let mut faults = plan.faults().clone();
    match faults.rules.iter().position(|one| *one == rule) {
        Some(index) => drop(faults.rules.remove(index)),
        None => faults.rules.push(rule),
    }
    *plan = Plan::new(faults);
    drop(plan);
    done("fault")
}

/// Follows a plan that a person wrote.
pub(super) async fn plan(State(console): State<Shared>, sent: Body) -> Answer {
    let form = Form::read(sent, &console.limits).await?;
    let faults = Faults::from_json(&form.text("plan"))?;
    console.control.watch.follow(Plan::new(faults));
    done("plan")
}
