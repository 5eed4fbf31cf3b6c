//! The refusal of a call that the client does not send.

use std::borrow::Cow;

use crate::model::Capability;
use crate::sanitize::Printable;

/// A call that was not sent, because the server cannot do it or would do
/// something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {reason}; nothing was sent")]
pub struct Refusal {
    operation: &'static str,
    reason: Cow<'static, str>,
    lacking: Option<Capability>,
}

fn printable(reason: Cow<'static, str>) -> Cow<'static, str> {
    match reason {
        Cow::Borrowed(reason) => Cow::Borrowed(reason),
        Cow::Owned(reason) => Cow::Owned(Printable(reason).to_string()),
    }
}

impl Refusal {
    /// `reason` goes into messages: it names the field and what is expected of
    /// it, and never repeats the value.
    ///
    /// ```
    /// use jsonsql_client::{Error, Refusal};
    ///
    /// let refusal = Refusal::new("bind terminal", "`mac` is not an address of this vendor");
    /// assert!(Error::from(refusal).to_string().ends_with("nothing was sent"));
    /// ```
    pub fn new(operation: &'static str, reason: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal {
            operation,
            reason: printable(reason.into()),
            lacking: None,
        }
    }

    /// The platform cannot do it at all.
    ///
    /// ```
    /// use jsonsql_client::Refusal;
    /// use jsonsql_client::model::Capability;
    ///
    /// let refusal = Refusal::lacking("send", Capability::Messages);
    /// assert_eq!(refusal.capability(), Some(Capability::Messages));
    /// ```
    pub fn lacking(operation: &'static str, capability: Capability) -> Refusal {
        Refusal {
            operation,
            reason: format!("this platform has no {capability}").into(),
            lacking: Some(capability),
        }
    }

    /// The same refusal of what was asked for.
    pub(crate) fn of_operation(mut self, operation: &'static str) -> Refusal {
        self.operation = operation;
        self
    }

    /// Returns the operation, as the interface names it: `PUT accounts`.
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Returns the reason why it was not sent.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the capability that the platform lacks, if that is the reason.
    pub fn capability(&self) -> Option<Capability> {
        self.lacking
    }
}
