//! Ministra, once Stalker.
//!
//! The server has accounts, each with one box at the most. A subscriber is all
//! accounts with one account number ([`MinistraRows`]), and a further box is a
//! further account like the first one.

mod catalogue;
mod load;
mod plan;
mod rows;
mod send;
mod values;
mod view;
mod write;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::error::{Place, Refusal, Result};
use crate::ministra;
use crate::model::{Capabilities, Capability};
use crate::model::{Channel, Command, Package, Timestamp};
use crate::provisioning::Records;
use crate::provisioning::desired::Desired;
use crate::provisioning::identity::{Collation, Identity, Key, KeyKind};
use crate::provisioning::plan::{Plan, Step, Unplanned};
use crate::provisioning::platform::{Audience, Context, Found, Loaded, Platform, Proof};
use crate::provisioning::view::View;

pub use catalogue::MinistraLists;
pub use rows::{MARK, MinistraRows};
pub use write::MinistraWrite;

/// The adapter of Ministra.
///
/// Keys are compared as MySQL's `utf8_general_ci` does (evidence: a server of
/// 4.9.35, A). A subscriber's id is its login.
///
/// # What cannot be seen
///
/// Two callers who create one login at once make two accounts, both with
/// success. With an external reference the second one is seen and reported;
/// without one it is seen by the list of all accounts alone.
///
/// ```no_run
/// use jsonsql_client::ministra;
/// use jsonsql_client::provisioning::Ministra;
/// use jsonsql_client::provisioning::{Adapter, Backend};
///
/// # async fn example() -> jsonsql_client::Result<()> {
/// let client = ministra::Ministra::builder()
///     .url("https://tv.example.net/stalker_portal/api/")
///     .credentials("billing", "a password from somewhere safe")
///     .build()?;
/// let platform: Box<dyn Backend> = Box::new(Adapter::new(Ministra::new(client)));
/// platform.disable_subscriber(&"ivanov".into()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Ministra {
    client: ministra::Ministra,
    identity: Identity,
    time_zone: Option<TimeZone>,
}

impl Ministra {
    /// Creates the adapter of a server.
    pub fn new(client: ministra::Ministra) -> Ministra {
        let identity = Identity::new()
            .logins(Collation::MysqlGeneral)
            .references(Collation::MysqlGeneral)
            .ids_are_logins()
            // By their number both accounts of one login are found.
            .may_have_twins(KeyKind::Reference);
        Ministra {
            client,
            identity,
            time_zone: None,
        }
    }

    /// Sets the zone of the server's clock. Without it the end of a plan is not
    /// among the records: the server writes dates without a zone.
    #[must_use]
    pub fn time_zone(mut self, zone: TimeZone) -> Ministra {
        self.time_zone = Some(zone);
        self
    }

    /// Returns the client, which can do more than the model.
    pub fn client(&self) -> &ministra::Ministra {
        &self.client
    }
}

impl fmt::Debug for Ministra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ministra").field(&self.client).finish()
    }
}

fn refused(reason: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::new("plan", reason)
}

impl Platform for Ministra {
    type Observed = MinistraRows;
    type Write = MinistraWrite;
    type Catalogue = MinistraLists;

    fn name(&self) -> &'static str {
        "ministra"
    }

    fn place(&self, operation: &'static str) -> Arc<Place> {
        self.client.place_of(operation)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new([
            Capability::ExternalRef,
            Capability::Phone,
            Capability::Note,
            Capability::ChangeLogin,
            Capability::MoveTerminal,
            Capability::TerminalState,
            Capability::Plans,
            Capability::Channels,
            Capability::Messages,
            Capability::MessageDuration,
            Capability::MessageExpiry,
            Capability::Restart,
            Capability::ReloadPortal,
            Capability::RefreshChannels,
            Capability::SwitchToChannel,
            Capability::UpdateFirmware,
        ])
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    async fn catalogue(&self) -> Result<MinistraLists> {
        let tariffs = self.client.tariffs().list().await?;
        let packages = self.client.services_package().list().await?;
        Ok(MinistraLists::new(tariffs, packages))
    }

    fn packages(&self, catalogue: &MinistraLists) -> Vec<Package> {
        catalogue.offers()
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<MinistraRows>> {
        let found = load::load(&self.client, &self.identity, keys).await?;
        Ok(Loaded::new(found))
    }

    fn reads_everybody(&self, keys: usize) -> bool {
        keys > load::FEW
    }

    fn load_all(&self) -> Records<'_, Found<MinistraRows>> {
        Records::once(async move {
            let accounts = self.client.accounts().each().await?;
            Ok(load::fold(&self.identity, accounts))
        })
    }

    fn keys(&self, present: &MinistraRows) -> Vec<Key> {
        load::keys(&self.identity, present)
    }

    fn view(
        &self,
        present: &MinistraRows,
        catalogue: Option<&MinistraLists>,
        now: Timestamp,
    ) -> View {
        self.view_of(present, catalogue, now)
    }

    fn plan(
        &self,
        present: Option<&MinistraRows>,
        wanted: &Desired,
        context: &Context<'_, Ministra>,
    ) -> Result<Plan<MinistraWrite>, Unplanned> {
        plan::plan(&self.identity, present, wanted, context)
    }

    fn after(&self, present: Option<&MinistraRows>, write: &MinistraWrite) -> Option<MinistraRows> {
        let mut rows = present.cloned().unwrap_or_default();
        rows.apply(&write.0);
        (!rows.0.is_empty()).then_some(rows)
    }

    fn park(
        &self,
        present: &MinistraRows,
        key: &Key,
        temporary: &str,
    ) -> Option<Step<MinistraWrite>> {
        plan::park(&self.identity, present, key, temporary)
    }

    async fn perform(
        &self,
        write: &MinistraWrite,
        present: Option<&MinistraRows>,
    ) -> Result<Proof<MinistraRows>> {
        write::perform(&self.client, &write.0, present).await
    }

    async fn channels(&self) -> Result<Vec<Channel>> {
        let channels = self.client.itv().list().await?;
        let channel = |channel: ministra::Channel| Channel {
            id: channel.id.to_string().into(),
            name: channel.name,
            number: channel.number,
            // Those that are switched off are among them.
            enabled: None,
        };
        Ok(channels.into_iter().map(channel).collect())
    }

    async fn send(&self, to: &Audience<'_, MinistraRows>, command: &Command) -> Result<()> {
        send::send(&self.client, &self.identity, to, command).await
    }
}
