//! Rows that are not as documented, from a server that is a function.

use std::pin::Pin;
use std::sync::Arc;

use jsonsql_client::model::{MacAddr, NewSubscription, SubscriberId, SubscriberKey};
use jsonsql_client::provisioning::{
    Adapter, Backend, Desired, Executor, Found, Job, Platform, Records, Tvip,
};
use jsonsql_client::tvip::{self, ProviderId};
use jsonsql_client::{Reply, Request, Transport, TransportError};
use serde_json::{Value, json};

use super::{NOW, account, device, key_of, time};
use crate::outcome::show;
use crate::{block_on, mac};

/// Lists, answered as they are: whole, or as bare arrays.
#[derive(Clone)]
struct Server {
    lists: Arc<Value>,
    is_bare: bool,
}

impl Server {
    fn answer(&self, path: &str, query: &str) -> Reply {
        let (list, id) = path.split_once('/').unwrap_or((path, ""));
        let all = self.lists[list].as_array().cloned().unwrap_or_default();
        if let Ok(id) = id.parse::<i64>() {
            return match all.iter().find(|row| row["id"] == id) {
                Some(row) => Reply::ok(row.to_string()),
                None => {
                    let mut reply = Reply::ok(r#"{"statusCode": 404, "cause": "no"}"#);
                    reply.status = 404;
                    reply
                }
            };
        }
        let filters = ["login", "account", "device", "remote_custom_field"];
        let is_asked = |row: &Value| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .filter(|(name, _)| filters.contains(name))
                .all(|(name, value)| {
                    row[name]
                        .as_str()
                        .map_or_else(|| row[name].to_string(), str::to_owned)
                        == value
                })
        };
        let rows: Vec<Value> = all.into_iter().filter(is_asked).collect();
        Reply::ok(match self.is_bare {
            true => json!(rows).to_string(),
            false => {
                json!({"total": rows.len(), "data": rows, "start": 0, "limit": 500}).to_string()
            }
        })
    }
}

impl Transport for Server {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        assert_eq!(
            request.method.to_string(),
            "GET",
            "nothing is to be written"
        );
        let path = request.url.path().strip_prefix("/api/provider/").unwrap();
        let mut reply = self.answer(path, request.url.query().unwrap_or_default());
        reply.date = Some(time("2026-11-25T20:00:00Z"));
        Box::pin(async { Ok(reply) })
    }
}

pub(super) fn tvip(lists: Value, is_bare: bool) -> Tvip {
    let server = Server {
        lists: Arc::new(lists),
        is_bare,
    };
    let raw = tvip::Tvip::builder()
        .url("https://tms.example.com/api/provider")
        .credentials("admin", "adminpassword")
        .provider(ProviderId(1))
        .transport(server);
    Tvip::new(raw.build().unwrap())
}

/// Of each list one row is odd: a login that is null, a number as a text, a
/// time without an offset.
fn lists() -> Value {
    let row = |id: i64, account: i64, start: &str| {
        json!({
            "id": id, "account": account, "tarif": 2, "start": start, "stop": null,
        })
    };
    let mut nameless = account(2, "x", "c2");
    nameless["login"] = json!(null);
    let mut odd_device = device(2, Some(3));
    odd_device["provider"] = json!("1");
    json!({
        "accounts": [account(1, "ivanov", "c1"), nameless, account(3, "petrov", "c3"), account(4, "sidorov", "c4")],
        "devices": [device(1, Some(1)), odd_device],
        "account_subscriptions": [
            row(1, 1, "2026-01-01T00:00:00+0000"),
            row(2, 4, "2026-01-01T00:00:00"),
        ],
        "tarifs": [
            {"id": 2, "tarif_name": "Two", "provider": 1, "enabled": true},
            {"id": 3, "tarif_name": null, "provider": 1, "enabled": true},
        ],
    })
}

#[test]
fn a_row_that_is_odd_spoils_itself_alone() {
    for is_bare in [false, true] {
        block_on(async {
            let tvip = tvip(lists(), is_bare);
            let mut all = tvip.load_all();
            let (mut logins, mut unreadable) = (Vec::new(), Vec::new());
            while let Some(found) = all.next().await {
                match found.unwrap() {
                    Found::Rows(rows) => {
                        let view = tvip.view(&rows, None, time(NOW));
                        logins.extend(view.login().map(str::to_owned));
                    }
                    Found::Unreadable { id, reason } => unreadable.push(format!("{id}: {reason}")),
                }
            }
            drop(all);
            assert_eq!(logins, ["ivanov", "petrov", "sidorov"]);
            assert_eq!(
                unreadable,
                [
                    "accounts 2: `login` in the answer: expected a string",
                    "devices 2: `provider` in the answer: expected i64",
                    "account_subscriptions 2: `start` in the answer: expected a time with an offset, such as 2020-05-19T00:00:00+0300",
                ],
            );
        });
    }
}

#[test]
fn whoever_has_an_odd_row_is_left_as_it_is_where_that_matters() {
    block_on(async {
        let tvip = tvip(lists(), false);
        let job = |login: &str, wanted: Desired| Job::new([key_of(&tvip, login)], wanted);
        let mut shown = Vec::new();
        for (login, wanted) in [
            (
                "petrov",
                Desired {
                    terminals: super::Members::Exactly(vec![]),
                    ..Desired::existing()
                },
            ),
            (
                "petrov",
                Desired {
                    enabled: Some(true),
                    ..Desired::existing()
                },
            ),
            (
                "sidorov",
                Desired {
                    subscriptions: super::packages(&[2]),
                    ..Desired::existing()
                },
            ),
            ("sidorov", Desired::absent()),
            (
                "ivanov",
                Desired {
                    subscriptions: super::packages(&[3]),
                    ..Desired::existing()
                },
            ),
        ] {
            let forecast = Executor::new(&tvip).preview(vec![job(login, wanted)]).await;
            shown.push(match &forecast[0] {
                Ok(forecast) => format!("{login}: {} steps", forecast.steps.len()),
                Err(left) => format!("{login}: {}", show(left)),
            });
        }
        assert_eq!(
            shown,
            [
                "petrov: left: the row devices 2 cannot be read: `provider` in the answer: expected i64",
                "petrov: 0 steps",
                "sidorov: left: the row account_subscriptions 2 cannot be read: `start` in the answer: expected a time with an offset, such as 2020-05-19T00:00:00+0300",
                "sidorov: left: the row account_subscriptions 2 cannot be read: `start` in the answer: expected a time with an offset, such as 2020-05-19T00:00:00+0300",
                "ivanov: left: the row tarifs 3 cannot be read: `tarif_name` in the answer: expected a string",
            ],
        );
    });
}

#[test]
fn an_odd_account_is_named_and_not_made_again() {
    block_on(async {
        let mut lists = lists();
        lists["accounts"][1]["login"] = json!("smirnov");
        lists["accounts"][1]["enabled"] = json!("yes");
        let tvip = Adapter::new(tvip(lists, false));
        for key in [
            SubscriberKey::Login("smirnov".into()),
            SubscriberKey::Id(2.into()),
        ] {
            let found = tvip.find_subscriber(&key).await.unwrap_err().to_string();
            assert!(
                found.starts_with("`accounts 2: enabled` in the answer: expected a boolean"),
                "{found}"
            );
        }
        let many: Vec<_> = (1..20).map(|id| SubscriberId::from(100 + id)).collect();
        let many = jsonsql_client::model::Recipients::Subscribers(many);
        let told = tvip.send(&many, &jsonsql_client::model::Command::Restart);
        // The odd one is none of them.
        assert!(matches!(
            told.await,
            Err(jsonsql_client::Error::Missing { .. })
        ));
    });
}

#[test]
fn a_box_that_cannot_be_read_is_not_bound_again() {
    block_on(async {
        let tvip = Adapter::new(tvip(lists(), false));
        let bound: MacAddr = mac(2);
        let error = tvip
            .bind_terminal(&1.into(), bound)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("devices 2: provider"), "{error}");
        let new = NewSubscription::new(4.into(), 2.into());
        let error = tvip.add_subscription(&new).await.unwrap_err().to_string();
        assert!(error.contains("account_subscriptions 2"), "{error}");
    });
}

/// The server says in the header `Date` that it is two days ago.
#[test]
fn the_time_is_that_of_the_servers_clock() {
    block_on(async {
        let mut lists = lists();
        lists["account_subscriptions"][0]["stop"] = json!("2026-11-25T20:00:01+0000");
        let tvip = tvip(lists, false);
        let loaded = tvip.load(&[key_of(&tvip, "ivanov")]).await.unwrap();
        let now = loaded.now.unwrap();
        assert_eq!(now.as_second(), time(NOW).as_second());
        let packages = Adapter::new(tvip);
        let had = packages.subscriptions(&1.into()).collect().await.unwrap();
        assert!(had[0].active, "it ends a second later");
    });
}

/// A list that is short by a row would take a box away from whoever compares.
#[test]
fn a_list_says_which_of_its_rows_cannot_be_read() {
    async fn shown<T: std::fmt::Debug + Send + Unpin>(mut list: Records<'_, T>) -> (usize, String) {
        let (mut read, mut unreadable) = (0, Vec::new());
        while let Some(one) = list.next().await {
            match one {
                Ok(_) => read += 1,
                Err(error) => unreadable.push(error.to_string()),
            }
        }
        (read, unreadable.join("; "))
    }
    block_on(async {
        let tvip = Adapter::new(tvip(lists(), false));
        let (read, unreadable) = shown(tvip.subscribers()).await;
        assert_eq!(read, 3);
        assert!(unreadable.contains("accounts 2"), "{unreadable}");
        let (petrov, sidorov) = (SubscriberId::from(3), SubscriberId::from(4));
        let (read, unreadable) = shown(tvip.terminals(&petrov)).await;
        assert_eq!(read, 0);
        assert!(
            unreadable.starts_with(
                "the row devices 2 cannot be read: `provider` in the answer: expected i64"
            ),
            "{unreadable}"
        );
        let (read, unreadable) = shown(tvip.subscriptions(&sidorov)).await;
        assert_eq!(read, 0);
        assert!(
            unreadable.contains("account_subscriptions 2"),
            "{unreadable}"
        );
        assert_eq!(shown(tvip.terminals(&sidorov)).await, (0, String::new()));
    });
}
