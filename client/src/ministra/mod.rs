//! Ministra, once Stalker: REST API v1.
//!
//! One module for each of the server's resources, and every call as the
//! documents have it. What the server would misread is refused before it is
//! sent, most of it by the types: it takes an empty identifier for everybody,
//! a long account number for a MAC address, an unknown plan for the default one.
//!
//! ```no_run
//! use jsonsql_client::Printable;
//! use jsonsql_client::ministra::{AccountNumber, Event, Ministra};
//!
//! # async fn example() -> jsonsql_client::Result<()> {
//! let ministra = Ministra::builder()
//!     .url("https://tv.example.net/stalker_portal/api/")
//!     .credentials("billing", "a password from somewhere safe")
//!     .build()?;
//! let number = AccountNumber::new("1553")?;
//! for account in ministra.accounts().get(&number).await? {
//!     println!("{} {:?}", Printable(account.login), account.stb_mac);
//! }
//! ministra.send_event().send(&number, Event::Reboot).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What an answer is
//!
//! | answer | here |
//! | --- | --- |
//! | HTTP 401 | [`Error::Denied`](crate::Error::Denied) |
//! | HTTP 404 `API not enabled`; `ERROR` with a text | [`Error::Rejected`](crate::Error::Rejected), of a [kind](crate::RejectionKind) by the exact text |
//! | `OK` and `false` | an [`Outcome`], or [`Error::NotApplied`](crate::Error::NotApplied) |
//! | not JSON | [`Error::Protocol`](crate::Error::Protocol); of a write, [`Error::Indeterminate`](crate::Error::Indeterminate) |
//!
//! # What is sent again
//!
//! Reads; changes of accounts and users, unless they change what the row was
//! found by; deletions of accounts and users. Nothing else: a box would restart
//! twice.

mod account;
mod account_subscription;
mod accounts;
mod call;
mod debug;
mod form;
mod identifier;
mod ids;
mod itv;
mod itv_subscription;
mod options;
mod outcome;
mod php_serde;
mod rejection;
mod reseller;
mod send_event;
mod services_package;
mod stb;
mod stb_modules;
mod stb_msg;
mod tariffs;
mod users;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use account::{Account, AccountPatch, NewAccount};
pub use account_subscription::{
    AccountSubscription, AccountSubscriptions, PackageChange, PackageSet,
};
pub use accounts::Accounts;
pub(crate) use accounts::Unreadable;
pub use identifier::{AccountKey, AccountKeys, AccountNumber, Login, UserKey};
pub use ids::{ChannelId, PackageExternalId, PackageId, PlanExternalId, ResellerId, TariffId};
pub use itv::{Channel, Itv};
pub use itv_subscription::{ItvSubscription, ItvSubscriptionPatch, ItvSubscriptions};
pub use jiff::civil::DateTime;
pub use options::Options;
pub use outcome::Outcome;
pub use reseller::{NewReseller, Reseller, ResellerPatch, Resellers};
pub use send_event::{Event, NewEvent, SendEvent};
pub use services_package::{Service, Services, ServicesPackage, ServicesPackages};
pub use stb::{NewStb, Stb, StbPatch, Stbs};
pub use stb_modules::{Modules, ModulesPatch, StbModules};
pub use stb_msg::{StbMessage, StbMsg};
pub use tariffs::{Tariff, TariffPackage, Tariffs};
pub use users::Users;

use jiff::Timestamp;

use crate::builder::ClientBuilder;
use crate::error::Place;
use crate::http::rest::Rest;

/// A client of Ministra. Clones share connections and limits.
#[derive(Clone)]
pub struct Ministra(Arc<Inner>);

struct Inner {
    rest: Rest,
    list_timeout: Duration,
}

impl Ministra {
    /// Returns the place an operation goes to, for its errors.
    pub(crate) fn place_of(&self, operation: &'static str) -> Arc<Place> {
        self.0.rest.place(operation)
    }

    /// The settings of a client.
    pub fn builder() -> ClientBuilder<Options> {
        ClientBuilder::default()
    }

    /// Returns the server's time by the header `Date` of its last answer (RFC 9110,
    /// 6.6.1), in whole seconds; `None` before the first answer, and if it tells none.
    pub fn server_time(&self) -> Option<Timestamp> {
        self.0.rest.server_time()
    }

    /// Boxes. The documents recommend [`accounts`](Self::accounts) instead.
    pub fn stb(&self) -> Stbs<'_> {
        Stbs(self)
    }

    /// Accounts, by account number or MAC address.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts(self)
    }

    /// The same accounts, by login or MAC address.
    pub fn users(&self) -> Users<'_> {
        Users(self)
    }

    /// Messages to boxes.
    pub fn stb_msg(&self) -> StbMsg<'_> {
        StbMsg(self)
    }

    /// Events for boxes.
    pub fn send_event(&self) -> SendEvent<'_> {
        SendEvent(self)
    }

    /// The modules of the main menu a box has not.
    pub fn stb_modules(&self) -> StbModules<'_> {
        StbModules(self)
    }

    /// Channels.
    pub fn itv(&self) -> Itv<'_> {
        Itv(self)
    }

    /// The single channels a box has.
    pub fn itv_subscription(&self) -> ItvSubscriptions<'_> {
        ItvSubscriptions(self)
    }

    /// Plans.
    pub fn tariffs(&self) -> Tariffs<'_> {
        Tariffs(self)
    }

    /// Packages.
    pub fn services_package(&self) -> ServicesPackages<'_> {
        ServicesPackages(self)
    }

    /// The optional packages an account has.
    pub fn account_subscription(&self) -> AccountSubscriptions<'_> {
        AccountSubscriptions(self)
    }

    /// Resellers; only in 5.6, where they are switched on.
    pub fn reseller(&self) -> Resellers<'_> {
        Resellers(self)
    }
}

impl fmt::Debug for Ministra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ministra")
            .field("url", &self.0.rest.base().as_str())
            .finish_non_exhaustive()
    }
}
