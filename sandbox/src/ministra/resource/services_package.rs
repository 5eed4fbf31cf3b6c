//! `services_package`: the packages, with their services.

use serde::Serialize;

use super::text_of;
use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results};
use crate::ministra::collation::collated;
use crate::ministra::column::integer;
use crate::ministra::options::MinistraVersion;
use crate::ministra::request::Request;
use crate::ministra::state::Package;

/// The fields of a package in the answers here and in a plan.
#[derive(Serialize)]
pub(super) struct Fields<'a> {
    id: String,
    external_id: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'a str,
    all_services: &'static str,
    service_type: &'a str,
    rent_duration: String,
    price: String,
}

impl Fields<'_> {
    pub(super) fn new(package: &Package) -> Fields<'_> {
        Fields {
            id: package.id.to_string(),
            external_id: &package.external_id,
            name: &package.name,
            description: package.description.as_deref(),
            kind: &package.kind,
            all_services: text_of(package.all_services),
            service_type: &package.service_type,
            rent_duration: package.rent_duration.to_string(),
            price: format!("{:.2}", package.price),
        }
    }
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    fields: Fields<'a>,
    services: Services<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Services<'a> {
    All(&'static str),
    /// Channels, radio channels, films.
    Named(Vec<Named<'a>>),
    /// Modules and options.
    Texts(&'a [String]),
}

#[derive(Serialize)]
struct Named<'a> {
    id: String,
    name: &'a str,
}

/// A list without an identifier; with one, one object or `null`. Only the first
/// identifier is read, and one that is no number is none.
pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let row = |package| Row {
        fields: Fields::new(package),
        services: services(server, package),
    };
    let packages = server.state.packages.iter();
    let wanted = request.identifiers().first().map_or(0, |id| integer(id));
    if wanted == 0 {
        return Ok(Results::new(&packages.map(row).collect::<Vec<_>>()));
    }
    let mut packages = packages.filter(|package| u64::try_from(wanted) == Ok(package.id));
    Ok(Results::new(&packages.next().map(row)))
}

fn services<'a>(server: &'a Installation, package: &'a Package) -> Services<'a> {
    if package.all_services {
        return Services::All("all");
    }
    let state = &server.state;
    let named = |service: &'a crate::ministra::state::Service| (service.id, service.name.as_str());
    let mut services: Vec<(u64, &str)> = match package.kind.as_str() {
        "tv" => state
            .channels
            .iter()
            .map(|c| (c.id, c.name.as_str()))
            .collect(),
        "radio" => state.radio.iter().map(named).collect(),
        "video" => state.videos.iter().map(named).collect(),
        _ => return Services::Texts(&package.services),
    };
    // Before 5.1 all services of the type were listed (recorded).
    if server.options.version >= MinistraVersion::V5_1 {
        services.retain(|(id, _)| package.services.contains(&id.to_string()));
    }
    services.sort_by_key(|(_, name)| collated(name));
    let named = services.into_iter().map(|(id, name)| Named {
        id: id.to_string(),
        name,
    });
    Services::Named(named.collect())
}
