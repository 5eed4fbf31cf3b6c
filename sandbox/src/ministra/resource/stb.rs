//! `stb`: boxes.

use serde::Serialize;

use super::text_of;
use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results, refuse};
use crate::ministra::column::{datetime, integer, tinyint, varchar};
use crate::ministra::identifiers::{self, By};
use crate::ministra::inbox::Event;
use crate::ministra::options::MinistraOptions;
use crate::ministra::request::Request;
use crate::ministra::state::{Term, User};

/// A box as it is answered; the order is that of the recorded server.
#[derive(Serialize)]
struct Row<'a> {
    mac: &'a str,
    ip: &'a str,
    ls: &'a str,
    version: &'a str,
    status: u8,
    additional_services_on: String,
    last_active: &'a str,
    login: &'a str,
    account_balance: &'a str,
    online: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<&'a str>,
    /// The reseller. The position of this field among the others is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    reseller_id: Option<Option<String>>,
}

impl Row<'_> {
    fn new<'a>(user: &'a User, options: &MinistraOptions) -> Row<'a> {
        Row {
            mac: &user.mac,
            ip: &user.ip,
            ls: &user.ls,
            version: &user.version,
            status: user.on.into(),
            additional_services_on: user.additional_services_on.to_string(),
            last_active: &user.last_active,
            login: &user.login,
            account_balance: &user.account_balance,
            online: text_of(user.online),
            end_date: options.enable_internal_billing.then_some(&user.end_date),
            reseller_id: options
                .resellers()
                .then(|| user.reseller.map(|id| id.to_string())),
        }
    }
}

pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let boxes = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    Ok(rows(server, &boxes))
}

pub(super) fn create(request: &Request, server: &mut Installation) -> Answer {
    const FIELDS: [&str; 8] = [
        "mac",
        "login",
        "password",
        "status",
        "additional_services_on",
        "ls",
        "end_date",
        "account_balance",
    ];
    let data = &request.data;
    if data.is_empty() {
        return refuse("HTTP POST data is empty");
    }
    if !data.has_any(&FIELDS) {
        return refuse("Insert data is empty");
    }
    let mac = match data.filled("mac") {
        Some(mac) => match identifiers::normalized_mac(mac.text()) {
            Some(mac) => mac,
            None => return refuse("Not valid mac address"),
        },
        None => String::new(),
    };
    let password = data.filled("password").is_some();
    if mac.is_empty() && !(password && data.filled("login").is_some()) {
        return refuse("Login and password required");
    }
    if server.checks() && !mac.is_empty() && server.state.users.has(&Term::mac(&mac)) {
        return refuse("Stb already exists");
    }
    if server.stops() {
        return Ok(Results::done(true));
    }
    let mut user = server.state.new_user();
    user.mac = mac;
    // Nothing here looks whether the login is taken.
    user.login = match data.filled("login") {
        Some(login) => varchar(login.text(), 64, &server.clock),
        None if password => user.id.to_string(),
        None => String::new(),
    };
    // Stored as it is, though the column has it the other way round: 1 is off.
    user.on = data
        .get("status")
        .map_or(server.options.default_stb_status, |status| {
            integer(status.text()) == 0
        });
    if let Some(services) = data.get("additional_services_on") {
        user.additional_services_on = tinyint(services.text(), &server.clock);
    }
    if let Some(ls) = data.get("ls") {
        user.ls = varchar(ls.text(), 64, &server.clock);
    }
    if let Some(date) = data.get("end_date") {
        user.end_date = datetime(date.text(), &server.clock);
    }
    if let Some(balance) = data.get("account_balance") {
        user.account_balance = varchar(balance.text(), 16, &server.clock);
    }
    let row = Results::new(&Row::new(&user, &server.options));
    server.state.users.put(user);
    Ok(row)
}

pub(super) fn update(request: &Request, server: &mut Installation) -> Answer {
    const FIELDS: [&str; 5] = [
        "status",
        "additional_services_on",
        "ls",
        "reboot",
        "end_date",
    ];
    let data = &request.data;
    if data.is_empty() {
        return refuse("HTTP PUT data is empty");
    }
    let reseller = data
        .get("reseller_id")
        .filter(|_| server.options.resellers());
    if !data.has_any(&FIELDS) && reseller.is_none() {
        return refuse("Update data is empty");
    }
    if request.identifiers().is_empty() && !server.options.allow_multiple_stb_update {
        return refuse("Identifier required");
    }
    let boxes = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    if boxes.is_empty() {
        return Ok(Results::done(false));
    }
    let status = data.get("status").map(|status| !status.is_empty());
    for id in &boxes {
        let Some(mut user) = server.state.users.edit(*id) else {
            continue;
        };
        if let Some(on) = status {
            user.on = on;
        }
        if let Some(services) = data.get("additional_services_on") {
            user.additional_services_on = tinyint(services.text(), &server.clock);
        }
        if let Some(ls) = data.get("ls") {
            user.ls = varchar(ls.text(), 64, &server.clock);
        }
        if let Some(date) = data.get("end_date") {
            user.end_date = datetime(date.text(), &server.clock);
        }
        if let Some(reseller) = reseller {
            // Whether there is such a reseller is not looked at here.
            let id = integer(reseller.text());
            user.reseller = (id >= 0).then_some(id);
        }
    }
    // Sent even when the status was the same before (recorded).
    if let Some(on) = status {
        server.send(&boxes, &Event::switched(on));
    }
    if data.get("reboot").is_some() {
        server.send(&boxes, &Event::new("reboot"));
    }
    Ok(rows(server, &boxes))
}

/// Packages and channels of the account stay behind.
pub(super) fn delete(request: &Request, server: &mut Installation) -> Answer {
    if request.identifiers().is_empty() {
        return refuse("Identifier required");
    }
    let boxes = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    if boxes.is_empty() {
        return refuse("STB not found");
    }
    for id in boxes {
        server.state.remove_user(id);
    }
    Ok(Results::done(true))
}

fn rows(server: &Installation, boxes: &[i64]) -> Results {
    let users = boxes.iter().filter_map(|id| server.state.users.get(*id));
    let rows: Vec<Row<'_>> = users.map(|user| Row::new(user, &server.options)).collect();
    Results::new(&rows)
}
