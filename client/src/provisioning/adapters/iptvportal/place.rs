//! Keys in the server's own form.

use crate::model;
use crate::provisioning::identity::{Key, KeyKind};
use crate::schema::{PackageId, SubscriberId, TerminalId};

/// The number of a row that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Subscriber(SubscriberId),
    Terminal(TerminalId),
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
    /// Sorts keys. One that no row can have, such as a text where this server has
    /// numbers, finds nobody and is left out.
    pub(super) fn new(keys: &[Key]) -> Asked {
        let mut asked = Asked::default();
        for key in keys {
            let text = key.text();
            match key.kind() {
                KeyKind::Id => asked.ids.extend(number(text).map(SubscriberId)),
                KeyKind::Subscription => {
                    let owner = text.split_once('/').and_then(|(owner, _)| number(owner));
                    asked.ids.extend(owner.map(SubscriberId));
                }
                KeyKind::Login => asked.logins.push(text.to_owned()),
                KeyKind::Reference => asked.references.push(text.to_owned()),
                KeyKind::Terminal => asked.addresses.extend(spellings(text)),
                KeyKind::TerminalId => asked.terminals.extend(number(text).map(TerminalId)),
            }
        }
        asked
    }
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
