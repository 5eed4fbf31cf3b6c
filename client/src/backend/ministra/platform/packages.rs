//! Plans and packages, and who has them.
//!
//! `plan:FULL` is a plan by its external id, by which accounts have it;
//! `package:3` an optional package by its number, for external ids may be
//! missing or the same. A plan without an external id, `plan#10`, no account
//! can be given.

use super::super::{
    Account, AccountKey, AccountPatch, Ministra, PackageChange, PackageId, PlanExternalId, Tariff,
    TariffId,
};
use super::group::{Group, canonical, identity, key};
use super::plan::{Plan, Write};
use crate::backend::Capability;
use crate::error::{Error, Refusal, Result};
use crate::model;
use crate::model::{End, Lossy, NewSubscription, PackageKind, SubscriberId, SubscriptionId};

/// What a package id is of.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Plan(PlanExternalId),
    NamelessPlan(TariffId),
    Package(PackageId),
}

impl Kind {
    fn of(id: &model::PackageId) -> Option<Kind> {
        let id = id.as_str();
        if let Some(plan) = id.strip_prefix("plan:") {
            return PlanExternalId::new(plan).ok().map(Kind::Plan);
        }
        if let Some(plan) = id.strip_prefix("plan#") {
            let plan: TariffId = plan.parse().ok().filter(|id| is_written(id, plan))?;
            return Some(Kind::NamelessPlan(plan));
        }
        let package = id.strip_prefix("package:")?;
        let id = package.parse().ok().filter(|id| is_written(id, package))?;
        Some(Kind::Package(id))
    }
}

/// As this library writes it: `03` and `+3` are keys of something else.
fn is_written(id: &impl ToString, text: &str) -> bool {
    id.to_string() == text
}

pub(super) fn package_id(id: PackageId) -> model::PackageId {
    model::PackageId::new(format!("package:{id}"))
}

fn plan_id(tariff: &Tariff) -> model::PackageId {
    model::PackageId::new(match &tariff.external_id {
        Some(external) => format!("plan:{external}"),
        None => format!("plan#{}", tariff.id),
    })
}

/// The plans there are, as far as they had to be read.
#[derive(Default)]
pub(super) struct Plans(pub(super) Vec<Tariff>);

impl Plans {
    /// The id of an account's plan.
    pub(super) fn id_of(&self, row: &Account) -> Option<model::PackageId> {
        match row.tariff_plan.as_deref()? {
            "" => self.of(row).map(plan_id),
            external => Some(model::PackageId::new(format!("plan:{external}"))),
        }
    }

    /// An account's plan. One without an external id is known only if there is
    /// no other such.
    fn of(&self, row: &Account) -> Option<&Tariff> {
        let external = row.tariff_plan.as_deref()?;
        let mut these = self.0.iter();
        if !external.is_empty() {
            return these.find(|tariff| tariff.external_id.as_deref() == Some(external));
        }
        let mut nameless = these.filter(|tariff| tariff.external_id.is_none());
        let only = nameless.next();
        only.filter(|_| nameless.next().is_none())
    }

    fn named(&self, external: &PlanExternalId) -> Option<&Tariff> {
        let mut these = self.0.iter();
        these.find(|tariff| tariff.external_id.as_deref() == Some(external.as_str()))
    }
}

impl Ministra {
    pub(super) async fn all_packages(&self) -> Result<(Vec<model::Package>, Plans)> {
        let tariffs = self.tariffs().list().await?;
        let packages = self.services_package().list().await?;
        let plan = |tariff: &Tariff| model::Package {
            id: plan_id(tariff),
            kind: PackageKind::Plan,
            name: tariff.name.clone(),
            enabled: tariff.external_id.is_some(),
            price: None,
            plans: Vec::new(),
        };
        let mut all: Vec<model::Package> = tariffs.iter().map(plan).collect();
        for package in packages {
            let optional = |tariff: &&Tariff| {
                let mut its = tariff.packages.iter();
                its.any(|its| its.id == package.id && its.optional)
            };
            let plans: Vec<_> = tariffs.iter().filter(optional).map(plan_id).collect();
            all.push(model::Package {
                id: package_id(package.id),
                kind: PackageKind::Package,
                name: package.name,
                enabled: !plans.is_empty(),
                price: package.price,
                plans,
            });
        }
        Ok((all, Plans(tariffs)))
    }

    /// The plans, if they are needed to say what these subscribers have.
    pub(super) async fn plans_for(&self, group: &Group) -> Result<Plans> {
        if group.first().tariff_plan.as_deref() == Some("") {
            return Ok(Plans(self.tariffs().list().await?));
        }
        Ok(Plans::default())
    }

    pub(super) async fn plan_subscription(&self, new: &NewSubscription) -> Result<Plan> {
        const ADD: &str = "add subscription";
        if new.from.is_some() || new.until.is_some() {
            return Err(Refusal::lacking(ADD, Capability::DatedSubscriptions).into());
        }
        if new.terminal.is_some() {
            return Err(Refusal::lacking(ADD, Capability::TerminalSubscriptions).into());
        }
        let group = self.required(ADD, &new.subscriber).await?;
        let missing = Error::Missing {
            record: "package",
            place: None,
        };
        let kind = Kind::of(&new.package).ok_or_else(|| missing.clone())?;
        let plans = Plans(self.tariffs().list().await?);
        match kind {
            Kind::NamelessPlan(id) => {
                if plans.0.iter().all(|tariff| tariff.id != id) {
                    return Err(missing);
                }
                let reason = "the plan has no external id, by which alone it can be given";
                Err(Refusal::new(ADD, reason).into())
            }
            Kind::Plan(external) => {
                let tariff = plans.named(&external).ok_or(missing)?;
                replace_plan(ADD, &group, &external, tariff)
            }
            Kind::Package(id) => {
                let known = |tariff: &Tariff| tariff.packages.iter().any(|its| its.id == id);
                if !plans.0.iter().any(known) && self.services_package().get(id).await?.is_none() {
                    return Err(missing);
                }
                may_have(ADD, &group, &plans, id)?;
                let change = PackageChange {
                    subscribed_id: vec![id],
                    ..PackageChange::default()
                };
                let is_to_change = |row: &Account| !row.subscribed_id.contains(&id);
                self.switch(ADD, "add the package", &group, change, is_to_change)
                    .await
            }
        }
    }

    pub(super) async fn plan_end(&self, id: &SubscriptionId, end: End) -> Result<Plan> {
        const END: &str = "end subscription";
        if let End::At(_) = end {
            return Err(Refusal::lacking(END, Capability::DatedSubscriptions).into());
        }
        let refused = || {
            let reason = "the id of the subscription is not one of this platform: a login, a \
                          slash, and a package such as `package:3` or `plan:FULL`";
            Error::from(Refusal::new(END, reason))
        };
        let (login, package) = id.as_str().split_once('/').ok_or_else(refused)?;
        let package = model::PackageId::new(package);
        let kind = Kind::of(&package).ok_or_else(refused)?;
        let of = SubscriberId::new(login);
        let Some(group) = self.group_unless_gone(END, &of).await? else {
            return Ok(Plan::default());
        };
        match kind {
            Kind::Package(id) => {
                let change = PackageChange {
                    unsubscribed_id: vec![id],
                    ..PackageChange::default()
                };
                let is_to_change = |row: &Account| row.subscribed_id.contains(&id);
                self.switch(END, "remove the package", &group, change, is_to_change)
                    .await
            }
            Kind::Plan(_) | Kind::NamelessPlan(_) => {
                let plans = self.plans_for(&group).await?;
                if plans.id_of(group.first()) != Some(package) {
                    return Ok(Plan::default());
                }
                let reason = "a subscriber always has a plan: give another one instead";
                Err(Refusal::new(END, reason).into())
            }
        }
    }

    /// Changes packages of those accounts that need it. The server restarts
    /// the boxes of those, and of no others.
    async fn switch(
        &self,
        operation: &'static str,
        name: &'static str,
        group: &Group,
        change: PackageChange,
        is_to_change: impl Fn(&Account) -> bool,
    ) -> Result<Plan> {
        let rows: Vec<&Account> = group
            .rows()
            .iter()
            .filter(|row| is_to_change(row))
            .collect();
        let mut plan = Plan::default();
        plan.reboots(rows.iter().filter(|row| row.stb_mac.is_some()).count());
        if rows.is_empty() {
            return Ok(plan);
        }
        if let Some(number) = group
            .number_of_all()
            .filter(super::super::key::AccountNumber::is_short)
        {
            let write = Write::Packages(AccountKey::Number(number), change);
            plan.push(name, write)?;
            return Ok(plan);
        }
        // A long number would be taken for an address, so box by box.
        for row in rows {
            let Some(mac) = row.stb_mac.as_deref().and_then(canonical) else {
                let reason = "an account without a box can be given packages only by an account \
                              number (`external_ref`) of less than 12 characters, which is no \
                              other subscriber's";
                return Err(Refusal::new(operation, reason).into());
            };
            if self
                .holders(mac)
                .await?
                .iter()
                .any(|other| !group.has(other))
            {
                let reason = "the box is another subscriber's too, who would be changed as well";
                return Err(Refusal::new(operation, reason).into());
            }
            plan.push(name, Write::Packages(AccountKey::Mac(mac), change.clone()))?;
        }
        Ok(plan)
    }
}

fn replace_plan(
    operation: &'static str,
    group: &Group,
    external: &PlanExternalId,
    tariff: &Tariff,
) -> Result<Plan> {
    let mut plan = Plan::default();
    let other = |row: &&Account| row.tariff_plan.as_deref() != Some(external.as_str());
    let rows: Vec<&Account> = group.rows().iter().filter(other).collect();
    let patch = AccountPatch {
        tariff_plan: Some(external.clone()),
        ..AccountPatch::default()
    };
    const NAME: &str = "change the plan";
    match group.number_of_all() {
        Some(number) if rows.len() > 1 => plan.push(NAME, Write::All(number, Box::new(patch)))?,
        _ => {
            for row in &rows {
                let key = key(operation, &identity(row))?;
                plan.push(NAME, Write::One(key, Box::new(patch.clone())))?;
            }
        }
    }
    // They stay in the database, and come back with the old plan.
    let stays = |id: &PackageId| {
        tariff
            .packages
            .iter()
            .any(|its| its.id == *id && its.optional)
    };
    let mut lost: Vec<PackageId> = Vec::new();
    for id in rows.iter().flat_map(|row| &row.subscribed_id) {
        if !stays(id) && !lost.contains(id) {
            lost.push(*id);
        }
    }
    if !lost.is_empty() {
        let reason = format!(
            "{} of the optional packages are not in the new plan",
            lost.len()
        );
        plan.losses.push(Lossy::new("subscriptions", reason));
    }
    Ok(plan)
}

/// Packages that are not optional in the plan the server leaves out, and says
/// nothing.
fn may_have(
    operation: &'static str,
    group: &Group,
    plans: &Plans,
    id: PackageId,
) -> Result<(), Refusal> {
    for row in group.rows() {
        let mut packages = plans
            .of(row)
            .into_iter()
            .flat_map(|tariff| &tariff.packages);
        let reason = match packages.find(|its| its.id == id) {
            Some(its) if its.optional => continue,
            Some(_) => "the package is part of the subscriber's plan, not optional",
            None => "the package is not in the subscriber's plan",
        };
        return Err(Refusal::new(operation, reason));
    }
    Ok(())
}
