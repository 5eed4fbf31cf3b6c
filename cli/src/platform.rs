//! Reads that go beyond a backend: everybody at once, and whose a terminal is.

use jsonsql_client::model::{MacAddr, Terminal, Timestamp};
use jsonsql_client::provisioning::{Found, KeyKind, Platform, View};

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
        view.terminals.extend(nobodys(platform, &rows, &view));
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
    let terminals = loaded.found.iter().flat_map(|rows| {
        let view = platform.view(rows, None, now);
        let nobodys = nobodys(platform, rows, &view);
        view.terminals.into_iter().chain(nobodys)
    });
    let mut terminals = terminals.filter(|terminal| terminal.mac == Some(mac));
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

/// The terminal of rows that are nobody's, as far as their keys tell: a view has
/// only what belongs to a subscriber.
fn nobodys<P: Platform>(platform: &P, rows: &P::Observed, view: &View) -> Option<Terminal> {
    if view.subscriber.is_some() || !view.terminals.is_empty() {
        return None;
    }
    let keys = platform.keys(rows);
    let of = |kind: KeyKind| keys.iter().find(|key| key.kind() == kind);
    let name = of(KeyKind::Terminal);
    let mut terminal = Terminal::new(of(KeyKind::TerminalId).or(name)?.text().into());
    terminal.mac = name.and_then(|key| key.text().parse().ok());
    if let (None, Some(key)) = (terminal.mac, name) {
        terminal.unique_id = Some(key.text().to_owned());
    }
    Some(terminal)
}
