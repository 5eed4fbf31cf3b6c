//! `subscriber`.

use jsonsql::prelude::*;

use super::{DomainId, Password, SubscriberId};
use crate::redacted::redacted_debug;

/// A viewer: a login with a password.
///
/// `username` is unique within the operator's domain: an insert of one that is
/// there is refused with
/// [`subscriber_domain_id_key`](crate::Error::violated_constraint).
///
/// Of what is personal, `Debug` shows only whether it is there.
#[derive(Clone, PartialEq, Eq, Table)]
#[table(
    name = "subscriber",
    reserved("created_at", "balance", "last_login", "status")
)]
pub struct Subscriber {
    /// The key (A).
    #[column(key, generated)]
    pub id: SubscriberId,
    /// The operator's domain, which the server fills in (B).
    #[column(generated)]
    pub domain_id: DomainId,
    /// The login (A).
    pub username: String,
    /// The password, readable in clear (A).
    pub password: Option<Password>,
    /// `true` if the subscriber may not watch (A).
    #[column(default)]
    pub disabled: bool,
    /// A: used by a billing in production.
    pub email: Option<String>,
    /// A: used by a billing in production.
    pub phone: Option<String>,
    /// The postal address (A).
    pub address: Option<String>,
    /// A: used by a billing in production.
    pub first_name: Option<String>,
    /// A: used by a billing in production.
    pub middle_name: Option<String>,
    /// A: used by a billing in production.
    pub surname: Option<String>,
    /// The greatest number of the subscriber's terminals; the domain has a limit too (A).
    pub max_terminal: Option<i32>,
    /// The subscriber's name in the billing (A).
    pub billing: Option<String>,
    /// The keeper of the subscriber: `BILL` for a billing, `INT` for the portal (A).
    #[column(name = "type")]
    pub kind: Option<String>,
    /// A: used by a billing in production.
    pub business: Option<String>,
}

redacted_debug! { Subscriber {
    id, domain_id, username hidden, password, disabled, email hidden, phone hidden,
    address hidden, first_name hidden, middle_name hidden, surname hidden, max_terminal,
    billing hidden, kind, business hidden,
} }
