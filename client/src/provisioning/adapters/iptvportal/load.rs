//! Reading rows, and putting together what belongs to one subscriber.

use std::collections::HashMap;

use jsonsql::prelude::*;

use super::place::Asked;
use super::rows::{Account, Device, HardwareAddress, Held, IptvPortalRows};
use super::tables::{self, given};
use super::{IptvPortal, ReferenceColumn};
use crate::error::Result;
use crate::iptvportal::Pages;
use crate::model::Extra;
use crate::provisioning::Records;
use crate::provisioning::identity::Key;
use crate::provisioning::platform::Found;
use crate::provisioning::rows::Rows;
use crate::schema::{self, SubscriberId};

/// The maximum number of keys that one request asks for.
const KEYS: usize = 500;

/// The maximum number of subscribers that are assembled at a time.
const CHUNK: usize = 500;

/// The rows of several subscribers, as the tables have them.
#[derive(Default)]
struct Tables {
    subscribers: Vec<tables::Subscriber>,
    terminals: Vec<tables::Terminal>,
    packages: Vec<tables::Dated>,
    addresses: Vec<schema::SubscriberInetaddr>,
}

impl IptvPortal {
    pub(super) async fn load_keys(&self, keys: &[Key]) -> Result<Vec<IptvPortalRows>> {
        let mut found: Vec<IptvPortalRows> = Vec::new();
        for keys in keys.chunks(KEYS) {
            let tables = self.read(&Asked::new(keys)?).await?;
            for rows in self.together(tables) {
                if !found.contains(&rows) {
                    found.push(rows);
                }
            }
        }
        Ok(found)
    }

    /// Reads all tables in one request.
    async fn read(&self, asked: &Asked) -> Result<Tables> {
        let subscribers = tables::Subscriber::filter(|s| self.are_asked(asked, s));
        let ids = || tables::Subscriber::filter(|s| self.are_asked(asked, s)).column(|s| s.id);
        let terminals = tables::Terminal::filter(|t| {
            any([
                t.subscriber_id.in_query(ids()),
                t.id.is_in(asked.terminals.clone())
                    .or(t.mac_addr.is_in(asked.addresses.clone())),
            ])
        });
        let dated = tables::Dated::filter(|p| p.subscriber_id.in_query(ids()));
        let bare = schema::SubscriberPackage::filter(|p| p.subscriber_id.in_query(ids()));
        let addresses = schema::SubscriberInetaddr::filter(|a| a.subscriber_id.in_query(ids()));
        // Somebody may be called `email`.
        let subscribers = subscribers.split_ambiguous_text();
        let terminals = terminals.split_ambiguous_text();
        let dated = dated.split_ambiguous_text();
        let bare = bare.split_ambiguous_text();
        let addresses = addresses.split_ambiguous_text();
        let client = &self.client;
        let (subscribers, terminals, packages, addresses) = match (self.ends, self.addresses) {
            (true, true) => {
                let (s, t, p, a) = client
                    .batch((&subscribers, &terminals, &dated, &addresses))
                    .await;
                (s, t, p, a)
            }
            (true, false) => {
                let (s, t, p) = client.batch((&subscribers, &terminals, &dated)).await;
                (s, t, p, Ok(Vec::new()))
            }
            (false, true) => {
                let (s, t, p, a) = client
                    .batch((&subscribers, &terminals, &bare, &addresses))
                    .await;
                (s, t, p.map(without_ends), a)
            }
            (false, false) => {
                let (s, t, p) = client.batch((&subscribers, &terminals, &bare)).await;
                (s, t, p.map(without_ends), Ok(Vec::new()))
            }
        };
        Ok(Tables {
            subscribers: subscribers?,
            terminals: terminals?,
            packages: packages?,
            addresses: addresses?,
        })
    }

    fn are_asked<'q>(
        &self,
        asked: &Asked,
        s: TableRef<'q, tables::Subscriber>,
    ) -> Expr<'q, bool, Null> {
        let references = asked.references.clone();
        let by_reference = match self.reference {
            ReferenceColumn::Billing => s.billing.is_in(references),
            ReferenceColumn::Business => s.business.is_in(references),
            ReferenceColumn::Nowhere => s.billing.is_in(Vec::<String>::new()),
        };
        let owners = tables::Terminal::filter(|t| {
            t.id.is_in(asked.terminals.clone())
                .or(t.mac_addr.is_in(asked.addresses.clone()))
        })
        .column(|t| t.subscriber_id);
        let by_terminal = match asked.terminals.is_empty() && asked.addresses.is_empty() {
            true => None,
            false => Some(s.id.in_query(owners)),
        };
        let own =
            s.id.is_in(asked.ids.clone())
                .or(s.username.is_in(asked.logins.clone()));
        let own = own.or(by_reference);
        match by_terminal {
            Some(by_terminal) => own.or(by_terminal),
            None => own,
        }
    }

    /// Makes subscribers of rows; terminals that are nobody's are each alone.
    fn together(&self, tables: Tables) -> Vec<IptvPortalRows> {
        let mut found: Vec<IptvPortalRows> = Vec::with_capacity(tables.subscribers.len());
        let mut places: HashMap<SubscriberId, usize> = HashMap::new();
        for row in tables.subscribers {
            places.insert(row.id, found.len());
            found.push(IptvPortalRows {
                subscriber: Some(self.account(row)),
                ..IptvPortalRows::default()
            });
        }
        for row in tables.packages {
            if let Some(place) = places.get(&row.subscriber_id) {
                found[*place].packages.push(held(row));
            }
        }
        for row in tables.addresses {
            if let Some(place) = places.get(&row.subscriber_id) {
                found[*place].addresses.push(row.id);
            }
        }
        for row in tables.terminals {
            let place = row.subscriber_id.and_then(|id| places.get(&id).copied());
            let device = device(row);
            match place {
                Some(place) => drop(found[place].terminals.add(device)),
                None => found.push(loose(device)),
            }
        }
        found
    }

    pub(super) fn rows_of_records(
        &self,
        subscriber: Option<schema::Subscriber>,
        terminals: Vec<schema::Terminal>,
        packages: Vec<schema::full::SubscriberPackage>,
    ) -> IptvPortalRows {
        let packages = packages.into_iter().map(tables::Dated::from);
        let terminals = terminals.into_iter().map(tables::Terminal::from);
        IptvPortalRows {
            subscriber: subscriber.map(|row| self.account(row.into())),
            terminals: terminals.map(device).collect(),
            packages: packages.map(held).collect(),
            addresses: Vec::new(),
        }
    }

    fn account(&self, row: tables::Subscriber) -> Account {
        let reference = match self.reference {
            ReferenceColumn::Billing => given(row.billing),
            ReferenceColumn::Business => given(row.business),
            ReferenceColumn::Nowhere => None,
        };
        let extra = Extra::new([
            ("first_name", given(row.first_name.clone())),
            ("middle_name", given(row.middle_name.clone())),
            ("surname", given(row.surname.clone())),
            ("type", given(row.kind)),
        ]);
        // In the order in which the vendor's clients print it.
        let parts = [row.surname, row.first_name, row.middle_name];
        let parts: Vec<String> = parts.into_iter().filter_map(given).collect();
        Account {
            id: Some(row.id),
            login: row.username,
            enabled: !row.disabled,
            reference,
            name: (!parts.is_empty()).then(|| parts.join(" ")),
            email: given(row.email),
            phone: given(row.phone),
            address: given(row.address),
            device_limit: row.max_terminal,
            extra,
        }
    }

    /// Reads everybody, some at a time, and then the terminals that are nobody's.
    pub(super) fn everybody(&self) -> Records<'_, Found<IptvPortalRows>> {
        let subscribers = self.client.stream(&tables::Subscriber::all());
        let everybody = Records::paged(subscribers, move |mut subscribers| {
            Box::pin(async move {
                let chunk = self.chunk(&mut subscribers).await?;
                Ok((!chunk.is_empty()).then_some((chunk, subscribers)))
            })
        });
        let free = tables::Terminal::filter(|t| t.subscriber_id.is_null());
        let free = Records::new(self.client.stream(&free));
        everybody
            .then(free.map(|row| loose(device(row))))
            .map(Found::Rows)
    }

    async fn chunk(
        &self,
        subscribers: &mut Pages<tables::Subscriber>,
    ) -> Result<Vec<IptvPortalRows>> {
        let mut rows = Vec::with_capacity(CHUNK);
        while rows.len() < CHUNK
            && let Some(row) = subscribers.next().await
        {
            rows.push(row?);
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids = || {
            rows.iter()
                .map(|row: &tables::Subscriber| row.id)
                .collect::<Vec<_>>()
        };
        let terminals = tables::Terminal::filter(|t| t.subscriber_id.is_in(ids()));
        let dated = tables::Dated::filter(|p| p.subscriber_id.is_in(ids()));
        let bare = schema::SubscriberPackage::filter(|p| p.subscriber_id.is_in(ids()));
        let addresses = schema::SubscriberInetaddr::filter(|a| a.subscriber_id.is_in(ids()));
        let (terminals, packages) = match self.ends {
            true => self.client.batch((&terminals, &dated)).await,
            false => {
                let (terminals, packages) = self.client.batch((&terminals, &bare)).await;
                (terminals, packages.map(without_ends))
            }
        };
        let addresses = match self.addresses {
            true => self.client.fetch_all(&addresses).await?,
            false => Vec::new(),
        };
        Ok(self.together(Tables {
            terminals: terminals?,
            packages: packages?,
            addresses,
            subscribers: rows,
        }))
    }
}

fn held(row: tables::Dated) -> Held {
    Held {
        package: row.package_id,
        enabled: row.enabled,
        until: given(row.expired_on),
    }
}

fn without_ends(rows: Vec<schema::SubscriberPackage>) -> Vec<tables::Dated> {
    rows.into_iter().map(tables::Dated::from).collect()
}

fn loose(device: Device) -> IptvPortalRows {
    IptvPortalRows {
        terminals: Rows::new([device]),
        ..IptvPortalRows::default()
    }
}

fn device(row: tables::Terminal) -> Device {
    let address = given(row.mac_addr).map(|text| match text.parse() {
        Ok(mac) => HardwareAddress::Mac(mac),
        Err(_) => HardwareAddress::Other(text),
    });
    Device {
        id: Some(row.id),
        address,
        ip: given(row.inet_addr),
        registered: row.registered,
    }
}
