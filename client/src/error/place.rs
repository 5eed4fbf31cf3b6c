//! The place of a failed call.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use jsonsql::ast::StatementRef;
use url::Url;

use super::indeterminate::tables;
use crate::sanitize::Printable;

/// The operation that was asked for, and its address.
///
/// It appears in the texts of errors: `select on subscriber at
/// https://operator.admin.iptvportal.ru/api/jsonsql/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    operation: String,
    address: String,
    usual: &'static str,
}

impl Place {
    /// `usual` is what the vendor's address looks like.
    pub(crate) fn new(operation: impl Into<String>, url: &Url, usual: &'static str) -> Arc<Place> {
        // The settings refuse a user and a query; a path of a REST call with a
        // login in it is not given here.
        let mut url = url.clone();
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_query(None);
        url.set_fragment(None);
        Arc::new(Place {
            operation: operation.into(),
            address: url.into(),
            usual,
        })
    }

    /// Of something that did not come to an address.
    pub(crate) fn of_operation(operation: impl Into<String>) -> Arc<Place> {
        Arc::new(Place {
            operation: operation.into(),
            address: String::new(),
            usual: "",
        })
    }

    /// Returns the operation: the method and the tables of a statement, or the HTTP
    /// method and the resource.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The address that was asked: scheme, host, port and path, and of a REST
    /// interface the path below which its resources are. Empty if nothing was to
    /// be sent.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns advice for an address that has nothing.
    pub(super) fn hint(&self) -> String {
        match self.usual {
            "" => String::new(),
            usual => format!("; is the address right? The usual one looks like `{usual}`"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Printable(&self.operation))?;
        match self.address.as_str() {
            "" => Ok(()),
            address => write!(f, " at {}", Printable(address)),
        }
    }
}

/// The method and the tables of a statement: "insert on `subscriber`".
pub(crate) fn operation_of(statement: StatementRef<'_>) -> String {
    let tables = tables(statement);
    let method = statement.method().as_str();
    match tables.is_empty() {
        true => method.to_owned(),
        false => format!("{method} on `{}`", tables.join("`, `")),
    }
}

/// An error, and where it came from. It can be used as the error itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<E> {
    error: E,
    place: Option<Arc<Place>>,
}

impl<E> At<E> {
    /// Returns the place it came from, if that is known.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_deref()
    }

    /// The error alone.
    pub fn into_inner(self) -> E {
        self.error
    }

    pub(super) fn set_place(&mut self, place: &Arc<Place>) {
        self.place.get_or_insert_with(|| Arc::clone(place));
    }
}

impl<E> From<E> for At<E> {
    fn from(error: E) -> At<E> {
        At { error, place: None }
    }
}

impl<E> Deref for At<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.error
    }
}

impl<E: fmt::Display> fmt::Display for At<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.error, in_brackets(self.place()))
    }
}

/// As errors end.
pub(super) fn in_brackets(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| format!(" ({place})"))
}
