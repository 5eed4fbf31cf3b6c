//! `/commands/send/{providers|accounts|devices}`.

use std::collections::HashSet;
use std::time::SystemTime;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use serde_json::Value;

use super::Tvip;
use super::account::Account;
use super::answer;
use super::command::Command;
use super::crud::object;
use super::device::Device;
use super::inbox::{Recipients, Sent};
use super::lenient;
use super::provider::Provider;
use super::refusal::Refusal;
use super::resource::Resource;
use super::state::State;
use super::unknowns::{Broadcast, EmptyIds, NotKnownName, TvipUnknowns, UnknownIds};

/// The paths of the three classes of recipients.
pub(super) fn routes() -> Router<Tvip> {
    let mut router = Router::new();
    for (name, recipients) in [
        ("providers", Recipients::Providers),
        ("accounts", Recipients::Accounts),
        ("devices", Recipients::Devices),
    ] {
        for slash in ["", "/"] {
            let send = move |tvip, query, body| send(recipients, tvip, query, body);
            router = router.route(&format!("/commands/send/{name}{slash}"), post(send));
        }
    }
    router
}

#[derive(Deserialize)]
struct Request {
    ids: Vec<i64>,
    commands: Vec<Value>,
}

async fn send(
    recipients: Recipients,
    Shared(tvip): Shared<Tvip>,
    RawQuery(query): RawQuery,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let unknowns = tvip.unknowns();
    let broadcast = broadcast(query.as_deref().unwrap_or_default())?;
    let body = object(body)?;
    if unknowns.not_known_name == NotKnownName::Refused {
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
        .map(|command| Command::read(command, unknowns))
        .collect::<Result<_, _>>()?;

    let state = tvip.locked();
    let mut unknown = request
        .ids
        .iter()
        .filter(|id| !is_known(recipients, **id, &state));
    if unknowns.unknown_ids == UnknownIds::Refused
        && let Some(id) = unknown.next()
    {
        let text = format!("ids: nobody has the id {id}");
        return Err(Refusal::application(StatusCode::NOT_FOUND, text));
    }
    let audience = audience(&request.ids, broadcast, unknowns)?;
    let ids: HashSet<i64> = request.ids.iter().copied().collect();
    let meant: Vec<&Device> = state
        .devices
        .iter()
        .filter(|device| match audience {
            Audience::Everybody => true,
            Audience::Ids => is_meant(device, recipients, &ids, &state),
        })
        .collect();
    let now = SystemTime::now();
    let mut outgoing = tvip.outgoing();
    for command in commands {
        let expired = command.ttl.is_some_and(|ttl| ttl < now);
        let (reached, missed): (Vec<&Device>, _) = meant
            .iter()
            .partition(|device| device.ws_connected && !expired);
        outgoing.record(Sent {
            recipients,
            ids: request.ids.clone(),
            broadcast,
            command,
            reached: reached.into_iter().map(Resource::id).collect(),
            missed: missed.into_iter().map(Resource::id).collect(),
        });
    }
    Ok(answer::json(StatusCode::OK, &answer::response()))
}

/// Whom a request means.
enum Audience {
    Everybody,
    Ids,
}

fn audience(ids: &[i64], broadcast: bool, unknowns: &TvipUnknowns) -> Result<Audience, Refusal> {
    if broadcast && unknowns.broadcast == Broadcast::Everybody {
        return Ok(Audience::Everybody);
    }
    match unknowns.empty_ids {
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
