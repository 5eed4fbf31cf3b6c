//! The account that a call is about.
//!
//! An identifier that is missing, empty or `0` means everybody to this server,
//! one with a comma means several, and whether it is a MAC address or something
//! else is guessed from the first one's length. So an identifier is checked
//! when it is made, and again against the guess of the resource it is for.

use std::fmt;

use crate::error::Refusal;
use crate::model::MacAddr;

/// The length from which on most resources take an identifier for a MAC address.
const AS_LONG_AS_A_MAC: usize = 12;

/// The number of characters that the server keeps; what is longer it cuts.
pub(super) const LONGEST: usize = 64;

/// An account number (`ls`): the billing's key, which several rows may share.
///
/// ```
/// use jsonsql_client::ministra::AccountNumber;
///
/// assert!(AccountNumber::new("1553").is_ok());
/// // The server takes an empty identifier for everybody, and twelve digits for a box.
/// assert!(AccountNumber::new("").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountNumber(Box<str>);

/// A login, the one identifier that `accounts` and `users` keep unique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login(Box<str>);

impl AccountNumber {
    /// # Errors
    ///
    /// If the server would take it for something else, or could not be sent
    /// it: it is blank, `0`, longer than 64 characters, or has a character in
    /// it that is neither a letter nor a digit nor one of `. _ : @ -`.
    pub fn new(text: &str) -> Result<AccountNumber, Refusal> {
        sayable("account number", text)?;
        Ok(AccountNumber(text.into()))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Login {
    /// # Errors
    ///
    /// As of [`AccountNumber::new`]; also if it is as long as a MAC address,
    /// 12 characters, and has a colon in it: it could never be asked for.
    pub fn new(text: &str) -> Result<Login, Refusal> {
        sayable("login", text)?;
        if looks_like_mac(text) {
            let reason = "of 12 or more characters with a colon in it is taken for a MAC address";
            return Err(Refusal::new("login", reason));
        }
        Ok(Login(text.into()))
    }

    /// The login.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn sayable(what: &'static str, text: &str) -> Result<(), Refusal> {
    let refused = |reason| Err(Refusal::new(what, reason));
    if text.trim().is_empty() {
        return refused("is blank, which the server takes for everybody");
    }
    if text == "0" {
        return refused("is 0, which the server takes for everybody");
    }
    if text == "." || text == ".." {
        return refused("is a step in a path, not a name");
    }
    if text.contains([',', '/']) {
        return refused("has a comma or a slash in it, which separate identifiers");
    }
    let speakable = |c: char| c.is_alphanumeric() || "._:@-".contains(c);
    if !text.chars().all(speakable) {
        return refused(
            "has a character in it that is neither letter nor digit nor one of . _ : @ -",
        );
    }
    if text.chars().count() > LONGEST {
        return refused("is longer than 64 characters, to which the server cuts it");
    }
    Ok(())
}

/// As `accounts` and `users` guess, in bytes as PHP counts.
fn looks_like_mac(text: &str) -> bool {
    text.len() >= AS_LONG_AS_A_MAC && text.find(':').is_some_and(|at| at > 0)
}

/// An account number or the MAC address of a box: the rows of one subscriber,
/// or one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AccountKey {
    /// All rows of the number.
    Number(AccountNumber),
    /// The row that has the box.
    Mac(MacAddr),
}

/// Several account numbers, or several MAC addresses: the server goes by the
/// first, so both at once cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountKeys {
    /// All rows of the numbers.
    Numbers(Vec<AccountNumber>),
    /// The rows that have the boxes.
    Macs(Vec<MacAddr>),
}

/// A login or the MAC address of a box: one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UserKey {
    /// The row with the login.
    Login(Login),
    /// The row that has the box.
    Mac(MacAddr),
}

/// The rule by which a resource guesses the kind of an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// Anything of 12 characters is a MAC address.
    ByLength,
    /// Of these, only what has a colon in it.
    ByColon,
}

impl AccountKeys {
    /// The identifiers as they are sent, each once: asked twice for the same,
    /// `accounts` says that it is incorrect.
    pub(super) fn identifiers(
        &self,
        operation: &'static str,
        guess: Guess,
    ) -> Result<Vec<String>, Refusal> {
        let mut identifiers: Vec<String> = match self {
            AccountKeys::Numbers(numbers) => {
                for number in numbers {
                    number.check(operation, guess)?;
                }
                numbers.iter().map(AccountNumber::to_string).collect()
            }
            AccountKeys::Macs(macs) => macs.iter().map(|mac| colons(*mac)).collect(),
        };
        if identifiers.is_empty() {
            let reason = "no identifier, which the server takes for everybody";
            return Err(Refusal::new(operation, reason));
        }
        let mut seen = std::collections::HashSet::new();
        identifiers.retain(|identifier| seen.insert(identifier.to_lowercase()));
        Ok(identifiers)
    }
}

impl AccountKey {
    pub(super) fn identifiers(
        &self,
        operation: &'static str,
        guess: Guess,
    ) -> Result<Vec<String>, Refusal> {
        match self {
            AccountKey::Number(number) => {
                number.check(operation, guess)?;
                Ok(vec![number.to_string()])
            }
            AccountKey::Mac(mac) => Ok(vec![colons(*mac)]),
        }
    }
}

impl AccountNumber {
    fn check(&self, operation: &'static str, guess: Guess) -> Result<(), Refusal> {
        match guess {
            Guess::ByLength if self.0.len() >= AS_LONG_AS_A_MAC => Err(Refusal::new(
                operation,
                "an account number of 12 or more characters is taken for a MAC address here; \
                 use the box's own",
            )),
            Guess::ByColon if looks_like_mac(&self.0) => Err(Refusal::new(
                operation,
                "an account number of 12 or more characters with a colon in it is taken for a \
                 MAC address",
            )),
            _ => Ok(()),
        }
    }

    /// Returns `true` if `accounts` takes it for what it is.
    pub(crate) fn is_said_to_accounts(&self) -> bool {
        !looks_like_mac(&self.0)
    }

    /// Returns `true` if the resources that guess by length take it for what it is.
    pub(crate) fn is_short(&self) -> bool {
        self.0.len() < AS_LONG_AS_A_MAC
    }
}

impl UserKey {
    pub(super) fn identifier(&self) -> String {
        match self {
            UserKey::Login(login) => login.to_string(),
            UserKey::Mac(mac) => colons(*mac),
        }
    }
}

/// As the server keeps it. It neither checks nor changes what is written by a
/// PUT, and finds nothing by any other spelling.
pub(super) fn colons(mac: MacAddr) -> String {
    mac.to_string().replace('-', ":")
}

macro_rules! from {
    ($($source:ty => $target:ty: $by:expr;)*) => {$(
        impl From<$source> for $target {
            fn from(key: $source) -> $target {
                $by(key)
            }
        }
    )*};
}

from! {
    AccountNumber => AccountKey: AccountKey::Number;
    &AccountNumber => AccountKey: |key: &AccountNumber| AccountKey::Number(key.clone());
    MacAddr => AccountKey: AccountKey::Mac;
    &AccountKey => AccountKey: AccountKey::clone;
    AccountNumber => AccountKeys: |key| AccountKeys::Numbers(vec![key]);
    &AccountNumber => AccountKeys: |key: &AccountNumber| AccountKeys::Numbers(vec![key.clone()]);
    Vec<AccountNumber> => AccountKeys: AccountKeys::Numbers;
    MacAddr => AccountKeys: |key| AccountKeys::Macs(vec![key]);
    Vec<MacAddr> => AccountKeys: AccountKeys::Macs;
    &AccountKeys => AccountKeys: AccountKeys::clone;
    Login => UserKey: UserKey::Login;
    &Login => UserKey: |key: &Login| UserKey::Login(key.clone());
    MacAddr => UserKey: UserKey::Mac;
    &UserKey => UserKey: UserKey::clone;
}

impl From<AccountKey> for AccountKeys {
    fn from(key: AccountKey) -> AccountKeys {
        match key {
            AccountKey::Number(number) => number.into(),
            AccountKey::Mac(mac) => mac.into(),
        }
    }
}

impl From<&AccountKey> for AccountKeys {
    fn from(key: &AccountKey) -> AccountKeys {
        key.clone().into()
    }
}
