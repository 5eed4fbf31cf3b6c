//! TVIP TMS.
//!
//! A subscriber is an account, a terminal a device, a package a tariff. A
//! device that has subscriptions of its own shows nothing of its account's
//! (TVIP's "Tariffs"), which is seen in [views](super::super::View) and their
//! effects, device by device.
//!
//! A run for one subscriber reads the lists that it is about: one that only
//! switches an account on does not read its devices, and says that they were
//! [not read](super::super::Effect::Unread). A
//! [preview](super::super::Executor::preview) reads all of them.

mod commands;
mod everybody;
mod lists;
mod load;
mod parts;
mod plan;
mod rows;
mod view;
mod write;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use lists::TvipLists;
use parts::Parts;
pub use rows::TvipRows;
pub use write::TvipWrite;

use self::write::Write;
use crate::error::{Place, Result};
use crate::model::{Capabilities, Capability};
use crate::model::{Channel, Command, FieldLoss, Package, PackageKind, Timestamp};
use crate::provisioning::Records;
use crate::provisioning::desired::{Desired, TerminalKey};
use crate::provisioning::identity::{Collation, Identity, Key, KeyKind};
use crate::provisioning::plan::{FieldDiff, Plan, Step, Unplanned};
use crate::provisioning::platform::{Audience, Context, Found, Loaded, Platform, Proof};
use crate::provisioning::view::View;
use crate::tvip::{AccountChange, Listed, Tarif, TarifFilter, Tvip as Raw, Unbind};

/// A TVIP TMS, as a [`Platform`].
///
/// ```no_run
/// use jsonsql_client::provisioning::{Adapter, Backend, Tvip};
/// use jsonsql_client::tvip::{self, ProviderId};
///
/// # fn example() -> jsonsql_client::Result<()> {
/// let raw = tvip::Tvip::builder()
///     .url("https://tms.example.com/api/provider")
///     .credentials("billing", "a password from somewhere safe")
///     .provider(ProviderId(212))
///     .build()?;
/// let platform: Box<dyn Backend> = Box::new(Adapter::new(Tvip::new(raw)));
/// # Ok(())
/// # }
/// ```
///
/// Of several providers that share a server it sees and writes the records of
/// the [one that is set](crate::ClientBuilder::provider), and takes no device of
/// another one's.
///
/// # Requests
///
/// To add a package to an account takes four requests, each for something that no
/// other documented answer says:
///
/// - the account: that it is there, and is the provider's,
/// - its subscriptions: that it has no such package, and none that it would run into,
/// - the list of tariffs: that the package is there and available,
/// - the write, whose answer is the subscription, so that nothing is read after it.
///
/// Subscriptions have `account_dto` and `tarif_dto`, which are null in every documented
/// answer, and what servers do with a subscription to an account or tariff that is not
/// there is not documented. A run for several subscribers reads the tariffs once, and an
/// [`Adapter`](super::super::Adapter::keeping_lists) may keep them from one operation
/// to the next.
#[derive(Clone)]
pub struct Tvip {
    raw: Raw,
    identity: Identity,
    collation: Collation,
    models: Arc<Mutex<HashMap<i64, Option<String>>>>,
    /// The number of requests that the lists of everybody took; 0 until they are read.
    pages: Arc<AtomicUsize>,
}

impl Tvip {
    /// Creates the platform of a client. Logins and references are compared
    /// exactly.
    pub fn new(raw: Raw) -> Tvip {
        Tvip {
            raw,
            identity: Identity::new(),
            collation: Collation::Exact,
            models: Arc::default(),
            pages: Arc::default(),
        }
    }

    /// Compares logins and external references so. How a server does is not
    /// known: no document says it.
    #[must_use]
    pub fn collation(mut self, collation: Collation) -> Tvip {
        self.identity = Identity::new().logins(collation).references(collation);
        self.collation = collation;
        self
    }

    /// Returns the client, whose interface goes beyond the model.
    pub fn client(&self) -> &Raw {
        &self.raw
    }

    fn models(&self) -> MutexGuard<'_, HashMap<i64, Option<String>>> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tvip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tvip").field(&self.raw).finish()
    }
}

impl Platform for Tvip {
    type Observed = TvipRows;
    type Write = TvipWrite;
    type Catalogue = TvipLists;

    fn name(&self) -> &'static str {
        "tvip"
    }

    fn place(&self, operation: &'static str) -> Arc<Place> {
        self.raw.place_of(operation)
    }

    fn capabilities(&self) -> Capabilities {
        use crate::tvip::Ending;

        let options = self.raw.options();
        let all = Capability::ALL.iter().copied();
        Capabilities::new(all.filter(|capability| match capability {
            Capability::Email | Capability::Phone | Capability::Plans => false,
            Capability::FreeTerminals => options.unbind == Unbind::Free,
            Capability::SubscriptionHistory => options.ending == Ending::Stop,
            Capability::ExternalRef
            | Capability::Address
            | Capability::Note
            | Capability::DeviceLimit
            | Capability::ChangeLogin
            | Capability::TerminalsWithoutMac
            | Capability::MoveTerminal
            | Capability::TerminalState
            | Capability::DatedSubscriptions
            | Capability::TerminalSubscriptions
            | Capability::Channels
            | Capability::Messages
            | Capability::Confirmation
            | Capability::MessageTitles
            | Capability::MessageDuration
            | Capability::ScheduledMessages
            | Capability::MessageExpiry
            | Capability::Restart
            | Capability::ReloadPortal
            | Capability::RefreshChannels
            | Capability::SwitchToChannel
            | Capability::UpdateFirmware => true,
        }))
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Reads the tariffs. One that cannot be read is not available.
    async fn catalogue(&self) -> Result<TvipLists> {
        let rows = self.raw.tarifs().rows(TarifFilter::default()).await?;
        Ok(TvipLists::of_rows(rows))
    }

    /// Returns the provider's tariffs and those of all providers.
    fn packages(&self, lists: &TvipLists) -> Vec<Package> {
        let tarifs = lists.tarifs().iter();
        let seen = tarifs.filter(|tarif| self.sees(tarif.provider));
        let package = |tarif: &Tarif| Package {
            id: tarif.id.0.into(),
            kind: PackageKind::Package,
            name: tarif.tarif_name.clone(),
            enabled: tarif.enabled.unwrap_or(true),
            price: None,
            plans: Vec::new(),
        };
        seen.map(package).collect()
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<TvipRows>> {
        self.load_parts(keys, Parts::ALL).await
    }

    async fn load_for(&self, keys: &[Key], about: &Desired) -> Result<Loaded<TvipRows>> {
        let found_by = |terminal: &TerminalKey| keys.contains(&terminal.key(&self.identity));
        self.load_parts(keys, Parts::new(about, found_by)).await
    }

    fn reads_everybody(&self, keys: usize) -> bool {
        self.reads_lists(keys)
    }

    fn load_all(&self) -> Records<'_, Found<TvipRows>> {
        self.everybody().map(|one| match one {
            Listed::Read(rows) => Found::Rows(rows),
            Listed::Odd(odd) => Found::Unreadable {
                id: odd.name(),
                reason: odd.problem.to_string(),
            },
        })
    }

    fn keys(&self, present: &TvipRows) -> Vec<Key> {
        self.all_keys(present)
    }

    fn view(&self, present: &TvipRows, _: Option<&TvipLists>, now: Timestamp) -> View {
        self.view_of(present, now)
    }

    fn plan(
        &self,
        present: Option<&TvipRows>,
        wanted: &Desired,
        context: &Context<'_, Tvip>,
    ) -> Result<Plan<TvipWrite>, Unplanned> {
        plan::plan(self, present, wanted, context)
    }

    fn after(&self, present: Option<&TvipRows>, write: &TvipWrite) -> Option<TvipRows> {
        let mut rows = present.cloned().unwrap_or_default();
        rows.apply(&write.0).then_some(rows)
    }

    /// A client in production moves a device by giving it another account.
    fn transfer(
        &self,
        from: &TvipRows,
        release: &TvipWrite,
        take: &TvipWrite,
    ) -> Option<TvipWrite> {
        let (Write::FreeDevice(slot), Write::BindDevice(_, device)) = (&release.0, &take.0) else {
            return None;
        };
        let own = from.devices.get(*slot)?.id?;
        (device.id == Some(own)).then(|| take.clone())
    }

    fn park(&self, present: &TvipRows, key: &Key, temporary: &str) -> Option<Step<TvipWrite>> {
        match key.kind() {
            KeyKind::Login => {
                let account = present.account.as_ref()?;
                let change = AccountChange {
                    login: Some(temporary.to_owned()),
                    ..AccountChange::default()
                };
                let write = TvipWrite(Write::ChangeAccount(Box::new(change)));
                let differs = FieldDiff::new("login", Some(&*account.login), Some(temporary));
                Some(Step::new("park the login", write).differs(differs))
            }
            // One with subscriptions would bring them to whoever gets it.
            KeyKind::Terminal if self.raw.options().unbind == Unbind::Free => {
                let mut devices = present.devices.slots();
                let (slot, device) =
                    devices.find(|(_, device)| device.key(&self.identity) == *key)?;
                if present.held_by(Some(&device.unique_id)).next().is_some() {
                    return None;
                }
                let found = Some(&*device.unique_id);
                let differs = FieldDiff::new("terminals", found, None::<String>);
                let write = TvipWrite(Write::FreeDevice(slot));
                Some(Step::new("park the terminal", write).differs(differs))
            }
            _ => None,
        }
    }

    async fn perform(
        &self,
        write: &TvipWrite,
        present: Option<&TvipRows>,
    ) -> Result<Proof<TvipRows>> {
        Ok(Proof::Answered(self.send_write(&write.0, present).await?))
    }

    /// Lists channels by the names that viewers see.
    async fn channels(&self) -> Result<Vec<Channel>> {
        self.channel_list().await
    }

    fn losses(&self, command: &Command) -> Vec<FieldLoss> {
        commands::losses(command)
    }

    async fn send(&self, to: &Audience<'_, TvipRows>, command: &Command) -> Result<()> {
        self.tell(to, command).await
    }
}

/// Returns the number that an id of the model is here: `007` and `+7` are
/// another platform's.
fn number(id: &str) -> Option<i64> {
    let number: i64 = id.parse().ok()?;
    (number > 0 && number.to_string() == id).then_some(number)
}
