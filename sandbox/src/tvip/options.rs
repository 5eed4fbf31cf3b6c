//! The options of the TVIP surface.

use serde_json::Value;

use super::auth::{Administrator, LineBreak};
use super::behavior::TvipBehavior;
use super::state::State;
use crate::error::Error;

/// The settings of the TVIP surface, for
/// [`Builder::tvip`](crate::Builder::tvip).
///
/// ```
/// use jsonsql_sandbox::Sandbox;
/// use jsonsql_sandbox::tvip::{PinMd5, TvipOptions, TvipBehavior};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), jsonsql_sandbox::Error> {
/// let mut behavior = TvipBehavior::default();
/// behavior.pin_md5 = PinMd5::Null;
/// let options = TvipOptions::default().password("s3cret").behavior(behavior);
/// let sandbox = Sandbox::builder().tvip(options).start().await?;
/// assert!(sandbox.tvip_url().ends_with("/api/provider"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "options do nothing until a builder has them"]
pub struct TvipOptions {
    pub(super) administrator: Administrator,
    pub(crate) seed: TvipSeed,
    pub(super) behavior: TvipBehavior,
}

impl Default for TvipOptions {
    /// The administrator `admin` / `adminpassword` and the demo seed.
    fn default() -> TvipOptions {
        TvipOptions {
            administrator: Administrator::new("admin".to_owned(), "adminpassword".to_owned()),
            seed: TvipSeed::default(),
            behavior: TvipBehavior::default(),
        }
    }
}

impl TvipOptions {
    /// A server as the examples of the vendor's documents show it: their ids, the
    /// fields they print, and the administrator `login` / `password`.
    ///
    /// The header that the documents print has a line break after the password,
    /// which came from the program that made it; it is taken with and without.
    pub fn documents() -> TvipOptions {
        let (username, password) = ("login".to_owned(), "password".to_owned());
        TvipOptions {
            administrator: Administrator {
                line_break: LineBreak::Ignored,
                ..Administrator::new(username, password)
            },
            seed: TvipSeed::Documents,
            behavior: TvipBehavior::documents(),
        }
    }

    /// The administrator's login.
    pub fn username(mut self, username: impl Into<String>) -> TvipOptions {
        self.administrator.username = username.into();
        self
    }

    /// The administrator's password.
    pub fn password(mut self, password: impl Into<String>) -> TvipOptions {
        self.administrator.password = password.into();
        self
    }

    /// Sets the data that is there at the start, unless the database has records
    /// of this surface.
    pub fn seed(mut self, seed: TvipSeed) -> TvipOptions {
        self.seed = seed;
        self
    }

    /// Sets the behaviour where the vendor's behaviour is not known.
    pub fn behavior(mut self, behavior: TvipBehavior) -> TvipOptions {
        self.behavior = behavior;
        self
    }
}

/// The data that the TVIP surface starts with.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum TvipSeed {
    /// A small operator: two providers, a few accounts with devices and
    /// subscriptions, five tariffs, a dozen channels.
    #[default]
    Demo,
    /// One provider, which is the administrator's, and nothing else.
    Empty,
    /// The ids that the examples of the vendor's documents use;
    /// [`TvipOptions::documents`] has it.
    Documents,
    /// A state as [`Tvip::state`](super::Tvip::state) gives it. What it leaves
    /// out is empty.
    State(Value),
}

impl TvipSeed {
    /// Says what is wrong with it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.clone().read().map(drop).map_err(Error::TvipState)
    }

    pub(super) fn read(self) -> Result<State, String> {
        let text = match self {
            TvipSeed::Demo => include_str!("demo.json"),
            TvipSeed::Empty => include_str!("empty.json"),
            TvipSeed::Documents => include_str!("documents.json"),
            TvipSeed::State(json) => return State::read(json),
        };
        let json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        State::read(json)
    }
}
