//! Subscribers are created, changed and deleted.

use secrecy::SecretString;

use super::super::key::LONGEST;
use super::super::{AccountNumber, AccountPatch, Login, Ministra, NewAccount};
use super::group::{Group, identity, key, same};
use super::plan::{Plan, Write};
use super::reads::number;
use crate::backend::{Effect, texts};
use crate::error::{Error, Refusal, Result};
use crate::model::{Lossy, NewSubscriber, Patch, SubscriberId, SubscriberPatch};

/// What a subscriber is to be; what is kept is not looked at.
#[derive(Default)]
struct Wanted {
    login: Option<String>,
    password: Option<SecretString>,
    number: Patch<AccountNumber>,
    enabled: Option<bool>,
    name: Patch<String>,
    phone: Patch<String>,
    note: Patch<String>,
}

impl Ministra {
    pub(super) async fn plan_creation(&self, new: &NewSubscriber) -> Result<Plan> {
        const CREATE: &str = "create subscriber";
        texts::password(CREATE, new.password.as_ref())?;
        short(CREATE, "name", new.name.as_ref())?;
        short(CREATE, "phone", new.phone.as_ref())?;
        let login = Login::new(&new.login)
            .map_err(|refusal| Refusal::new(CREATE, format!("the login {}", refusal.reason())))?;
        let reference = new.external_ref.as_ref();
        let number = reference
            .map(|reference| number(CREATE, reference.as_str()))
            .transpose()?;
        let group = self.group_of_login(CREATE, &new.login).await?;
        let holder = match &number {
            Some(number) => self.group_of_number(number).await?,
            None => None,
        };
        // Somebody may have created it in between.
        let group = group.or_else(|| holder.clone().filter(|holder| holder.is(&new.login)));
        let taken = |key| Error::Taken {
            record: "subscriber",
            key,
            place: None,
        };
        let mut plan = Plan::default();
        match group {
            None if holder.is_some() => return Err(taken("external reference")),
            None => {
                let account = NewAccount {
                    password: new.password.clone(),
                    full_name: new.name.clone(),
                    phone: new.phone.clone(),
                    account_number: number,
                    status: Some(new.enabled),
                    comment: new.note.clone(),
                    ..NewAccount::of(login)
                };
                plan.push("create the account", Write::Create(Box::new(account)))?;
            }
            Some(group) => {
                let own = group.first().account_number.as_deref();
                let is_own =
                    |number: &AccountNumber| own.is_none_or(|own| same(own, number.as_str()));
                // Of a further account, or of somebody with another reference.
                if !group.is(&new.login) || !number.as_ref().is_none_or(is_own) {
                    return Err(taken("login"));
                }
                if own.is_none() && holder.is_some() {
                    return Err(taken("external reference"));
                }
                let given = |value: &Option<String>| value.clone().map_or(Patch::Keep, Patch::Set);
                let wanted = Wanted {
                    login: None,
                    password: new.password.clone(),
                    number: match own {
                        None => number.map_or(Patch::Keep, Patch::Set),
                        Some(_) => Patch::Keep,
                    },
                    enabled: Some(new.enabled),
                    name: given(&new.name),
                    phone: given(&new.phone),
                    note: given(&new.note),
                };
                change(CREATE, &mut plan, &group, &wanted)?;
                plan.adopts = true;
            }
        }
        plan.losses = losses([
            ("email", new.email.is_some()),
            ("address", new.address.is_some()),
            ("device_limit", new.device_limit.is_some()),
        ]);
        Ok(plan)
    }

    pub(super) async fn plan_change(
        &self,
        id: &SubscriberId,
        patch: &SubscriberPatch,
    ) -> Result<Plan> {
        const CHANGE: &str = "change subscriber";
        texts::password(CHANGE, patch.password.as_ref())?;
        short(CHANGE, "name", patch.name.as_change().flatten())?;
        short(CHANGE, "phone", patch.phone.as_change().flatten())?;
        if let Some(login) = &patch.login {
            key(CHANGE, login)?;
        }
        let number = match &patch.external_ref {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(reference) => Patch::Set(number(CHANGE, reference.as_str())?),
        };
        let group = self.required(CHANGE, id).await?;
        let mut plan = Plan::default();
        if let Some(login) = &patch.login
            && !group.is(login)
            && self.group_of_login(CHANGE, login).await?.is_some()
        {
            return Err(Error::Taken {
                record: "subscriber",
                key: "login",
                place: None,
            });
        }
        if let Patch::Set(number) = &number
            && let Some(holder) = self.group_of_number(number).await?
            && !holder.is(id.as_str())
        {
            return Err(Error::Taken {
                record: "subscriber",
                key: "external reference",
                place: None,
            });
        }
        let wanted = Wanted {
            login: patch.login.clone(),
            password: patch.password.clone(),
            number,
            enabled: None,
            name: patch.name.clone(),
            phone: patch.phone.clone(),
            note: patch.note.clone(),
        };
        change(CHANGE, &mut plan, &group, &wanted)?;
        let is_set = |patch: &Patch<String>| matches!(patch, Patch::Set(_));
        plan.losses.extend(losses([
            ("email", is_set(&patch.email)),
            ("address", is_set(&patch.address)),
            ("device_limit", matches!(patch.device_limit, Patch::Set(_))),
        ]));
        Ok(plan)
    }

    pub(super) async fn plan_switch(
        &self,
        operation: &'static str,
        id: &SubscriberId,
        enabled: bool,
    ) -> Result<Plan> {
        let group = self.required(operation, id).await?;
        let mut plan = Plan::default();
        let wanted = Wanted {
            enabled: Some(enabled),
            ..Wanted::default()
        };
        change(operation, &mut plan, &group, &wanted)?;
        Ok(plan)
    }

    /// Packages are not removed first: each removal restarts a box, and what
    /// the server leaves behind of them is kept under a number that it never
    /// gives out again, where nobody sees it.
    pub(super) async fn plan_deletion(&self, id: &SubscriberId) -> Result<Plan> {
        const DELETE: &str = "delete subscriber";
        let mut plan = Plan::default();
        plan.effects.push(Effect::Irreversible);
        let Some(group) = self.group_unless_gone(DELETE, id).await? else {
            return Ok(plan);
        };
        match group.number_of_all() {
            // In one request, so that none is left half-way.
            Some(number) if group.rows().len() > 1 => {
                plan.push("delete the accounts", Write::DeleteAll(number))?;
            }
            // The first one last: as long as it is there, so is the subscriber.
            _ => {
                for row in group.rows().iter().rev() {
                    let key = key(DELETE, &identity(row))?;
                    plan.push("delete an account", Write::DeleteOne(key))?;
                }
            }
        }
        Ok(plan)
    }
}

/// Refuses by the model's name what the adapter would refuse by its own.
fn short(
    operation: &'static str,
    field: &'static str,
    text: Option<&String>,
) -> Result<(), Refusal> {
    match text.is_some_and(|text| text.chars().count() > LONGEST) {
        true => {
            let reason =
                format!("`{field}` is longer than {LONGEST} characters, to which it is cut");
            Err(Refusal::new(operation, reason))
        }
        false => Ok(()),
    }
}

fn losses<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<Lossy> {
    let given = fields.into_iter().filter(|(_, given)| *given);
    given
        .map(|(field, _)| Lossy::new(field, "this platform has no place for it"))
        .collect()
}

/// Adds what has to be written for a subscriber to be as wanted.
fn change(
    operation: &'static str,
    plan: &mut Plan,
    group: &Group,
    wanted: &Wanted,
) -> Result<(), Refusal> {
    for row in group.rows() {
        let mut patch = AccountPatch {
            full_name: differing(&wanted.name, row.full_name.as_deref()),
            phone: differing(&wanted.phone, row.phone.as_deref()),
            comment: differing(&wanted.note, row.comment.as_deref()),
            status: wanted.enabled.filter(|enabled| *enabled != row.status),
            ..AccountPatch::default()
        };
        // The other accounts' boxes do not log in with one.
        if std::ptr::eq(row, group.first()) {
            patch.password.clone_from(&wanted.password);
        }
        if !patch.is_empty() {
            let key = key(operation, &identity(row))?;
            plan.push("change an account", Write::One(key, Box::new(patch)))?;
        }
    }
    renumber(operation, plan, group, &wanted.number)?;
    match &wanted.login {
        Some(login) if *login != group.first().login => rename(operation, plan, group, login),
        _ => Ok(()),
    }
}

/// All accounts in one request: half of them with another number would be
/// another subscriber.
fn renumber(
    operation: &'static str,
    plan: &mut Plan,
    group: &Group,
    wanted: &Patch<AccountNumber>,
) -> Result<(), Refusal> {
    let Some(number) = wanted.as_change() else {
        return Ok(());
    };
    let own = group.first().account_number.as_deref();
    if own == number.map(AccountNumber::as_str) {
        return Ok(());
    }
    let patch = AccountPatch {
        account_number: wanted.clone(),
        ..AccountPatch::default()
    };
    const NAME: &str = "change the account number";
    if group.rows().len() == 1 {
        let key = key(operation, &identity(group.first()))?;
        return plan.push(NAME, Write::One(key, Box::new(patch)));
    }
    match (number, group.number_of_all()) {
        (Some(_), Some(own)) => plan.push(NAME, Write::All(own, Box::new(patch))),
        (None, _) => Err(Refusal::new(
            operation,
            "the external reference holds several boxes together",
        )),
        (_, None) => Err(Refusal::new(
            operation,
            "the present account number cannot be asked for",
        )),
    }
}

/// The first account stays the first: where the new login would not sort
/// before the others', they are renamed after it beforehand.
fn rename(
    operation: &'static str,
    plan: &mut Plan,
    group: &Group,
    login: &str,
) -> Result<(), Refusal> {
    let renamed = |login: &str| -> Result<Box<AccountPatch>, Refusal> {
        let login = Login::new(login).map_err(|refusal| {
            Refusal::new(operation, format!("the login {}", refusal.reason()))
        })?;
        Ok(Box::new(AccountPatch {
            login: Some(login),
            ..AccountPatch::default()
        }))
    };
    let others = &group.rows()[1..];
    let order = |login: &str| (login.chars().count(), login.to_owned());
    if others
        .iter()
        .any(|row| !row.login.is_empty() && order(&row.login) <= order(login))
    {
        let mut by_hand = 0;
        for (at, row) in others.iter().enumerate() {
            let wanted = format!("{login}-{}", at + 2);
            if row.login != wanted {
                // Somebody may log in with it.
                by_hand += usize::from(!group.is_made_for_a_box(row));
                let key = key(operation, &identity(row))?;
                plan.push("rename an account", Write::One(key, renamed(&wanted)?))?;
            }
        }
        if by_hand > 0 {
            let reason = format!(
                "{by_hand} further accounts with logins of their own get new ones too, for the \
                 subscriber's has to be the shortest"
            );
            plan.losses.push(Lossy::new("login", reason));
        }
    }
    let key = key(operation, &identity(group.first()))?;
    plan.push("rename the account", Write::One(key, renamed(login)?))
}

/// What is to be written, if it is not so already.
fn differing(wanted: &Patch<String>, is: Option<&str>) -> Patch<String> {
    match wanted.as_change() {
        Some(value) if value.map_or("", String::as_str) != is.unwrap_or_default() => wanted.clone(),
        _ => Patch::Keep,
    }
}
