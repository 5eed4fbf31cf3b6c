//! IPTVPORTAL, over typed JSONSQL.

mod load;
mod place;
mod plan;
mod reference;
mod rows;
mod statements;
mod tables;
mod view;

use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;
use place::Made;
pub use reference::ReferenceColumn;
pub use rows::{IptvPortalRows, IptvPortalWrite};
use statements::Columns;

use crate::Client;
use crate::error::{Place, Result};
use crate::model::{Capabilities, Capability};
use crate::model::{Channel, Package, Timestamp};
use crate::provisioning::Records;
use crate::provisioning::desired::Desired;
use crate::provisioning::identity::{Identity, Key, KeyKind};
use crate::provisioning::plan::{Plan, Step, Unplanned};
use crate::provisioning::platform::{Context, Found, Loaded, Platform, Proof};
use crate::provisioning::view::View;
use crate::schema;

/// IPTVPORTAL as a platform.
///
/// ```no_run
/// use jsonsql_client::Client;
/// use jsonsql_client::provisioning::{Adapter, Backend, IptvPortal};
///
/// let platform = Adapter::new(IptvPortal::new(Client::from_env()?));
/// let platform: &dyn Backend = &platform;
/// # Ok::<(), jsonsql_client::Error>(())
/// ```
///
/// What the vendor's documents and billings in production show is relied on:
/// tables and columns of [`schema`] graded A, writes that name their rows. Two
/// things beyond that are read unless they are said not to be there: ends of
/// packages ([`without_ends`](Self::without_ends)) and addresses
/// ([`without_addresses`](Self::without_addresses)). A server that lacks one of
/// them refuses to be read, and nothing is written.
///
/// A person's name is written whole into `surname`, and read from `surname`,
/// `first_name` and `middle_name` together: where to part it would be a guess.
/// A name that reads as wanted already is left in its columns.
///
/// A subscription is a row of `subscriber_package`, and ends by being deleted, as
/// in the vendor's scripts; a row that is not `enabled` is not in use, and is
/// enabled by adding the package again. One whose `expired_on` has passed is not
/// active; a package that is bought until it is ended has its `expired_on`
/// cleared. A terminal that is taken away stays as a
/// row that is nobody's and not registered.
#[derive(Clone)]
pub struct IptvPortal {
    client: Client,
    identity: Identity,
    reference: ReferenceColumn,
    addresses: bool,
    ends: bool,
    time_zone: TimeZone,
}

impl IptvPortal {
    /// The platform of this client's server, with external references in
    /// `billing`.
    pub fn new(client: Client) -> IptvPortal {
        IptvPortal {
            client,
            // No constraint is known that would refuse a second row, but for the
            // login, of which one report shows it.
            identity: Identity::new()
                .may_have_twins(KeyKind::Login)
                .may_have_twins(KeyKind::Reference)
                .may_have_twins(KeyKind::Terminal),
            reference: ReferenceColumn::default(),
            addresses: true,
            ends: true,
            time_zone: TimeZone::UTC,
        }
    }

    /// Keeps external references in this column.
    #[must_use]
    pub fn external_refs_in(mut self, column: ReferenceColumn) -> IptvPortal {
        self.reference = column;
        self
    }

    /// Does without the table `subscriber_inetaddr`, which the vendor's
    /// document does not mention: subscribers are deleted without looking for
    /// their addresses there.
    #[must_use]
    pub fn without_addresses(mut self) -> IptvPortal {
        self.addresses = false;
        self
    }

    /// Does without the column `subscriber_package.expired_on`: the vendor's
    /// document names the column (A) and not its table (C), and a server without
    /// it refuses to be read with it.
    #[must_use]
    pub fn without_ends(mut self) -> IptvPortal {
        self.ends = false;
        self
    }

    /// Reads times of the server as those of this zone, UTC if nothing is said:
    /// no source says of which they are.
    #[must_use]
    pub fn time_zone(mut self, zone: TimeZone) -> IptvPortal {
        self.time_zone = zone;
        self
    }

    /// Creates the rows of a subscriber from the server's records: its terminals,
    /// and its packages. Without a subscriber they are terminals that are
    /// nobody's.
    pub fn rows(
        &self,
        subscriber: Option<schema::Subscriber>,
        terminals: Vec<schema::Terminal>,
        packages: Vec<schema::full::SubscriberPackage>,
    ) -> IptvPortalRows {
        self.rows_of_records(subscriber, terminals, packages)
    }

    /// Returns the client, for everything beyond the model.
    pub fn client(&self) -> &Client {
        &self.client
    }

    fn columns(&self) -> Columns {
        Columns {
            reference: self.reference,
        }
    }
}

impl fmt::Debug for IptvPortal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IptvPortal")
            .field("reference", &self.reference)
            .field("addresses", &self.addresses)
            .field("ends", &self.ends)
            .field("time_zone", &self.time_zone)
            .finish_non_exhaustive()
    }
}

impl Platform for IptvPortal {
    type Observed = IptvPortalRows;
    type Write = IptvPortalWrite;
    type Catalogue = Vec<Package>;

    fn name(&self) -> &'static str {
        "iptvportal"
    }

    fn place(&self, operation: &'static str) -> Arc<Place> {
        self.client.executor().place_of(operation.to_owned())
    }

    fn capabilities(&self) -> Capabilities {
        let reference =
            (self.reference != ReferenceColumn::Nowhere).then_some(Capability::ExternalRef);
        Capabilities::new(reference.into_iter().chain([
            Capability::Email,
            Capability::Phone,
            Capability::Address,
            Capability::DeviceLimit,
            Capability::ChangeLogin,
            Capability::FreeTerminals,
            Capability::MoveTerminal,
            Capability::Channels,
        ]))
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    /// An operator has tens of packages, which one answer holds.
    async fn catalogue(&self) -> Result<Vec<Package>> {
        let rows = self.client.fetch_all(&schema::Package::all()).await?;
        Ok(rows.into_iter().map(view::package).collect())
    }

    fn packages(&self, catalogue: &Vec<Package>) -> Vec<Package> {
        catalogue.clone()
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<IptvPortalRows>> {
        let found = self.load_keys(keys).await?;
        Ok(Loaded { found, now: None })
    }

    fn load_all(&self) -> Records<'_, Found<IptvPortalRows>> {
        self.everybody()
    }

    fn keys(&self, present: &IptvPortalRows) -> Vec<Key> {
        present.keys(&self.identity)
    }

    fn view(&self, present: &IptvPortalRows, _: Option<&Vec<Package>>, now: Timestamp) -> View {
        present.view(self, now)
    }

    fn plan(
        &self,
        present: Option<&IptvPortalRows>,
        wanted: &Desired,
        context: &Context<'_, IptvPortal>,
    ) -> Result<Plan<IptvPortalWrite>, Unplanned> {
        plan::plan(self, present, wanted, context)
    }

    fn after(
        &self,
        present: Option<&IptvPortalRows>,
        write: &IptvPortalWrite,
    ) -> Option<IptvPortalRows> {
        let mut rows = present.cloned().unwrap_or_default();
        rows.apply(write);
        (!rows.is_empty()).then_some(rows)
    }

    fn transfer(
        &self,
        from: &IptvPortalRows,
        release: &IptvPortalWrite,
        take: &IptvPortalWrite,
    ) -> Option<IptvPortalWrite> {
        rows::transfer(from, release, take)
    }

    fn park(
        &self,
        present: &IptvPortalRows,
        key: &Key,
        temporary: &str,
    ) -> Option<Step<IptvPortalWrite>> {
        plan::park(self, present, key, temporary)
    }

    async fn perform(
        &self,
        write: &IptvPortalWrite,
        present: Option<&IptvPortalRows>,
    ) -> Result<Proof<IptvPortalRows>> {
        let made = self.make(write, present).await?;
        if made == Made::Unclear {
            return Ok(Proof::Accepted);
        }
        let mut rows = self.after(present, write);
        if let Some(rows) = &mut rows {
            rows.name_made(made);
        }
        Ok(Proof::Answered(rows))
    }

    async fn channels(&self) -> Result<Vec<Channel>> {
        let rows = self
            .client
            .stream(&tables::Channel::filter(|m| m.is_tv.eq(true)));
        Records::new(rows)
            .map(tables::Channel::into_model)
            .collect()
            .await
    }
}
