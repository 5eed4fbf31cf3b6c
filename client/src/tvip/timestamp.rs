//! The three ways this interface writes a time.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time with the offset it was given in.
///
/// It is written `2020-05-19T00:00:00+0300`, without a colon, which RFC 3339
/// does not allow; read with a colon, as `Z` and with a fraction too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OffsetDateTime {
    at: Timestamp,
    offset: Offset,
}

/// A text that is not a time with an offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a time with an offset, such as 2020-05-19T00:00:00+0300")]
pub struct ParseOffsetDateTimeError(());

impl OffsetDateTime {
    /// The time, to be written in this offset. Fractions of a second are lost
    /// when it is written.
    pub fn new(at: Timestamp, offset: Offset) -> OffsetDateTime {
        OffsetDateTime { at, offset }
    }

    /// The time.
    pub fn at(self) -> Timestamp {
        self.at
    }

    /// The offset it was given in.
    pub fn offset(self) -> Offset {
        self.offset
    }
}

impl FromStr for OffsetDateTime {
    type Err = ParseOffsetDateTimeError;

    fn from_str(text: &str) -> Result<OffsetDateTime, ParseOffsetDateTimeError> {
        let pieces = pieces(text).ok_or(ParseOffsetDateTimeError(()))?;
        let offset = match pieces.offset().ok_or(ParseOffsetDateTimeError(()))? {
            PiecesOffset::Zulu => Offset::UTC,
            PiecesOffset::Numeric(numeric) => numeric.offset(),
            _ => return Err(ParseOffsetDateTimeError(())),
        };
        let time = pieces.time().ok_or(ParseOffsetDateTimeError(()))?;
        let at = offset.to_timestamp(pieces.date().to_datetime(time));
        let at = at.map_err(|_| ParseOffsetDateTimeError(()))?;
        Ok(OffsetDateTime { at, offset })
    }
}

/// jiff would take a space for the `T`, a time zone's name after the offset, and
/// years of six digits.
fn pieces(text: &str) -> Option<Pieces<'_>> {
    let strict = text.find('T') == Some("2020-05-19".len()) && !text.contains('[');
    Pieces::parse(text).ok().filter(|_| strict)
}

impl fmt::Display for OffsetDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.at.to_zoned(TimeZone::fixed(self.offset));
        write!(f, "{}", local.strftime("%Y-%m-%dT%H:%M:%S%z"))
    }
}

impl fmt::Debug for OffsetDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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

/// A command's `post_time`: GMT, without an offset (TVIP's "Sending commands").
pub(super) fn gmt(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// In what a number that is a time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum EpochUnit {
    /// Seconds since 1970.
    #[default]
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl EpochUnit {
    /// A command's `ttl`: a point in time, not a duration (the warning in
    /// TVIP's "Sending commands").
    pub(super) fn count(self, at: Timestamp) -> i64 {
        match self {
            EpochUnit::Seconds => at.as_second(),
            EpochUnit::Milliseconds => at.as_millisecond(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_kept_and_loses_its_colon() {
        for (given, written) in [
            ("2020-05-19T00:00:00+0300", "2020-05-19T00:00:00+0300"),
            ("2020-05-19T00:00:00+03:00", "2020-05-19T00:00:00+0300"),
            ("2020-05-19T00:00:00.250-0330", "2020-05-19T00:00:00-0330"),
            ("2020-05-18T21:00:00Z", "2020-05-18T21:00:00+0000"),
        ] {
            assert_eq!(
                given.parse::<OffsetDateTime>().unwrap().to_string(),
                written
            );
        }
        for text in [
            "2020-05-19T00:00:00",
            "2020-05-19 00:00:00+0300",
            "2020-05-19T00:00:00+0300[Europe/Moscow]",
            "2020-02-30T00:00:00+0300",
            "1589846400",
            "",
        ] {
            assert_eq!(
                text.parse::<OffsetDateTime>(),
                Err(ParseOffsetDateTimeError(())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_commands_times_have_no_offset() {
        let noon: OffsetDateTime = "2025-12-31T15:00:00+0300".parse().unwrap();
        assert_eq!(gmt(noon.at()), "2025-12-31T12:00:00");
        assert_eq!(EpochUnit::Seconds.count(noon.at()), 1_767_182_400);
        assert_eq!(EpochUnit::Milliseconds.count(noon.at()), 1_767_182_400_000);
    }
}
