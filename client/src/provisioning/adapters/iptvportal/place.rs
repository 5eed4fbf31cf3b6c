//! Keys in the server's own form.

use crate::error::Refusal;
use crate::model;
use crate::provisioning::identity::{Key, KeyKind};
use crate::schema::{PackageId, SubscriberId, TerminalId};

/// The result of a write, according to its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// The row that was made has this number.
    Subscriber(SubscriberId),
    /// The row that was made has this number.
    Terminal(TerminalId),
    /// It is as it was to be.
    Done,
    /// No row was changed: by somebody else in between, or by the same write
    /// before, whose answer was lost and which the client has sent again.
    Unclear,
}

/// Keys to look for, by what they are compared with.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) ids: Vec<SubscriberId>,
    pub(super) logins: Vec<String>,
    pub(super) references: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) terminals: Vec<TerminalId>,
}

impl Asked {
    /// Sorts keys.
    ///
    /// # Errors
    ///
    /// Refused if a text stands where this server has a number: an id of another
    /// platform is not one whose record has gone.
    pub(super) fn new(keys: &[Key]) -> Result<Asked, Refusal> {
        let mut asked = Asked::default();
        for key in keys {
            let text = key.text();
            match key.kind() {
                KeyKind::Id => {
                    let id =
                        number(text).ok_or_else(|| refused("a subscriber is a whole number"))?;
                    asked.ids.push(SubscriberId(id));
                }
                KeyKind::Subscription => {
                    let pair = text.split_once('/');
                    let pair =
                        pair.and_then(|(owner, package)| Some((number(owner)?, number(package)?)));
                    let expected = "a subscription is two whole numbers, as in 12/7,";
                    let (owner, _) = pair.ok_or_else(|| refused(expected))?;
                    asked.ids.push(SubscriberId(owner));
                }
                KeyKind::Login => asked.logins.push(text.to_owned()),
                KeyKind::Reference => asked.references.push(text.to_owned()),
                KeyKind::Terminal => asked.addresses.extend(spellings(text)),
                KeyKind::TerminalId => {
                    let id = number(text).ok_or_else(|| refused("a terminal is a whole number"))?;
                    asked.terminals.push(TerminalId(id));
                }
            }
        }
        Ok(asked)
    }
}

fn refused(expected: &str) -> Refusal {
    Refusal::new("look", format!("the id of {expected} here"))
}

/// Returns the number that an id is, if it is written as the server writes it:
/// `007` and `+7` are logins of another platform.
pub(super) fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Returns the number of a package.
pub(super) fn package(id: &model::PackageId) -> Option<PackageId> {
    number(id.as_str()).map(PackageId)
}

/// `subscriber_package` has no key of its own that any source uses.
pub(super) fn subscription(owner: SubscriberId, package: PackageId) -> model::SubscriptionId {
    model::SubscriptionId::new(format!("{owner}/{package}"))
}

/// Returns the same address as a text column may have it. Whether the column is a
/// text is unknown; a `macaddr` is equal to each of them.
fn spellings(text: &str) -> Vec<String> {
    let Ok(mac) = text.parse::<model::MacAddr>() else {
        return vec![text.to_owned()];
    };
    let dashes = mac.to_string();
    let colons = dashes.replace('-', ":");
    let bare = dashes.replace('-', "");
    let lower = [&dashes, &colons, &bare].map(|text| text.to_lowercase());
    [dashes, colons, bare].into_iter().chain(lower).collect()
}
