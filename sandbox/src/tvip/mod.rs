//! The TVIP TMS surface: the Provider API that billing systems drive.
//!
//! A small operator is there at the start; [`TvipOptions`] sets it up otherwise
//! and [`Tvip`] looks at what clients did. Where no public source says how the
//! vendor's server behaves, [`TvipBehavior`] has a setting.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::SystemTime;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;

use crate::clock::Clock;
use crate::error::Error;
use crate::journal::Trace;
use crate::records::{self, OpenError, Row, StateStore, StoredState};
use crate::vendor::TVIP_PATH;

mod account;
mod account_network;
mod answer;
mod auth;
mod behavior;
mod change;
mod channel;
mod command;
mod crud;
mod date;
mod device;
mod device_type;
mod entitlement;
mod favorite_group;
mod inbox;
mod lenient;
mod middleware;
mod options;
mod provider;
mod query;
mod refusal;
mod region;
mod resource;
mod send;
mod state;
mod subscription;
mod tarif;
mod tarif_tag;

pub use behavior::{
    AccountDelete, Broadcast, Created, DeleteOfGone, Deleted, DeviceOverLimit, DisabledTarif, Dto,
    EmptyIds, EpochUnit, ErrorShape, ExplicitNull, FieldSet, NotKnownName, PinMd5, Put,
    SameTarifTwice, TextFilter, TvipBehavior, UniqueIdCase, UnknownIds,
};
pub use command::{Action, Command, Message, MessageKind};
pub use inbox::{Recipients, Sent};
pub use options::{TvipOptions, TvipSeed};

use auth::Administrator;
use refusal::Refusal;
use state::State;

/// The path of the interface on every known installation.
const PREFIX: &str = TVIP_PATH;

/// The largest request, in bytes: enough for a message to 100,000 accounts.
const LARGEST_REQUEST: usize = 1 << 20;

/// The TVIP surface of a running sandbox, past its protocol: for tests that look
/// at what a client did.
#[derive(Clone)]
pub struct Tvip(Arc<Inner>);

struct Inner {
    administrator: Administrator,
    behavior: RwLock<TvipBehavior>,
    state: Mutex<StoredState<State>>,
    clock: Clock,
}

impl Tvip {
    /// With what is stored; with the seed where nothing is.
    pub(crate) fn open(
        options: TvipOptions,
        store: Arc<dyn StateStore>,
        clock: Clock,
    ) -> Result<Tvip, Error> {
        let seed = options.seed;
        let mut state = StoredState::open(store, || seed.read()).map_err(|error| match error {
            OpenError::Seed(error) => Error::TvipState(error),
            OpenError::Storage(error) => Error::Database(error),
        })?;
        state.clock = clock.clone();
        Ok(Tvip(Arc::new(Inner {
            administrator: options.administrator,
            behavior: options.behavior.into(),
            state: Mutex::new(state),
            clock,
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
        serde_json::to_value(&**self.locked()).unwrap_or_default()
    }

    /// Replaces everything there is. The commands sent so far stay known.
    ///
    /// # Errors
    ///
    /// When it is not a state; the message says where. When it cannot be
    /// stored; then everything stays as it was.
    pub fn load(&self, state: Value) -> Result<(), Error> {
        let mut state = State::read(state).map_err(Error::TvipState)?;
        let kept = self.locked();
        state.commands = kept.commands.clone();
        self.replaced(kept, state)
    }

    /// Puts the records of this seed in place of all there are, commands too.
    pub(crate) fn reset(&self, seed: TvipSeed) -> Result<(), Error> {
        let state = seed.read().map_err(Error::TvipState)?;
        self.replaced(self.locked(), state)
    }

    /// Adds these records, each in place of the one with its id.
    pub(crate) fn merge(&self, records: Value) -> Result<(), Error> {
        let kept = self.locked();
        let whole = serde_json::to_value(&**kept).unwrap_or_default();
        let whole = records::merged(whole, records).map_err(Error::TvipState)?;
        let mut state = State::read(whole).map_err(Error::TvipState)?;
        state.commands = kept.commands.clone();
        self.replaced(kept, state)
    }

    /// All records, for [`restore`](Tvip::restore).
    pub(crate) fn rows(&self) -> Vec<Row> {
        self.locked().rows()
    }

    /// Puts these records in place of all there are.
    pub(crate) fn restore(&self, rows: Vec<Row>) -> Result<(), Error> {
        let state = records::assembled::<State>(rows).map_err(Error::TvipState)?;
        self.replaced(self.locked(), state)
    }

    /// Nothing has been sent.
    pub(crate) fn forget_commands(&self) -> Result<(), Error> {
        let mut kept = self.locked();
        for id in kept.commands.ids().collect::<Vec<_>>() {
            kept.commands.remove(id);
        }
        kept.commit().map(drop).map_err(Error::Storage)
    }

    fn replaced(
        &self,
        mut kept: MutexGuard<'_, StoredState<State>>,
        mut state: State,
    ) -> Result<(), Error> {
        state.clock = self.0.clock.clone();
        kept.replace(state).map_err(Error::Storage)
    }

    /// Every command accepted since the start, and whom it reached or will; of
    /// more than 100,000, the latest.
    pub fn sent(&self) -> Vec<Sent> {
        inbox::all(&self.locked().commands)
    }

    /// The commands a device has got by now, in the order they were accepted:
    /// what waits for its `post_time` is not among them.
    pub fn inbox(&self, device: i64) -> Vec<Command> {
        self.inbox_at(device, self.0.clock.system_time())
    }

    /// The commands a device has got by a time, which may be one to come: so a
    /// test sees what waits for its `post_time` without waiting itself.
    pub fn inbox_at(&self, device: i64, at: SystemTime) -> Vec<Command> {
        inbox::reached(&self.locked().commands, device, at)
    }

    /// The ids of the channels a device shows at a time; none if there is no
    /// such device.
    pub fn channels(&self, device: i64, at: SystemTime) -> Option<Vec<i64>> {
        let at = Timestamp::try_from(at).ok()?;
        entitlement::channels(&self.locked(), device, at, &self.behavior())
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
        let mut device = state.devices.edit(id).ok_or(Error::TvipDevice(id))?;
        device.connect(connected, date::now(&self.0.clock));
        drop(device);
        state.commit().map_err(Error::Storage)?;
        Ok(())
    }

    /// Reads or changes the state for a request, and stores what that changed
    /// before there is an answer.
    async fn serve(
        &self,
        trace: Trace,
        work: impl FnOnce(&mut State, &TvipBehavior) -> Result<Response, Refusal> + Send + 'static,
    ) -> Result<Response, Refusal> {
        let tvip = self.clone();
        let failed = |what: String| {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            Refusal::framework(status, format!("the sandbox's storage failed: {what}"))
        };
        // Storing takes its time and blocks, as waiting for who stores does.
        let changed = tokio::task::spawn_blocking(move || {
            let mut state = tvip.locked();
            let response = work(&mut state, &tvip.behavior());
            trace.changed(state.commit().map_err(failed)?);
            response
        });
        changed.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a request panicked");
            Err(failed("a request panicked".to_owned()))
        })
    }

    /// Returns the settings of the behaviour that is not known of the vendor's
    /// server.
    pub(crate) fn behavior(&self) -> TvipBehavior {
        *self
            .0
            .behavior
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Behaves so from now on.
    pub(crate) fn set_behavior(&self, behavior: TvipBehavior) {
        let mut current = self
            .0
            .behavior
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = behavior;
    }

    /// The value of the header that the administrator sends.
    #[cfg(feature = "console")]
    pub(crate) fn authorization(&self) -> String {
        self.0.administrator.authorization()
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        self.0.administrator.admits(headers)
    }

    fn locked(&self) -> MutexGuard<'_, StoredState<State>> {
        self.0.state.lock().unwrap_or_else(|poisoned| {
            // What a request that panicked was about to do is not done.
            let mut state = poisoned.into_inner();
            state.undo();
            state
        })
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
        .merge(crud::read_write::<subscription::AccountSubscription>())
        .merge(crud::read_write::<device::Device>())
        .merge(crud::read_write::<subscription::DeviceSubscription>())
        .merge(crud::read_write::<tarif::Tarif>())
        .merge(crud::read_write::<tarif_tag::TarifTag>())
        .merge(crud::read_write::<account_network::AccountNetwork>())
        .merge(crud::read_write::<device_type::DeviceType>())
        .merge(crud::read_only::<channel::Channel>())
        .merge(crud::read_only::<provider::Provider>())
        .merge(crud::read_only::<region::Region>())
        .merge(crud::read_only::<favorite_group::FavoriteGroup>())
        .merge(send::routes())
        .fallback(middleware::no_such_path)
        .method_not_allowed_fallback(middleware::no_such_method)
        .layer(from_fn_with_state(tvip.clone(), middleware::admit))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(tvip);
    Router::new().nest(PREFIX, interface)
}
