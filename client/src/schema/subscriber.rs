//! `subscriber`.

use std::fmt;

use jsonsql::prelude::*;

use super::{DomainId, Password, SubscriberId};
use crate::redacted::Redacted;

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

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber")
            .field("id", &self.id)
            .field("domain_id", &self.domain_id)
            .field("username", &Redacted(self.username.as_str()))
            .field("password", &self.password)
            .field("disabled", &self.disabled)
            .field("email", &Redacted(&self.email))
            .field("phone", &Redacted(&self.phone))
            .field("address", &Redacted(&self.address))
            .field("first_name", &Redacted(&self.first_name))
            .field("middle_name", &Redacted(&self.middle_name))
            .field("surname", &Redacted(&self.surname))
            .field("max_terminal", &self.max_terminal)
            .field("billing", &Redacted(&self.billing))
            .field("kind", &self.kind)
            .field("business", &Redacted(&self.business))
            .finish()
    }
}
