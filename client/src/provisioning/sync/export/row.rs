//! One line of an export as a desired state.

use super::column::Column;
use crate::model::{ExternalRef, MacAddr, Patch};
use crate::provisioning::desired::{Desired, Members, TerminalKey, WantedSubscription};
use crate::provisioning::package_names::PackageNames;

/// Reads the cells of a line. Of one with a problem only what it is found by
/// is there.
pub(super) fn desired(
    columns: &[Column],
    cells: &[&str],
    packages: &PackageNames,
) -> (Desired, Option<String>) {
    let filled = |wanted: Column| {
        let place = columns.iter().position(|column| *column == wanted)?;
        cells.get(place).copied().filter(|cell| !cell.is_empty())
    };
    let keys = Desired {
        login: filled(Column::Login).map(str::to_owned),
        external_ref: filled(Column::ExternalRef)
            .map_or(Patch::Keep, |text| Patch::Set(ExternalRef::new(text))),
        ..Desired::create("")
    };
    let mut wanted = keys.clone();
    for (column, cell) in columns.iter().zip(cells) {
        if let Err(what) = set(&mut wanted, *column, cell, packages) {
            return (keys, Some(format!("column {}: {what}", column.as_str())));
        }
    }
    (wanted, None)
}

/// Sets what a cell says; an empty one is empty there too.
fn set(
    wanted: &mut Desired,
    column: Column,
    cell: &str,
    packages: &PackageNames,
) -> Result<(), String> {
    let text = || match cell {
        "" => Patch::Clear,
        cell => Patch::Set(cell.to_owned()),
    };
    match column {
        Column::Login | Column::ExternalRef if cell.is_empty() => {
            return Err("it is empty".to_owned());
        }
        Column::Login | Column::ExternalRef => {}
        Column::Enabled => wanted.enabled = Some(enabled(cell)?),
        Column::Name => wanted.name = text(),
        Column::Phone => wanted.phone = text(),
        Column::Email => wanted.email = text(),
        Column::Address => wanted.address = text(),
        Column::Note => wanted.note = text(),
        Column::DeviceLimit if cell.is_empty() => wanted.device_limit = Patch::Clear,
        Column::DeviceLimit => {
            let limit = cell.parse().map_err(|_| "no number of terminals")?;
            wanted.device_limit = Patch::Set(limit);
        }
        Column::Packages => {
            let mut all = Vec::new();
            for name in cell
                .split(';')
                .map(str::trim)
                .filter(|name| !name.is_empty())
            {
                let package = packages.find(name).map_err(|error| error.to_string())?;
                let id = &package.id;
                if !all
                    .iter()
                    .any(|one: &WantedSubscription| one.package == *id)
                {
                    all.push(WantedSubscription::new(id.clone()));
                }
            }
            wanted.subscriptions = Members::Exactly(all);
        }
        Column::Macs => {
            let mut all = Vec::new();
            let between = |sign: char| matches!(sign, ';' | ',' | '|') || sign.is_whitespace();
            for text in cell.split(between).filter(|text| !text.is_empty()) {
                let mac: MacAddr = text.parse().map_err(|_| "no hardware address")?;
                if !all.contains(&TerminalKey::Mac(mac)) {
                    all.push(TerminalKey::Mac(mac));
                }
            }
            wanted.terminals = Members::Exactly(all);
        }
    }
    Ok(())
}

/// The words of databases and of spreadsheets, Russian ones among them.
fn enabled(cell: &str) -> Result<bool, &'static str> {
    match cell.to_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" | "да" | "истина" => Ok(true),
        "0" | "false" | "f" | "no" | "n" | "off" | "нет" | "ложь" => Ok(false),
        _ => Err("neither 1 nor 0"),
    }
}
