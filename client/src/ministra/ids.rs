//! The keys of plans, packages, channels and resellers.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::php_serde::Scalar;
use crate::error::Refusal;

macro_rules! numbers {
    ($($(#[doc = $doc:literal])* $name:ident = $what:literal;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU64);

        impl $name {
            /// # Errors
            ///
            /// If it is 0, which the server takes for all there are.
            pub fn new(id: u64) -> Result<$name, Refusal> {
                let reason = "is 0, which the server takes for all there are";
                let id = NonZeroU64::new(id).ok_or_else(|| Refusal::new($what, reason))?;
                Ok($name(id))
            }

            /// The number.
            pub fn get(self) -> u64 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        /// From digits; the server takes anything else for all there are.
        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<$name, Refusal> {
                let id = text.parse().map_err(|_| Refusal::new($what, "is not a number"))?;
                $name::new(id)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                let text = Scalar::deserialize(from)?.text();
                text.parse().map_err(|_| de::Error::custom(concat!("not a ", $what)))
            }
        }
    )*};
}

numbers! {
    /// The internal number of a plan, by which it is read.
    TariffId = "plan's number";
    /// The internal number of a package.
    PackageId = "package's number";
    /// The number of a channel; not the one on the remote control.
    ChannelId = "channel's number";
    /// The number of a reseller.
    ResellerId = "reseller's number";
}

macro_rules! names {
    ($($(#[doc = $doc:literal])* $name:ident = $what:literal: $empty:literal;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// # Errors
            ///
            #[doc = concat!("If it is empty: ", $empty, ".")]
            pub fn new(text: &str) -> Result<$name, Refusal> {
                if text.trim().is_empty() {
                    return Err(Refusal::new($what, concat!("is empty: ", $empty)));
                }
                Ok($name(text.into()))
            }

            /// The id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// The external id of a plan, by which accounts have it. One the server
    /// does not know it takes for the default plan, and says nothing.
    PlanExternalId = "plan's external id": "the server would answer with a fault of its database";
    /// The external id of a package. One the server does not know it leaves
    /// out, and says nothing.
    PackageExternalId = "package's external id": "it stands for every package that has none";
}
