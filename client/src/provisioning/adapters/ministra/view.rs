//! A subscriber's accounts in the terms of the model.

use crate::ministra::DateTime;
use crate::model::{
    ExternalRef, Extra, PackageId, Subscriber, SubscriberId, Subscription, SubscriptionId,
    Terminal, TerminalId, Timestamp,
};
use crate::provisioning::view::{Screen, View};

use super::Ministra;
use super::catalogue::{MinistraLists, package_id, plan_of};
use super::rows::{MinistraRows, Row, written};

/// Returns the subscriber's id: its login, or the address of the box of an
/// account without one.
pub(super) fn id(first: &Row) -> SubscriberId {
    SubscriberId::new(match (first.login(), first.found_mac()) {
        (Some(login), _) => login.to_owned(),
        (None, Some(mac)) => written(mac),
        (None, None) => String::new(),
    })
}

/// No login has a slash in it that can be asked for.
fn subscription_id(owner: &SubscriberId, package: &PackageId) -> SubscriptionId {
    SubscriptionId::new(format!("{owner}/{package}"))
}

/// Returns the plan of the first account and the packages of any.
fn packages(rows: &MinistraRows, lists: Option<&MinistraLists>) -> Vec<PackageId> {
    let first = rows.first().and_then(|(_, first)| plan_of(&first.0, lists));
    let mut packages: Vec<PackageId> = first.into_iter().collect();
    for id in rows.iter().flat_map(|account| &account.subscribed_id) {
        let id = package_id(*id);
        if !packages.contains(&id) {
            packages.push(id);
        }
    }
    packages
}

pub(super) fn subscription_ids(
    rows: &MinistraRows,
    lists: Option<&MinistraLists>,
) -> Vec<SubscriptionId> {
    let Some((_, first)) = rows.first() else {
        return Vec::new();
    };
    let owner = id(first);
    let packages = packages(rows, lists);
    packages
        .iter()
        .map(|package| subscription_id(&owner, package))
        .collect()
}

impl Ministra {
    pub(super) fn view_of(
        &self,
        rows: &MinistraRows,
        lists: Option<&MinistraLists>,
        now: Timestamp,
    ) -> View {
        let Some((_, first)) = rows.first().filter(|_| !rows.is_loose()) else {
            return View::loose();
        };
        let owner = id(first);
        View {
            subscriber: Some(subscriber(&owner, first, rows)),
            terminals: rows
                .0
                .iter()
                .filter_map(|row| terminal(&owner, row))
                .collect(),
            subscriptions: self.subscriptions(&owner, rows, lists, now),
            plan: plan_of(&first.0, lists),
            screens: (rows.0.iter())
                .filter_map(|row| self.screen(row, lists))
                .collect(),
            disagrees: disagrees(rows, first),
            needs_catalogue: lists.is_none()
                && rows
                    .iter()
                    .any(|one| one.tariff_plan.as_deref() == Some("")),
            terminals_unread: false,
            unreadable: Vec::new(),
        }
    }

    fn subscriptions(
        &self,
        owner: &SubscriberId,
        rows: &MinistraRows,
        lists: Option<&MinistraLists>,
        now: Timestamp,
    ) -> Vec<Subscription> {
        let first = rows.first().map(|(_, first)| first);
        let plan = first.and_then(|first| plan_of(&first.0, lists));
        let ends = first.and_then(|first| self.time(first.0.tariff_expired_date?));
        let subscription = |package: PackageId| {
            let until = ends.filter(|_| plan.as_ref() == Some(&package));
            Subscription {
                id: subscription_id(owner, &package),
                subscriber: owner.clone(),
                package,
                terminal: None,
                from: None,
                until,
                active: until.is_none_or(|until| until > now),
            }
        };
        packages(rows, lists)
            .into_iter()
            .map(subscription)
            .collect()
    }

    /// The server writes its own time, and does not say of which zone.
    fn time(&self, date: DateTime) -> Option<Timestamp> {
        let zone = self.time_zone.clone()?;
        Some(date.to_zoned(zone).ok()?.timestamp())
    }

    fn screen(&self, row: &Row, lists: Option<&MinistraLists>) -> Option<Screen> {
        let packages = row.0.subscribed_id.iter().map(|id| package_id(*id));
        Some(Screen {
            terminal: self.identity.mac(row.mac()?),
            on: row.0.status,
            shows: packages.chain(plan_of(&row.0, lists)).collect(),
        })
    }
}

fn subscriber(owner: &SubscriberId, first: &Row, rows: &MinistraRows) -> Subscriber {
    let account = &first.0;
    Subscriber {
        id: owner.clone(),
        login: first.0.login.clone(),
        external_ref: first.number().map(ExternalRef::new),
        // With one box on, the subscriber watches.
        enabled: rows.iter().any(|account| account.status),
        name: first.0.full_name.clone(),
        email: None,
        phone: first.0.phone.clone(),
        address: None,
        note: first.note().map(str::to_owned),
        device_limit: None,
        extra: Extra::new([
            ("account_balance", account.account_balance.clone()),
            ("end_date", text(account.end_date)),
            ("reseller_id", text(account.reseller_id)),
            ("reseller_name", account.reseller_name.clone()),
            ("tariff_expired_date", text(account.tariff_expired_date)),
            (
                "tariff_instead_expired",
                account.tariff_instead_expired.clone(),
            ),
        ]),
    }
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn terminal(owner: &SubscriberId, row: &Row) -> Option<Terminal> {
    let account = &row.0;
    let written = account.stb_mac.as_deref()?;
    let mac = row.mac();
    Some(Terminal {
        id: TerminalId::new(written),
        subscriber: Some(owner.clone()),
        mac,
        unique_id: mac.is_none().then(|| written.to_owned()),
        ip: account.ip.clone(),
        model: account.stb_type.clone(),
        serial: account.stb_sn.clone(),
        firmware: account.version.clone(),
        online: account.online,
        // Each terminal has an account of its own.
        extra: Extra::new([
            ("login", Some(account.login.clone())),
            ("last_active", text(account.last_active)),
        ]),
    })
}

fn disagrees(rows: &MinistraRows, first: &Row) -> Vec<&'static str> {
    let first = &first.0;
    let mut fields = Vec::new();
    let mut field = |name, differs: bool| {
        if differs {
            fields.push(name);
        }
    };
    let any = |differs: fn(&crate::ministra::Account, &crate::ministra::Account) -> bool| {
        rows.iter().any(|account| differs(account, first))
    };
    field("enabled", any(|one, first| one.status != first.status));
    field("name", any(|one, first| one.full_name != first.full_name));
    field("phone", any(|one, first| one.phone != first.phone));
    field(
        "subscriptions",
        any(|one, first| {
            one.tariff_plan != first.tariff_plan || one.subscribed_id != first.subscribed_id
        }),
    );
    fields
}
