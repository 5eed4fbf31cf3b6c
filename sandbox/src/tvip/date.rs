//! The three ways this interface writes a time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::behavior::EpochUnit;
use crate::clock::Clock;

/// A time with the offset it was given in: `2020-05-19T00:00:00+0300`, without
/// a colon, which RFC 3339 does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OffsetDateTime {
    pub(super) at: Timestamp,
    offset: Offset,
}

impl OffsetDateTime {
    pub(super) fn utc(at: Timestamp) -> OffsetDateTime {
        OffsetDateTime {
            at,
            offset: Offset::UTC,
        }
    }
}

impl FromStr for OffsetDateTime {
    type Err = String;

    /// Takes the offset with a colon and as `Z` too, and a fraction.
    fn from_str(text: &str) -> Result<OffsetDateTime, String> {
        let wrong = || {
            format!("{text:?} is not a time like 2020-05-19T00:00:00+0300 (the offset is required)")
        };
        let pieces = pieces(text).ok_or_else(wrong)?;
        let offset = match pieces.offset().ok_or_else(wrong)? {
            PiecesOffset::Zulu => Offset::UTC,
            PiecesOffset::Numeric(numeric) => numeric.offset(),
            _ => return Err(wrong()),
        };
        let local = pieces.date().to_datetime(pieces.time().ok_or_else(wrong)?);
        let at = offset.to_timestamp(local).map_err(|_| wrong())?;
        Ok(OffsetDateTime { at, offset })
    }
}

impl fmt::Display for OffsetDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.at.to_zoned(TimeZone::fixed(self.offset));
        write!(f, "{}", local.strftime("%Y-%m-%dT%H:%M:%S%z"))
    }
}

impl Serialize for OffsetDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OffsetDateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// jiff would take a space for the `T`, a time zone's name after the offset, and
/// years of six digits.
fn pieces(text: &str) -> Option<Pieces<'_>> {
    let strict = text.find('T') == Some("2020-05-19".len()) && !text.contains('[');
    Pieces::parse(text).ok().filter(|_| strict)
}

/// `post_time` of a command: no offset, read as GMT (seed 000, "Sending
/// commands").
pub(super) fn gmt(text: &str) -> Result<Timestamp, String> {
    let wrong = || format!("{text:?} is not a GMT time like 2025-12-31T12:00:00 (without offset)");
    let pieces = pieces(text).ok_or_else(wrong)?;
    if pieces.offset().is_some() || pieces.time().is_none() {
        return Err(wrong());
    }
    let local: DateTime = text.parse().map_err(|_| wrong())?;
    Offset::UTC.to_timestamp(local).map_err(|_| wrong())
}

/// `ttl` of a command: a number since the epoch (seed 000, the warning under
/// `ttl`).
pub(super) fn epoch(number: i64, unit: EpochUnit) -> Result<Timestamp, String> {
    match unit {
        EpochUnit::Seconds => Timestamp::from_second(number),
        EpochUnit::Milliseconds => Timestamp::from_millisecond(number),
    }
    .map_err(|_| format!("{number} is not a Unix time"))
}

/// Whole seconds, as everything here is written.
pub(super) fn now(clock: &Clock) -> Timestamp {
    let now = clock.now();
    // Rounding to a second fails only at the end of jiff's time.
    now.round(Unit::Second).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_keeps_its_offset_and_loses_its_colon() {
        for (given, written) in [
            ("2020-05-19T00:00:00+0300", "2020-05-19T00:00:00+0300"),
            ("2020-05-19T00:00:00+03:00", "2020-05-19T00:00:00+0300"),
            ("2020-05-19T00:00:00.250-0330", "2020-05-19T00:00:00-0330"),
            ("2020-05-18T21:00:00Z", "2020-05-18T21:00:00+0000"),
            ("0001-01-01T00:00:00+0000", "0001-01-01T00:00:00+0000"),
        ] {
            assert_eq!(
                given.parse::<OffsetDateTime>().unwrap().to_string(),
                written
            );
        }
        let east: OffsetDateTime = "2020-05-19T00:00:00+0300".parse().unwrap();
        let zulu: OffsetDateTime = "2020-05-18T21:00:00Z".parse().unwrap();
        assert_eq!(east.at, zulu.at);
    }

    #[test]
    fn each_format_refuses_the_others() {
        for text in [
            "2020-05-19T00:00:00",
            "2020-05-19 00:00:00+0300",
            "-009999-05-19T00:00:00+0300",
            "2020-05-19T00:00:00+0300[Europe/Moscow]",
            "2020-05-19T25:00:00+0300",
            "2020-02-30T00:00:00+0300",
            "2020-05-19",
            "1589846400",
            "",
        ] {
            assert!(text.parse::<OffsetDateTime>().is_err(), "{text}");
        }
        for text in [
            "2025-12-31T12:00:00+0300",
            "2025-12-31T12:00:00Z",
            "2025-12-31",
        ] {
            assert!(gmt(text).is_err(), "{text}");
        }
        let noon = gmt("2025-12-31T12:00:00").unwrap();
        assert_eq!(noon.as_second(), 1_767_182_400);
        assert_eq!(epoch(1_767_182_400, EpochUnit::Seconds), Ok(noon));
        assert_eq!(epoch(1_767_182_400_000, EpochUnit::Milliseconds), Ok(noon));
    }
}
