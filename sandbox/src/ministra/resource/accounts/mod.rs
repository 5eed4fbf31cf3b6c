//! `accounts`: the same rows as `stb`, with the subscriber's side of them.

mod write;

pub(super) use write::{create, delete, update};

use serde::Serialize;

use super::text_of;
use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Refused, Results, refuse};
use crate::ministra::identifiers::{self, By};
use crate::ministra::options::MinistraOptions;
use crate::ministra::request::Request;
use crate::ministra::state::{State, User};

pub(super) const BY: By = By::Account;

/// An account as it is answered; the order is that of the recorded server.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    login: &'a str,
    full_name: &'a str,
    phone: &'a str,
    account_number: &'a str,
    /// The external id; none when the account's plan is unknown and there is no
    /// default one.
    tariff_plan: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tariff_expired_date: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tariff_instead_expired: Option<Option<String>>,
    stb_sn: &'a str,
    stb_mac: &'a str,
    stb_type: &'a str,
    status: u8,
    online: &'static str,
    ip: &'a str,
    version: &'a str,
    comment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<&'a str>,
    account_balance: &'a str,
    last_active: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reseller_id: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reseller_name: Option<Option<&'a str>>,
    subscribed: Vec<&'a str>,
    subscribed_id: Vec<String>,
}

pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    Ok(Results::new(&rows(request, server, BY)?))
}

/// Identifiers are only counted against the rows found: one given twice is
/// "incorrect", and an unknown one beside an account of two boxes is not.
pub(super) fn rows<'a>(
    request: &Request,
    server: &'a Installation,
    by: By,
) -> Result<Vec<Row<'a>>, Refused> {
    let identifiers = request.identifiers();
    let accounts = identifiers::accounts(&server.state, identifiers, by);
    if identifiers.len() == 1 && accounts.is_empty() {
        return refuse("Account not found");
    }
    if identifiers.len() > accounts.len() {
        return refuse("One or more identifiers are incorrect");
    }
    let users = accounts.iter().filter_map(|id| server.state.users.get(*id));
    Ok(users
        .map(|user| row(user, &server.state, &server.options))
        .collect())
}

fn row<'a>(user: &'a User, state: &'a State, options: &MinistraOptions) -> Row<'a> {
    let tariff = |id: u64| state.tariffs.iter().find(|tariff| tariff.id == id);
    let plan = tariff(user.tariff).or_else(|| state.default_tariff());
    let subscribed = state.subscribed(user);
    let instead = || {
        let id = user.tariff_instead_expired?;
        // The external id is looked up only when there is a date to expire.
        let external = tariff(id).filter(|_| user.tariff_expired_date.is_some());
        Some(external.map_or_else(|| id.to_string(), |tariff| tariff.external_id.clone()))
    };
    let seller = user.reseller.and_then(|id| state.resellers.get(id));
    Row {
        login: &user.login,
        full_name: &user.full_name,
        phone: &user.phone,
        account_number: &user.ls,
        tariff_plan: plan.map(|tariff| tariff.external_id.as_str()),
        tariff_expired_date: options
            .tariffs_expire()
            .then_some(user.tariff_expired_date.as_deref()),
        tariff_instead_expired: options.tariffs_expire().then(instead),
        stb_sn: &user.serial_number,
        stb_mac: &user.mac,
        stb_type: &user.stb_type,
        status: user.on.into(),
        online: text_of(user.online),
        ip: &user.ip,
        version: &user.version,
        comment: user.comment.as_deref(),
        end_date: options.enable_internal_billing.then_some(&user.end_date),
        account_balance: &user.account_balance,
        last_active: &user.last_active,
        reseller_id: options
            .resellers()
            .then(|| user.reseller.map(|id| id.to_string())),
        reseller_name: options.resellers().then(|| seller.map(|r| r.name.as_str())),
        subscribed: subscribed.iter().map(|p| p.external_id.as_str()).collect(),
        subscribed_id: subscribed.iter().map(|p| p.id.to_string()).collect(),
    }
}
