//! Cargo, started by a program that cargo has started.

use std::process::Command;

/// Returns cargo with the environment that it has in a shell.
///
/// For the program that it runs, it sets variables about that program's package. Build
/// scripts such as `ring`'s are run again when one of them has changed, and then
/// whatever depends on them is compiled again: for minutes, each time.
pub fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let is_about_package = |name: &String| {
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|begin| name.starts_with(begin))
            || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"].contains(&name.as_str())
    };
    for name in names.filter(is_about_package) {
        command.env_remove(name);
    }
    command
}
