//! Passwords, which TVIP takes as MD5.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serializer};

/// A password's MD5 in lower-case hexadecimal digits, as the server has it: as
/// good as the password, so it is not shown.
///
/// Whether answers have it depends on the server.
#[derive(Clone)]
pub struct PinMd5(SecretString);

impl PinMd5 {
    /// Returns `true` if it is this password's.
    pub fn is_of(&self, password: &SecretString) -> bool {
        let known = self.0.expose_secret();
        known.eq_ignore_ascii_case(hash(password).expose_secret())
    }

    /// The 32 digits.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

fn hash(password: &SecretString) -> SecretString {
    format!("{:x}", md5::compute(password.expose_secret())).into()
}

impl fmt::Debug for PinMd5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinMd5(…)")
    }
}

impl PartialEq for PinMd5 {
    fn eq(&self, other: &PinMd5) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for PinMd5 {}

impl<'de> Deserialize<'de> for PinMd5 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PinMd5, D::Error> {
        let digits = String::deserialize(deserializer)?;
        Ok(PinMd5(digits.into()))
    }
}

/// Writes a password as `pin_md5`: the only place where it becomes one.
pub(super) fn as_md5<S: Serializer>(
    password: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match password {
        Some(password) => serializer.serialize_str(hash(password).expose_secret()),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of TVIP's "Creating an account".
    #[test]
    fn a_password_is_known_by_its_md5_and_not_shown() {
        let pin: PinMd5 = serde_json::from_str("\"25d55ad283aa400af464c76d713c07ad\"").unwrap();
        assert!(pin.is_of(&"12345678".into()));
        assert!(!pin.is_of(&"12345679".into()));
        assert_eq!(format!("{pin:?}"), "PinMd5(…)");
    }
}
