//! Desired states as JSON: a field that is kept is left out, one that is cleared
//! is null.

use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{End, ExternalRef, MacAddr, Patch, SubscriberId, Timestamp};
use crate::provisioning::desired::{
    Desired, EndedSubscription, Members, Presence, SubscriptionKey, TerminalKey, WantedSubscription,
};
use crate::provisioning::executor::Job;
use crate::provisioning::identity::{Identity, Key, KeyKind};

#[derive(Serialize, Deserialize)]
pub(super) struct JobRecord {
    find: Vec<(String, String)>,
    wanted: Wanted,
}

/// Left out, null, or a value.
type Field<T> = Option<Option<T>>;

#[derive(Serialize, Deserialize)]
struct Wanted {
    presence: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    external_ref: Field<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    name: Field<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    email: Field<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    phone: Field<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    address: Field<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    note: Field<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    device_limit: Field<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    terminals: Option<Set<Name, Name>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subscriptions: Option<Set<Package, Ended>>,
}

fn there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Field<T>, D::Error> {
    Option::deserialize(value).map(Some)
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Set<A, R> {
    Exactly(Vec<A>),
    Change { add: Vec<A>, remove: Vec<R> },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Mac(String),
    Package(String),
    Id(String),
}

#[derive(Serialize, Deserialize)]
struct Package {
    package: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    terminal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "there"
    )]
    until: Field<String>,
}

#[derive(Serialize, Deserialize)]
struct Ended {
    subscription: Name,
    /// None is now.
    end: Option<String>,
}

const PRESENCES: [(Presence, &str); 3] = [
    (Presence::Create, "create"),
    (Presence::Existing, "existing"),
    (Presence::Absent, "absent"),
];

impl JobRecord {
    pub(super) fn new(job: &Job) -> JobRecord {
        let key = |key: &Key| (key.kind().as_str().to_owned(), key.text().to_owned());
        JobRecord {
            find: job.find().iter().map(key).collect(),
            wanted: Wanted::new(job.wanted()),
        }
    }

    pub(super) fn job(self, identity: &Identity) -> Result<Job, &'static str> {
        let key = |(kind, text): (String, String)| {
            if kind == KeyKind::Id.as_str() {
                Ok(identity.id(&SubscriberId::new(text)))
            } else if kind == KeyKind::Login.as_str() {
                Ok(identity.login(&text))
            } else if kind == KeyKind::Reference.as_str() {
                Ok(identity.reference(&ExternalRef::new(text)))
            } else {
                Err("`find` has a key that no subscriber is found by")
            }
        };
        let find: Result<Vec<Key>, _> = self.find.into_iter().map(key).collect();
        Ok(Job::new(find?, self.wanted.desired()?))
    }
}

fn field<T: Clone, U>(patch: &Patch<T>, into: impl Fn(T) -> U) -> Field<U> {
    patch.as_change().map(|value| value.cloned().map(into))
}

fn patch<T>(field: Field<T>) -> Patch<T> {
    field.map_or(Patch::Keep, Patch::from)
}

fn set<A, R, B, S>(
    members: &Members<A, R>,
    add: impl Fn(&A) -> B,
    remove: impl Fn(&R) -> S,
) -> Option<Set<B, S>> {
    Some(match members {
        Members::Keep => return None,
        Members::Exactly(all) => Set::Exactly(all.iter().map(add).collect()),
        Members::Change {
            add: more,
            remove: less,
        } => Set::Change {
            add: more.iter().map(add).collect(),
            remove: less.iter().map(remove).collect(),
        },
    })
}

fn members<A, R, B, S>(
    set: Option<Set<A, R>>,
    add: impl Fn(A) -> Result<B, &'static str>,
    remove: impl Fn(R) -> Result<S, &'static str>,
) -> Result<Members<B, S>, &'static str> {
    Ok(match set {
        None => Members::Keep,
        Some(Set::Exactly(all)) => {
            Members::Exactly(all.into_iter().map(add).collect::<Result<_, _>>()?)
        }
        Some(Set::Change {
            add: more,
            remove: less,
        }) => Members::Change {
            add: more.into_iter().map(add).collect::<Result<_, _>>()?,
            remove: less.into_iter().map(remove).collect::<Result<_, _>>()?,
        },
    })
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "a time is not one")
}

fn terminal(key: &TerminalKey) -> Name {
    match key {
        TerminalKey::Mac(mac) => Name::Mac(mac.to_string()),
        TerminalKey::Id(id) => Name::Id(id.to_string()),
    }
}

fn terminal_key(name: Name) -> Result<TerminalKey, &'static str> {
    match name {
        Name::Mac(mac) => {
            let mac: MacAddr = mac
                .parse()
                .map_err(|_| "`terminals` has an address that is none")?;
            Ok(TerminalKey::Mac(mac))
        }
        Name::Id(id) => Ok(TerminalKey::Id(id.into())),
        Name::Package(_) => Err("`terminals` has a package in it"),
    }
}

impl Wanted {
    fn new(desired: &Desired) -> Wanted {
        let presence = PRESENCES.iter().find(|(own, _)| *own == desired.presence);
        let package = |one: &WantedSubscription| Package {
            package: one.package.to_string(),
            terminal: one.terminal.as_ref().map(ToString::to_string),
            from: one.from.map(|time| time.to_string()),
            until: field(&one.until, |time| time.to_string()),
        };
        let ended = |one: &EndedSubscription| Ended {
            subscription: match &one.subscription {
                SubscriptionKey::Id(id) => Name::Id(id.to_string()),
                SubscriptionKey::Package(package) => Name::Package(package.to_string()),
            },
            end: match one.end {
                End::Now => None,
                End::At(time) => Some(time.to_string()),
            },
        };
        Wanted {
            presence: presence.map_or("", |(_, name)| name).to_owned(),
            login: desired.login.clone(),
            enabled: desired.enabled,
            external_ref: field(&desired.external_ref, |one| one.as_str().to_owned()),
            name: field(&desired.name, |text| text),
            email: field(&desired.email, |text| text),
            phone: field(&desired.phone, |text| text),
            address: field(&desired.address, |text| text),
            note: field(&desired.note, |text| text),
            device_limit: field(&desired.device_limit, |limit| limit),
            terminals: set(&desired.terminals, terminal, terminal),
            subscriptions: set(&desired.subscriptions, package, ended),
        }
    }

    fn desired(self) -> Result<Desired, &'static str> {
        let presence = PRESENCES.iter().find(|(_, name)| *name == self.presence);
        let (presence, _) = presence.ok_or("`presence` is not known")?;
        let package = |one: Package| {
            Ok(WantedSubscription {
                package: one.package.into(),
                terminal: one.terminal.map(Into::into),
                from: one.from.as_deref().map(time).transpose()?,
                until: match one.until {
                    None => Patch::Keep,
                    Some(None) => Patch::Clear,
                    Some(Some(text)) => Patch::Set(time(&text)?),
                },
            })
        };
        let ended = |one: Ended| {
            Ok(EndedSubscription {
                subscription: match one.subscription {
                    Name::Id(id) => SubscriptionKey::Id(id.into()),
                    Name::Package(package) => SubscriptionKey::Package(package.into()),
                    Name::Mac(_) => return Err("`subscriptions` has an address in it"),
                },
                end: match one.end {
                    None => End::Now,
                    Some(text) => End::At(time(&text)?),
                },
            })
        };
        Ok(Desired {
            presence: *presence,
            login: self.login,
            enabled: self.enabled,
            external_ref: patch(self.external_ref.map(|text| text.map(ExternalRef::new))),
            name: patch(self.name),
            email: patch(self.email),
            phone: patch(self.phone),
            address: patch(self.address),
            note: patch(self.note),
            device_limit: patch(self.device_limit),
            terminals: members(self.terminals, terminal_key, terminal_key)?,
            subscriptions: members(self.subscriptions, package, ended)?,
            ..Desired::existing()
        })
    }
}
