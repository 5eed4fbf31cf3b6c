//! Failures on purpose, for testing what a client makes of them.
//!
//! A plan is a list of rules. A rule counts the requests it is about and says
//! at which of them what goes wrong. The same plan and the same requests give
//! the same failures, whatever else is going on.
//!
//! ```
//! use jsonsql_sandbox::faults::{Fault, Faults, Rule};
//!
//! let plan = Faults::seeded(7)
//!     .rule(Rule::new("/api/jsonsql", Fault::Drop).call("insert").nth(3))
//!     .rule(Rule::new("/", Fault::DelayMs(50)).chance(0.1));
//! let same = Faults::from_json(r#"{"seed": 7, "rules": [
//!     {"route": "/api/jsonsql", "call": "insert", "nth": [3], "fault": "drop"},
//!     {"route": "/", "chance": 0.1, "fault": {"delay_ms": 50}}]}"#)?;
//! assert_eq!(plan, same);
//! # Ok::<(), jsonsql_sandbox::Error>(())
//! ```

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;

mod layer;
mod mangle;
mod plan;

pub(crate) use layer::{Watch, watch};
pub(crate) use plan::Plan;

/// A plan of failures.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    #[serde(default)]
    pub(crate) seed: u64,
    pub(crate) rules: Vec<Rule>,
}

/// The requests that fail, and the way in which they fail. Without
/// [`nth`](Rule::nth), [`every`](Rule::every) or [`chance`](Rule::chance) all
/// requests of the route fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default)]
    pub(crate) route: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) call: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) nth: Vec<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) every: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) chance: Option<f64>,
    pub(crate) fault: Fault,
}

/// The fault that a rule applies to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The request is taken up this many milliseconds late.
    DelayMs(u64),
    /// The connection is closed; nothing was executed.
    Refuse,
    /// The request is executed, then the connection closed without an answer.
    Drop,
    /// The request is executed; the connection is closed in the middle of the answer.
    Truncate,
    /// The request is executed; some bytes of the answer are others.
    Garble,
    /// Nothing is executed, and the answer has this status.
    Status {
        /// The status, 400 to 599.
        code: u16,
        /// The seconds of a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// A proxy or filter answers in the server's place.
    Page {
        /// The status, 200 to 599.
        code: u16,
        /// The content type; `text/html` by default.
        #[serde(default = "html")]
        content_type: String,
        /// The content.
        #[serde(default)]
        body: String,
        /// Before the request is executed, or after it.
        #[serde(default)]
        when: When,
    },
    /// The request is executed; the answer names another call.
    ForeignId,
    /// The request is executed; the answer is whole, with something around it.
    Blemish(Blemish),
    /// The session is forgotten before the request is looked at.
    ExpireSession,
    /// The answers of a batch come in another order.
    Shuffle,
}

/// The time at which something other than the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum When {
    /// Nothing is executed.
    #[default]
    Before,
    /// The request is executed, and its answer withheld.
    After,
}

/// An addition before or after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Blemish {
    /// A byte order mark before it.
    Bom,
    /// Blanks and NULs before and after it.
    Blanks,
    /// A notice of PHP before it.
    Notice,
    /// A comment of HTML after it.
    Comment,
}

fn html() -> String {
    "text/html".to_owned()
}

impl Fault {
    /// The name, as in a plan's JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Fault::DelayMs(_) => "delay_ms",
            Fault::Refuse => "refuse",
            Fault::Drop => "drop",
            Fault::Truncate => "truncate",
            Fault::Garble => "garble",
            Fault::Status { .. } => "status",
            Fault::Page { .. } => "page",
            Fault::ForeignId => "foreign_id",
            Fault::Blemish(_) => "blemish",
            Fault::ExpireSession => "expire_session",
            Fault::Shuffle => "shuffle",
        }
    }
}

impl Fault {
    /// Returns `true` if the client gets no byte of an answer.
    fn withholds_the_answer(&self) -> bool {
        match self {
            Fault::Refuse | Fault::Drop => true,
            Fault::DelayMs(_)
            | Fault::Truncate
            | Fault::Garble
            | Fault::Status { .. }
            | Fault::Page { .. }
            | Fault::ForeignId
            | Fault::Blemish(_)
            | Fault::ExpireSession
            | Fault::Shuffle => false,
        }
    }
}

impl Faults {
    /// No rules yet; chances are drawn from this seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Faults {
        Faults {
            seed,
            rules: Vec::new(),
        }
    }

    /// The same plan with one more rule. When several fire at one request all
    /// of them do.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Faults {
        self.rules.push(rule);
        self
    }

    /// Reads a plan from JSON.
    ///
    /// # Errors
    ///
    /// When it is not JSON of the expected form.
    pub fn from_json(json: &str) -> Result<Faults, Error> {
        let plan: Faults =
            serde_json::from_str(json).map_err(|error| Error::Faults(error.to_string()))?;
        plan.checked().map_err(Error::Faults)
    }

    /// Reads a plan from a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not JSON of the expected form.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Faults, Error> {
        let path = path.as_ref();
        let describe = |problem: String| Error::Faults(format!("{}: {problem}", path.display()));
        let json = std::fs::read_to_string(path).map_err(|error| describe(error.to_string()))?;
        let plan: Faults =
            serde_json::from_str(&json).map_err(|error| describe(error.to_string()))?;
        plan.checked().map_err(describe)
    }

    fn checked(self) -> Result<Faults, String> {
        for rule in &self.rules {
            match rule.fault {
                Fault::Status { code, .. } if !(400..600).contains(&code) => {
                    return Err(format!("{code} is no status of a failure, 400 to 599"));
                }
                Fault::Page { code, .. } if !(200..600).contains(&code) => {
                    return Err(format!("{code} is no status of a page, 200 to 599"));
                }
                Fault::Status { .. }
                | Fault::Page { .. }
                | Fault::DelayMs(_)
                | Fault::Refuse
                | Fault::Drop
                | Fault::Truncate
                | Fault::Garble
                | Fault::ForeignId
                | Fault::Blemish(_)
                | Fault::ExpireSession
                | Fault::Shuffle => {}
            }
            if rule.nth.contains(&0) || rule.every == Some(0) {
                return Err("requests are counted from 1".to_owned());
            }
            if rule
                .chance
                .is_some_and(|chance| !(0.0..=1.0).contains(&chance))
            {
                return Err("a chance is between 0 and 1".to_owned());
            }
        }
        Ok(self)
    }
}

impl Rule {
    /// A rule about every request whose path begins like this.
    #[must_use]
    pub fn new(route: impl Into<String>, fault: Fault) -> Rule {
        Rule {
            route: route.into(),
            call: None,
            nth: Vec::new(),
            every: None,
            chance: None,
            fault,
        }
    }

    /// Only requests with a call of this JSON-RPC method in them.
    #[must_use]
    pub fn call(mut self, method: impl Into<String>) -> Rule {
        self.call = Some(method.into());
        self
    }

    /// At the nth such request, counted from 1; may be given several times.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Rule {
        self.nth.push(nth);
        self
    }

    /// At every nth such request.
    #[must_use]
    pub fn every(mut self, nth: u64) -> Rule {
        self.every = Some(nth);
        self
    }

    /// With this chance, 0 to 1.
    #[must_use]
    pub fn chance(mut self, chance: f64) -> Rule {
        self.chance = Some(chance);
        self
    }
}
