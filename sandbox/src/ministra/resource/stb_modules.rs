//! `stb_modules`: which parts of the menu a box shows.

use serde::Serialize;

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results, refuse};
use crate::ministra::identifiers::{self, By};
use crate::ministra::inbox::Event;
use crate::ministra::request::Request;
use crate::ministra::value::{Array, Value};

/// The module that is never shown.
const HIDDEN: &str = "ivi";

#[derive(Serialize)]
struct Modules {
    disabled: Value,
    restricted: Value,
}

pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    match identifiers::accounts(&server.state, request.identifiers(), By::Box)[..] {
        [] => refuse("Empty stb list"),
        [only] => Ok(modules(server, only)),
        [..] => refuse("Only one identifier allowed"),
    }
}

/// Several boxes are all set; the answer shows the first of them.
pub(super) fn update(request: &Request, server: &mut Installation) -> Answer {
    let boxes = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    let Some(first) = boxes.first() else {
        return refuse("Empty stb list");
    };
    let data = &request.data;
    if data.is_empty() {
        return refuse("HTTP PUT data is empty");
    }
    if !data.has_any(&["disabled", "restricted"]) {
        return refuse("Update data is empty");
    }
    for id in &boxes {
        let Some(mut user) = server.state.users.edit(*id) else {
            continue;
        };
        // Kept as it came: a text stays a text, gaps stay gaps.
        if let Some(disabled) = data.get("disabled") {
            user.disabled = Some(disabled.clone());
        }
        if let Some(restricted) = data.get("restricted") {
            user.restricted = Some(restricted.clone());
        }
    }
    if data.get("restricted").is_some() {
        server.send(&boxes, &Event::new("update_modules"));
    }
    Ok(modules(server, *first))
}

fn modules(server: &Installation, id: i64) -> Results {
    let user = server.state.users.get(id);
    let stored = |column: fn(&crate::ministra::state::User) -> &Option<Value>| {
        let value = user.and_then(|user| column(user).clone());
        value.map_or_else(|| Value::Array(Array::default()), |v| v.without(HIDDEN))
    };
    let disabled = if server.options.enable_tariff_plans {
        let configured = server.options.disabled_modules.iter();
        Value::Array(Array::list(configured.map(String::as_str)))
    } else {
        stored(|user| &user.disabled)
    };
    Results::new(&Modules {
        disabled,
        restricted: stored(|user| &user.restricted),
    })
}
