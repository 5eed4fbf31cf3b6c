//! Statements: one for each write.

use jsonsql::ast;
use jsonsql::prelude::*;
use jsonsql::{Dialect, query};
use secrecy::ExposeSecret as _;

use super::place::Made;
use super::rows::{Device, Field, Held, IptvPortalRows, IptvPortalWrite, Write};
use super::{IptvPortal, ReferenceColumn, tables};
use crate::error::{Error, Result};
use crate::model::MacAddr;
use crate::provisioning::rows::Slot;
use crate::schema::{self, PackageId, SubscriberId, TerminalId};

/// The constraint that a taken login violates (B).
const LOGIN: &str = "subscriber_domain_id_key";

const MISSING: Error = Error::Missing {
    record: "subscriber",
    place: None,
};

const MISSING_TERMINAL: Error = Error::Missing {
    record: "terminal",
    place: None,
};

/// Columns that operators use in their own way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) reference: ReferenceColumn,
}

/// The columns of `subscriber` that are written.
#[derive(Default, Changeset)]
#[changeset(table = schema::Subscriber)]
struct Changes {
    username: Option<String>,
    password: Change<schema::Password>,
    disabled: Option<bool>,
    email: Change<String>,
    phone: Change<String>,
    address: Change<String>,
    first_name: Change<String>,
    middle_name: Change<String>,
    surname: Change<String>,
    max_terminal: Change<i32>,
    billing: Change<String>,
    business: Change<String>,
}

#[derive(Insertable)]
#[insertable(table = schema::Terminal)]
struct NewTerminal {
    subscriber_id: Option<SubscriberId>,
    mac_addr: Option<MacAddr>,
    registered: bool,
}

#[derive(Insertable)]
#[insertable(table = schema::SubscriberPackage)]
struct NewPackage {
    subscriber_id: SubscriberId,
    package_id: PackageId,
    enabled: bool,
}

/// One of two that stays, with its end.
#[derive(Insertable)]
#[insertable(table = tables::Dated)]
struct NewDatedPackage {
    subscriber_id: SubscriberId,
    package_id: PackageId,
    enabled: bool,
    expired_on: Option<String>,
}

impl Columns {
    fn changes(self, fields: &[Field]) -> Changes {
        fn change<T>(value: Option<T>) -> Change<T> {
            value.map_or(Change::Null, Change::To)
        }
        let mut changes = Changes::default();
        for field in fields.iter().cloned() {
            match field {
                Field::Login(login) => changes.username = Some(login),
                Field::Enabled(enabled) => changes.disabled = Some(!enabled),
                Field::Reference(text) => match self.reference {
                    ReferenceColumn::Business => changes.business = change(text),
                    _ => changes.billing = change(text),
                },
                Field::Name(text) => {
                    changes.surname = change(text);
                    changes.first_name = Change::Null;
                    changes.middle_name = Change::Null;
                }
                Field::Email(text) => changes.email = change(text),
                Field::Phone(text) => changes.phone = change(text),
                Field::Address(text) => changes.address = change(text),
                Field::DeviceLimit(limit) => changes.max_terminal = change(limit),
                Field::Password(password) => {
                    let password = password.expose_secret().to_owned();
                    changes.password = Change::To(schema::Password(password));
                }
            }
        }
        changes
    }

    fn update(
        self,
        id: SubscriberId,
        fields: &[Field],
    ) -> Update<schema::Subscriber, SubscriberId> {
        schema::Subscriber::update(|s| s.id.eq(id)).set_changes(&self.changes(fields))
    }

    /// Returns the reason for which these fields cannot be sent: the server
    /// would read one of them as one of its names.
    pub(super) fn misread(self, fields: &[Field], dialect: &Dialect) -> Option<String> {
        for field in fields {
            let update = self.update(SubscriberId(0), std::slice::from_ref(field));
            if let Err(query::Error::AmbiguousText { reads_as, .. }) = update.params(dialect) {
                let name = field.name();
                return Some(format!("this server would read {name} as {reads_as}"));
            }
        }
        None
    }
}

impl Field {
    fn name(&self) -> &'static str {
        match self {
            Field::Login(_) => "the login",
            Field::Enabled(_) => "the state",
            Field::Reference(_) => "the external reference",
            Field::Name(_) => "the name",
            Field::Email(_) => "the e-mail address",
            Field::Phone(_) => "the telephone number",
            Field::Address(_) => "the postal address",
            Field::DeviceLimit(_) => "the limit of terminals",
            Field::Password(_) => "the password",
        }
    }
}

/// A new subscriber: the columns that are given and no others, for what a server
/// puts where nothing is said is its own business.
struct Insertion(ast::Insert);

impl Insertion {
    fn new(columns: Columns, fields: &[Field]) -> Insertion {
        let update = columns.update(SubscriberId(0), fields);
        let update = update.node();
        let (columns, values) = update.set.iter().cloned().unzip();
        Insertion(ast::Insert {
            into: update.table.clone(),
            columns,
            source: ast::InsertSource::Values(vec![values]),
            returning: update.returning.clone(),
        })
    }
}

impl Statement for Insertion {
    type Row = SubscriberId;

    fn ast(&self) -> ast::StatementRef<'_> {
        ast::StatementRef::Insert(&self.0)
    }
}

impl IptvPortal {
    /// Sends one write.
    pub(super) async fn make(
        &self,
        write: &IptvPortalWrite,
        present: Option<&IptvPortalRows>,
    ) -> Result<Made> {
        if let Write::CreateSubscriber(fields) = &write.0 {
            let insertion = Insertion::new(self.columns(), fields);
            let made = self.client.execute(&insertion).await;
            let made = first(made.map_err(taken)?)?;
            return Ok(Made::Subscriber(made));
        }
        let account = present.and_then(|rows| rows.subscriber.as_ref());
        let owner = account.and_then(|account| account.id).ok_or(MISSING)?;
        let device = |slot: Slot| {
            let device = present.and_then(|rows| rows.terminals.get(slot));
            device.and_then(|device| device.id).ok_or(MISSING_TERMINAL)
        };
        match &write.0 {
            Write::CreateSubscriber(_) => {}
            Write::ChangeSubscriber(fields) => {
                let update = self.columns().update(owner, fields);
                let written = self.client.execute(&update).idempotent().await;
                first(written.map_err(taken)?)?;
            }
            Write::DeleteSubscriber => {
                let delete = schema::Subscriber::delete(|s| s.id.eq(owner));
                self.client.execute(&delete).idempotent().await?;
            }
            Write::CreateTerminal(mac) => {
                let new = insert(&NewTerminal {
                    subscriber_id: Some(owner),
                    mac_addr: Some(*mac),
                    registered: true,
                });
                let made = self.client.execute(&new).await?;
                return Ok(Made::Terminal(first(made)?));
            }
            Write::TakeTerminal(device) => self.take(owner, device, owner).await?,
            Write::MoveTerminal(device, from) => self.take(owner, device, *from).await?,
            Write::RegisterTerminal(slot) => {
                let id = device(*slot)?;
                let update =
                    schema::Terminal::update(|t| t.id.eq(id).and(t.subscriber_id.eq(owner)))
                        .set(|t| t.registered.to(true));
                let written = self.client.execute(&update).idempotent().await?;
                if written.is_empty() {
                    return Ok(Made::Unclear);
                }
            }
            Write::ReleaseTerminal(slot) => {
                let id = device(*slot)?;
                let update =
                    schema::Terminal::update(|t| t.id.eq(id).and(t.subscriber_id.eq(owner))).set(
                        |t| {
                            let nobody = t.subscriber_id.to(None::<SubscriberId>);
                            (nobody, t.registered.to(false))
                        },
                    );
                let written = self.client.execute(&update).idempotent().await?;
                if written.is_empty() {
                    return Ok(Made::Unclear);
                }
            }
            Write::DeleteTerminals => {
                let delete = schema::Terminal::delete(|t| t.subscriber_id.eq(owner));
                self.client.execute(&delete).idempotent().await?;
            }
            Write::DeleteAddresses => {
                let delete = schema::SubscriberInetaddr::delete(|a| a.subscriber_id.eq(owner));
                self.client.execute(&delete).idempotent().await?;
            }
            Write::AddPackage(held) => self.add_package(owner, held).await?,
            Write::EnablePackage(package) => {
                let update = schema::SubscriberPackage::update(|p| {
                    p.subscriber_id.eq(owner).and(p.package_id.eq(*package))
                });
                let update = update
                    .set(|p| p.enabled.to(true))
                    .returning(|p| p.package_id);
                first(self.client.execute(&update).idempotent().await?)?;
            }
            Write::ClearEnd(package) => {
                let update = tables::Dated::update(|p| {
                    p.subscriber_id.eq(owner).and(p.package_id.eq(*package))
                });
                let update = update
                    .set(|p| p.expired_on.to(None::<String>))
                    .returning(|p| p.package_id);
                first(self.client.execute(&update).idempotent().await?)?;
            }
            Write::EndPackage(package) => {
                let delete = schema::SubscriberPackage::delete(|p| {
                    p.subscriber_id.eq(owner).and(p.package_id.eq(*package))
                });
                let delete = delete.returning(|p| p.package_id);
                self.client.execute(&delete).idempotent().await?;
            }
            Write::EndPackages => {
                let delete = schema::SubscriberPackage::delete(|p| p.subscriber_id.eq(owner));
                let delete = delete.returning(|p| p.package_id);
                self.client.execute(&delete).idempotent().await?;
            }
        }
        Ok(Made::Done)
    }

    async fn add_package(&self, owner: SubscriberId, held: &Held) -> Result<()> {
        let made = match &held.until {
            None => {
                let new = insert(&NewPackage {
                    subscriber_id: owner,
                    package_id: held.package,
                    enabled: held.enabled,
                });
                self.client
                    .execute(&new.returning(|p| p.package_id))
                    .await?
            }
            Some(until) => {
                let new = insert(&NewDatedPackage {
                    subscriber_id: owner,
                    package_id: held.package,
                    enabled: held.enabled,
                    expired_on: Some(until.clone()),
                });
                self.client
                    .execute(&new.returning(|p| p.package_id))
                    .await?
            }
        };
        first(made)?;
        Ok(())
    }

    /// Takes a terminal that is nobody's or this subscriber's, unless somebody else has
    /// taken it in between.
    async fn take(&self, owner: SubscriberId, device: &Device, from: SubscriberId) -> Result<()> {
        let id: TerminalId = device.id.ok_or(MISSING_TERMINAL)?;
        let registered = device.registered;
        let update = schema::Terminal::update(|t| {
            let is_own = t.subscriber_id.eq(owner).or(t.subscriber_id.eq(from));
            t.id.eq(id).and(t.subscriber_id.is_null().or(is_own))
        })
        .set(|t| (t.subscriber_id.to(owner), t.registered.to(registered)));
        let written = self.client.execute(&update).idempotent().await?;
        match written.is_empty() {
            true => Err(Error::Taken {
                place: None,
                record: "terminal",
                key: "hardware address",
            }),
            false => Ok(()),
        }
    }
}

/// Returns the row that a write has answered with: without one, what it was to
/// change is not there any more.
fn first<T>(rows: Vec<T>) -> Result<T> {
    rows.into_iter().next().ok_or(MISSING)
}

fn taken(error: Error) -> Error {
    match error.violated_constraint() {
        Some(LOGIN) => Error::Taken {
            place: None,
            record: "subscriber",
            key: "login",
        },
        _ => error,
    }
}
