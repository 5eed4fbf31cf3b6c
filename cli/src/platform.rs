//! Reads that go beyond a backend: everybody at once, and whose a terminal is.

use jsonsql_client::provisioning::model::{MacAddr, Terminal, Timestamp};
use jsonsql_client::provisioning::{Found, Platform, View};

use crate::exit::{Failure, Result};

/// One of everybody.
pub(crate) enum Seen {
    /// A subscriber with what belongs to it, or terminals that are nobody's.
    View(Box<View>),
    /// A row that cannot be read, and why; others follow.
    Unreadable(String),
}

/// Shows everybody to `each`, one after the other, and keeps nobody in memory.
///
/// # Errors
///
/// The first error of the platform or of `each`.
pub(crate) async fn everybody<P: Platform>(
    platform: &P,
    mut each: impl FnMut(Seen) -> Result<()>,
) -> Result<()> {
    let now = Timestamp::now();
    let mut catalogue = None;
    let mut all = platform.load_all();
    while let Some(found) = all.next().await {
        let rows = match found? {
            Found::Rows(rows) => rows,
            Found::Unreadable { id, reason } => {
                each(Seen::Unreadable(format!("{id}: {reason}")))?;
                continue;
            }
        };
        let mut view = platform.view(&rows, catalogue.as_ref(), now);
        if view.needs_catalogue && catalogue.is_none() {
            catalogue = Some(platform.catalogue().await?);
            view = platform.view(&rows, catalogue.as_ref(), now);
        }
        each(Seen::View(Box::new(view)))?;
    }
    Ok(())
}

/// Finds the terminal with this hardware address, whoever has it.
///
/// # Errors
///
/// When there is none, or there are several.
pub(crate) async fn terminal_with<P: Platform>(platform: &P, mac: MacAddr) -> Result<Terminal> {
    let key = platform.identity().mac(mac);
    let loaded = platform.load(&[key]).await?;
    let now = loaded.now.unwrap_or_else(Timestamp::now);
    let views = loaded
        .found
        .iter()
        .map(|rows| platform.view(rows, None, now));
    let mut terminals = views
        .flat_map(|view| view.terminals)
        .filter(|terminal| terminal.mac == Some(mac));
    match (terminals.next(), terminals.count()) {
        (Some(terminal), 0) => Ok(terminal),
        (None, _) => Err(Failure::failed(format!(
            "there is no terminal with the address {mac}"
        ))),
        (Some(_), others) => Err(Failure::failed(format!(
            "there are {} terminals with the address {mac}",
            others + 1
        ))
        .hint("--terminal names one by the platform's own key: `jsonsql terminal list`")),
    }
}
