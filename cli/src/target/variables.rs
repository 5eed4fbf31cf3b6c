//! Variables of the environment that cannot be meant as they are.

use std::env;
use std::ffi::OsString;

use crate::exit::{Failure, Result};
use crate::say;

/// The beginning of a name that may be meant for this command.
const BEGINNING: &str = "JSON";

/// The variables that the command reads.
const KNOWN: &[&str] = &[
    "JSONSQL_URL",
    "JSONSQL_DOMAIN",
    "JSONSQL_USERNAME",
    "JSONSQL_PASSWORD",
    "JSONSQL_PLATFORM",
    "JSONSQL_PROFILE",
    "JSONSQL_CONFIG",
    "JSONSQL_BILLING_DATABASE",
    "JSONSQL_BILLING_PASSWORD",
    "JSONSQL_TO_URL",
    "JSONSQL_TO_DOMAIN",
    "JSONSQL_TO_USERNAME",
    "JSONSQL_TO_PASSWORD",
    "JSONSQL_TO_PLATFORM",
    "JSONSQL_TO_PROFILE",
];

/// Refuses a variable that is no text, and says which one may be misspelt: it would be
/// as if it were not there, and another server be talked to.
///
/// # Errors
///
/// When a variable that names the server is no text.
pub(super) fn check() -> Result<()> {
    for (name, value) in env::vars_os() {
        match look(name, value) {
            Look::Fine => {}
            Look::NoText(name) => {
                return Err(Failure::usage(format!("the variable {name} is no text")));
            }
            Look::Misspelt { name, near } => say::note(&format!(
                "the variable {name} is not known; is {near} meant?"
            )),
        }
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Look {
    Fine,
    NoText(&'static str),
    Misspelt { name: String, near: &'static str },
}

fn look(name: OsString, value: OsString) -> Look {
    let Ok(name) = name.into_string() else {
        return Look::Fine;
    };
    if let Some(known) = KNOWN.iter().find(|known| **known == name) {
        return match value.into_string() {
            Ok(_) => Look::Fine,
            Err(_) => Look::NoText(known),
        };
    }
    let near = (KNOWN.iter())
        .map(|known| (strsim::damerau_levenshtein(known, &name), *known))
        .min();
    match near {
        Some((1 | 2, near)) if name.starts_with(BEGINNING) => Look::Misspelt { name, near },
        _ => Look::Fine,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_nearly_a_known_one_is_told() {
        let looked = |name: &str| look(name.into(), "x".into());
        for (name, near) in [
            ("JSONSQL_DOMIAN", "JSONSQL_DOMAIN"),
            ("JSONSQL_PASWORD", "JSONSQL_PASSWORD"),
            ("JSONSQ_URL", "JSONSQL_URL"),
        ] {
            let name = name.to_owned();
            assert_eq!(looked(&name), Look::Misspelt { name, near });
        }
        for fine in ["JSONSQL_URL", "JSONSQL_DIFFERENTIAL_TEXT", "URL", "HOME"] {
            assert_eq!(looked(fine), Look::Fine, "{fine}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStringExt;

        let value = || OsString::from_vec(vec![0xff]);
        assert_eq!(
            look("JSONSQL_URL".into(), value()),
            Look::NoText("JSONSQL_URL")
        );
        assert_eq!(look("LESS".into(), value()), Look::Fine);
    }
}
