//! The vendors, and the addresses at which their servers are.

use std::fmt;
use std::str::FromStr;

/// The path of TVIP's Provider API.
pub(crate) const TVIP_PATH: &str = "/api/provider";

/// A vendor whose server the sandbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// IPTVPORTAL: JSONSQL.
    Iptvportal,
    /// Ministra, once Stalker: the REST API v1.
    Ministra,
    /// TVIP TMS: the Provider API.
    Tvip,
}

impl Vendor {
    /// All of them.
    pub const ALL: [Vendor; 3] = [Vendor::Iptvportal, Vendor::Ministra, Vendor::Tvip];

    /// Returns the name in options: `iptvportal`, `ministra`, `tvip`.
    pub fn as_str(self) -> &'static str {
        match self {
            Vendor::Iptvportal => "iptvportal",
            Vendor::Ministra => "ministra",
            Vendor::Tvip => "tvip",
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Vendor {
    type Err = String;

    fn from_str(name: &str) -> Result<Vendor, String> {
        let known = Vendor::ALL.into_iter().find(|known| known.as_str() == name);
        known.ok_or_else(|| {
            let names = Vendor::ALL.map(Vendor::as_str).join(", ");
            format!("`{name}` is none of the vendors: {names}")
        })
    }
}

/// The base addresses: that of everything, and those of single vendors.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    pub(crate) base: String,
    pub(crate) own: Vec<(Vendor, String)>,
}

impl Addresses {
    /// Returns the base address of a vendor: its own, or else that of everything.
    fn base_of(&self, vendor: Vendor) -> &str {
        let own = self.own.iter().rev().find(|(one, _)| *one == vendor);
        own.map_or(&self.base, |(_, base)| base)
    }

    pub(crate) fn jsonrpc(&self) -> String {
        format!("{}/api/jsonrpc/", self.base_of(Vendor::Iptvportal))
    }

    pub(crate) fn jsonsql(&self) -> String {
        format!("{}/api/jsonsql/", self.base_of(Vendor::Iptvportal))
    }

    pub(crate) fn ministra(&self) -> String {
        format!("{}/stalker_portal/api/", self.base_of(Vendor::Ministra))
    }

    pub(crate) fn tvip(&self) -> String {
        format!("{}{TVIP_PATH}", self.base_of(Vendor::Tvip))
    }
}
