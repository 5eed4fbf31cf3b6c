//! The capabilities of platforms, side by side.

use std::fmt;

use super::Backend;
use crate::model::Capability;

/// The capabilities of platforms side by side: a line for each of
/// [`Capability::ALL`], a column for each platform.
///
/// ```no_run
/// # fn example(portal: &dyn jsonsql_client::provisioning::Backend, ministra: &dyn jsonsql_client::provisioning::Backend) {
/// println!("{}", jsonsql_client::provisioning::matrix(&[portal, ministra]));
/// # }
/// ```
pub fn matrix(platforms: &[&dyn Backend]) -> impl fmt::Display {
    let mut lines = vec![String::from("| |")];
    let has: Vec<_> = platforms.iter().map(|one| one.capabilities()).collect();
    for platform in platforms {
        lines[0] += &format!(" {} |", platform.name());
    }
    lines.push("| --- |".to_owned() + &" --- |".repeat(platforms.len()));
    for capability in Capability::ALL {
        let mut line = format!("| {capability} |");
        for has in &has {
            line += if has.has(*capability) {
                " yes |"
            } else {
                " – |"
            };
        }
        lines.push(line);
    }
    lines.join("\n")
}
