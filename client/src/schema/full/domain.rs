//! `domain`, with the settings.

use jsonsql::prelude::*;

use crate::schema::DomainId;

/// An operator and the settings of its terminals.
///
/// The document names the settings as those "of the system" and the table
/// `domain` as "system settings" (A for the names); that they are columns of
/// this table is inferred (B). Of the 167 columns of a live row 132 were NULL,
/// so they are taken to be nullable.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "domain")]
pub struct Domain {
    /// The key (B).
    #[column(key, generated)]
    pub id: DomainId,
    /// The name (B).
    pub name: String,
    /// `true` if a terminal may register itself (A for the name, B for the table).
    pub allow_terminal_reg: Option<bool>,
    /// `true` if a user may deregister a terminal, to change equipment without
    /// the operator (A for the name, B for the table).
    pub allow_terminal_unreg: Option<bool>,
    /// `true` if anonymous users may watch what is free (A for the name, B for
    /// the table).
    pub allow_anonymous: Option<bool>,
    /// The number of terminals that a subscriber may have; `subscriber.max_terminal`
    /// is a limit for one subscriber (A for the name, B for the table).
    pub max_terminal_per_subscriber: Option<i32>,
}
