//! The records that an operation removes for good.

use std::fmt;

use super::identity::Key;
use crate::model::{PackageId, Timestamp};

/// A record that cannot be had back. Packages are shown by their keys.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LostRecord {
    /// The subscriber, by the login.
    Subscriber(String),
    /// The terminal.
    Terminal(Key),
    /// The subscription to a package.
    Subscription {
        /// The package.
        package: PackageId,
        /// The end until which it was bought; none if it has no end.
        until: Option<Timestamp>,
    },
    /// The end of a subscription that goes on.
    End {
        /// The package.
        package: PackageId,
        /// The end until which it was bought.
        until: Timestamp,
    },
}

/// `package 3 until 2030-01-01T00:00:00Z`.
impl fmt::Display for LostRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LostRecord::Subscriber(login) => write!(f, "subscriber {login}"),
            LostRecord::Terminal(key) => write!(f, "terminal {}", key.text()),
            LostRecord::Subscription { package, until } => {
                write!(f, "package {package}")?;
                match until {
                    None => Ok(()),
                    Some(until) => write!(f, " until {until}"),
                }
            }
            LostRecord::End { package, until } => write!(f, "the end {until} of package {package}"),
        }
    }
}

/// Shows the text.
impl fmt::Debug for LostRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provisioning::Identity;

    #[test]
    fn records_are_named_as_the_model_names_them() {
        let until: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let package = PackageId::from(3);
        let mac = Identity::new().mac("00:1A:79:10:00:01".parse().unwrap());
        let records = [
            LostRecord::Subscriber("10006".to_owned()),
            LostRecord::Terminal(mac),
            LostRecord::Subscription {
                package: package.clone(),
                until: None,
            },
            LostRecord::Subscription {
                package: package.clone(),
                until: Some(until),
            },
            LostRecord::End { package, until },
        ];
        assert_eq!(
            records.map(|one| one.to_string()),
            [
                "subscriber 10006",
                "terminal 00-1A-79-10-00-01",
                "package 3",
                "package 3 until 2030-01-01T00:00:00Z",
                "the end 2030-01-01T00:00:00Z of package 3",
            ]
        );
    }
}
