//! Keys of different things are different types, so that they do not compare.

use std::fmt;

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// It is the platform's own text and means nothing on another platform.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// As a billing stored it.
            pub fn new(text: impl Into<Box<str>>) -> $name {
                $name(text.into())
            }

            /// The platform's text, for a billing to store.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> $name {
                $name(id.to_string().into())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// The platform's key of a subscriber: a number, or on Ministra the login.
    SubscriberId;
    /// The platform's key of a terminal: a number, or on Ministra the address of
    /// the box, which it keeps when it gets another account.
    TerminalId;
    /// The platform's key of a package.
    PackageId;
    /// The platform's key of a subscription; made of the subscriber's and the
    /// package's where the platform has none.
    SubscriptionId;
    /// The platform's key of a channel.
    ChannelId;
}

/// The billing's key of a subscriber, kept by the platform beside the login and
/// the platform's own key: IPTVPORTAL's `billing`, Ministra's `account_number`,
/// TVIP's `remote_custom_field`.
///
/// ```
/// use jsonsql_client::model::{ExternalRef, SubscriberKey};
///
/// let contract = ExternalRef::new("LB-7001");
/// assert_eq!(contract.as_str(), "LB-7001");
/// let key = SubscriberKey::ExternalRef(contract);
/// # let _ = key;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalRef(Box<str>);

impl ExternalRef {
    /// As the billing writes it.
    pub fn new(text: impl Into<Box<str>>) -> ExternalRef {
        ExternalRef(text.into())
    }

    /// As the billing writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ExternalRef {
    fn from(text: &str) -> ExternalRef {
        ExternalRef(text.into())
    }
}

impl From<String> for ExternalRef {
    fn from(text: String) -> ExternalRef {
        ExternalRef(text.into())
    }
}

impl fmt::Display for ExternalRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
