//! The methods of requests.

use std::fmt;

/// The JSON-RPC methods of JSONSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads rows.
    Select,
    /// Adds rows.
    Insert,
    /// Changes rows.
    Update,
    /// Deletes rows.
    Delete,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 4] = [
        Method::Select,
        Method::Insert,
        Method::Update,
        Method::Delete,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Select => "select",
            Method::Insert => "insert",
            Method::Update => "update",
            Method::Delete => "delete",
        }
    }

    /// The method of this name.
    pub fn from_name(name: &str) -> Option<Method> {
        Method::ALL
            .into_iter()
            .find(|method| method.as_str() == name)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
