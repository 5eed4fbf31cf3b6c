//! A new subscriber, with all that goes into one request.

use secrecy::ExposeSecret as _;

use super::super::rows::Row;
use super::super::write::{MinistraWrite, Write};
use super::super::{refused, values};
use super::{Planning, shown};
use crate::model::{MacAddr, Patch};
use crate::provisioning::desired::TerminalKey;
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};

impl Planning<'_> {
    pub(super) fn create(&mut self) -> Result<(), Unplanned> {
        let Some(login) = &self.wanted.login else {
            return Err(refused("a new subscriber needs a login").into());
        };
        let mut row = Row::of_login(values::login(login)?.as_str());
        if let Patch::Set(reference) = &self.wanted.external_ref {
            row.0.account_number = Some(values::number(reference.as_str())?.to_string());
        }
        row.0.status = self.wanted.enabled.unwrap_or(true);
        row.0.full_name = self.given("name", &self.wanted.name, Some(values::COLUMN))?;
        row.0.phone = self.given("phone", &self.wanted.phone, Some(values::COLUMN))?;
        row.0.comment = self.given("note", &self.wanted.note, None)?;
        if let Some(plan) = self.wanted_plan()? {
            row.0.tariff_plan = Some(plan.as_str().to_owned());
        }
        let mut differs = vec![FieldDiff::new(
            "account",
            None::<String>,
            Some(login.clone()),
        )];
        if let Some(mac) = self.first_box()? {
            row.0.stb_mac = Some(super::super::rows::written(mac));
            differs.push(FieldDiff::new(
                "terminals",
                None::<String>,
                Some(shown(mac)),
            ));
        }
        let password = self.wanted.password.clone();
        if let Some(password) = &password {
            values::password(password.expose_secret())?;
        }
        let has_password = password.is_some();
        let write = Write::Create(Box::new(row), password);
        let mut step = Step::new("create the account", MinistraWrite(write)).never_again();
        if has_password {
            // Acknowledged, it need not be written once more.
            step = step.blind();
        }
        self.push(step, differs);
        Ok(())
    }

    fn given(
        &mut self,
        field: &'static str,
        wanted: &Patch<String>,
        longest: Option<usize>,
    ) -> Result<Option<String>, Unplanned> {
        match wanted {
            Patch::Set(text) => Ok(self.text(field, text, longest)?),
            Patch::Keep | Patch::Clear => Ok(None),
        }
    }

    /// Returns the box that the account is created with: not one that the
    /// server has added, which would be there a second time.
    fn first_box(&self) -> Result<Option<MacAddr>, Unplanned> {
        let Some(mac) = self.wanted.terminals.wanted().first().and_then(mac_of) else {
            return Ok(None);
        };
        let loose = self.loose(mac)?;
        Ok(loose.is_empty().then_some(mac))
    }

    /// Returns the boxes with this address that the server has added by itself.
    pub(super) fn loose(&self, mac: MacAddr) -> Result<Vec<Row>, Unplanned> {
        let holders = self.context.holders(&self.identity.mac(mac))?;
        let loose = holders.into_iter().filter(|rows| rows.is_loose());
        Ok(loose.flat_map(|rows| rows.0.iter().cloned()).collect())
    }
}

pub(super) fn mac_of(key: &TerminalKey) -> Option<MacAddr> {
    match key {
        TerminalKey::Mac(mac) => Some(*mac),
        TerminalKey::Id(id) => id.as_str().parse().ok(),
    }
}
