//! `itv_subscription`: single channels of an account.

use std::collections::HashSet;

use serde::Serialize;

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results, refuse};
use crate::ministra::column::{integer, tinyint};
use crate::ministra::identifiers::{self, By};
use crate::ministra::request::Request;
use crate::ministra::state::ChannelSubscription;
use crate::ministra::value::{Array, Value};

#[derive(Serialize)]
struct Row<'a> {
    sub_ch: Channels<'a>,
    /// None, as the rest, for the record of a deleted user.
    mac: Option<&'a str>,
    ls: Option<&'a str>,
    additional_services_on: Option<String>,
}

/// A record that was never written to is `false`, not an empty list.
#[derive(Serialize)]
#[serde(untagged)]
enum Channels<'a> {
    These(&'a Value),
    Never(bool),
}

pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let accounts = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    Ok(Results::new(&rows(server, &accounts)))
}

pub(super) fn update(request: &Request, server: &mut Installation) -> Answer {
    let data = &request.data;
    if data.is_empty() {
        return refuse("HTTP PUT data is empty");
    }
    if !data.has_any(&["sub_ch", "additional_services_on"]) {
        return refuse("Update data is empty");
    }
    let accounts = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    if accounts.is_empty() && data.get("sub_ch").is_some() {
        return Ok(Results::done(false));
    }
    for id in &accounts {
        if let Some(services) = data.get("additional_services_on")
            && let Some(mut user) = server.state.users.edit(*id)
        {
            // PHP makes a number of it before the database sees it.
            let number = integer(services.text());
            user.additional_services_on = tinyint(&number.to_string(), &server.clock);
        }
        match data.get("sub_ch") {
            Some(Value::Array(channels)) => {
                server.state.set_channels(*id, Some(channels.clone()));
            }
            // Anything but an array empties the list (recorded).
            Some(Value::Text(_)) => {
                server.state.set_channels(*id, Some(Array::default()));
            }
            None => server.state.set_channels(*id, None),
        }
    }
    let rows = rows(server, &accounts);
    Ok(if rows.is_empty() {
        Results::done(false)
    } else {
        Results::new(&rows)
    })
}

/// The records of these accounts. Of no accounts, all there are: the filter is
/// left out when it is empty, so an unknown identifier lists everybody.
fn rows<'a>(server: &'a Installation, accounts: &[i64]) -> Vec<Row<'a>> {
    let table = &server.state.channel_subscriptions;
    let mut records: Vec<&ChannelSubscription> = match accounts {
        [] => table.iter().collect(),
        [account] => table.by(account).collect(),
        accounts => {
            let accounts: HashSet<&i64> = accounts.iter().collect();
            let of = |record: &&ChannelSubscription| accounts.contains(&record.user);
            table.iter().filter(of).collect()
        }
    };
    // Not in the order in which the records were made.
    records.sort_by_key(|record| record.user);
    records
        .into_iter()
        .map(|record| {
            let user = server.state.users.get(record.user);
            Row {
                sub_ch: match &record.channels {
                    Some(channels) => Channels::These(channels),
                    None => Channels::Never(false),
                },
                mac: user.map(|user| user.mac.as_str()),
                ls: user.map(|user| user.ls.as_str()),
                additional_services_on: user.map(|user| user.additional_services_on.to_string()),
            }
        })
        .collect()
}
