//! Settings of the behaviour that no public source describes for the vendor's
//! server.

use serde::{Deserialize, Serialize};

/// The behaviour of the sandbox where the vendor's behaviour is not known.
///
/// The defaults are guesses. A client that works with every setting works with
/// whatever the truth is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ServerBehavior {
    /// The answer to a call without a session, or with one that is not known.
    pub session_refused_with: Refusal,
    /// The number of sessions that a user has at a time.
    pub sessions_per_user: SessionsPerUser,
    /// The answer to an insert, update or delete without `returning`.
    pub change_without_returning: ChangeWithoutReturning,
    /// The form of a MAC address in answers.
    pub mac_form: MacForm,
    /// The treatment of a terminal for a subscriber who has as many as the limit
    /// allows.
    pub terminal_over_limit: TerminalOverLimit,
    /// The treatment of the terminals, packages and addresses of a subscriber who
    /// is deleted.
    pub subscriber_delete: SubscriberDelete,
    /// The meaning of a text like `"tv_channel.name"`.
    pub dotted_text: DottedText,
    /// The effect of ordering by a name that is no column.
    pub unknown_order_by: UnknownOrderBy,
}

/// The treatment of a terminal for a subscriber who has as many as the limit
/// allows: `subscriber.max_terminal`, or else
/// `domain.max_terminal_per_subscriber`.
///
/// The vendor's document has both limits, and does not say where they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TerminalOverLimit {
    /// It is bound; the limit is kept where a terminal registers itself.
    #[default]
    Accepted,
    /// The statement is refused.
    Refused,
}

/// The treatment of the rows that refer to a subscriber who is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubscriberDelete {
    /// While there are any, the delete is refused: a foreign key is violated.
    #[default]
    Refused,
    /// They are deleted too; a bridge in production deletes subscribers that
    /// have terminals.
    Cascades,
}

/// The meaning of a text like `"tv_channel.name"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DottedText {
    /// A text, as every string that is no column's name.
    #[default]
    Text,
    /// The column, where a table or alias of the statement is called so; only
    /// unverified sources write it.
    Column,
}

/// The effect of ordering by a name that is no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnknownOrderBy {
    /// None: the name is a text, and one client orders a table without `id` by it.
    #[default]
    Ignored,
    /// The statement is refused, as PostgreSQL refuses it where the name is
    /// written as a column's.
    Refused,
}

/// The response that refuses a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
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

/// The number of sessions that a user has at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SessionsPerUser {
    /// As many as there were logins.
    #[default]
    Many,
    /// One, the last: a login ends the session before, so that two programs that
    /// log in as one user end each other's.
    One,
}

/// The answer to a change without `returning`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeWithoutReturning {
    /// `[]`, as for a change that matches nothing.
    #[default]
    EmptyList,
    /// `null`.
    Null,
    /// The number of rows changed.
    Count,
}

/// The form of MAC addresses in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MacForm {
    /// `11:22:33:44:55:66`, as PostgreSQL's type prints.
    #[default]
    Colons,
    /// `11-22-33-44-55-66`, as the vendor's script writes.
    Dashes,
}
