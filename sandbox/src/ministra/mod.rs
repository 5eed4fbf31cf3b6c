//! The Ministra (Stalker) surface: REST v1 over form bodies.
//!
//! The behaviour is that of a recorded Stalker 4.9.35 with the differences of
//! later versions that could be read; where the vendor's documents and the
//! server disagree, the server is followed.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::any;
use axum::{Extension, Router};

mod address;
mod answer;
mod apache;
mod auth;
mod collation;
mod column;
mod form;
mod identifiers;
mod inbox;
mod json;
mod options;
mod pasted;
mod request;
mod resource;
mod seed;
mod state;
mod value;

pub use inbox::BoxEvent;
pub use options::{
    Database, MinistraOptions, MinistraVersion, PhpWarnings, Requests, ResellerAdded, V1Folder,
};
pub use seed::MinistraSeed;

use crate::body;
use crate::clock::Clock;
use crate::error::Error;
use crate::journal::Trace;
use crate::jsonsql::BEFORE_LOGIN;
use crate::limits::Limits;
use crate::records::{self, OpenError, Row, StateStore, StoredState};
use address::{Astray, Folder};
use answer::{Answer, refuse};
use inbox::Event;
use request::{Action, Request};
use resource::Resource;
use state::State;

/// The largest body, in bytes: PHP's own `post_max_size`.
const LARGEST_BODY: usize = 8 << 20;

/// A running Ministra, seen from inside: what was sent to the boxes, and the
/// state of the accounts. Clones are the same Ministra.
///
/// ```
/// use jsonsql_sandbox::Sandbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), jsonsql_sandbox::Error> {
/// let sandbox = Sandbox::builder().start().await?;
/// // A client posts to `send_event`; then:
/// let events = sandbox.ministra().inbox("00:1A:79:00:00:01");
/// assert!(events.is_empty());
/// assert_eq!(sandbox.ministra().reboots("00:1A:79:00:00:01"), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Ministra(Arc<Mutex<Installation>>);

/// The time for which others can come between a check and a write, if they can at
/// all.
const BETWEEN: Duration = Duration::from_millis(100);

/// One server: its configuration, and its data.
struct Installation {
    options: MinistraOptions,
    state: StoredState<State>,
    clock: Clock,
    step: Step,
}

/// The part of a request that is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// All of it.
    Whole,
    /// Up to the end of a search for a login or MAC address that is taken.
    Check,
    /// All of it without that search, which found none.
    Write,
}

impl Ministra {
    /// With what is stored; with the seed where nothing is.
    pub(crate) fn open(
        options: MinistraOptions,
        seed: &MinistraSeed,
        store: Arc<dyn StateStore>,
        clock: Clock,
    ) -> Result<Ministra, Error> {
        let state = StoredState::open(store, || seed.state()).map_err(|error| match error {
            OpenError::Seed(error) => Error::MinistraSeed(error),
            OpenError::Storage(error) => Error::Database(error),
        })?;
        let installation = Installation {
            options,
            state,
            step: Step::Whole,
            clock,
        };
        Ok(Ministra(Arc::new(Mutex::new(installation))))
    }

    /// The events waiting for a box, the oldest first. A box is named by the MAC
    /// address or the login that its row has now.
    pub fn inbox(&self, mac_or_login: &str) -> Vec<BoxEvent> {
        inbox::of_device(&self.installation().state, mac_or_login)
    }

    /// The events waiting for the row of an account with this id, the oldest
    /// first: where several rows share a MAC address or login, those of one.
    pub fn inbox_of(&self, account: i64) -> Vec<BoxEvent> {
        inbox::of_account(&self.installation().state, account)
    }

    /// Returns the number of the events waiting for a box that make it reboot.
    pub fn reboots(&self, mac_or_login: &str) -> usize {
        let events = self.inbox(mac_or_login);
        events.iter().filter(|event| event.reboots()).count()
    }

    /// Takes the events of all boxes; of more than a million, the latest. Where
    /// the storage fails they are taken, and stay as well.
    pub fn take_events(&self) -> Vec<BoxEvent> {
        let mut installation = self.installation();
        let taken = inbox::take(&mut installation.state);
        if let Err(error) = installation.state.commit() {
            tracing::error!(%error, "the events taken stay");
        }
        taken
    }

    /// The accounts, plans, packages and channels as JSON, in the form of a
    /// seed.
    pub fn state(&self) -> serde_json::Value {
        serde_json::to_value(&*self.installation().state).unwrap_or_default()
    }

    /// Puts the records of this seed in place of all there are, events too.
    pub(crate) fn reset(&self, seed: &MinistraSeed) -> Result<(), Error> {
        let state = seed.state().map_err(Error::MinistraSeed)?;
        let mut installation = self.installation();
        installation.state.replace(state).map_err(Error::Storage)
    }

    /// Adds these records, each in place of the one with its id.
    pub(crate) fn merge(&self, records: serde_json::Value) -> Result<(), Error> {
        let mut installation = self.installation();
        let whole = serde_json::to_value(&*installation.state).unwrap_or_default();
        let whole = records::merged(whole, records).map_err(Error::MinistraSeed)?;
        let mut state = State::from_json(&whole.to_string())
            .map_err(|error| Error::MinistraSeed(error.to_string()))?;
        state.events = installation.state.events.clone();
        installation.state.replace(state).map_err(Error::Storage)
    }

    /// All records, for [`restore`](Ministra::restore).
    pub(crate) fn rows(&self) -> Vec<Row> {
        self.installation().state.rows()
    }

    /// Puts these records in place of all there are.
    pub(crate) fn restore(&self, rows: Vec<Row>) -> Result<(), Error> {
        let state = records::assembled::<State>(rows).map_err(Error::MinistraSeed)?;
        self.installation()
            .state
            .replace(state)
            .map_err(Error::Storage)
    }

    /// The events waiting for all boxes, the oldest first.
    pub(crate) fn events(&self) -> Vec<BoxEvent> {
        inbox::all(&self.installation().state)
    }

    /// Changes the configuration under way, as an administrator does: the
    /// database goes down, the API is switched off.
    pub fn configure(&self, change: impl FnOnce(&mut MinistraOptions)) {
        // Not under the lock: the change may look into an inbox first.
        let mut options = self.options();
        change(&mut options);
        self.installation().options = options;
    }

    /// The configuration as it is now.
    pub fn options(&self) -> MinistraOptions {
        self.installation().options.clone()
    }

    /// The value of the header that the API's user sends, if it has to.
    #[cfg(feature = "console")]
    pub(crate) fn authorization(&self) -> Option<String> {
        auth::authorization(&self.options())
    }

    fn installation(&self) -> MutexGuard<'_, Installation> {
        self.0.lock().unwrap_or_else(|poisoned| {
            // What a request that panicked was about to do is not done.
            let mut installation = poisoned.into_inner();
            installation.state.undo();
            installation.step = Step::Whole;
            installation
        })
    }
}

impl std::fmt::Debug for Ministra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Ministra")
            .field(&self.installation().options)
            .finish()
    }
}

impl Installation {
    /// Returns `true` if a login or MAC address that is taken is to be refused.
    fn checks(&self) -> bool {
        self.step != Step::Write
    }

    /// Returns `true` if the request stops before its first write, for others to
    /// come in between.
    fn stops(&mut self) -> bool {
        let stops = self.step == Step::Check;
        if stops {
            self.step = Step::Write;
        }
        stops
    }

    /// Puts an event into the inbox of these accounts.
    fn send(&mut self, accounts: &[i64], event: &Event) {
        inbox::put(&mut self.state.events, accounts, event, &self.clock);
    }

    /// The checks in the order of the real server: the address, the switch of
    /// the API, the address again and the verb, the credentials, and only then
    /// what is asked. So an unknown verb is told apart even without credentials
    /// (recorded).
    fn serve(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Response {
        let address = match address::read(uri) {
            Err(Astray::Redirect(folder)) => return apache::redirect(folder, headers),
            Err(Astray::Status(status)) => return apache::page(status),
            Err(Astray::EmptyResource) => None,
            Ok(address) => Some(address),
        };
        let options = &self.options;
        if !options.enable_api {
            return answer::not_enabled();
        }
        let refused = |why: &str| answer::envelope(&refuse(why.to_owned()), &[], options);
        let Some(address) = address else {
            return refused("Empty resource");
        };
        let Some(action) = Action::from_method(method) else {
            return refused("Not supported method");
        };
        if !auth::admits(options, headers) {
            return answer::unauthorized(options);
        }
        if let Some(reason) = pasted::reason(uri, body) {
            return refused(&reason);
        }
        let stb = address.resource.eq_ignore_ascii_case("stb");
        if stb && address.folder == Folder::V1 && options.v1_folder == V1Folder::RefusesStb {
            return (StatusCode::OK, Html("Unauthorized request.")).into_response();
        }
        let request = Request::new(action, address, headers, body, options.max_input_vars);
        let mut warnings: Vec<String> = request.data.warning().into_iter().collect();
        if options.database == Database::Down {
            warnings.extend(answer::NO_DATABASE.map(str::to_owned));
        }
        let answer = self.answer(&request);
        answer::envelope(&answer, &warnings, &self.options)
    }

    fn answer(&mut self, request: &Request) -> Answer {
        if self.options.database == Database::Down {
            return refuse("Connect Error (2002) Connection refused");
        }
        let name = &request.address.resource;
        match Resource::named(name, &self.options) {
            Some(resource) => resource.answer(request, self),
            None => refuse(self.unknown(name)),
        }
    }

    fn unknown(&self, resource: &str) -> String {
        let mut camel = String::new();
        for part in resource.split('_') {
            let mut chars = part.chars();
            camel.extend(chars.next().map(|first| first.to_ascii_uppercase()));
            camel.push_str(chars.as_str());
        }
        match self.options.version {
            MinistraVersion::V5_6 => format!("Resource \"{camel}\" does not exist"),
            _ => format!("Class file for \"RESTCommand{camel}\" not found"),
        }
    }
}

/// Everything under `/stalker_portal`, whatever the verb.
pub(crate) fn routes(ministra: Ministra, limits: Limits) -> Router {
    Router::new()
        .route("/stalker_portal/{*path}", any(serve))
        .with_state((ministra, limits))
}

async fn serve(
    Shared((ministra, limits)): Shared<(Ministra, Limits)>,
    Extension(trace): Extension<Trace>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (most, option) = if !auth::admits(&ministra.installation().options, &headers) {
        (limits.body_before_login, BEFORE_LOGIN)
    } else if limits.body < LARGEST_BODY {
        (limits.body, "--max-body")
    } else {
        (LARGEST_BODY, "post_max_size of PHP")
    };
    let body: Bytes = match body::read(body, most, option).await {
        Ok(body) => body,
        Err(too_large) => return too_large.into_response(),
    };
    // All accounts of a large installation take their time.
    let answered = tokio::task::spawn_blocking(move || {
        let mut installation = ministra.installation();
        if installation.options.requests == Requests::Interleaved {
            installation.step = Step::Check;
        }
        let mut response = installation.serve(&method, &uri, &headers, &body);
        if installation.step == Step::Write {
            installation.step = Step::Whole;
            drop(installation);
            std::thread::sleep(BETWEEN);
            installation = ministra.installation();
            installation.step = Step::Write;
            response = installation.serve(&method, &uri, &headers, &body);
        }
        installation.step = Step::Whole;
        // What is refused half way through stays done, as on the real server.
        match installation.state.commit() {
            Ok(changes) => {
                trace.changed(changes);
                response
            }
            Err(error) => {
                tracing::error!(%error, "a change cannot be stored");
                let text = format!("the sandbox's storage failed: {error}");
                (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
            }
        }
    });
    answered.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request panicked");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}
