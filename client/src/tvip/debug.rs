//! The `Debug` of accounts in logs: whether they have a name, not which.

use std::fmt;

use super::{Account, AccountChange, AccountFilter, NewAccount};
use crate::redacted::Redacted;

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .field("login", &Redacted(self.login.as_str()))
            .field("remote_custom_field", &Redacted(&self.remote_custom_field))
            .field("fullname", &Redacted(&self.fullname))
            .field("pin_md5", &self.pin_md5)
            .field("contract_info", &Redacted(&self.contract_info))
            .field("main_address", &Redacted(&self.main_address))
            .field("account_desc", &Redacted(&self.account_desc))
            .field("provider", &self.provider)
            .field("provider_dto", &self.provider_dto)
            .field("region_tag", &self.region_tag)
            .field("region_dto", &self.region_dto)
            .field("enabled", &self.enabled)
            .field("devices_per_account_limit", &self.devices_per_account_limit)
            .field("last_online", &self.last_online)
            .field("created", &self.created)
            .field("updated", &self.updated)
            .finish()
    }
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccount")
            .field("enabled", &self.enabled)
            .field("login", &Redacted(self.login.as_str()))
            .field("password", &self.password)
            .field("fullname", &Redacted(&self.fullname))
            .field("provider", &self.provider)
            .field("remote_custom_field", &Redacted(&self.remote_custom_field))
            .field("contract_info", &Redacted(&self.contract_info))
            .field("main_address", &Redacted(&self.main_address))
            .field("account_desc", &Redacted(&self.account_desc))
            .field("region_tag", &self.region_tag)
            .field("devices_per_account_limit", &self.devices_per_account_limit)
            .finish()
    }
}

impl fmt::Debug for AccountChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountChange")
            .field("enabled", &self.enabled)
            .field("login", &Redacted(&self.login))
            .field("password", &self.password)
            .field("fullname", &Redacted(&self.fullname))
            .field("provider", &self.provider)
            .field("remote_custom_field", &Redacted(&self.remote_custom_field))
            .field("contract_info", &Redacted(&self.contract_info))
            .field("main_address", &Redacted(&self.main_address))
            .field("account_desc", &Redacted(&self.account_desc))
            .field("region_tag", &self.region_tag)
            .field("devices_per_account_limit", &self.devices_per_account_limit)
            .finish()
    }
}

impl fmt::Debug for AccountFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountFilter")
            .field("provider", &self.provider)
            .field("region_tag", &self.region_tag)
            .field("enabled", &self.enabled)
            .field("login", &Redacted(&self.login))
            .field("remote_custom_field", &Redacted(&self.remote_custom_field))
            .field("quick_search", &Redacted(&self.quick_search))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal_does_not_show() {
        let answer = r#"{"id":7,"login":"planted","remote_custom_field":"planted",
            "fullname":"planted","pin_md5":"planted","contract_info":"planted",
            "main_address":"planted","account_desc":null,"provider":1,"enabled":true}"#;
        let account: Account = serde_json::from_str(answer).unwrap();
        let shown = format!("{account:?}");
        assert!(!shown.contains("planted"), "{shown}");
        assert!(shown.contains("id: AccountId(7), login: …"), "{shown}");
        assert!(shown.contains("main_address: Some(…)"), "{shown}");
        assert!(shown.contains("account_desc: None"), "{shown}");
    }
}
