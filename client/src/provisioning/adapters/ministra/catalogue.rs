//! Plans and packages.
//!
//! `plan:FULL` is a plan by its external id, by which accounts have it;
//! `package:3` an optional package by its number, for external ids may be
//! missing or the same. A plan without an external id, `plan#10`, no account
//! can be given.

use crate::ministra::{
    Account, PackageId, PlanExternalId, ServicesPackage, Tariff, TariffId, TariffPackage,
};
use crate::model;
use crate::model::PackageKind;

/// Plans and packages, as the server lists them.
#[derive(Debug, Clone, Default)]
pub struct MinistraLists {
    tariffs: Vec<Tariff>,
    packages: Vec<ServicesPackage>,
}

/// The thing that a package id is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Plan(PlanExternalId),
    NamelessPlan(TariffId),
    Package(PackageId),
}

impl Kind {
    pub(super) fn of(id: &model::PackageId) -> Option<Kind> {
        let id = id.as_str();
        if let Some(plan) = id.strip_prefix("plan:") {
            return PlanExternalId::new(plan).ok().map(Kind::Plan);
        }
        // As it is written here: `03` and `+3` are keys of something else.
        if let Some(plan) = id.strip_prefix("plan#") {
            let number: TariffId = plan.parse().ok()?;
            return (number.to_string() == plan).then_some(Kind::NamelessPlan(number));
        }
        let package = id.strip_prefix("package:")?;
        let number: PackageId = package.parse().ok()?;
        (number.to_string() == package).then_some(Kind::Package(number))
    }
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

/// Returns the id of an account's plan. Of one without an external id the lists
/// tell which it is, if there is only one such.
pub(super) fn plan_of(
    account: &Account,
    lists: Option<&MinistraLists>,
) -> Option<model::PackageId> {
    match account.tariff_plan.as_deref()? {
        "" => lists?.tariff_of(account).map(plan_id),
        external => Some(model::PackageId::new(format!("plan:{external}"))),
    }
}

impl MinistraLists {
    /// Creates the lists from the server's.
    pub fn new(tariffs: Vec<Tariff>, packages: Vec<ServicesPackage>) -> MinistraLists {
        MinistraLists { tariffs, packages }
    }

    /// Returns what subscribers can have.
    pub(super) fn offers(&self) -> Vec<model::Package> {
        let plan = |tariff: &Tariff| model::Package {
            id: plan_id(tariff),
            kind: PackageKind::Plan,
            name: tariff.name.clone(),
            enabled: tariff.external_id.is_some(),
            price: None,
            plans: Vec::new(),
        };
        let mut all: Vec<model::Package> = self.tariffs.iter().map(plan).collect();
        for package in &self.packages {
            let optional = |tariff: &&Tariff| {
                let mut its = tariff.packages.iter();
                its.any(|its| its.id == package.id && its.optional)
            };
            let plans: Vec<_> = (self.tariffs.iter().filter(optional))
                .map(plan_id)
                .collect();
            all.push(model::Package {
                id: package_id(package.id),
                kind: PackageKind::Package,
                name: package.name.clone(),
                enabled: !plans.is_empty(),
                price: package.price.clone(),
                plans,
            });
        }
        all
    }

    /// Returns the plan with this external id.
    pub(super) fn named(&self, external: &str) -> Option<&Tariff> {
        let mut tariffs = self.tariffs.iter();
        tariffs.find(|tariff| tariff.external_id.as_deref() == Some(external))
    }

    pub(super) fn has_plan(&self, id: TariffId) -> bool {
        self.tariffs.iter().any(|tariff| tariff.id == id)
    }

    /// Returns an account's plan: the default one, as long as the server has
    /// not said which it is.
    pub(super) fn tariff_of(&self, account: &Account) -> Option<&Tariff> {
        match account.tariff_plan.as_deref() {
            None => self.tariffs.iter().find(|tariff| tariff.user_default),
            Some("") => {
                let mut nameless = (self.tariffs.iter()).filter(|one| one.external_id.is_none());
                let only = nameless.next();
                only.filter(|_| nameless.next().is_none())
            }
            Some(external) => self.named(external),
        }
    }

    /// Returns `true` if there is such a package, in a plan or in none.
    pub(super) fn has_package(&self, id: PackageId) -> bool {
        let within = |tariff: &Tariff| tariff.packages.iter().any(|its| its.id == id);
        self.packages.iter().any(|package| package.id == id) || self.tariffs.iter().any(within)
    }

    /// Returns `true` if each time that it is sent is one more purchase.
    pub(super) fn is_single(&self, id: PackageId) -> bool {
        let is_single = |kind: &str| kind == "single";
        let within = |its: &TariffPackage| its.id == id && is_single(&its.service_type);
        (self.packages.iter()).any(|one| one.id == id && is_single(&one.service_type))
            || (self.tariffs.iter()).any(|tariff| tariff.packages.iter().any(within))
    }
}
