//! `reseller`: who sells. Only in 5.6, which was read and never run.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Refused, Results, refuse};
use crate::ministra::collation::collated;
use crate::ministra::column::{integer, now, varchar};
use crate::ministra::options::ResellerAdded;
use crate::ministra::request::Request;
use crate::ministra::state::{Reseller, Term};

const FIELDS: [&str; 3] = ["name", "max_users", "use_ip_ranges"];

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    name: &'a str,
    created: &'a str,
    modified: &'a str,
    max_users: String,
    use_ip_ranges: String,
}

pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let ids: BTreeSet<i64> = request.identifiers().iter().map(|id| integer(id)).collect();
    let asked = |id: i64| ids.is_empty() || ids.contains(&id);
    let resellers = server.state.resellers.iter().filter(|r| asked(r.id));
    let rows: Vec<Row<'_>> = resellers
        .map(|reseller| Row {
            id: reseller.id.to_string(),
            name: &reseller.name,
            created: &reseller.created,
            modified: &reseller.modified,
            max_users: reseller.max_users.to_string(),
            use_ip_ranges: reseller.use_ip_ranges.to_string(),
        })
        .collect();
    if rows.is_empty() && !ids.is_empty() {
        return refuse("Account not found");
    }
    if rows.len() < ids.len() {
        return refuse("One or more identifiers are incorrect");
    }
    Ok(Results::new(&rows))
}

pub(super) fn create(request: &Request, server: &mut Installation) -> Answer {
    let data = &request.data;
    if !data.has_any(&FIELDS) {
        return refuse("Insert data is empty");
    }
    let Some(name) = data.filled("name") else {
        return refuse("Reseller name required");
    };
    let name = varchar(name.text(), 255, &server.clock);
    let resellers = &mut server.state.resellers;
    if resellers.has(&collated(&name)) {
        return refuse("Reseller with this name already exists");
    }
    let now = now(&server.clock);
    let number = |name| data.get(name).map_or(0, |value| integer(value.text()));
    resellers.put(Reseller {
        id: resellers.next_id(),
        name,
        created: now.clone(),
        modified: now,
        max_users: number("max_users"),
        use_ip_ranges: number("use_ip_ranges"),
    });
    Ok(Results::done(
        server.options.reseller_added == ResellerAdded::True,
    ))
}

pub(super) fn update(request: &Request, server: &mut Installation) -> Answer {
    let data = &request.data;
    if !data.has_any(&FIELDS) {
        return refuse("Data is empty");
    }
    let id = only(request, server)?;
    let now = now(&server.clock);
    let Some(mut reseller) = server.state.resellers.edit(id) else {
        return refuse("Account not found");
    };
    if let Some(name) = data.filled("name") {
        reseller.name = varchar(name.text(), 255, &server.clock);
    }
    if let Some(most) = data.get("max_users") {
        reseller.max_users = integer(most.text());
    }
    if let Some(ranges) = data.get("use_ip_ranges") {
        reseller.use_ip_ranges = integer(ranges.text());
    }
    reseller.modified = now;
    Ok(Results::done(true))
}

pub(super) fn delete(request: &Request, server: &mut Installation) -> Answer {
    let id = only(request, server)?;
    if server.state.users.has(&Term::Reseller(id)) {
        return refuse("Finded reseller's users, cannot delete reseller, operation canceled");
    }
    server.state.resellers.remove(id);
    Ok(Results::done(true))
}

/// The one reseller meant.
fn only(request: &Request, server: &Installation) -> Result<i64, Refused> {
    let id = match request.identifiers() {
        [] => return refuse("Identifier required"),
        [id] => id,
        [..] => return refuse("Only one identifier allowed"),
    };
    let Some(id) = id.parse().ok().filter(|id| *id >= 0) else {
        return refuse("Identifier is wrong, for this action use reseller's id");
    };
    match server.state.resellers.get(id) {
        Some(_) => Ok(id),
        None => refuse("Account not found"),
    }
}
