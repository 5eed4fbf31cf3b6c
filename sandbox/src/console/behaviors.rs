//! The behavior that is not known of the vendors' servers, as switches.

use axum::body::Body;
use axum::extract::State;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::Shared;
use super::answer::{Answer, Refused};
use super::controls::done;
use super::form::Form;
use super::visible::visible;
use crate::choices::{self, NUMBER};
use crate::control::Control;
use crate::control::behaviors::Behaviors;
use crate::ministra::MinistraOptions;
use crate::server_behavior::ServerBehavior;
use crate::tvip::TvipBehavior;

/// The settings of a platform: the name of each, and what it can be.
type Settings = Vec<(&'static str, String)>;

/// The settings that are made when the sandbox starts.
const FIXED: [&str; 2] = ["terminal_over_limit", "subscriber_delete"];

fn platforms() -> [(&'static str, &'static str, Settings); 3] {
    [
        (
            "iptvportal",
            "IPTVPORTAL",
            choices::settings::<ServerBehavior>(),
        ),
        (
            "ministra",
            "Ministra",
            choices::settings::<MinistraOptions>(),
        ),
        ("tvip", "TVIP", choices::settings::<TvipBehavior>()),
    ]
}

/// The part of the page about behaviors.
pub(super) fn section(control: &Control) -> Markup {
    let current = Behaviors::current(&control.portal, &control.surfaces);
    let current = serde_json::to_value(current).unwrap_or_default();
    html! {
        h2 #behaviors { "Unknown behaviors" }
        p { "What no public source says about the vendors' servers. A client that works with every setting works with whatever is true." }
        @for (platform, name, settings) in platforms() {
            form method="post" action="/console/behaviors" {
                fieldset {
                    legend { (name) }
                    div.settings {
                        @for (setting, values) in &settings {
                            label {
                                (setting.replace('_', " "))
                                (field(platform, setting, values, &current[platform][setting]))
                            }
                        }
                    }
                    button { "Apply" }
                }
            }
        }
    }
}

fn field(platform: &str, setting: &str, values: &str, current: &Value) -> Markup {
    let name = format!("{platform}.{setting}");
    let spelt = spelt(current);
    let is_choice = !values.contains(NUMBER) && !values.starts_with('[');
    html! {
        @if is_choice {
            select name=(name) disabled[FIXED.contains(&setting)] {
                @for value in values.split('|') {
                    option value=(value) selected[value == spelt] { (value.replace('_', " ")) }
                }
            }
        } @else {
            input name=(name) value=(visible(&spelt));
        }
    }
}

/// The value as a field of the form has it.
fn spelt(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Behaves as the form says from now on.
pub(super) async fn change(State(console): State<Shared>, sent: Body) -> Answer {
    let form = Form::read(sent, &console.limits).await?;
    let control = &console.control;
    let current = Behaviors::current(&control.portal, &control.surfaces);
    let shown = serde_json::to_value(&current).unwrap_or_default();
    let mut changes = Map::new();
    for (field, text) in form.fields() {
        let (platform, setting) = field
            .split_once('.')
            .ok_or_else(|| Refused::bad(format!("there is no setting `{field}`")))?;
        if spelt(&shown[platform][setting]) == text {
            continue;
        }
        let check = |value: &Value| {
            let change = Map::from_iter([(platform.to_owned(), json!({setting: value}))]);
            let changed = current.changed(change);
            changed.map(drop).map_err(|refused| refused.message)
        };
        let value = choices::read(text, check).map_err(Refused::bad)?;
        let of_platform = changes.entry(platform).or_insert_with(|| json!({}));
        of_platform[setting] = value;
    }
    let changed = current.changed(changes)?;
    changed.apply(&control.portal, &control.surfaces);
    done("behaviors")
}
