//! Limits that keep a broken export from taking anything away.

use std::fmt;
use std::str::FromStr;

/// The maximum number of subscribers from whom a run may take anything away.
///
/// ```
/// use jsonsql_client::provisioning::sync::Limit;
///
/// // From at most 20 subscribers, however many there are.
/// assert_eq!(Limit::Number(20).of(100_000), 20);
/// assert_eq!(Limit::Percent(5.0).of(1_000), 50);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Limit {
    /// So many.
    Number(usize),
    /// So many of a hundred that the export could touch, and three in any case.
    Percent(f64),
}

/// Five of a hundred, at least three.
impl Default for Limit {
    fn default() -> Limit {
        Limit::Percent(5.0)
    }
}

/// The number that a share allows at the least.
const LEAST: usize = 3;

impl Limit {
    /// Returns how many that is, of this many.
    pub fn of(self, base: usize) -> usize {
        match self {
            Limit::Number(number) => number,
            Limit::Percent(percent) => {
                // A share of a number of subscribers is far below 2^52.
                let share = (base as f64 * percent / 100.0).floor() as usize;
                share.max(LEAST)
            }
        }
    }
}

/// Reads `10` or `2%`.
impl FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Limit, Self::Err> {
        let expected = "expected a number such as 10, or a percentage such as 2%";
        match text.strip_suffix('%') {
            None => text.parse().map(Limit::Number).map_err(|_| expected),
            Some(number) => match number.trim().parse() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Limit::Percent(percent)),
                _ => Err(expected),
            },
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Number(number) => write!(f, "{number}"),
            Limit::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// A run that would take something away from too many subscribers.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "something would be taken away from {takers} subscribers, and {allowed} are allowed \
     ({limit} of {base})"
)]
#[non_exhaustive]
pub struct Exceeded {
    /// Subscribers who would be deleted or disabled, lose a terminal or a
    /// package, or have a field cleared.
    pub takers: usize,
    /// The number of subscribers that is allowed.
    pub allowed: usize,
    /// The limit.
    pub limit: Limit,
    /// Subscribers that the export could touch.
    pub base: usize,
}

/// An export that has become much smaller.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the export has {now} subscribers, and the one before it had {before}")]
#[non_exhaustive]
pub struct Shrunk {
    /// The number of subscribers that the export has.
    pub now: usize,
    /// The number of subscribers that the export before it had.
    pub before: usize,
}

/// Refuses an export that has lost more rows than the limit allows.
///
/// # Errors
///
/// With both numbers.
pub fn check_size(now: usize, before: usize, limit: Limit) -> Result<(), Shrunk> {
    match before.saturating_sub(now) > limit.of(before) {
        true => Err(Shrunk { now, before }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_allows_three_at_the_least_and_a_number_is_a_number() {
        let cases = [
            (0, 3),
            (59, 3),
            (60, 3),
            (99, 4),
            (100, 5),
            (1_000_000, 50_000),
        ];
        for (base, allowed) in cases {
            assert_eq!(Limit::default().of(base), allowed, "of {base}");
        }
        assert_eq!(Limit::Number(0).of(1_000), 0);
    }

    #[test]
    fn limits_are_read_as_they_are_written() {
        for text in ["0", "10", "0%", "2.5%", "100%"] {
            let limit: Limit = text.parse().unwrap();
            assert_eq!(limit.to_string(), text);
        }
        for text in ["", "-1", "x", "101%", "-1%", "NaN%", "1%%"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_export_that_has_lost_many_rows_is_refused() {
        let limit = Limit::default();
        assert!(check_size(950, 1_000, limit).is_ok());
        assert_eq!(
            check_size(949, 1_000, limit),
            Err(Shrunk {
                now: 949,
                before: 1_000
            })
        );
        assert!(check_size(2_000, 1_000, limit).is_ok());
        assert!(check_size(0, 4, limit).is_err());
    }
}
