//! The journal: what was asked, and what came of it.

use axum::extract::{RawQuery, State};
use serde_json::json;

use super::Shared;
use super::answer::{Answer, Refused, done, ok};
use crate::journal::Request;

/// The number of requests that are listed, unless the request says otherwise.
const LISTED: u64 = 100;

/// A selection of requests. A condition that is absent does not matter.
#[derive(Default)]
pub(crate) struct Filter {
    /// Those with a larger number.
    pub(super) after: Option<u64>,
    platform: Option<Platform>,
    verb: Option<String>,
    /// The beginning of their path.
    path: Option<String>,
    /// A JSON-RPC method of one of their calls.
    method: Option<String>,
    status: Option<u16>,
    /// A fault that they met.
    fault: Option<String>,
    limit: Option<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Platform {
    Iptvportal,
    Ministra,
    Tvip,
}

impl Filter {
    pub(crate) fn read(query: Option<&str>) -> Result<Filter, Refused> {
        let mut filter = Filter::default();
        for (name, value) in pairs(query) {
            let wrong =
                |expected: &str| Refused::bad(format!("{name}: `{value}` is not {expected}"));
            match &*name {
                "after" => filter.after = Some(value.parse().map_err(|_| wrong("a number"))?),
                "limit" => filter.limit = Some(value.parse().map_err(|_| wrong("a number"))?),
                "status" => filter.status = Some(value.parse().map_err(|_| wrong("a status"))?),
                "platform" => {
                    filter.platform = Some(match &*value {
                        "iptvportal" => Platform::Iptvportal,
                        "ministra" => Platform::Ministra,
                        "tvip" => Platform::Tvip,
                        _ => return Err(wrong("one of iptvportal, ministra, tvip")),
                    });
                }
                "verb" => filter.verb = Some(value),
                "path" => filter.path = Some(value),
                "method" => filter.method = Some(value),
                "fault" => filter.fault = Some(value),
                _ => {
                    return Err(Refused::bad(format!(
                        "unknown parameter `{name}`; expected one of after, limit, platform, \
                         verb, path, method, status, fault"
                    )));
                }
            }
        }
        Ok(filter)
    }

    pub(crate) fn passes(&self, request: &Request) -> bool {
        let method = |wanted: &String| {
            let mut methods = request.calls.iter().filter_map(|call| call.method);
            methods.any(|method| method == wanted)
        };
        self.after.is_none_or(|after| request.number > after)
            && self
                .platform
                .is_none_or(|platform| platform == platform_of(&request.path))
            && self
                .verb
                .as_ref()
                .is_none_or(|verb| verb.eq_ignore_ascii_case(&request.verb))
            && self
                .path
                .as_ref()
                .is_none_or(|path| request.path.starts_with(path))
            && self.method.as_ref().is_none_or(method)
            && self
                .status
                .is_none_or(|status| request.status == Some(status))
            && self
                .fault
                .as_ref()
                .is_none_or(|fault| request.faults.iter().any(|one| one == fault))
    }
}

fn platform_of(path: &str) -> Platform {
    if path.starts_with("/stalker_portal") {
        Platform::Ministra
    } else if path.starts_with(crate::vendor::TVIP_PATH) {
        Platform::Tvip
    } else {
        Platform::Iptvportal
    }
}

/// The latest requests that pass, in their order.
pub(super) async fn list(State(control): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let filter = Filter::read(query.as_deref())?;
    let limit = usize::try_from(filter.limit.unwrap_or(LISTED)).unwrap_or(usize::MAX);
    let journal = &control.watch.journal;
    let requests = journal.recent(limit, |request| filter.passes(request));
    ok(&json!({"requests": requests}))
}

/// Forgets all requests. Their numbers go on.
pub(super) async fn clear(State(control): State<Shared>) -> Answer {
    control.watch.journal.clear();
    done()
}

/// The parameters of a query string.
pub(super) fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

/// The one parameter there may be, a number.
pub(super) fn number(query: Option<&str>, name: &str) -> Result<Option<u64>, Refused> {
    let mut found = None;
    for (given, value) in pairs(query) {
        if given != name {
            return Err(Refused::bad(format!(
                "unknown parameter `{given}`; expected {name}"
            )));
        }
        let wrong = |_| Refused::bad(format!("{name}: `{value}` is not a number"));
        found = Some(value.parse().map_err(wrong)?);
    }
    Ok(found)
}
