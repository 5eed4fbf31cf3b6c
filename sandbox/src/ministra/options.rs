//! The version of the Ministra, and its configuration.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The settings of the Ministra surface.
///
/// A field with the name of a server option is that option. The others are
/// what differs from one installation to the next; a client that works with
/// every setting works with the installations there are. As JSON they have
/// these names too, except that the credentials are never in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MinistraOptions {
    /// The version whose behaviour is followed.
    pub version: MinistraVersion,
    /// The login and password of the API; without one, the server asks nobody
    /// who he is and takes any credentials (recorded from 4.9.35).
    #[serde(skip)]
    pub credentials: Option<(String, String)>,
    /// `true` if the API is switched on. Otherwise, every request is answered
    /// with HTTP 404 and `API not enabled`.
    pub enable_api: bool,
    /// `true` if there are tariff plans. With them, the modules that an account
    /// has disabled come from the server's configuration, and a write to
    /// `stb_modules` does not show.
    pub enable_tariff_plans: bool,
    /// `true` if `end_date` is shown for boxes and accounts.
    pub enable_internal_billing: bool,
    /// `true` if `PUT stb` without an identifier updates every box, instead of
    /// being refused.
    pub allow_multiple_stb_update: bool,
    /// `true` if a box added without a `status` is switched on.
    pub default_stb_status: bool,
    /// `true` if there are resellers: the resource, and the fields in boxes and
    /// accounts. Only 5.6 has them.
    pub allow_resellers_info_for_api: bool,
    /// The number of fields of a body that PHP reads; the fields after them are
    /// cut with nothing but a warning.
    pub max_input_vars: usize,
    /// The modules a server with tariff plans says are disabled.
    pub disabled_modules: Vec<String>,
    /// The response at `…/api/v1/`.
    pub v1_folder: V1Folder,
    /// The place of PHP's warnings in an answer.
    pub php_warnings: PhpWarnings,
    /// The availability of the database.
    pub database: Database,
    /// The answer to the addition of a reseller.
    pub reseller_added: ResellerAdded,
    /// The possibility of a request between the check and the write of another
    /// request.
    pub requests: Requests,
}

/// A version of Stalker or Ministra; each stands for those up to the next.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[non_exhaustive]
pub enum MinistraVersion {
    /// 4.9, as recorded from a server of 4.9.35.
    #[serde(rename = "4.9")]
    V4_9,
    /// 5.1: channels have `descr`, packages list their own services.
    #[serde(rename = "5.1")]
    V5_1,
    /// 5.2: tariff plans can expire.
    #[serde(rename = "5.2")]
    V5_2,
    /// 5.6: resellers, another text for unknown resources, another realm.
    #[default]
    #[serde(rename = "5.6")]
    V5_6,
}

/// The response of the folder `v1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum V1Folder {
    /// The same as `…/api/`; so from 5.0.0-r2.
    Works,
    /// HTTP 200 and the plain text `Unauthorized request.` for `stb`, the same
    /// as `…/api/` for the others; so in 4.9.35 as shipped (recorded).
    RefusesStb,
}

/// The place of PHP's warnings in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PhpWarnings {
    /// Nowhere.
    Hidden,
    /// Those there are, in a member `output`.
    Shown,
    /// In a member `output`, and every answer has one.
    Always,
    /// As HTML behind the JSON, which happens when the server cannot write its
    /// own log; what was asked has been done all the same.
    AfterBody,
}

/// The availability of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Database {
    /// The database can be reached.
    Up,
    /// The database cannot be reached: everything is an error with HTTP 200.
    Down,
}

/// The answer to the addition of a reseller that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResellerAdded {
    /// `false`, as the server's code reads.
    False,
    /// `true`, as the vendor's document says.
    True,
}

/// The possibility of a request between the check and the write of another
/// request.
///
/// The real server locks nothing and has no unique index: two accounts added
/// with one login at the same moment are both there, and both answers are `true`
/// (recorded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Requests {
    /// Not possible: one request is done before the next begins.
    OneAfterAnother,
    /// Possible for a tenth of a second, when a login or a MAC address that must
    /// not be taken yet has been looked for: in `POST` and `PUT` of `accounts`
    /// and `users`, and in `POST stb`.
    Interleaved,
}

impl MinistraOptions {
    /// A server of this version as it comes: tariff plans, no internal billing,
    /// no resellers; the login `stalker` and the password `secret_pass`.
    pub fn new(version: MinistraVersion) -> MinistraOptions {
        let disabled = [
            "vclub",
            "karaoke",
            "cityinfo",
            "horoscope",
            "anecdote",
            "game.mastermind",
            "infoportal",
        ];
        MinistraOptions {
            version,
            credentials: Some(("stalker".to_owned(), "secret_pass".to_owned())),
            enable_api: true,
            enable_tariff_plans: true,
            enable_internal_billing: false,
            allow_multiple_stb_update: false,
            default_stb_status: true,
            allow_resellers_info_for_api: false,
            max_input_vars: 1000,
            disabled_modules: disabled.map(str::to_owned).into(),
            v1_folder: match version {
                MinistraVersion::V4_9 => V1Folder::RefusesStb,
                _ => V1Folder::Works,
            },
            // Displaying them is forced up to 5.1.1, and no longer in 5.5.
            php_warnings: match version {
                MinistraVersion::V4_9 | MinistraVersion::V5_1 => PhpWarnings::Shown,
                _ => PhpWarnings::Hidden,
            },
            database: Database::Up,
            reseller_added: ResellerAdded::False,
            requests: Requests::OneAfterAnother,
        }
    }

    /// A server as the examples of the vendor's newer document show it: 5.6 with
    /// resellers, with the modules that an account has stored, and with the login
    /// `login` and the password `password`.
    ///
    /// ```
    /// use jsonsql_sandbox::ministra::{MinistraOptions, ResellerAdded};
    ///
    /// let options = MinistraOptions::documents();
    /// assert_eq!(options.reseller_added, ResellerAdded::True);
    /// assert!(options.allow_resellers_info_for_api);
    /// ```
    pub fn documents() -> MinistraOptions {
        MinistraOptions::new(MinistraVersion::V5_6).documented()
    }

    /// The same version, configured as the documents show it.
    pub(crate) fn documented(self) -> MinistraOptions {
        MinistraOptions {
            credentials: Some(("login".to_owned(), "password".to_owned())),
            allow_resellers_info_for_api: true,
            enable_tariff_plans: false,
            reseller_added: ResellerAdded::True,
            ..self
        }
    }

    pub(super) fn resellers(&self) -> bool {
        self.version >= MinistraVersion::V5_6 && self.allow_resellers_info_for_api
    }

    pub(super) fn tariffs_expire(&self) -> bool {
        self.version >= MinistraVersion::V5_2
    }

    pub(super) fn realm(&self) -> &'static str {
        match self.version {
            MinistraVersion::V5_6 => "Basic realm=\"Ministra API\"",
            _ => "Basic realm=\"Stalker API\"",
        }
    }
}

impl Default for MinistraOptions {
    fn default() -> MinistraOptions {
        MinistraOptions::new(MinistraVersion::default())
    }
}

/// Without the password.
impl fmt::Debug for MinistraOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MinistraOptions")
            .field("version", &self.version)
            .field("login", &self.credentials.as_ref().map(|(login, _)| login))
            .finish_non_exhaustive()
    }
}
