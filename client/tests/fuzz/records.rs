//! Real answers of REST interfaces: the examples of their documents.

const ACCOUNTS: &str = r#"{"status":"OK","results":[{"login":"3210","full_name":"Test","account_number":"123","tariff_plan":"FULL","stb_sn":"123345","stb_mac":"00:1A:79:FF:FF:FF","stb_type":"MAG250","status":1,"subscribed":["1"]}]}"#;

const TARIFFS: &str = r#"{"status":"OK","results":[{"id":"1","external_id":"FULL","name":"Full","user_default":"1","packages":[{"id":"1","external_id":"7","name":"Sports","optional":"1"}]}]}"#;

const CHANNELS: &str =
    r#"{"status":"OK","results":[{"id":"1","name":"First","number":"1","base_ch":"1"}]}"#;

/// To a GET below `/ministra/`.
pub(crate) fn ministra(path: &str) -> &'static str {
    match path {
        _ if path.contains("/accounts") => ACCOUNTS,
        _ if path.contains("/tariffs") => TARIFFS,
        _ => CHANNELS,
    }
}

const ACCOUNT: &str = r#"{"id":4333,"login":"user","remote_custom_field":null,"fullname":"First name Last name","pin_md5":null,"contract_info":null,"main_address":null,"account_desc":null,"provider":212,"provider_dto":null,"region_tag":null,"region_dto":null,"enabled":true,"devices_per_account_limit":null}"#;

const SUBSCRIPTIONS: &str = r#"{"data":[{"start":"2020-05-19T00:00:00+0300","stop":null,"tarif":69,"id":13592,"account":4333,"tarif_dto":null,"account_dto":null},{"start":"2020-05-19T00:00:00+0300","stop":"2020-05-20T00:00:00+0300","tarif":70,"id":13593,"account":4333,"tarif_dto":null,"account_dto":null}],"total":2,"start":0,"limit":100}"#;

/// To a GET below `/tvip/`.
pub(crate) fn tvip(path: &str) -> &'static str {
    match path.contains("/accounts/") {
        true => ACCOUNT,
        false => SUBSCRIPTIONS,
    }
}
