//! `itv`: the television channels.

use serde::Serialize;

use super::text_of;
use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results, refuse};
use crate::ministra::column::integer;
use crate::ministra::options::MinistraVersion;
use crate::ministra::request::Request;

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    name: &'a str,
    number: String,
    base_ch: &'static str,
    hd: &'static str,
    enable_monitoring: &'static str,
    url: &'a str,
    /// Since 5.0.1; where it stands among the others is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    descr: Option<Option<&'a str>>,
}

/// Those that are switched off too, in the order of the table; an id that is
/// none is left out.
pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let ids: Vec<i64> = request.identifiers().iter().map(|id| integer(id)).collect();
    let asked = |id: u64| ids.is_empty() || ids.iter().any(|asked| u64::try_from(*asked) == Ok(id));
    let channels = server.state.channels.iter().filter(|c| asked(c.id));
    let rows: Vec<Row<'_>> = channels
        .map(|channel| Row {
            id: channel.id.to_string(),
            name: &channel.name,
            number: channel.number.to_string(),
            base_ch: text_of(channel.base_ch),
            hd: text_of(channel.hd),
            enable_monitoring: "0",
            url: &channel.monitoring_url,
            descr: (server.options.version >= MinistraVersion::V5_1)
                .then_some(channel.descr.as_deref()),
        })
        .collect();
    Ok(Results::new(&rows))
}

/// In no document. Nothing of what it writes can be read back.
pub(super) fn update(request: &Request) -> Answer {
    if request.data.is_empty() {
        return refuse("HTTP PUT data is empty");
    }
    if request.data.get("monitoring_status").is_none() {
        return refuse("Update data is empty");
    }
    if request.identifiers().is_empty() {
        return refuse("Empty channel id");
    }
    // PHP writes the database's answer, an object without members.
    Ok(Results::new(&serde_json::Map::new()))
}
