//! The fields of the platforms' documents that the model has no place for.

use jsonsql_client::Client;
use jsonsql_client::model::{Extra, Timestamp};
use jsonsql_client::provisioning::{
    IptvPortal, Ministra, MinistraRows, Platform, Tvip, TvipRows, View,
};
use jsonsql_client::schema::{self, DomainId, SubscriberId, TerminalId};
use jsonsql_client::{ministra, tvip};
use serde_json::json;

fn shown(extra: &Extra) -> String {
    let fields: Vec<_> = extra
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    fields.join(" ")
}

fn both(view: &View) -> (String, String) {
    let subscriber = view.subscriber.as_ref().unwrap();
    (shown(&subscriber.extra), shown(&view.terminals[0].extra))
}

#[test]
fn iptvportal_tells_the_parts_of_a_name_and_who_keeps_the_subscriber() {
    let client = Client::builder()
        .url("http://127.0.0.1:9/api")
        .credentials("admin", "adminpassword");
    let portal = IptvPortal::new(client.build().unwrap());
    let subscriber = schema::Subscriber {
        id: SubscriberId(1),
        domain_id: DomainId(1),
        username: "a".to_owned(),
        password: Some(schema::Password("secret".to_owned())),
        disabled: false,
        email: None,
        phone: None,
        address: None,
        first_name: Some("Anna".to_owned()),
        middle_name: None,
        surname: Some("Orlova".to_owned()),
        max_terminal: None,
        billing: None,
        kind: Some("BILL".to_owned()),
        business: None,
    };
    let terminal = schema::Terminal {
        id: TerminalId(1),
        subscriber_id: Some(SubscriberId(1)),
        mac_addr: None,
        inet_addr: None,
        registered: false,
    };
    let rows = portal.rows(Some(subscriber), vec![terminal], Vec::new());
    let view = portal.view(&rows, None, Timestamp::UNIX_EPOCH);
    let (subscriber, terminal) = both(&view);
    assert_eq!(subscriber, "first_name=Anna surname=Orlova type=BILL");
    assert_eq!(terminal, "registered=false");
    let debug = format!("{view:?}");
    assert!(!debug.contains("Orlova"), "{debug}");
}

#[test]
fn ministra_tells_dates_balance_and_reseller() {
    let client = ministra::Ministra::builder().url("http://127.0.0.1:9/stalker_portal/api/");
    let platform = Ministra::new(client.build().unwrap());
    let account = json!({
        "login": "a", "account_number": "c1", "status": 1, "stb_mac": "00:1A:79:00:00:01",
        "end_date": "2027-01-01 00:00:00", "account_balance": "12.50",
        "last_active": "2026-11-25 20:00:00", "reseller_id": 4, "reseller_name": "North",
    });
    let rows = MinistraRows::new([serde_json::from_value(account).unwrap()]);
    let view = platform.view(&rows, None, Timestamp::UNIX_EPOCH);
    let (subscriber, terminal) = both(&view);
    assert_eq!(
        subscriber,
        "account_balance=12.50 end_date=2027-01-01T00:00:00 reseller_id=4 reseller_name=North"
    );
    assert_eq!(terminal, "login=a last_active=2026-11-25T20:00:00");
}

#[test]
fn tvip_tells_contract_region_and_the_systems_of_devices() {
    let client = tvip::Tvip::builder()
        .url("http://127.0.0.1:9/api/provider")
        .credentials("admin", "adminpassword");
    let platform = Tvip::new(client.build().unwrap());
    let account = json!({
        "id": 7, "login": "a", "enabled": true, "contract_info": "2026/17", "region_tag": 3,
        "pin_md5": "900150983cd24fb0d6963f7d28e17f72",
    });
    let device = json!({
        "id": 1, "unique_id": "00:1a:79:00:00:01", "account": 7, "comment": "kitchen",
        "operation_system": "linux", "use_nat": true,
    });
    let rows = TvipRows::of_records(
        Some(serde_json::from_value(account).unwrap()),
        vec![serde_json::from_value(device).unwrap()],
        Vec::new(),
        Vec::new(),
    );
    let view = platform.view(&rows, None, Timestamp::UNIX_EPOCH);
    let (subscriber, terminal) = both(&view);
    assert_eq!(subscriber, "contract_info=2026/17 region_tag=3");
    assert_eq!(
        terminal,
        "comment=kitchen operation_system=linux use_nat=true"
    );
}
