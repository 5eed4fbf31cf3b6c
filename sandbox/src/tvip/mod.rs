//! The TVIP TMS surface: the Provider API that billing systems drive.
//!
//! A small operator is there at the start; [`TvipOptions`] sets it up otherwise
//! and [`Tvip`] looks at what clients did. Where no public source says how the
//! vendor's server behaves, [`TvipUnknowns`] has a setting.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::middleware;
use jiff::Timestamp;
use serde_json::Value;

use crate::error::Error;

mod account;
mod account_network;
mod account_subscription;
mod answer;
mod auth;
mod change;
mod channel;
mod command;
mod crud;
mod date;
mod device;
mod device_subscription;
mod device_type;
mod entitlement;
mod favorite_group;
mod gate;
mod inbox;
mod lenient;
mod options;
mod provider;
mod query;
mod refusal;
mod region;
mod resource;
mod send;
mod state;
mod table;
mod tarif;
mod tarif_tag;
mod unknowns;

pub use command::{Action, Command, Message, MessageKind};
pub use inbox::{Recipients, Sent};
pub use options::{TvipOptions, TvipSeed};
pub use unknowns::{
    AccountDelete, Broadcast, Created, DeleteOfGone, Deleted, DeviceOverLimit, Dto, EmptyIds,
    EpochUnit, ErrorShape, ExplicitNull, FieldSet, NotKnownName, PinMd5, Put, SameTarifTwice,
    TextFilter, TvipUnknowns, UniqueIdCase, UnknownIds,
};

use auth::Administrator;
use inbox::Outgoing;
use state::State;

/// Where the interface is on every known install.
pub(crate) const PREFIX: &str = "/api/provider";

/// The largest request, in bytes: enough for a message to 100,000 accounts.
const LARGEST_REQUEST: usize = 1 << 20;

/// The TVIP surface of a running sandbox, past its protocol: for tests that look
/// at what a client did.
#[derive(Clone)]
pub struct Tvip(Arc<Inner>);

struct Inner {
    administrator: Administrator,
    unknowns: TvipUnknowns,
    state: Mutex<State>,
    /// Locked after the state where both are.
    outgoing: Mutex<Outgoing>,
}

impl Tvip {
    pub(crate) fn new(options: TvipOptions) -> Result<Tvip, Error> {
        let state = options.seed.read().map_err(Error::TvipState)?;
        Ok(Tvip(Arc::new(Inner {
            administrator: options.administrator,
            unknowns: options.unknowns,
            state: Mutex::new(state),
            outgoing: Mutex::default(),
        })))
    }

    /// Everything there is, as [`TvipSeed::State`] and [`load`](Tvip::load) take
    /// it: a list for each path, passwords' hashes and what only the
    /// administrator's panel sets among the fields.
    ///
    /// ```
    /// # use jsonsql_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), jsonsql_sandbox::Error> {
    /// let sandbox = Sandbox::builder().start().await?;
    /// let state = sandbox.tvip().state();
    /// assert_eq!(state["accounts"][0]["login"], "1001");
    /// # Ok(())
    /// # }
    /// ```
    pub fn state(&self) -> Value {
        // Numbers, texts and lists under names: nothing JSON cannot have.
        serde_json::to_value(&*self.locked()).unwrap_or_default()
    }

    /// Replaces everything there is. The commands sent so far stay known.
    ///
    /// # Errors
    ///
    /// When it is not a state; the message says where.
    pub fn load(&self, state: Value) -> Result<(), Error> {
        let state = State::read(state).map_err(Error::TvipState)?;
        *self.locked() = state;
        Ok(())
    }

    /// Every command accepted since the start, and whom it reached; of more than
    /// 100,000, the latest.
    pub fn sent(&self) -> Vec<Sent> {
        self.outgoing().all()
    }

    /// The commands a device was sent, in their order, including those whose
    /// `post_time` has not come: the sandbox does not wait.
    pub fn inbox(&self, device: i64) -> Vec<Command> {
        self.outgoing().reached(device)
    }

    /// The ids of the channels a device shows at a time; none if there is no
    /// such device.
    ///
    /// What a disabled tariff gives is not known; it is not looked at.
    pub fn channels(&self, device: i64, at: SystemTime) -> Option<Vec<i64>> {
        let at = Timestamp::try_from(at).ok()?;
        entitlement::channels(&self.locked(), device, at)
    }

    /// Opens a device's web socket, over which commands go.
    ///
    /// # Errors
    ///
    /// When there is no such device.
    pub fn connect(&self, device: i64) -> Result<(), Error> {
        self.set_connected(device, true)
    }

    /// Closes a device's web socket: it misses the commands from now on.
    ///
    /// # Errors
    ///
    /// When there is no such device.
    pub fn disconnect(&self, device: i64) -> Result<(), Error> {
        self.set_connected(device, false)
    }

    fn set_connected(&self, id: i64, connected: bool) -> Result<(), Error> {
        let mut state = self.locked();
        let device = state.devices.get_mut(id).ok_or(Error::TvipDevice(id))?;
        device.connect(connected, date::now());
        Ok(())
    }

    fn unknowns(&self) -> &TvipUnknowns {
        &self.0.unknowns
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        self.0.administrator.admits(headers)
    }

    /// A row is put in its table as a whole, so a panic leaves nothing half done.
    fn locked(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outgoing(&self) -> MutexGuard<'_, Outgoing> {
        self.0
            .outgoing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tvip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tvip")
            .field("administrator", &self.0.administrator)
            .finish_non_exhaustive()
    }
}

/// Every path, with the slash at the end that some clients send and without.
pub(crate) fn routes(tvip: Tvip) -> Router {
    let interface = Router::new()
        .merge(crud::read_write::<account::Account>())
        .merge(crud::read_write::<account_subscription::AccountSubscription>())
        .merge(crud::read_write::<device::Device>())
        .merge(crud::read_write::<device_subscription::DeviceSubscription>())
        .merge(crud::read_write::<tarif::Tarif>())
        .merge(crud::read_write::<tarif_tag::TarifTag>())
        .merge(crud::read_write::<account_network::AccountNetwork>())
        .merge(crud::read_write::<device_type::DeviceType>())
        .merge(crud::read_only::<channel::Channel>())
        .merge(crud::read_only::<provider::Provider>())
        .merge(crud::read_only::<region::Region>())
        .merge(crud::read_only::<favorite_group::FavoriteGroup>())
        .merge(send::routes())
        .fallback(gate::no_such_path)
        .method_not_allowed_fallback(gate::no_such_method)
        .layer(middleware::from_fn_with_state(tvip.clone(), gate::gate))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(tvip);
    Router::new().nest(PREFIX, interface)
}
