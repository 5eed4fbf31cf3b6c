//! The `Debug` of accounts and boxes in logs: whether they have a name, not
//! which. A box shows, as on every platform.

use std::fmt;

use super::identifier::Login;
use super::{Account, AccountPatch, NewAccount, NewStb, Stb, StbPatch};
use crate::redacted::{Redacted, redacted_debug};

impl fmt::Debug for Redacted<'_, Login> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

redacted_debug! { Account {
    login hidden, full_name hidden, phone hidden, account_number hidden, tariff_plan,
    tariff_expired_date, tariff_instead_expired, stb_sn, stb_mac, stb_type, status, online, ip,
    version, comment hidden, end_date, account_balance hidden, last_active, reseller_id,
    reseller_name, subscribed, subscribed_id,
} }

redacted_debug! { NewAccount {
    login hidden, password, full_name hidden, phone hidden, account_number hidden, tariff_plan,
    tariff_expired_date, tariff_instead_expired, status, stb_mac, comment hidden, end_date,
    account_balance hidden, reseller_id,
} }

redacted_debug! { AccountPatch {
    login hidden, password, full_name hidden, phone hidden, account_number hidden, tariff_plan,
    tariff_expired_date, tariff_instead_expired, status, stb_mac, comment hidden, end_date,
    account_balance hidden, reseller_id,
} }

redacted_debug! { Stb {
    mac, ip, ls hidden, version, status, additional_services_on, last_active, login hidden,
    account_balance hidden, online, end_date, reseller_id,
} }

redacted_debug! { NewStb {
    mac, login hidden, password, additional_services_on, ls hidden, end_date,
    account_balance hidden,
} }

redacted_debug! { StbPatch {
    status, additional_services_on, ls hidden, end_date,
} }

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
