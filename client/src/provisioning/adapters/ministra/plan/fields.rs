//! Fields, account by account.

use secrecy::ExposeSecret as _;

use super::super::rows::{MARK, Row};
use super::super::write::{MinistraWrite, Write};
use super::super::{refused, values};
use super::Planning;
use crate::error::Refusal;
use crate::ministra::AccountPatch;
use crate::model::Patch;
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;

/// The fields of an account that a subscriber's accounts have in common, as the
/// server will have them; none is kept.
struct Common {
    name: Option<Option<String>>,
    phone: Option<Option<String>>,
    note: Option<Option<String>>,
}

impl Planning<'_> {
    pub(super) fn fields(&mut self) -> Result<(), Unplanned> {
        let common = Common {
            name: self.as_kept("name", &self.wanted.name, Some(values::COLUMN))?,
            phone: self.as_kept("phone", &self.wanted.phone, Some(values::COLUMN))?,
            note: self.as_kept("note", &self.wanted.note, None)?,
        };
        if common.note.as_ref().and_then(Option::as_deref) == Some(MARK) {
            return Err(refused("the note is the one by which further accounts are known").into());
        }
        self.renumber()?;
        self.change(&common)?;
        let first = self.rows.first().map(|(slot, _)| slot);
        for slot in self.rows.slots() {
            if Some(slot) != first {
                self.give_way(slot)?;
            }
        }
        if let Some(first) = first {
            self.rename(first)?;
            self.password(first)?;
        }
        Ok(())
    }

    fn as_kept(
        &mut self,
        field: &'static str,
        wanted: &Patch<String>,
        longest: Option<usize>,
    ) -> Result<Option<Option<String>>, Refusal> {
        match wanted {
            Patch::Keep => Ok(None),
            Patch::Clear => Ok(Some(None)),
            Patch::Set(text) => self.text(field, text, longest).map(Some),
        }
    }

    /// Changes what differs. Several accounts get it in one request, but for a
    /// note: those that were made for a box keep their mark.
    fn change(&mut self, common: &Common) -> Result<(), Unplanned> {
        let first = self.rows.first().map(|(slot, _)| slot);
        let mut changes: Vec<(Slot, AccountPatch, Vec<FieldDiff>)> = Vec::new();
        let mut all = AccountPatch::default();
        let mut all_differ: Vec<FieldDiff> = Vec::new();
        for slot in self.rows.slots() {
            let row = self.row(slot);
            let is_own = Some(slot) == first || !row.is_marked();
            let (patch, differs) = self.difference(&row, common, is_own);
            if differs.is_empty() {
                continue;
            }
            merge(&mut all, &patch);
            all_differ.extend(differs.iter().cloned());
            changes.push((slot, patch, differs));
        }
        let slots: Vec<Slot> = changes.iter().map(|(slot, ..)| *slot).collect();
        let has_marked =
            (self.rows.0.slots()).any(|(slot, row)| row.is_marked() && Some(slot) != first);
        let at_once = self.rows.number().is_some() && (all.comment.is_keep() || !has_marked);
        if slots.len() > 1 && at_once {
            return self.update("change the accounts", &slots, &all, None, all_differ);
        }
        for (slot, patch, differs) in changes {
            self.update("change the account", &[slot], &patch, None, differs)?;
        }
        Ok(())
    }

    fn difference(
        &self,
        row: &Row,
        common: &Common,
        is_own: bool,
    ) -> (AccountPatch, Vec<FieldDiff>) {
        let mut patch = AccountPatch::default();
        let mut differs = Vec::new();
        let mut text = |field, wanted: &Option<Option<String>>, found: Option<&str>| {
            let wanted = wanted
                .as_ref()
                .filter(|wanted| wanted.as_deref() != found)?;
            differs.push(FieldDiff::new(field, found, wanted.as_deref()));
            Some(wanted.clone())
        };
        let name = text("name", &common.name, row.0.full_name.as_deref());
        let phone = text("phone", &common.phone, row.0.phone.as_deref());
        let note = match is_own {
            true => text("note", &common.note, row.note()),
            false => None,
        };
        let to_patch = |change: Option<Option<String>>| change.map_or(Patch::Keep, Patch::from);
        patch.full_name = to_patch(name);
        patch.phone = to_patch(phone);
        patch.comment = to_patch(note);
        if let Some(enabled) = self.wanted.enabled
            && enabled != row.0.status
        {
            let (found, wanted) = (row.0.status.to_string(), enabled.to_string());
            differs.push(FieldDiff::new("enabled", Some(found), Some(wanted)));
            patch.status = Some(enabled);
        }
        (patch, differs)
    }

    /// Gives all accounts another number in one request: half of them with
    /// another one would be another subscriber.
    fn renumber(&mut self) -> Result<(), Unplanned> {
        let Some(wanted) = self.wanted.external_ref.as_change() else {
            return Ok(());
        };
        let wanted = match wanted {
            Some(reference) => Patch::Set(values::number(reference.as_str())?),
            None => Patch::Clear,
        };
        let text = match &wanted {
            Patch::Set(number) => Some(number.as_str()),
            _ => None,
        };
        let found: Vec<Option<String>> = (self.rows.0.iter())
            .map(|row| row.number().map(str::to_owned))
            .collect();
        if found.iter().all(|number| number.as_deref() == text) {
            return Ok(());
        }
        if found.len() > 1 && text.is_none() {
            let reason = "the external reference holds several accounts together, one for each box";
            return Err(refused(reason).into());
        }
        if found.len() > 1 && self.rows.number().is_none() {
            let reason = "the present external reference cannot be asked for, by which alone all \
                          accounts of the subscriber get another one";
            return Err(refused(reason).into());
        }
        let differs = (found.into_iter())
            .filter(|number| number.as_deref() != text)
            .map(|number| FieldDiff::new("external_ref", number, text));
        let differs = differs.collect();
        let patch = AccountPatch {
            account_number: wanted.clone(),
            ..AccountPatch::default()
        };
        let slots = self.rows.slots();
        self.update("change the account number", &slots, &patch, None, differs)
    }

    fn rename(&mut self, slot: Slot) -> Result<(), Unplanned> {
        let row = self.row(slot);
        let Some(login) = &self.wanted.login else {
            return Ok(());
        };
        if row.login() == Some(login.as_str()) {
            return Ok(());
        }
        let login = values::login(login)?;
        let differs = FieldDiff::new("login", row.login(), Some(login.as_str()));
        let patch = AccountPatch {
            login: Some(login),
            ..AccountPatch::default()
        };
        let mut renamed = self.rows.clone();
        if let Some(row) = renamed.0.get_mut(slot) {
            row.apply(&patch);
        }
        if renamed.first().map(|(first, _)| first) != Some(slot) {
            let reason = "a further account of the subscriber, which somebody has made by hand, \
                          would be its first one by its shorter login";
            return Err(refused(reason).into());
        }
        self.update_one("rename the account", slot, patch, differs)
    }

    fn password(&mut self, slot: Slot) -> Result<(), Unplanned> {
        let is_made = |step: &Step<MinistraWrite>| matches!(step.write().0, Write::Create(..));
        let Some(password) = &self.wanted.password else {
            return Ok(());
        };
        if self.steps.iter().any(is_made) {
            return Ok(());
        }
        values::password(password.expose_secret())?;
        let patch = AccountPatch {
            password: Some(password.clone()),
            ..AccountPatch::default()
        };
        let before = self.steps.len();
        // The other accounts' boxes do not log in with one.
        self.update_one(
            "write the password",
            slot,
            patch,
            FieldDiff::secret("password"),
        )?;
        for step in self.steps.split_off(before) {
            self.steps.push(step.blind());
        }
        Ok(())
    }

    /// A login that this library has made up gives way to a subscriber's.
    fn give_way(&mut self, slot: Slot) -> Result<(), Unplanned> {
        let row = self.row(slot);
        let Some(login) = row.login() else {
            return Ok(());
        };
        let key = self.identity.login(login);
        let wanted = self.wanted.login.as_deref();
        let is_own = wanted.map(|login| self.identity.login(login)).as_ref() == Some(&key);
        if is_own && !row.is_marked() {
            let reason = "a further account of the subscriber, which somebody has made by hand, \
                          has the login";
            return Err(refused(reason).into());
        }
        if row.is_marked() && (is_own || self.context.is_reserved(&key)) {
            let free = self.free_login()?;
            let differs = FieldDiff::new("login", Some(login), Some("another one"));
            let patch = AccountPatch {
                login: Some(values::login(&free)?),
                ..AccountPatch::default()
            };
            self.update_one("rename a further account", slot, patch, differs)?;
        }
        Ok(())
    }

    /// Changes one account, whatever the others are.
    pub(super) fn update_one(
        &mut self,
        name: &'static str,
        slot: Slot,
        patch: AccountPatch,
        differs: FieldDiff,
    ) -> Result<(), Unplanned> {
        self.update(name, &[slot], &patch, None, vec![differs])
    }

    /// Returns the first of `ivanov-2`, `ivanov-3`, … that nobody has or is to
    /// have.
    pub(super) fn free_login(&self) -> Result<String, Unplanned> {
        let first = self.rows.first().and_then(|(_, first)| first.login());
        let Some(login) = self.wanted.login.as_deref().or(first) else {
            return Err(refused("a further account needs a login to begin with").into());
        };
        for number in 2_u32.. {
            let free = format!("{login}-{number}");
            let key = self.identity.login(&free);
            let own =
                |row: &Row| row.login().map(|own| self.identity.login(own)).as_ref() == Some(&key);
            if self.rows.0.iter().any(own) || self.context.is_reserved(&key) {
                continue;
            }
            values::login(&free)?;
            if self.context.holders(&key)?.is_empty() {
                return Ok(free);
            }
        }
        Err(refused("no further login is free").into())
    }
}

/// Adds the fields of one change to another one; what both have is the same.
fn merge(all: &mut AccountPatch, one: &AccountPatch) {
    let text = |all: &mut Patch<String>, one: &Patch<String>| {
        if !one.is_keep() {
            all.clone_from(one);
        }
    };
    text(&mut all.full_name, &one.full_name);
    text(&mut all.phone, &one.phone);
    text(&mut all.comment, &one.comment);
    all.status = one.status.or(all.status);
}
