//! The call that a recorded request is, if there is one.

use jsonsql_client::Error;
use jsonsql_client::ministra::{
    AccountKey, AccountKeys, AccountNumber, AccountPatch, ChannelId, DateTime, Event,
    ItvSubscriptionPatch, Login, Ministra, ModulesPatch, NewAccount, NewEvent, NewStb,
    PackageChange, PackageExternalId, PackageId, PlanExternalId, StbMessage, StbPatch, TariffId,
    UserKey,
};
use jsonsql_client::model::MacAddr;

use super::form::{Form, patch, refused};
use super::{Got, No, Request, done, list, outcome};

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

pub(super) async fn called(ministra: &Ministra, request: &Request, path: &str) -> Result<Got, No> {
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
    let has_body = !form.is_empty();
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
                ..NewAccount::new(Login::new(&name).map_err(refused)?)
            };
            form.done()?;
            done(sent!(ministra.accounts().create(&new).await))
        }
        ("PUT", "accounts") => {
            let there = |form: &Form, name: &str| form.has(name);
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
                ..StbMessage::new(form.one("msg").unwrap_or_default())
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
