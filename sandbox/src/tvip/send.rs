//! `/commands/send/{providers|accounts|devices}`.

use std::collections::HashSet;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};
use serde::Deserialize;
use serde_json::Value;

use super::Tvip;
use super::account::Account;
use super::answer;
use super::behavior::{Broadcast, EmptyIds, NotKnownName, TvipBehavior, UnknownIds};
use super::command::Command;
use super::crud::object;
use super::device::Device;
use super::inbox::{self, Recipients, Sent};
use super::lenient;
use super::provider::Provider;
use super::refusal::Refusal;
use super::resource::Resource;
use super::state::State;
use crate::journal::Trace;

/// The paths of the three classes of recipients.
pub(super) fn routes() -> Router<Tvip> {
    let mut router = Router::new();
    for (name, recipients) in [
        ("providers", Recipients::Providers),
        ("accounts", Recipients::Accounts),
        ("devices", Recipients::Devices),
    ] {
        for slash in ["", "/"] {
            let send = move |tvip, trace, query, body| send(recipients, tvip, trace, query, body);
            router = router.route(&format!("/commands/send/{name}{slash}"), post(send));
        }
    }
    router
}

#[derive(Deserialize)]
struct Request {
    #[serde(deserialize_with = "lenient::integers")]
    ids: Vec<i64>,
    commands: Vec<Value>,
}

async fn send(
    recipients: Recipients,
    Shared(tvip): Shared<Tvip>,
    Extension(trace): Extension<Trace>,
    RawQuery(query): RawQuery,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let behavior = tvip.behavior();
    let broadcast = broadcast(query.as_deref().unwrap_or_default())?;
    let body = object(body)?;
    if behavior.not_known_name == NotKnownName::Refused {
        let mut names = body.keys();
        if let Some(name) = names.find(|name| *name != "ids" && *name != "commands") {
            return Err(Refusal::bad(format!(
                "a request to send has no field {name:?}"
            )));
        }
    }
    let request: Request = serde_path_to_error::deserialize(Value::Object(body))
        .map_err(|error| Refusal::bad(format!("{}: {}", error.path(), error.inner())))?;
    // All are understood before one is sent.
    let commands = request.commands.into_iter();
    let commands: Vec<Command> = commands
        .map(|command| Command::read(command, &behavior))
        .collect::<Result<_, _>>()?;
    let send = move |state: &mut State, behavior: &TvipBehavior| {
        let sent = Order {
            recipients,
            broadcast,
            ids: request.ids,
        };
        sent.to(state, commands, behavior)
    };
    tvip.serve(trace, send).await
}

/// The recipients that a request names.
struct Order {
    recipients: Recipients,
    broadcast: bool,
    ids: Vec<i64>,
}

impl Order {
    fn to(
        self,
        state: &mut State,
        commands: Vec<Command>,
        behavior: &TvipBehavior,
    ) -> Result<Response, Refusal> {
        let Order {
            recipients,
            broadcast,
            ids,
        } = self;
        let mut unknown = ids.iter().filter(|id| !is_known(recipients, **id, state));
        if behavior.unknown_ids == UnknownIds::Refused
            && let Some(id) = unknown.next()
        {
            let text = format!("ids: nobody has the id {id}");
            return Err(Refusal::application(StatusCode::NOT_FOUND, text));
        }
        let audience = audience(&ids, broadcast, behavior)?;
        let named: HashSet<i64> = ids.iter().copied().collect();
        let meant: Vec<(i64, bool)> = state
            .devices
            .iter()
            .filter(|device| match audience {
                Audience::Everybody => true,
                Audience::Ids => is_meant(device, recipients, &named, state),
            })
            .map(|device| (device.id, device.ws_connected))
            .collect();
        let now = state.clock.system_time();
        for command in commands {
            let expired = command.ttl.is_some_and(|ttl| ttl < command.due(now));
            let goes = |connected: bool| connected && !expired;
            let ids_of = |wanted: bool| {
                let those = meant
                    .iter()
                    .filter(move |(_, connected)| goes(*connected) == wanted);
                those.map(|(id, _)| *id).collect()
            };
            let sent = Sent {
                accepted: now,
                recipients,
                ids: ids.clone(),
                broadcast,
                reached: ids_of(true),
                missed: ids_of(false),
                command,
            };
            inbox::record(&mut state.commands, sent);
        }
        Ok(answer::json(StatusCode::OK, &answer::response()))
    }
}

/// The devices that a request means: all of them, or those that the ids select.
enum Audience {
    Everybody,
    Ids,
}

fn audience(ids: &[i64], broadcast: bool, behavior: &TvipBehavior) -> Result<Audience, Refusal> {
    if broadcast && behavior.broadcast == Broadcast::Everybody {
        return Ok(Audience::Everybody);
    }
    match behavior.empty_ids {
        EmptyIds::Everybody if ids.is_empty() => Ok(Audience::Everybody),
        EmptyIds::Refused if ids.is_empty() => Err(Refusal::bad("ids: empty")),
        _ => Ok(Audience::Ids),
    }
}

fn is_meant(device: &Device, recipients: Recipients, ids: &HashSet<i64>, state: &State) -> bool {
    let id = match recipients {
        Recipients::Devices => Some(device.id),
        Recipients::Accounts => device.account,
        Recipients::Providers => {
            let account = device.account.and_then(|id| state.accounts.get(id));
            account.map(|account| account.provider)
        }
    };
    id.is_some_and(|id| ids.contains(&id))
}

fn is_known(recipients: Recipients, id: i64, state: &State) -> bool {
    match recipients {
        Recipients::Providers => Provider::table(state).get(id).is_some(),
        Recipients::Accounts => Account::table(state).get(id).is_some(),
        Recipients::Devices => Device::table(state).get(id).is_some(),
    }
}

/// The parameter `broadcast`; every documented request sends it false.
fn broadcast(query: &str) -> Result<bool, Refusal> {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let Some((_, value)) = parameters.find(|(name, _)| name == "broadcast") else {
        return Ok(false);
    };
    lenient::as_flag(&value).ok_or_else(|| {
        let text = format!("broadcast: {value:?} is not true or false");
        Refusal::framework(StatusCode::BAD_REQUEST, text)
    })
}
