//! `tariffs`: the plans, with their packages.

use serde::Serialize;

use super::services_package::Fields;
use super::text_of;
use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results};
use crate::ministra::column::integer;
use crate::ministra::request::Request;
use crate::ministra::state::Tariff;

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    external_id: &'a str,
    name: &'a str,
    user_default: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_to_expires: Option<Option<String>>,
    packages: Vec<Included<'a>>,
}

#[derive(Serialize)]
struct Included<'a> {
    #[serde(flatten)]
    package: Fields<'a>,
    optional: &'static str,
}

/// A list without an identifier; with one, one object or `null`. Only the first
/// identifier is read, and one that is no number is none.
pub(super) fn get(request: &Request, server: &Installation) -> Answer {
    let row = |tariff| row(server, tariff);
    let tariffs = server.state.tariffs.iter();
    let wanted = request.identifiers().first().map_or(0, |id| integer(id));
    if wanted == 0 {
        return Ok(Results::new(&tariffs.map(row).collect::<Vec<_>>()));
    }
    let mut tariffs = tariffs.filter(|tariff| u64::try_from(wanted) == Ok(tariff.id));
    Ok(Results::new(&tariffs.next().map(row)))
}

fn row<'a>(server: &'a Installation, tariff: &'a Tariff) -> Row<'a> {
    let packages = server.state.packages_of(tariff.id);
    Row {
        id: tariff.id.to_string(),
        external_id: &tariff.external_id,
        name: &tariff.name,
        user_default: text_of(tariff.user_default),
        days_to_expires: server
            .options
            .tariffs_expire()
            .then(|| tariff.days_to_expires.map(|days| days.to_string())),
        packages: packages
            .map(|(package, optional)| Included {
                package: Fields::new(package),
                optional: text_of(optional),
            })
            .collect(),
    }
}
