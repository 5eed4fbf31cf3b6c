//! Every example of the vendor's two documents, newer and of 2012, as a call:
//! what is sent, and what the documented answer is read as.
//!
//! The answers are the documents' own, with the brackets they forgot; `…` is
//! where they leave something out.

use std::fmt::{self, Debug};

use jsonsql_client::Error;
use jsonsql_client::ministra::{
    Account, AccountNumber, AccountPatch, ChannelId, Event, ItvSubscriptionPatch, Login, Ministra,
    ModulesPatch, NewAccount, NewReseller, NewStb, PackageChange, PackageExternalId, PackageSet,
    PlanExternalId, ResellerId, Stb, StbMessage, StbPatch,
};
use jsonsql_client::model::MacAddr;

use crate::canned::Canned;

/// The call's request and what its answer was read as.
async fn shown<T: Debug>(
    transcript: &mut String,
    answer: &str,
    call: impl AsyncFnOnce(Ministra) -> Result<T, Error>,
) {
    let (ministra, canned) = Canned::ministra("/api", &[(200, answer)]);
    let answer = call(ministra).await.unwrap();
    let sent = canned.sent();
    let [sent] = sent.as_slice() else {
        panic!("sent {} times", sent.len())
    };
    let path = sent.path.trim_start_matches("/api/");
    transcript.push_str(&format!("> {} {path}\n", sent.method));
    if sent.is_form {
        transcript.push_str(&format!("> {}\n", sent.body));
    }
    transcript.push_str(&format!("< {}\n", brief(&format!("{answer:?}"))));
}

/// Without what is not there.
fn brief(debug: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for part in debug.split(", ") {
        let (field, end) = part.split_at(part.find(" }").unwrap_or(part.len()));
        let is_empty = field.ends_with(": None") || field.ends_with(": []");
        match kept.last_mut() {
            Some(last) if is_empty && !field.contains('{') => last.push_str(end),
            _ => kept.push(part.to_owned()),
        }
    }
    kept.join(", ").replace("Some(", "(")
}

/// Printed with what `Debug` hides of a subscriber.
struct Whole<T>(T);

trait Record {
    fn whole(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<T: Record> Debug for Whole<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.whole(f)
    }
}

impl<T: Record> Record for Vec<T> {
    fn whole(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Whole)).finish()
    }
}

impl<T: Record> Record for &T {
    fn whole(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).whole(f)
    }
}

impl Record for Stb {
    fn whole(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stb")
            .field("mac", &self.mac)
            .field("ip", &self.ip)
            .field("ls", &self.ls)
            .field("version", &self.version)
            .field("status", &self.status)
            .field("additional_services_on", &self.additional_services_on)
            .field("last_active", &self.last_active)
            .field("login", &self.login)
            .field("account_balance", &self.account_balance)
            .field("online", &self.online)
            .field("end_date", &self.end_date)
            .field("reseller_id", &self.reseller_id)
            .finish()
    }
}

impl Record for Account {
    fn whole(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("login", &self.login)
            .field("full_name", &self.full_name)
            .field("phone", &self.phone)
            .field("account_number", &self.account_number)
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
            .field("comment", &self.comment)
            .field("end_date", &self.end_date)
            .field("account_balance", &self.account_balance)
            .field("last_active", &self.last_active)
            .field("reseller_id", &self.reseller_id)
            .field("reseller_name", &self.reseller_name)
            .field("subscribed", &self.subscribed)
            .field("subscribed_id", &self.subscribed_id)
            .finish()
    }
}

const TRUE: &str = r#"{"status":"OK","results":true}"#;

fn number(text: &str) -> AccountNumber {
    AccountNumber::new(text).unwrap()
}

fn second() -> MacAddr {
    "00:1A:79:00:39:5E".parse().unwrap()
}

#[tokio::test]
async fn stb() {
    let mut seen = String::new();
    let two = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:15:B3","status":0,"additional_services_on":"0","ls":1553,"login":"1553","online":"1"},{"mac":"00:1A:79:00:39:5E","status":0,"additional_services_on":"1","ls":3,"login":"3","online":"0"}]}"#;
    shown(&mut seen, two, async |m: Ministra| {
        m.stb().list().await.map(Whole)
    })
    .await;
    // 2012: without login and online.
    let two = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:15:B3","status":0,"additional_services_on":"0","ls":1553},{"mac":"00:1A:79:00:39:5E","status":0,"additional_services_on":"1","ls":3}]}"#;
    shown(&mut seen, two, async |m: Ministra| {
        m.stb().list().await.map(Whole)
    })
    .await;
    let one = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:39:5E","status":1,"additional_services_on":"1","ls":1553,"login":"1553","online":"1"}]}"#;
    shown(&mut seen, one, async |m: Ministra| {
        m.stb().get(number("1553")).await.map(Whole)
    })
    .await;
    let two = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:39:5E","status":1,"additional_services_on":"1","ls":1553,"login":"1553","online":"1"},{"mac":"00:1A:79:00:21:40","status":0,"additional_services_on":"0","ls":3,"login":"3","online":"0"}]}"#;
    shown(&mut seen, two, async |m: Ministra| {
        m.stb()
            .get(vec![number("1553"), number("3")])
            .await
            .map(Whole)
    })
    .await;
    let one = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:39:5E","status":1,"additional_services_on":"0","ls":1553}]}"#;
    shown(&mut seen, one, async |m: Ministra| {
        let patch = StbPatch {
            status: Some(true),
            additional_services_on: Some(false),
            ..StbPatch::default()
        };
        m.stb().update(number("1553"), &patch).await.map(Whole)
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.stb().delete(number("1553")).await
    })
    .await;
    let one = r#"{"status":"OK","results":{"mac":"","status":1,"additional_services_on":"1","ls":"0","login":"test"}}"#;
    shown(&mut seen, one, async |m: Ministra| {
        let new = NewStb::of_login(Login::new("test").unwrap(), "1234");
        m.stb().create(&new).await.map(Whole)
    })
    .await;
    let one = r#"{"status":"OK","results":{"mac":"00:1A:79:00:39:5E","status":1,"additional_services_on":"0","ls":"0","login":""}}"#;
    shown(&mut seen, one, async |m: Ministra| {
        let new = NewStb {
            additional_services_on: Some(false),
            ..NewStb::of_mac(second())
        };
        m.stb().create(&new).await.map(Whole)
    })
    .await;
    insta::assert_snapshot!(seen, @r#"
    > GET stb
    < [Stb { mac: ("00:1A:79:00:15:B3"), ls: ("1553"), status: false, additional_services_on: false, login: "1553", online: (true) }, Stb { mac: ("00:1A:79:00:39:5E"), ls: ("3"), status: false, additional_services_on: true, login: "3", online: (false) }]
    > GET stb
    < [Stb { mac: ("00:1A:79:00:15:B3"), ls: ("1553"), status: false, additional_services_on: false, login: "" }, Stb { mac: ("00:1A:79:00:39:5E"), ls: ("3"), status: false, additional_services_on: true, login: "" }]
    > GET stb/1553
    < [Stb { mac: ("00:1A:79:00:39:5E"), ls: ("1553"), status: true, additional_services_on: true, login: "1553", online: (true) }]
    > GET stb/1553,3
    < [Stb { mac: ("00:1A:79:00:39:5E"), ls: ("1553"), status: true, additional_services_on: true, login: "1553", online: (true) }, Stb { mac: ("00:1A:79:00:21:40"), ls: ("3"), status: false, additional_services_on: false, login: "3", online: (false) }]
    > PUT stb/1553
    > status=1&additional_services_on=0
    < [Stb { mac: ("00:1A:79:00:39:5E"), ls: ("1553"), status: true, additional_services_on: false, login: "" }]
    > DELETE stb/1553
    < ()
    > POST stb/
    > login=test&password=1234
    < Stb { mac: None, ls: ("0"), status: true, additional_services_on: true, login: "test" }
    > POST stb/
    > mac=00%3A1A%3A79%3A00%3A39%3A5E&additional_services_on=0
    < Stb { mac: ("00:1A:79:00:39:5E"), ls: ("0"), status: true, additional_services_on: false, login: "" }
    "#);
}

#[tokio::test]
async fn accounts_and_users() {
    let mut seen = String::new();
    let one = r#"{"status":"OK","results":[{"login":"3210","full_name":"Test","account_number":"123","tariff_plan":"FULL","stb_sn":"123345","stb_mac":"FF:FF:FF:FF:FF:FF","stb_type":"MAG250","status":1,"subscribed":[]}]}"#;
    shown(&mut seen, one, async |m: Ministra| {
        m.accounts().get(second()).await.map(Whole)
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        let new = NewAccount {
            password: Some("1234".into()),
            full_name: Some("Test".to_owned()),
            account_number: Some(number("123")),
            tariff_plan: Some(PlanExternalId::new("FULL").unwrap()),
            status: Some(true),
            ..NewAccount::new(Login::new("3210").unwrap())
        };
        m.accounts().create(&new).await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        let patch = AccountPatch {
            tariff_plan: Some(PlanExternalId::new("STANDART").unwrap()),
            ..AccountPatch::default()
        };
        m.accounts().update(second(), &patch).await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.accounts().delete(second()).await
    })
    .await;
    let one = r#"{"status":"OK","results":{"login":"3210","full_name":"Test","account_number":"123","tariff_plan":"FULL","stb_sn":"123345","stb_mac":"FF:FF:FF:FF:FF:FF","stb_type":"MAG250","status":1,"subscribed":[]}}"#;
    shown(&mut seen, one, async |m: Ministra| {
        m.users().get(Login::new("3210").unwrap()).await.map(Whole)
    })
    .await;
    insta::assert_snapshot!(seen, @r#"
    > GET accounts/00:1A:79:00:39:5E
    < [Account { login: "3210", full_name: ("Test"), account_number: ("123"), tariff_plan: ("FULL"), stb_sn: ("123345"), stb_mac: ("FF:FF:FF:FF:FF:FF"), stb_type: ("MAG250"), status: true }]
    > POST accounts/
    > login=3210&password=1234&full_name=Test&account_number=123&tariff_plan=FULL&status=1
    < ()
    > PUT accounts/00:1A:79:00:39:5E
    > tariff_plan=STANDART
    < ()
    > DELETE accounts/00:1A:79:00:39:5E
    < ()
    > GET users/3210
    < Account { login: "3210", full_name: ("Test"), account_number: ("123"), tariff_plan: ("FULL"), stb_sn: ("123345"), stb_mac: ("FF:FF:FF:FF:FF:FF"), stb_type: ("MAG250"), status: true }
    "#);
}

#[tokio::test]
async fn messages_and_events() {
    let mut seen = String::new();
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.stb_msg()
            .send(number("1553"), &StbMessage::new("проверка связи"))
            .await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.send_event().broadcast(Event::Reboot).await
    })
    .await;
    let mac: MacAddr = "00:1A:79:00:00:00".parse().unwrap();
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.send_event().send(mac, Event::PlayChannel(10)).await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.send_event().send(number("12345"), Event::CutOff).await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.send_event().send(mac, Event::ShowMenu).await
    })
    .await;
    insta::assert_snapshot!(seen, @r#"
    > POST stb_msg/1553
    > msg=%D0%BF%D1%80%D0%BE%D0%B2%D0%B5%D1%80%D0%BA%D0%B0%20%D1%81%D0%B2%D1%8F%D0%B7%D0%B8
    < ()
    > POST send_event/
    > event=reboot
    < ()
    > POST send_event/00:1A:79:00:00:00
    > event=play_channel&channel=10
    < ()
    > POST send_event/12345
    > event=cut_off
    < ()
    > POST send_event/00:1A:79:00:00:00
    > event=show_menu
    < ()
    "#);
}

/// The document of 2012 posts these; both list PUT as the method.
#[tokio::test]
async fn modules() {
    let mut seen = String::new();
    let set =
        r#"{"status":"OK","results":{"disabled":["radio"],"restricted":["vclub","karaoke"]}}"#;
    let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    let patch = ModulesPatch {
        disabled: names(&["radio"]),
        restricted: names(&["vclub", "karaoke"]),
    };
    shown(&mut seen, set, async |m: Ministra| {
        m.stb_modules().update(second(), &patch).await
    })
    .await;
    let cleared = r#"{"status":"OK","results":{"disabled":[""],"restricted":[""]}}"#;
    let patch = ModulesPatch {
        disabled: names(&[]),
        restricted: names(&[]),
    };
    shown(&mut seen, cleared, async |m: Ministra| {
        m.stb_modules().update(second(), &patch).await
    })
    .await;
    insta::assert_snapshot!(seen, @r#"
    > PUT stb_modules/00:1A:79:00:39:5E
    > disabled[]=radio&restricted[]=vclub&restricted[]=karaoke
    < Modules { disabled: ["radio"], restricted: ["vclub", "karaoke"] }
    > PUT stb_modules/00:1A:79:00:39:5E
    > disabled[]=&restricted[]=
    < Modules { disabled: [] }
    "#);
}

#[tokio::test]
async fn channels() {
    let mut seen = String::new();
    let all = r#"{"status":"OK","results":[{"id":"37","name":"\u041c-TV \u0423\u043a\u0440\u0430\u0438\u043d\u0430","number":"64"}]}"#;
    shown(&mut seen, all, async |m: Ministra| m.itv().list().await).await;
    let two = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:39:5E","sub_ch":["27"],"ls":1553,"additional_services_on":"0"},{"mac":"00:1A:79:00:15:B3","sub_ch":["27","29"],"ls":3,"additional_services_on":"0"}]}"#;
    shown(&mut seen, two, async |m: Ministra| {
        m.itv_subscription().list().await
    })
    .await;
    let two = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:39:5E","sub_ch":["27"],"ls":1553,"additional_services_on":"0"},{"sub_ch":["58"],"mac":"00:1A:79:00:15:B3","ls":"1553","additional_services_on":"0"}]}"#;
    shown(&mut seen, two, async |m: Ministra| {
        m.itv_subscription().get(number("1553")).await
    })
    .await;
    let one = r#"{"status":"OK","results":[{"mac":"00:1A:79:00:39:5E","sub_ch":["27"],"ls":1553,"additional_services_on":"0"}]}"#;
    shown(&mut seen, one, async |m: Ministra| {
        m.itv_subscription().get(second()).await
    })
    .await;
    let two = r#"{"status":"OK","results":[{"sub_ch":["27","29"],"mac":"00:1A:79:00:15:B3","ls":"1553","additional_services_on":"1"},{"sub_ch":["27","29"],"mac":"00:1A:79:00:39:5E","ls":"1553","additional_services_on":"1"}]}"#;
    shown(&mut seen, two, async |m: Ministra| {
        let patch = ItvSubscriptionPatch {
            sub_ch: Some(vec![
                ChannelId::new(27).unwrap(),
                ChannelId::new(29).unwrap(),
            ]),
            additional_services_on: Some(true),
        };
        m.itv_subscription().update(number("1553"), &patch).await
    })
    .await;
    insta::assert_snapshot!(seen, @r#"
    > GET itv
    < [Channel { id: ChannelId(37), name: "М-TV Украина", number: ("64"), base_ch: false, hd: false, enable_monitoring: false }]
    > GET itv_subscription
    < [ItvSubscription { sub_ch: ["27"], mac: ("00:1A:79:00:39:5E"), ls: ("1553"), additional_services_on: (false) }, ItvSubscription { sub_ch: ["27", "29"], mac: ("00:1A:79:00:15:B3"), ls: ("3"), additional_services_on: (false) }]
    > GET itv_subscription/1553
    < [ItvSubscription { sub_ch: ["27"], mac: ("00:1A:79:00:39:5E"), ls: ("1553"), additional_services_on: (false) }, ItvSubscription { sub_ch: ["58"], mac: ("00:1A:79:00:15:B3"), ls: ("1553"), additional_services_on: (false) }]
    > GET itv_subscription/00:1A:79:00:39:5E
    < [ItvSubscription { sub_ch: ["27"], mac: ("00:1A:79:00:39:5E"), ls: ("1553"), additional_services_on: (false) }]
    > PUT itv_subscription/1553
    > sub_ch[]=27&sub_ch[]=29&additional_services_on=1
    < [ItvSubscription { sub_ch: ["27", "29"], mac: ("00:1A:79:00:15:B3"), ls: ("1553"), additional_services_on: (true) }, ItvSubscription { sub_ch: ["27", "29"], mac: ("00:1A:79:00:39:5E"), ls: ("1553"), additional_services_on: (true) }]
    "#);
}

#[tokio::test]
async fn plans_and_packages() {
    let mut seen = String::new();
    let all = r#"{"status":"OK","results":[{"id":"10","external_id":"","name":"\u0422\u0430\u0440\u0438\u0444 \u041f\u0430\u043a\u0435\u0442 +","user_default":"0","packages":[{"id":"10","external_id":"all_video"}]}]}"#;
    shown(&mut seen, all, async |m: Ministra| m.tariffs().list().await).await;
    let all = r#"{"status":"OK","results":[{"id":"10","external_id":"all_video","name":"\u0412\u0441\u0435 \u0432\u0438\u0434\u0435\u043e","type":"video","description":"\u041f\u043e\u043b\u043d\u044b\u0439 \u0434\u043e\u0441\u0442\u0443\u043f \u043a \u0432\u0438\u0434\u0435\u043e\u043a\u043b\u0443\u0431\u0443","all_services":"1","service_type":"periodic","rent_duration":"0","services":"all"}]}"#;
    shown(&mut seen, all, async |m: Ministra| {
        m.services_package().list().await
    })
    .await;
    let one =
        r#"{"status":"OK","results":[{"mac":"00:1A:79:00:15:B3","subscribed":["tv_6","tv_3"]}]}"#;
    shown(&mut seen, one, async |m: Ministra| {
        m.account_subscription().get(number("1553")).await
    })
    .await;
    let sport = || PackageExternalId::new("tv_2").unwrap();
    let kids = || PackageExternalId::new("tv_3").unwrap();
    shown(&mut seen, TRUE, async |m: Ministra| {
        let change = PackageChange {
            subscribed: vec![sport()],
            ..PackageChange::default()
        };
        m.account_subscription()
            .change(number("1553"), &change)
            .await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        let change = PackageChange {
            unsubscribed: vec![sport()],
            ..PackageChange::default()
        };
        m.account_subscription()
            .change(number("1553"), &change)
            .await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        let set = PackageSet::External(vec![sport(), kids()]);
        m.account_subscription().replace(number("1553"), &set).await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.account_subscription().clear(number("1553")).await
    })
    .await;
    insta::assert_snapshot!(seen, @r#"
    > GET tariffs
    < [Tariff { id: TariffId(10), name: "Тариф Пакет +", user_default: false, packages: [TariffPackage { id: PackageId(10), external_id: ("all_video"), name: "", kind: "", all_services: false, service_type: "", optional: false }] }]
    > GET services_package
    < [ServicesPackage { id: PackageId(10), external_id: ("all_video"), name: "Все видео", description: ("Полный доступ к видеоклубу"), kind: "video", all_services: true, service_type: "periodic", rent_duration: (0), services: All }]
    > GET account_subscription/1553
    < [AccountSubscription { mac: ("00:1A:79:00:15:B3"), subscribed: ["tv_6", "tv_3"] }]
    > PUT account_subscription/1553
    > subscribed[]=tv_2
    < Done
    > PUT account_subscription/1553
    > unsubscribed[]=tv_2
    < Done
    > POST account_subscription/1553
    > subscribed[]=tv_2&subscribed[]=tv_3
    < Done
    > DELETE account_subscription/1553
    < Done
    "#);
}

#[tokio::test]
async fn resellers() {
    let mut seen = String::new();
    let all = r#"{"status":"OK","results":[{"id": "1","name": "Example Reseller","created": "2018-10-10 16:25:22","modified": "2019-04-08 10:38:46","max_users": "100","use_ip_ranges": "0"}]}"#;
    shown(&mut seen, all, async |m: Ministra| {
        m.reseller().list().await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        let new = NewReseller {
            name: "2".to_owned(),
            max_users: Some(200),
            use_ip_ranges: Some(false),
        };
        m.reseller().create(&new).await
    })
    .await;
    shown(&mut seen, TRUE, async |m: Ministra| {
        m.reseller().delete(ResellerId::new(2).unwrap()).await
    })
    .await;
    insta::assert_snapshot!(seen, @r#"
    > GET reseller
    < [Reseller { id: ResellerId(1), name: "Example Reseller", created: (2018-10-10T16:25:22), modified: (2019-04-08T10:38:46), max_users: (100), use_ip_ranges: false }]
    > POST reseller
    > name=2&max_users=200&use_ip_ranges=0
    < Done
    > DELETE reseller/2
    < ()
    "#);
}
