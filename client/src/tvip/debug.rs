//! The `Debug` of accounts in logs: whether they have a name, not which.

use super::{Account, AccountChange, AccountFilter, NewAccount};
use crate::redacted::redacted_debug;

redacted_debug! { Account {
    id, login hidden, remote_custom_field hidden, fullname hidden, pin_md5, contract_info hidden,
    main_address hidden, account_desc hidden, provider, provider_dto, region_tag, region_dto,
    enabled, devices_per_account_limit, last_online, created, updated,
} }

redacted_debug! { NewAccount {
    enabled, login hidden, password, fullname hidden, provider, remote_custom_field hidden,
    contract_info hidden, main_address hidden, account_desc hidden, region_tag,
    devices_per_account_limit,
} }

redacted_debug! { AccountChange {
    enabled, login hidden, password, fullname hidden, provider, remote_custom_field hidden,
    contract_info hidden, main_address hidden, account_desc hidden, region_tag,
    devices_per_account_limit,
} }

redacted_debug! { AccountFilter {
    provider, region_tag, enabled, login hidden, remote_custom_field hidden, quick_search hidden,
} }

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
