//! What no public source says about the vendor's server, as settings.

use serde::{Deserialize, Serialize};

/// How the sandbox behaves where nobody knows how the vendor's server does.
///
/// The defaults are guesses. A client that works with every setting works with
/// whatever the truth is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Unknowns {
    /// The answer to a call without a session, or with one that is not known.
    pub session_refused_with: Refusal,
    /// How many sessions a user has at a time.
    pub sessions_per_user: SessionsPerUser,
    /// The answer to an insert, update or delete without `returning`.
    pub change_without_returning: ChangeWithoutReturning,
    /// The form of a MAC address in answers.
    pub mac_form: MacForm,
}

/// How a session is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// HTTP 200 with `{"error": {"message": …}}`, as other errors come.
    #[default]
    ErrorObject,
    /// HTTP 200 with `{"error": "…"}`; a public client expects that form too.
    ErrorString,
    /// HTTP 401.
    Http401,
    /// HTTP 403, which was seen live on tables an account may not read.
    Http403,
}

/// How many sessions a user has at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionsPerUser {
    /// As many as there were logins.
    #[default]
    Many,
    /// The last one: a login ends the one before, so that two programs that
    /// log in as one user end each other's.
    One,
}

/// What a change without `returning` is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeWithoutReturning {
    /// `[]`, as for a change that matches nothing.
    #[default]
    EmptyList,
    /// `null`.
    Null,
    /// The number of rows changed.
    Count,
}

/// How MAC addresses are written in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacForm {
    /// `11:22:33:44:55:66`, as PostgreSQL's type prints.
    #[default]
    Colons,
    /// `11-22-33-44-55-66`, as the vendor's script writes.
    Dashes,
}
