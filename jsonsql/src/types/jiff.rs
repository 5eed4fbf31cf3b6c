//! Dates and times of `jiff`, with the feature of that name.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use super::{Ordered, SqlType, clock};
use crate::ast;
use crate::ast::SqlKind;
use crate::row::{Decode, Mismatch, Scalar};

clock::column_types! { strftime:
    /// A `timestamptz` column: the text has an offset from UTC,
    /// `2026-01-02 03:04:05.123456+03`. Of a text without one it is unknown
    /// which moment it is: read that as a [`DateTime`].
    Timestamp, TimestampTz, clock::MOMENT,
        moment, "%Y-%m-%d %H:%M:%S%.f+00";
    /// A `timestamp` column, `2026-01-02 03:04:05.123456`, without a time zone.
    DateTime, Timestamp, clock::DATE_TIME,
        date_time, "%Y-%m-%d %H:%M:%S%.f";
    /// A `date` column, `2026-01-02`.
    Date, Date, clock::DATE, date, "%Y-%m-%d";
    /// A `time` column, `03:04:05.123456`.
    Time, Time, clock::TIME, time, "%H:%M:%S%.f";
}

fn moment(text: &str) -> Option<Timestamp> {
    clock::is_moment(text).then_some(())?;
    text.parse().ok()
}

// By format, because `parse` would pass over an offset, and shift the time.

fn date_time(text: &str) -> Option<DateTime> {
    clock::is_date_time(text).then_some(())?;
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|format| DateTime::strptime(format, text).ok())
}

fn date(text: &str) -> Option<Date> {
    clock::is_date(text).then_some(())?;
    Date::strptime("%Y-%m-%d", text).ok()
}

fn time(text: &str) -> Option<Time> {
    clock::is_time(text).then_some(())?;
    Time::strptime("%H:%M:%S%.f", text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, literal};
    use crate::row::decode;

    #[test]
    fn moments_as_postgres_prints_them() {
        let moments: Vec<Timestamp> = decode(
            br#"["2026-01-02 03:04:05.123456+03", "2026-01-02 00:04:05.123456+00",
                 "2026-01-02 05:34:05.123456+05:30", "2026-01-02T00:04:05.123456Z"]"#,
        )
        .unwrap();
        assert!(moments.iter().all(|moment| *moment == moments[0]));
        let text = ast::Expr::text("2026-01-02 00:04:05.123456+00");
        assert_eq!(moments[0].literal(), text);
        // Before railway time, offsets had seconds.
        assert!(decode::<Timestamp>(br#"["1800-01-01 00:00:00+02:30:17"]"#).is_ok());
    }

    #[test]
    fn civil_times() {
        let start: Vec<DateTime> =
            decode(br#"["2026-01-02 03:04:05", "2026-01-02T03:04:05.000000"]"#).unwrap();
        assert_eq!(start[0], start[1]);
        assert_eq!(start[0].literal(), ast::Expr::text("2026-01-02 03:04:05"));
        let day: Vec<Date> = decode(br#"["2026-01-02"]"#).unwrap();
        assert_eq!(day[0].literal(), ast::Expr::text("2026-01-02"));
        let hour: Vec<Time> = decode(br#"["03:04:05.25"]"#).unwrap();
        assert_eq!(hour[0].literal(), ast::Expr::text("03:04:05.25"));
    }

    #[test]
    fn a_text_in_another_form_is_refused() {
        clock::other_forms::refused::<Timestamp, DateTime, Date, Time>();
    }

    #[test]
    fn moments_compare_with_moments() {
        let start = || literal(Timestamp::UNIX_EPOCH);
        let past: Expr<'_, bool> = start().lt(Timestamp::MAX).and(start().gte(start()));
        assert_eq!(format!("{past:?}"), "Expr(? < ? AND ? >= ?)");
        let _: Expr<'_, Timestamp, crate::Null> = crate::expr::max(start());
    }
}
