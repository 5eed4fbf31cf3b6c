//! Fields, row by row.

use super::plan::Planning;
use super::refused;
use super::row::{Row, RowChange, Write};
use crate::model::Patch;
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;

type Text = fn(Option<String>) -> RowChange;

impl Planning<'_> {
    pub(super) fn fields(&mut self) -> Result<(), Unplanned> {
        let first = self.rows.first().map(|(slot, _)| slot);
        for slot in self.slots() {
            self.fields_of(slot);
            if Some(slot) != first {
                self.give_way(slot)?;
            }
        }
        if let Some(first) = first {
            self.login(first)?;
        }
        if let (Some(slot), Some(password)) = (first, &self.wanted.password) {
            let write = Write::Update(slot, vec![RowChange::Password(password.clone())]);
            let step = Step::new("write the password", super::row::MemoryWrite(write)).blind();
            self.step(step, vec![FieldDiff::secret("password")]);
        }
        Ok(())
    }

    fn fields_of(&mut self, slot: Slot) {
        let row = self.row(slot);
        let wanted = self.wanted;
        let mut changes = Vec::new();
        let mut differs = Vec::new();
        let mut text = |field, wanted: &Patch<String>, found: &Option<String>, make: Text| {
            if let Some(wanted) = wanted.as_change()
                && wanted != found.as_ref()
            {
                differs.push(FieldDiff::new(field, found.clone(), wanted.cloned()));
                changes.push(make(wanted.cloned()));
            }
        };
        text("name", &wanted.name, &row.name, RowChange::Name);
        text("email", &wanted.email, &row.email, RowChange::Email);
        text("phone", &wanted.phone, &row.phone, RowChange::Phone);
        text("address", &wanted.address, &row.address, RowChange::Address);
        text("note", &wanted.note, &row.note, RowChange::Note);
        let reference = match &wanted.external_ref {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(reference) => Patch::Set(reference.as_str().to_owned()),
        };
        text(
            "external_ref",
            &reference,
            &row.reference,
            RowChange::Reference,
        );
        if let Some(wanted) = wanted.device_limit.as_change()
            && wanted != row.device_limit.as_ref()
        {
            let shown = |limit: Option<u32>| limit.map(|limit| limit.to_string());
            let (found, to) = (shown(row.device_limit), shown(wanted.copied()));
            differs.push(FieldDiff::new("device_limit", found, to));
            changes.push(RowChange::DeviceLimit(wanted.copied()));
        }
        if let Some(enabled) = wanted.enabled
            && enabled == row.disabled
        {
            let (found, to) = ((!row.disabled).to_string(), enabled.to_string());
            differs.push(FieldDiff::new("enabled", Some(found), Some(to)));
            changes.push(RowChange::Disabled(!enabled));
        }
        if !changes.is_empty() {
            self.push("change the row", Write::Update(slot, changes), differs);
        }
    }

    fn login(&mut self, slot: Slot) -> Result<(), Unplanned> {
        let row = self.row(slot);
        let Some(login) = &self.wanted.login else {
            return Ok(());
        };
        if login.trim().is_empty() || login.trim() != login {
            return Err(refused("the login is empty, or begins or ends with a blank").into());
        }
        if row.login.as_ref() != Some(login) {
            let mut renamed = self.rows.clone();
            renamed.apply(&Write::Update(slot, vec![RowChange::Login(login.clone())]));
            if renamed.first().map(|(first, _)| first) != Some(slot) {
                let reason = "another row of the subscriber would be its first one by its login";
                return Err(refused(reason).into());
            }
            let differs = FieldDiff::new("login", row.login.clone(), Some(login.clone()));
            self.update(
                "rename the row",
                slot,
                RowChange::Login(login.clone()),
                differs,
            );
        }
        Ok(())
    }

    /// A login that this library has made up gives way to a subscriber's.
    fn give_way(&mut self, slot: Slot) -> Result<(), Unplanned> {
        let row = self.row(slot);
        let identity = &self.memory.identity;
        let Some(login) = &row.login else {
            return Ok(());
        };
        let key = identity.login(login);
        let wanted = self
            .wanted
            .login
            .as_deref()
            .map(|login| identity.login(login));
        let is_own = wanted.as_ref() == Some(&key);
        if is_own && !row.marked {
            return Err(refused("another row of the subscriber has the login").into());
        }
        if row.marked && (is_own || self.context.is_reserved(&key)) {
            let free = self.free_login()?;
            let differs = FieldDiff::new("login", Some(login.clone()), Some("another one"));
            self.update(
                "rename a further row",
                slot,
                RowChange::Login(free),
                differs,
            );
        }
        Ok(())
    }

    /// Returns the first of `ivanov-2`, `ivanov-3`, … that nobody has or is to
    /// have.
    pub(super) fn free_login(&self) -> Result<String, Unplanned> {
        let login = match (&self.wanted.login, self.rows.first()) {
            (Some(login), _) => login.clone(),
            (
                None,
                Some((
                    _,
                    Row {
                        login: Some(login), ..
                    },
                )),
            ) => login.clone(),
            _ => return Err(refused("a further row needs a login to begin with").into()),
        };
        let identity = &self.memory.identity;
        for number in 2_u32.. {
            let free = format!("{login}-{number}");
            let key = identity.login(&free);
            let own = |row: &Row| {
                row.login.as_deref().map(|own| identity.login(own)) == Some(key.clone())
            };
            if !self.context.is_reserved(&key)
                && !self.rows.iter().any(own)
                && self.context.holders(&key)?.is_empty()
            {
                return Ok(free);
            }
        }
        Err(refused("no further login is free").into())
    }
}
