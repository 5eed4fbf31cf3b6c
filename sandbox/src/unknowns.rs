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
    /// What becomes of a terminal for a subscriber who has as many as he may.
    pub terminal_over_limit: TerminalOverLimit,
    /// What becomes of the terminals, packages and addresses of a subscriber who
    /// is deleted.
    pub subscriber_delete: SubscriberDelete,
    /// What a text like `"tv_channel.name"` is.
    pub dotted_text: DottedText,
    /// What ordering by a name that is no column does.
    pub unknown_order_by: UnknownOrderBy,
}

/// What becomes of a terminal for a subscriber who has as many as he may:
/// `subscriber.max_terminal`, or else `domain.max_terminal_per_subscriber`.
///
/// The vendor's document has both limits, and does not say where they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminalOverLimit {
    /// It is bound; the limit is kept where a terminal registers itself.
    #[default]
    Accepted,
    /// The statement is refused.
    Refused,
}

/// What becomes of the rows that refer to a subscriber who is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriberDelete {
    /// While there are any, the delete is refused: a foreign key is violated.
    #[default]
    Refused,
    /// They are deleted too; a bridge in production deletes subscribers that
    /// have terminals.
    Cascades,
}

/// What a text like `"tv_channel.name"` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DottedText {
    /// A text, as every string that is no column's name.
    #[default]
    Text,
    /// The column, where a table or alias of the statement is called so; only
    /// unverified sources write it.
    Column,
}

/// What ordering by a name that is no column does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownOrderBy {
    /// Nothing: it is a text, and one client orders a table without `id` by it.
    #[default]
    Ignored,
    /// The statement is refused, as PostgreSQL refuses it where the name is
    /// written as a column's.
    Refused,
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
