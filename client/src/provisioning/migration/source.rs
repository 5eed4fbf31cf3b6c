//! The data of the source platform.

use crate::error::Result;
use crate::model::{Package, PackageId, Timestamp};
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::platform::{Found, Platform};
use crate::provisioning::view::View;

/// Everything of a platform that can be brought to another one.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The platform's name.
    pub platform: &'static str,
    /// Packages.
    pub packages: Vec<Package>,
    /// Subscribers with what belongs to them, in the platform's order.
    pub subscribers: Vec<View>,
    /// Terminals that are nobody's, by their addresses.
    pub free_terminals: Vec<String>,
    /// Rows that cannot be read, by the platform's keys, with the reasons.
    pub unreadable: Vec<(String, String)>,
}

impl Source {
    /// Reads all of it.
    ///
    /// # Errors
    ///
    /// When any list breaks off: half of it is not to be taken for all.
    pub async fn read<P: Platform>(platform: &P) -> Result<Source> {
        let catalogue = platform.catalogue().await?;
        let mut source = Source {
            platform: platform.name(),
            packages: platform.packages(&catalogue),
            ..Source::default()
        };
        let now = Timestamp::now();
        let mut all = platform.load_all();
        while let Some(found) = all.next().await {
            let rows = match found? {
                Found::Rows(rows) => rows,
                Found::Unreadable { id, reason } => {
                    source.unreadable.push((id, reason));
                    continue;
                }
            };
            let view = platform.view(&rows, Some(&catalogue), now);
            if view.subscriber.is_some() {
                source.subscribers.push(view);
                continue;
            }
            let is_terminal = |key: &Key| key.kind() == KeyKind::Terminal;
            let terminals = platform.keys(&rows).into_iter().filter(is_terminal);
            let names = terminals.map(|key| key.text().to_owned());
            source.free_terminals.extend(names);
        }
        Ok(source)
    }

    /// Returns the name of a package; its key, if there is none.
    pub(super) fn package_name<'a>(&'a self, id: &'a PackageId) -> &'a str {
        let package = self.packages.iter().find(|package| package.id == *id);
        package.map_or(id.as_str(), |package| &package.name)
    }
}
