//! Subscribers with their boxes, packages and inboxes, on each platform.

use maud::{Markup, html};
use serde_json::Value;

use super::answer::Refused;
use super::data::value;
use super::layout::scrolling;
use super::visible::Visible;
use crate::control::{self, Control};
use crate::engine::blocking;

/// The number of subscribers of a platform that are shown.
const SHOWN: usize = 200;

/// One subscriber, as all platforms have them.
#[derive(Default)]
struct Subscriber {
    id: Value,
    login: Value,
    name: Value,
    state: &'static str,
    boxes: Vec<String>,
    packages: Vec<String>,
    inbox: Vec<String>,
}

/// Shows the subscribers of IPTVPORTAL. They have no inboxes: no document and no
/// client shows a message or a command in its protocol.
pub(super) async fn iptvportal(control: &Control) -> Result<Markup, Refused> {
    let sql =
        format!("SELECT id, username, surname, disabled FROM subscriber ORDER BY id LIMIT {SHOWN}");
    let subscribers = query(control, &sql).await?;
    let first = format!("(SELECT id FROM subscriber ORDER BY id LIMIT {SHOWN})");
    let sql = format!(
        "SELECT subscriber_id, mac_addr, inet_addr FROM terminal WHERE subscriber_id IN {first} \
         ORDER BY id"
    );
    let terminals = query(control, &sql).await?;
    let sql = format!(
        "SELECT sp.subscriber_id, p.name, sp.enabled FROM subscriber_package sp \
         JOIN package p ON p.id = sp.package_id WHERE sp.subscriber_id IN {first} ORDER BY sp.id"
    );
    let packages = query(control, &sql).await?;
    let of = |rows: &[Vec<Value>], id: &Value, shown: fn(&[Value]) -> String| {
        let rows = rows.iter().filter(|row| row.first() == Some(id));
        rows.map(|row| shown(row)).collect()
    };
    let subscribers = subscribers.into_iter().map(|row| {
        let [id, login, name, disabled] = four(row);
        Subscriber {
            state: if is_true(&disabled) {
                "disabled"
            } else {
                "active"
            },
            boxes: of(&terminals, &id, |row| {
                text(row.get(1).filter(|mac| !mac.is_null()).or(row.get(2)))
            }),
            packages: of(&packages, &id, |row| {
                let is_on = row.get(2).is_some_and(is_true);
                format!("{}{}", text(row.get(1)), if is_on { "" } else { " (off)" })
            }),
            id,
            login,
            name,
            ..Subscriber::default()
        }
    });
    let subscribers: Vec<Subscriber> = subscribers.collect();
    Ok(section("iptvportal", "IPTVPORTAL", &subscribers))
}

/// Shows the subscribers of the Ministra; a row is a box and its account.
pub(super) async fn ministra(control: &Control) -> Markup {
    let ministra = control.surfaces.ministra.clone();
    let (state, events) = blocking(move || (ministra.state(), ministra.events())).await;
    let tariffs = list(&state, "tariffs");
    let packages = list(&state, "packages");
    let users = list(&state, "users").iter().take(SHOWN).map(|user| {
        let mut plans = named(tariffs, &user["tariff"], "name");
        let subscribed = user["optional_packages"].as_array().into_iter().flatten();
        plans.extend(subscribed.flat_map(|package| named(packages, package, "name")));
        let is_of = |event: &&crate::ministra::BoxEvent| {
            user["login"] == event.login.as_str() && user["mac"] == event.mac.as_str()
        };
        let inbox = events.iter().filter(is_of);
        Subscriber {
            id: user["id"].clone(),
            login: user["login"].clone(),
            name: user["full_name"].clone(),
            state: match is_true(&user["status"]) {
                true => "active",
                false => "disabled",
            },
            boxes: filled(&user["mac"]),
            packages: plans,
            inbox: inbox
                .map(|event| format!("{} {}", event.event, event.msg).trim().to_owned())
                .collect(),
        }
    });
    section("ministra", "Ministra", &users.collect::<Vec<_>>())
}

/// Shows the accounts of TVIP.
pub(super) async fn tvip(control: &Control) -> Markup {
    let tvip = control.surfaces.tvip.clone();
    let (state, sent) = blocking(move || (tvip.state(), tvip.sent())).await;
    let devices = list(&state, "devices");
    let tarifs = list(&state, "tarifs");
    let accounts = list(&state, "accounts").iter().take(SHOWN).map(|account| {
        let id = &account["id"];
        let own: Vec<&Value> = devices
            .iter()
            .filter(|device| device["account"] == *id)
            .collect();
        let subscriptions = list(&state, "account_subscriptions").iter();
        let subscriptions = subscriptions.filter(|one| one["account"] == *id);
        let reached = sent.iter().flat_map(|sent| {
            let is_reached = |device: &&&Value| {
                device["id"]
                    .as_i64()
                    .is_some_and(|device| sent.reached.contains(&device))
            };
            let devices = own.iter().filter(is_reached);
            devices.map(|device| format!("{}: {}", text(device.get("unique_id")), action(sent)))
        });
        Subscriber {
            id: id.clone(),
            login: account["login"].clone(),
            name: account["fullname"].clone(),
            state: match is_true(&account["enabled"]) {
                true => "active",
                false => "disabled",
            },
            boxes: own
                .iter()
                .map(|device| text(device.get("unique_id")))
                .collect(),
            packages: subscriptions
                .flat_map(|one| named(tarifs, &one["tarif"], "tarif_name"))
                .collect(),
            inbox: reached.collect(),
        }
    });
    section("tvip", "TVIP", &accounts.collect::<Vec<_>>())
}

fn action(sent: &crate::tvip::Sent) -> String {
    match serde_json::to_value(&sent.command.action) {
        Ok(Value::String(name)) => name,
        Ok(action) => action.to_string(),
        Err(_) => String::new(),
    }
}

fn section(id: &str, platform: &str, subscribers: &[Subscriber]) -> Markup {
    let joined = |texts: &[String]| texts.join(", ");
    let table = html! {
        table {
            caption {
                (subscribers.len()) " subscribers"
                @if subscribers.len() == SHOWN { ", the first ones" }
            }
            thead {
                tr {
                    @for name in ["Id", "Login", "Name", "State", "Boxes", "Packages", "Inbox"] {
                        th scope="col" { (name) }
                    }
                }
            }
            tbody {
                @for one in subscribers {
                    tr {
                        td { (value(&one.id)) }
                        th scope="row" { (value(&one.login)) }
                        td { (value(&one.name)) }
                        td { (one.state) }
                        td { (Visible(&joined(&one.boxes))) }
                        td { (Visible(&joined(&one.packages))) }
                        td { (Visible(&joined(&one.inbox))) }
                    }
                }
            }
        }
    };
    html! {
        h2 id=(id) { (platform) }
        (scrolling(&format!("Subscribers of {platform}"), &table))
    }
}

async fn query(control: &Control, sql: &str) -> Result<Vec<Vec<Value>>, Refused> {
    let rows = control.engine.query(sql).await;
    rows.map_err(|error| Refused(control::Refused::bad(error)))
}

fn four(row: Vec<Value>) -> [Value; 4] {
    let mut values = row.into_iter();
    std::array::from_fn(|_| values.next().unwrap_or_default())
}

fn list<'s>(state: &'s Value, kind: &str) -> &'s [Value] {
    state[kind].as_array().map_or(&[], Vec::as_slice)
}

/// The name of the record with this id.
fn named(records: &[Value], id: &Value, field: &str) -> Vec<String> {
    let found = records.iter().find(|record| record["id"] == *id);
    found
        .map(|record| text(record.get(field)))
        .into_iter()
        .collect()
}

fn filled(value: &Value) -> Vec<String> {
    let text = text(Some(value));
    if text.is_empty() {
        Vec::new()
    } else {
        vec![text]
    }
}

fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Returns `true` for true and 1: SQLite and the Ministra have numbers.
fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or(value.as_i64() == Some(1))
}
