//! The `Debug` of accounts and boxes in logs: whether they have a name, not
//! which. A box shows, as on every platform.

use std::fmt;

use super::{Account, AccountPatch, NewAccount, NewStb, Stb, StbPatch};
use crate::redacted::Redacted;

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("login", &Redacted(self.login.as_str()))
            .field("full_name", &Redacted(&self.full_name))
            .field("phone", &Redacted(&self.phone))
            .field("account_number", &Redacted(&self.account_number))
            .field("tariff_plan", &self.tariff_plan)
            .field("tariff_expired_date", &self.tariff_expired_date)
            .field("tariff_instead_expired", &self.tariff_instead_expired)
            .field("stb_sn", &self.stb_sn)
            .field("stb_mac", &self.stb_mac)
            .field("stb_type", &self.stb_type)
            .field("status", &self.status)
            .field("online", &self.online)
            .field("ip", &self.ip)
            .field("version", &self.version)
            .field("comment", &Redacted(&self.comment))
            .field("end_date", &self.end_date)
            .field("account_balance", &Redacted(&self.account_balance))
            .field("last_active", &self.last_active)
            .field("reseller_id", &self.reseller_id)
            .field("reseller_name", &self.reseller_name)
            .field("subscribed", &self.subscribed)
            .field("subscribed_id", &self.subscribed_id)
            .finish()
    }
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccount")
            .field("login", &Redacted(self.login.as_str()))
            .field("password", &self.password)
            .field("full_name", &Redacted(&self.full_name))
            .field("phone", &Redacted(&self.phone))
            .field("account_number", &Redacted(&self.account_number))
            .field("tariff_plan", &self.tariff_plan)
            .field("tariff_expired_date", &self.tariff_expired_date)
            .field("tariff_instead_expired", &self.tariff_instead_expired)
            .field("status", &self.status)
            .field("stb_mac", &self.stb_mac)
            .field("comment", &Redacted(&self.comment))
            .field("end_date", &self.end_date)
            .field("account_balance", &Redacted(&self.account_balance))
            .field("reseller_id", &self.reseller_id)
            .finish()
    }
}

impl fmt::Debug for AccountPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountPatch")
            .field("login", &Redacted(&self.login))
            .field("password", &self.password)
            .field("full_name", &Redacted(&self.full_name))
            .field("phone", &Redacted(&self.phone))
            .field("account_number", &Redacted(&self.account_number))
            .field("tariff_plan", &self.tariff_plan)
            .field("tariff_expired_date", &self.tariff_expired_date)
            .field("tariff_instead_expired", &self.tariff_instead_expired)
            .field("status", &self.status)
            .field("stb_mac", &self.stb_mac)
            .field("comment", &Redacted(&self.comment))
            .field("end_date", &self.end_date)
            .field("account_balance", &Redacted(&self.account_balance))
            .field("reseller_id", &self.reseller_id)
            .finish()
    }
}

impl fmt::Debug for Stb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stb")
            .field("mac", &self.mac)
            .field("ip", &self.ip)
            .field("ls", &Redacted(&self.ls))
            .field("version", &self.version)
            .field("status", &self.status)
            .field("additional_services_on", &self.additional_services_on)
            .field("last_active", &self.last_active)
            .field("login", &Redacted(self.login.as_str()))
            .field("account_balance", &Redacted(&self.account_balance))
            .field("online", &self.online)
            .field("end_date", &self.end_date)
            .field("reseller_id", &self.reseller_id)
            .finish()
    }
}

impl fmt::Debug for NewStb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewStb")
            .field("mac", &self.mac)
            .field("login", &Redacted(&self.login))
            .field("password", &self.password)
            .field("additional_services_on", &self.additional_services_on)
            .field("ls", &Redacted(&self.ls))
            .field("end_date", &self.end_date)
            .field("account_balance", &Redacted(&self.account_balance))
            .finish()
    }
}

impl fmt::Debug for StbPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StbPatch")
            .field("status", &self.status)
            .field("additional_services_on", &self.additional_services_on)
            .field("ls", &Redacted(&self.ls))
            .field("end_date", &self.end_date)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Patch;

    #[test]
    fn what_is_personal_does_not_show() {
        let account: Account = serde_json::from_str(
            r#"{"login":"planted","full_name":"planted","phone":"planted","status":1,
                "account_number":"planted","comment":"planted","account_balance":"planted",
                "stb_mac":"00:1A:79:00:15:B3"}"#,
        )
        .unwrap();
        let stb: Stb = serde_json::from_str(
            r#"{"mac":"00:1A:79:00:15:B3","ls":"planted","status":0,"login":"planted",
                "account_balance":"planted"}"#,
        )
        .unwrap();
        let patch = AccountPatch {
            full_name: Patch::Set("planted".to_owned()),
            phone: Patch::Clear,
            ..AccountPatch::default()
        };
        let shown = format!("{account:?} {stb:?} {patch:?}");
        assert!(!shown.contains("planted"), "{shown}");
        for seen in [
            "Account { login: …, full_name: Some(…)",
            "stb_mac: Some(\"00:1A:79:00:15:B3\")",
            "ls: Some(…)",
            "full_name: Set(…), phone: Clear, account_number: Keep",
        ] {
            assert!(shown.contains(seen), "{seen} in {shown}");
        }
    }
}
