//! Every exchange recorded from a real 4.9.35 that a call can produce: the call
//! sends what was recorded, and takes the answer for what it is.

use std::collections::BTreeMap;

use jsonsql_client::ministra::{
    AccountKey, AccountKeys, AccountNumber, AccountPatch, ChannelId, DateTime, Event,
    ItvSubscriptionPatch, Login, Ministra, ModulesPatch, NewAccount, NewEvent, NewStb, Outcome,
    PackageChange, PackageExternalId, PackageId, PlanExternalId, StbMessage, StbPatch, TariffId,
    UserKey,
};
use jsonsql_client::model::{MacAddr, Patch};
use jsonsql_client::{Error, RejectionKind};
use serde::Deserialize;
use serde_json::Value;

use crate::canned::Canned;

#[derive(Deserialize)]
struct Exchange {
    n: u32,
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    body: String,
}

/// What a call came to.
#[derive(Debug, PartialEq)]
enum Got {
    Done,
    NotDone,
    /// What tells the rows apart.
    Rows(Vec<String>),
    Denied,
    Status(u16),
    Rejected(RejectionKind),
}

/// Why there is no call for an exchange.
type No = String;

#[tokio::test]
async fn recorded_exchanges_are_sent_and_taken_as_they_are() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/ministra-exchanges.jsonl"
    );
    let lines = std::fs::read_to_string(path).unwrap();
    let (mut covered, mut all) = (0, 0);
    let mut left = BTreeMap::<No, Vec<u32>>::new();
    for line in lines.lines() {
        let exchange: Exchange = serde_json::from_str(line).unwrap();
        all += 1;
        match replayed(&exchange).await {
            Ok(()) => covered += 1,
            Err(why) => left.entry(why).or_default().push(exchange.n),
        }
    }
    let left: String = left
        .iter()
        .map(|(why, n)| format!("{why}: {n:?}\n"))
        .collect();
    insta::assert_snapshot!(format!("{covered} of {all}\n{left}"), @r"
    127 of 266
    `end_date` that is none: [176]
    `mac` that is none: [96, 97]
    `stb_mac` that is none: [137, 172]
    a flag that is neither 0 nor 1: [72, 73, 74, 75]
    a query: [31, 32]
    a resource, or a method of it, that is not there: [13, 21, 22, 24, 25, 40, 41, 42, 43, 44, 45, 46, 47, 48, 105, 153, 242, 271, 272, 274]
    addresses are sent in capitals: [56]
    addresses are sent with colons, dates with the time of day: [95, 139, 155]
    addresses are sent with colons, identifiers once: [57, 58, 65, 122, 125]
    an identifier with a slash: [26, 29, 30, 363]
    another method: [12, 14, 15, 39]
    both account numbers and addresses: [60, 61, 128]
    everybody, where no call is: [84, 85, 88, 179, 184, 273]
    fields that have no place in the call: [78, 80, 83, 98, 99, 104, 107, 109, 177, 229, 230, 231, 232, 233, 234, 235, 325, 328, 335]
    no channel: [237]
    no event there is: [238, 239]
    no login: [132, 149, 151]
    no resource: [10, 11, 28]
    nothing to be written: [81, 82, 103, 150, 178, 218, 240, 334]
    percent signs: nothing in an identifier needs any: [33, 34, 35]
    refused: `account_balance` is longer than 16 characters, to which it is cut: [145]
    refused: `password` is empty, which the server leaves out: [166]
    refused: a MAC address, or a login and a password, are needed: [101]
    refused: a message that is empty or 0 is none: [216, 217, 219, 236]
    refused: a package is to be both added and removed: [324]
    refused: an account number of 12 or more characters is taken for a MAC address here; use the box's own: [66, 67, 317]
    refused: is 0, which the server takes for all there are: [301]
    refused: is 0, which the server takes for everybody: [38, 134, 355, 356, 357, 358, 359, 360, 362]
    refused: is blank, which the server takes for everybody: [36, 37, 133]
    refused: is empty: it stands for every package that has none: [336]
    refused: is empty: the server would answer with a fault of its database: [143, 160]
    refused: is longer than 64 characters, to which the server cuts it: [147]
    refused: is not a number: [270, 299, 302, 303, 310]
    seconds that are no number: [220]
    several identifiers, where the call takes one: [180, 185, 315, 316, 338]
    the slash at the end is where the documents have it: [27, 106, 136, 152]
    ");
}

async fn replayed(exchange: &Exchange) -> Result<(), No> {
    let request = &exchange.request;
    let (base, path) = split(&request.path)?;
    let answer = (exchange.response.status, exchange.response.body.as_str());
    let (ministra, canned) = Canned::ministra(base, &[answer]);
    let got = called(&ministra, request, path).await?;
    let sent = canned.sent();
    let [sent] = sent.as_slice() else {
        panic!("{}: sent {} times", exchange.n, sent.len());
    };
    if sent.path != request.path {
        let other = sent.path.to_lowercase() == request.path.to_lowercase();
        let slash = sent.path.trim_end_matches('/') == request.path.trim_end_matches('/');
        return Err(match (other, slash) {
            (_, true) => "the slash at the end is where the documents have it".to_owned(),
            (true, _) => "addresses are sent in capitals".to_owned(),
            _ => "addresses are sent with colons, identifiers once".to_owned(),
        });
    }
    assert_eq!(sent.method.name(), request.method, "{}", exchange.n);
    assert!(sent.is_basic);
    assert_eq!(
        sent.is_form,
        request.method == "POST" || request.method == "PUT"
    );
    let recorded = request.body.as_deref().unwrap_or_default();
    if fields(&sent.body) != fields(recorded) {
        return Err("addresses are sent with colons, dates with the time of day".to_owned());
    }
    assert_eq!(got, expected(exchange), "{}", exchange.n);
    Ok(())
}

/// The base and what is below it.
fn split(path: &str) -> Result<(&str, &str), No> {
    for base in [
        "/stalker_portal/api/v1_unmodified/",
        "/stalker_portal/api/v1/",
        "/stalker_portal/api/",
    ] {
        if let Some(below) = path.strip_prefix(base) {
            return Ok((base, below));
        }
    }
    Err("no resource".to_owned())
}

/// What an answer is, by the rules of the facts and not by the adapter's code.
fn expected(exchange: &Exchange) -> Got {
    let Response { status, body } = &exchange.response;
    match status {
        401 => return Got::Denied,
        200 if body == "Unauthorized request." => return Got::Denied,
        200 => {}
        other => return Got::Status(*other),
    }
    let answer: Value = serde_json::from_str(body).unwrap();
    if answer["status"] == "ERROR" {
        let text = answer["error"].as_str().unwrap();
        return Got::Rejected(match text {
            "Account not found" | "STB not found" | "Empty stb list" => RejectionKind::NotFound,
            "One or more identifiers are incorrect" => RejectionKind::NotFound,
            "Login already in use" | "MAC address already in use" | "Stb already exists" => {
                RejectionKind::Conflict
            }
            text if text.starts_with("Query failed") => RejectionKind::ServerFault,
            text if ["empty", "required", "Not valid", "Only one"]
                .iter()
                .any(|part| text.contains(part)) =>
            {
                RejectionKind::Invalid
            }
            _ => RejectionKind::Other,
        });
    }
    match &answer["results"] {
        Value::Bool(true) => Got::Done,
        Value::Bool(false) => Got::NotDone,
        Value::Null => Got::Rows(Vec::new()),
        Value::Array(rows) => Got::Rows(rows.iter().map(told_apart).collect()),
        one => Got::Rows(vec![told_apart(one)]),
    }
}

fn told_apart(row: &Value) -> String {
    // The first of these that a row has; modules by what is locked.
    for key in ["login", "id", "mac"] {
        if let Some(text) = row[key].as_str() {
            return text.to_owned();
        }
    }
    format!("{}", row["restricted"])
}

fn got<T>(answer: Result<T, Error>, rows: impl FnOnce(T) -> Got) -> Got {
    match answer {
        Ok(answer) => rows(answer),
        Err(Error::Denied { .. }) => Got::Denied,
        Err(Error::Status { status, .. }) => Got::Status(status),
        Err(Error::Rejected(rejection)) => Got::Rejected(rejection.kind()),
        Err(Error::NotApplied { .. }) => Got::NotDone,
        Err(error) => panic!("{error}"),
    }
}

fn done<T>(answer: Result<T, Error>) -> Got {
    got(answer, |_| Got::Done)
}

fn outcome(answer: Result<Outcome, Error>) -> Got {
    got(answer, |outcome| match outcome {
        Outcome::Done => Got::Done,
        Outcome::NotDone => Got::NotDone,
    })
}

fn list<T>(answer: Result<Vec<T>, Error>, name: impl Fn(&T) -> String) -> Got {
    got(answer, |rows| Got::Rows(rows.iter().map(name).collect()))
}

/// A form as its fields, in the order of their names.
fn fields(body: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    fields.sort_by(|one, other| one.0.cmp(&other.0));
    fields
}

/// A form, taken apart field by field.
struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    fn read(body: Option<&str>) -> Form {
        let mut form = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in fields(body.unwrap_or_default()) {
            form.entry(name).or_default().push(value);
        }
        Form(form)
    }

    fn one(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)?.pop()
    }

    fn list(&mut self, name: &str) -> Vec<String> {
        self.0.remove(name).unwrap_or_default()
    }

    fn flag(&mut self, name: &str) -> Result<Option<bool>, No> {
        match self.one(name).as_deref() {
            None => Ok(None),
            Some("1") => Ok(Some(true)),
            Some("0") => Ok(Some(false)),
            Some(_) => Err("a flag that is neither 0 nor 1".to_owned()),
        }
    }

    fn seconds(&mut self, name: &str) -> Result<Option<std::time::Duration>, No> {
        let text = self.one(name);
        let seconds = text.map(|text| text.parse().map_err(|_| "seconds that are no number"));
        Ok(seconds.transpose()?.map(std::time::Duration::from_secs))
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str) -> Result<Option<T>, No> {
        let text = self.one(name).filter(|text| !text.is_empty());
        let parsed = text.map(|text| text.parse().map_err(|_| format!("`{name}` that is none")));
        parsed.transpose()
    }

    /// What no call has a place for.
    fn done(self) -> Result<(), No> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err("fields that have no place in the call".to_owned()),
        }
    }
}

fn patch<T>(value: Option<T>, was_there: bool) -> Patch<T> {
    match value {
        None if was_there => Patch::Clear,
        None => Patch::Keep,
        Some(value) => Patch::Set(value),
    }
}

fn refused(refusal: jsonsql_client::Refusal) -> No {
    format!("refused: {}", refusal.reason())
}

fn number(text: &str) -> Result<AccountNumber, No> {
    AccountNumber::new(text).map_err(refused)
}

fn keys(ids: &str) -> Result<AccountKeys, No> {
    let macs: Vec<Option<MacAddr>> = ids.split(',').map(|id| id.parse().ok()).collect();
    let count = macs.iter().flatten().count();
    match count {
        0 => ids
            .split(',')
            .map(number)
            .collect::<Result<Vec<_>, _>>()
            .map(Into::into),
        n if n == macs.len() => Ok(macs.into_iter().flatten().collect::<Vec<_>>().into()),
        _ => Err("both account numbers and addresses".to_owned()),
    }
}

fn one_key(ids: &str) -> Result<AccountKey, No> {
    if ids.contains(',') {
        return Err("several identifiers, where the call takes one".to_owned());
    }
    match ids.parse() {
        Ok(mac) => Ok(AccountKey::Mac(mac)),
        Err(_) => number(ids).map(AccountKey::Number),
    }
}

async fn called(ministra: &Ministra, request: &Request, path: &str) -> Result<Got, No> {
    if !["GET", "POST", "PUT", "DELETE"].contains(&request.method.as_str()) {
        return Err("another method".to_owned());
    }
    if path.contains('?') {
        return Err("a query".to_owned());
    }
    if path.contains('%') {
        return Err("percent signs: nothing in an identifier needs any".to_owned());
    }
    let (resource, ids) = path.split_once('/').unwrap_or((path, ""));
    if resource.is_empty() {
        return Err("no resource".to_owned());
    }
    if ids.starts_with('/') || ids.contains('/') {
        return Err("an identifier with a slash".to_owned());
    }
    let mut form = Form::read(request.body.as_deref());
    let has_body = !form.0.is_empty();
    let writes = request.method == "PUT" || request.method == "POST";
    if writes && !has_body {
        return Err("nothing to be written".to_owned());
    }
    if request.method == "PUT" && ids.is_empty() || request.method == "DELETE" && ids.is_empty() {
        return Err("everybody, where no call is".to_owned());
    }
    let unwrap = |error: Error| match error {
        Error::Refused(refusal) => refused(refusal),
        other => panic!("{other}"),
    };
    // What is refused was not sent.
    macro_rules! sent {
        ($call:expr) => {
            match $call {
                Err(error @ Error::Refused(_)) => return Err(unwrap(error)),
                answer => answer,
            }
        };
    }
    let login = |account: &jsonsql_client::ministra::Account| account.login.clone();
    let stb_login = |stb: &jsonsql_client::ministra::Stb| stb.login.clone();
    Ok(match (request.method.as_str(), resource) {
        ("GET", "stb") if ids.is_empty() => list(ministra.stb().list().await, stb_login),
        ("GET", "stb") => list(sent!(ministra.stb().get(keys(ids)?).await), stb_login),
        ("PUT", "stb") => {
            let patch = StbPatch {
                status: form.flag("status")?,
                additional_services_on: form.flag("additional_services_on")?,
                ls: form.one("ls").map(|ls| number(&ls)).transpose()?,
                end_date: form.parsed("end_date")?,
            };
            form.done()?;
            list(
                sent!(ministra.stb().update(keys(ids)?, &patch).await),
                stb_login,
            )
        }
        ("DELETE", "stb") => done(sent!(ministra.stb().delete(keys(ids)?).await)),
        ("POST", "stb") if ids.is_empty() => {
            let new = NewStb {
                mac: form.parsed("mac")?,
                login: form
                    .one("login")
                    .map(|login| Login::new(&login).map_err(refused))
                    .transpose()?,
                password: form.one("password").map(Into::into),
                additional_services_on: form.flag("additional_services_on")?,
                ls: form.one("ls").map(|ls| number(&ls)).transpose()?,
                end_date: form.parsed("end_date")?,
                account_balance: form.one("account_balance"),
            };
            form.done()?;
            list(
                sent!(ministra.stb().create(&new).await).map(|stb| vec![stb]),
                stb_login,
            )
        }
        ("GET", "accounts") if ids.is_empty() => list(ministra.accounts().list().await, login),
        ("GET", "accounts") => list(sent!(ministra.accounts().get(keys(ids)?).await), login),
        ("POST", "accounts") if ids.is_empty() => {
            let Some(name) = form.one("login") else {
                return Err("no login".to_owned());
            };
            let new = NewAccount {
                password: form.one("password").map(Into::into),
                full_name: form.one("full_name"),
                phone: form.one("phone"),
                account_number: form.one("account_number").map(|n| number(&n)).transpose()?,
                tariff_plan: form
                    .one("tariff_plan")
                    .map(|plan| PlanExternalId::new(&plan).map_err(refused))
                    .transpose()?,
                status: form.flag("status")?,
                stb_mac: form.parsed("stb_mac")?,
                comment: form.one("comment"),
                end_date: form.parsed::<DateTime>("end_date")?,
                account_balance: form.one("account_balance"),
                ..NewAccount::of(Login::new(&name).map_err(refused)?)
            };
            form.done()?;
            done(sent!(ministra.accounts().create(&new).await))
        }
        ("PUT", "accounts") => {
            let there = |form: &Form, name: &str| form.0.contains_key(name);
            let (has_mac, has_date) = (there(&form, "stb_mac"), there(&form, "end_date"));
            let patch = AccountPatch {
                login: form
                    .one("login")
                    .map(|login| Login::new(&login).map_err(refused))
                    .transpose()?,
                password: form.one("password").map(Into::into),
                full_name: patch(form.one("full_name"), false),
                phone: patch(form.one("phone"), false),
                account_number: patch(
                    form.one("account_number").map(|n| number(&n)).transpose()?,
                    false,
                ),
                tariff_plan: form
                    .one("tariff_plan")
                    .map(|plan| PlanExternalId::new(&plan).map_err(refused))
                    .transpose()?,
                status: form.flag("status")?,
                stb_mac: patch(form.parsed("stb_mac")?, has_mac),
                comment: patch(form.one("comment"), false),
                end_date: patch(form.parsed("end_date")?, has_date),
                account_balance: patch(form.one("account_balance"), false),
                ..AccountPatch::default()
            };
            form.done()?;
            done(sent!(
                ministra.accounts().update(one_key(ids)?, &patch).await
            ))
        }
        ("DELETE", "accounts") => done(sent!(ministra.accounts().delete(one_key(ids)?).await)),
        ("GET", "users") if !ids.is_empty() => {
            let key = UserKey::Login(Login::new(ids).map_err(refused)?);
            list(
                ministra.users().get(key).await.map(|user| vec![user]),
                login,
            )
        }
        ("POST", "stb_msg") => {
            let message = StbMessage {
                ttl: form.seconds("ttl")?,
                auto_hide_timeout: form.seconds("auto_hide_timeout")?,
                ..StbMessage::of(form.one("msg").unwrap_or_default())
            };
            form.done()?;
            match ids {
                "" => done(sent!(ministra.stb_msg().broadcast(&message).await)),
                ids => done(sent!(ministra.stb_msg().send(keys(ids)?, &message).await)),
            }
        }
        ("POST", "send_event") => {
            let event = event(&mut form)?;
            form.done()?;
            match ids {
                "" => done(sent!(ministra.send_event().broadcast(event).await)),
                ids => done(sent!(ministra.send_event().send(keys(ids)?, event).await)),
            }
        }
        ("GET", "stb_modules") => {
            let modules = sent!(ministra.stb_modules().get(one_key(ids)?).await);
            list(modules.map(|modules| vec![modules]), |modules| {
                format!("{:?}", modules.restricted)
            })
        }
        ("PUT", "stb_modules") => {
            let mut modules = |name| match form.list(name) {
                list if list.is_empty() => None,
                list => Some(list.into_iter().filter(|name| !name.is_empty()).collect()),
            };
            let patch = ModulesPatch {
                disabled: modules("disabled[]"),
                restricted: modules("restricted[]"),
            };
            form.done()?;
            let modules = sent!(ministra.stb_modules().update(keys(ids)?, &patch).await);
            list(modules.map(|modules| vec![modules]), |modules| {
                format!("{:?}", modules.restricted)
            })
        }
        ("GET", "itv") => {
            let name = |channel: &jsonsql_client::ministra::Channel| channel.id.to_string();
            match ids {
                "" => list(ministra.itv().list().await, name),
                ids => {
                    let ids = ids.split(',').map(str::parse::<ChannelId>);
                    let ids: Vec<_> = ids.collect::<Result<_, _>>().map_err(refused)?;
                    list(ministra.itv().get(&ids).await, name)
                }
            }
        }
        ("GET", "itv_subscription") if !ids.is_empty() => {
            let rows = sent!(ministra.itv_subscription().get(keys(ids)?).await);
            list(rows, |row| row.mac.clone().unwrap_or_default())
        }
        ("PUT", "itv_subscription") => {
            let channels = form
                .list("sub_ch[]")
                .into_iter()
                .map(|id| id.parse::<ChannelId>());
            let channels: Vec<_> = channels.collect::<Result<_, _>>().map_err(refused)?;
            let patch = ItvSubscriptionPatch {
                sub_ch: Some(channels),
                additional_services_on: form.flag("additional_services_on")?,
            };
            form.done()?;
            let rows = sent!(ministra.itv_subscription().update(keys(ids)?, &patch).await);
            list(rows, |row| row.mac.clone().unwrap_or_default())
        }
        ("GET", "tariffs") => match ids {
            "" => list(ministra.tariffs().list().await, |tariff| {
                tariff.id.to_string()
            }),
            id => {
                let id: TariffId = id.parse().map_err(refused)?;
                let tariff = ministra.tariffs().get(id).await;
                list(tariff.map(Vec::from_iter), |tariff| tariff.id.to_string())
            }
        },
        ("GET", "services_package") => match ids {
            "" => list(ministra.services_package().list().await, |package| {
                package.id.to_string()
            }),
            id => {
                let id: PackageId = id.parse().map_err(refused)?;
                let package = ministra.services_package().get(id).await;
                list(package.map(Vec::from_iter), |package| {
                    package.id.to_string()
                })
            }
        },
        ("GET", "account_subscription") => {
            let row = |row: &jsonsql_client::ministra::AccountSubscription| {
                row.mac.clone().unwrap_or_else(|| "null".to_owned())
            };
            match ids {
                "" => list(ministra.account_subscription().list().await, row),
                ids => list(
                    sent!(ministra.account_subscription().get(one_key(ids)?).await),
                    row,
                ),
            }
        }
        ("PUT", "account_subscription") => {
            let external = |ids: Vec<String>| {
                ids.iter()
                    .map(|id| PackageExternalId::new(id).map_err(refused))
                    .collect::<Result<Vec<_>, _>>()
            };
            let internal = |ids: Vec<String>| {
                ids.iter()
                    .map(|id| id.parse().map_err(refused))
                    .collect::<Result<Vec<PackageId>, _>>()
            };
            let change = PackageChange {
                subscribed: external(form.list("subscribed[]"))?,
                subscribed_id: internal(form.list("subscribed_id[]"))?,
                unsubscribed: external(form.list("unsubscribed[]"))?,
                unsubscribed_id: internal(form.list("unsubscribed_id[]"))?,
            };
            form.done()?;
            outcome(sent!(
                ministra
                    .account_subscription()
                    .change(one_key(ids)?, &change)
                    .await
            ))
        }
        ("DELETE", "account_subscription") => outcome(sent!(
            ministra.account_subscription().clear(one_key(ids)?).await
        )),
        ("GET", "reseller") => list(ministra.reseller().list().await, |reseller| {
            reseller.id.to_string()
        }),
        _ => return Err("a resource, or a method of it, that is not there".to_owned()),
    })
}

fn event(form: &mut Form) -> Result<NewEvent, No> {
    let msg = |form: &mut Form| form.one("msg").unwrap_or_default();
    let channel = |form: &mut Form| {
        form.parsed("channel")?
            .ok_or_else(|| "no channel".to_owned())
    };
    let event = match form.one("event").as_deref() {
        Some("send_msg") => Event::SendMsg {
            msg: msg(form),
            need_reboot: form.one("need_reboot").is_some(),
        },
        Some("send_msg_with_video") => Event::SendMsgWithVideo {
            msg: msg(form),
            video: form.one("video").unwrap_or_default(),
        },
        Some("reboot") => Event::Reboot,
        Some("reload_portal") => Event::ReloadPortal,
        Some("update_channels") => Event::UpdateChannels,
        Some("play_channel") => Event::PlayChannel(channel(form)?),
        Some("play_radio_channel") => Event::PlayRadioChannel(channel(form)?),
        Some("update_image") => Event::UpdateImage,
        Some("show_menu") => Event::ShowMenu,
        Some("cut_off") => Event::CutOff,
        _ => return Err("no event there is".to_owned()),
    };
    let ttl = form.seconds("ttl")?;
    Ok(NewEvent { event, ttl })
}
