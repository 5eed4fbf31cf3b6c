//! What this build of the command was made without.

use crate::exit::Failure;

/// The refusal of an address, given at this place, of a database whose feature is off.
pub(crate) fn absent(place: &str, database: &str, feature: &str) -> Failure {
    Failure::usage(format!("{place}: this build has no client of {database}")).hint(format!(
        "`cargo install jsonsql-cli --features {feature}` makes one that has it"
    ))
}
