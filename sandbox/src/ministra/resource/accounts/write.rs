//! Writing accounts: what is checked, in the order of the real server, and what
//! is not.

use crate::clock::Clock;
use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Refused, Results, refuse};
use crate::ministra::column::{self, datetime, integer, varchar};
use crate::ministra::form::Form;
use crate::ministra::identifiers::{self, By};
use crate::ministra::inbox::Event;
use crate::ministra::options::MinistraOptions;
use crate::ministra::request::Request;
use crate::ministra::state::{State, Term, User};

/// An identifier in the address is not looked at, and neither is whether the
/// plan exists or the account number is taken.
pub(in crate::ministra) fn create(request: &Request, server: &mut Installation) -> Answer {
    let data = &request.data;
    check(data, &server.options)?;
    let mac = match data.filled("stb_mac") {
        Some(mac) => match identifiers::normalized_mac(mac.text()) {
            Some(mac) => mac,
            None => return refuse("Not valid mac address"),
        },
        None => String::new(),
    };
    let Some(login) = data.filled("login").map(|login| login.text().to_owned()) else {
        return refuse("Login required");
    };
    let users = &server.state.users;
    if server.checks() && users.has(&Term::login(&column::stored(&login, &server.clock))) {
        return refuse("Login already in use");
    }
    if server.checks() && !mac.is_empty() && users.has(&Term::mac(&mac)) {
        return refuse("MAC address already in use");
    }
    check_reseller(data, server)?;
    if server.stops() {
        return Ok(Results::done(true));
    }
    let tariff = data
        .filled("tariff_plan")
        .map(|plan| plan_id(&server.state, plan.text()));
    let instead = instead(data, &server.state);
    let mut user = server.state.new_user();
    set(&mut user, data, (&server.options, &server.clock), instead);
    user.mac = mac;
    user.tariff = tariff.unwrap_or(0);
    if let Some(status) = data.get("status") {
        user.on = !status.is_empty();
    }
    server.state.users.put(user);
    Ok(Results::done(true))
}

/// Every row of an account number is changed, one after the other.
pub(in crate::ministra) fn update(request: &Request, server: &mut Installation, by: By) -> Answer {
    let data = &request.data;
    check(data, &server.options)?;
    let accounts = only(request, server, by)?;
    if let Some(login) = data.filled("login").filter(|_| server.checks()) {
        let login = Term::login(&column::stored(login.text(), &server.clock));
        let owner = server.state.users.by(&login).next();
        if owner.is_some_and(|owner| accounts != [owner.id]) {
            return refuse("Login already in use");
        }
    }
    check_reseller(data, server)?;
    if server.stops() {
        return Ok(Results::done(true));
    }
    for account in accounts {
        update_one(data, server, account)?;
    }
    Ok(Results::done(true))
}

fn update_one(data: &Form, server: &mut Installation, account: i64) -> Result<(), Refused> {
    let tariff = data
        .get("tariff_plan")
        .map(|plan| (!plan.is_empty()).then(|| plan_id(&server.state, plan.text())));
    let instead = instead(data, &server.state);
    // First and by itself: it stays when what follows fails.
    let was_on = server.state.users.get(account).map(|user| user.on);
    if let Some(on) = data.get("status").map(|status| !status.is_empty())
        && was_on != Some(on)
    {
        if let Some(mut user) = server.state.users.edit(account) {
            user.on = on;
        }
        server.send(&[account], &Event::switched(on));
    }
    // An empty plan is passed to the database under the name of the field.
    if tariff == Some(None) {
        return refuse(format!(
            "Query failed by reason : Unknown column 'tariff_plan' in 'SET' \
             (UPDATE users SET tariff_plan='' WHERE (id={account}))"
        ));
    }
    let Some(mut user) = server.state.users.edit(account) else {
        return Ok(());
    };
    set(&mut user, data, (&server.options, &server.clock), instead);
    // Neither brought into form nor looked for among the others.
    if let Some(mac) = data.get("stb_mac") {
        user.mac = varchar(mac.text(), 64, &server.clock);
    }
    if let Some(Some(tariff)) = tariff {
        user.tariff = tariff;
    }
    Ok(())
}

/// Packages and channels of the account stay behind.
pub(in crate::ministra) fn delete(request: &Request, server: &mut Installation, by: By) -> Answer {
    for account in only(request, server, by)? {
        server.state.remove_user(account);
    }
    Ok(Results::done(true))
}

/// The rows of the one identifier a write may have.
fn only(request: &Request, server: &Installation, by: By) -> Result<Vec<i64>, Refused> {
    let identifiers = request.identifiers();
    let accounts = identifiers::accounts(&server.state, identifiers, by);
    match identifiers.len() {
        0 => refuse("Identifier required"),
        1 if accounts.is_empty() => refuse("Account not found"),
        1 => Ok(accounts),
        _ => refuse("Only one identifier allowed"),
    }
}

/// `HTTP POST data is empty` is what the server says to a PUT as well.
fn check(data: &Form, options: &MinistraOptions) -> Result<(), Refused> {
    const FIELDS: [&str; 11] = [
        "login",
        "password",
        "full_name",
        "phone",
        "account_number",
        "tariff_plan",
        "status",
        "stb_mac",
        "comment",
        "end_date",
        "account_balance",
    ];
    const EXPIRY: [&str; 2] = ["tariff_expired_date", "tariff_instead_expired"];
    if data.is_empty() {
        return refuse("HTTP POST data is empty");
    }
    let known = data.has_any(&FIELDS)
        || (options.tariffs_expire() && data.has_any(&EXPIRY))
        || (options.resellers() && data.has_any(&["reseller_id"]));
    if known {
        Ok(())
    } else {
        refuse("Insert data is empty")
    }
}

fn check_reseller(data: &Form, server: &Installation) -> Result<(), Refused> {
    let Some(reseller) = data
        .filled("reseller_id")
        .filter(|_| server.options.resellers())
    else {
        return Ok(());
    };
    let reseller = server.state.resellers.get(integer(reseller.text()));
    if reseller.is_some() {
        Ok(())
    } else {
        refuse("Reseller does not exist")
    }
}

/// The id of a plan by its external id, or 0, which stands for the default one.
fn plan_id(state: &State, external_id: &str) -> u64 {
    state.tariff_by_external_id(external_id).map_or(0, |t| t.id)
}

/// The plan to follow an expired one, if it is written.
fn instead(data: &Form, state: &State) -> Option<Option<u64>> {
    let plan = data.get("tariff_instead_expired")?;
    Some((!plan.is_empty()).then(|| plan_id(state, plan.text())))
}

/// Writes what goes into the table as it comes, cut to the columns' widths.
fn set(
    user: &mut User,
    data: &Form,
    (options, clock): (&MinistraOptions, &Clock),
    instead: Option<Option<u64>>,
) {
    let columns = [
        ("login", &mut user.login, 64),
        ("full_name", &mut user.full_name, 64),
        ("phone", &mut user.phone, 64),
        ("account_number", &mut user.ls, 64),
        ("account_balance", &mut user.account_balance, 16),
    ];
    for (field, column, width) in columns {
        if let Some(value) = data.get(field) {
            *column = varchar(value.text(), width, clock);
        }
    }
    if let Some(comment) = data.get("comment") {
        user.comment = Some(column::text(comment.text(), clock));
    }
    if let Some(date) = data.get("end_date") {
        user.end_date = datetime(date.text(), clock);
    }
    if options.tariffs_expire() {
        if let Some(date) = data.get("tariff_expired_date") {
            user.tariff_expired_date = (!date.is_empty()).then(|| datetime(date.text(), clock));
        }
        if let Some(instead) = instead {
            user.tariff_instead_expired = instead;
        }
    }
    if options.resellers()
        && let Some(reseller) = data.get("reseller_id")
    {
        user.reseller = Some(integer(reseller.text())).filter(|id| *id > 0);
    }
}
