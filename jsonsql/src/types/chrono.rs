//! Dates and times of `chrono`, with the feature of that name.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::{Ordered, SqlType, clock};
use crate::ast;
use crate::ast::SqlKind;
use crate::row::{Decode, Mismatch, Scalar};

clock::column_types! { format:
    /// A `timestamptz` column: the text has an offset from UTC,
    /// `2026-01-02 03:04:05.123456+03`. Of a text without one it is unknown
    /// which moment it is: read that as a [`NaiveDateTime`].
    DateTime<Utc>, TimestampTz, clock::MOMENT,
        utc, "%Y-%m-%d %H:%M:%S%.f+00";
    /// As [`DateTime<Utc>`], with the offset it was sent with: that of the
    /// server's session, for PostgreSQL stores none.
    DateTime<FixedOffset>, TimestampTz, clock::MOMENT,
        moment, "%Y-%m-%d %H:%M:%S%.f%:z";
    /// A `timestamp` column, `2026-01-02 03:04:05.123456`, without a time zone.
    NaiveDateTime, Timestamp, clock::DATE_TIME,
        date_time, "%Y-%m-%d %H:%M:%S%.f";
    /// A `date` column, `2026-01-02`.
    NaiveDate, Date, clock::DATE, date, "%Y-%m-%d";
    /// A `time` column, `03:04:05.123456`.
    NaiveTime, Time, clock::TIME, time, "%H:%M:%S%.f";
}

fn utc(text: &str) -> Option<DateTime<Utc>> {
    moment(text).map(|moment| moment.to_utc())
}

fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    clock::is_moment(text).then_some(())?;
    // PostgreSQL leaves out the minutes of whole hours: `+03`.
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"]
        .iter()
        .find_map(|format| DateTime::parse_from_str(text, format).ok())
}

fn date_time(text: &str) -> Option<NaiveDateTime> {
    clock::is_date_time(text).then_some(())?;
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

fn date(text: &str) -> Option<NaiveDate> {
    clock::is_date(text).then_some(())?;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn time(text: &str) -> Option<NaiveTime> {
    clock::is_time(text).then_some(())?;
    NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, literal};
    use crate::row::decode;

    #[test]
    fn moments_as_postgres_prints_them() {
        let answer = br#"["2026-01-02 03:04:05.123456+03", "2026-01-02 00:04:05.123456+00",
            "2026-01-02 05:34:05.123456+05:30", "2026-01-02T00:04:05.123456Z"]"#;
        let moments: Vec<DateTime<Utc>> = decode(answer).unwrap();
        assert!(moments.iter().all(|moment| *moment == moments[0]));
        let text = |text: &'static str| ast::Expr::text(text);
        assert_eq!(moments[0].literal(), text("2026-01-02 00:04:05.123456+00"));
        let moments: Vec<DateTime<FixedOffset>> = decode(answer).unwrap();
        assert_eq!(
            moments[0].literal(),
            text("2026-01-02 03:04:05.123456+03:00")
        );
    }

    #[test]
    fn naive_times() {
        let start: Vec<NaiveDateTime> =
            decode(br#"["2026-01-02 03:04:05", "2026-01-02T03:04:05.000000"]"#).unwrap();
        assert_eq!(start[0], start[1]);
        assert_eq!(start[0].literal(), ast::Expr::text("2026-01-02 03:04:05"));
        let day: Vec<NaiveDate> = decode(br#"["2026-01-02"]"#).unwrap();
        assert_eq!(day[0].literal(), ast::Expr::text("2026-01-02"));
        let hour: Vec<NaiveTime> = decode(br#"["03:04:05.25"]"#).unwrap();
        assert_eq!(hour[0].literal(), ast::Expr::text("03:04:05.250"));
    }

    #[test]
    fn a_text_in_another_form_is_refused() {
        clock::other_forms::refused::<DateTime<Utc>, NaiveDateTime, NaiveDate, NaiveTime>();
        clock::other_forms::refused::<DateTime<FixedOffset>, NaiveDateTime, NaiveDate, NaiveTime>();
    }

    #[test]
    fn moments_compare_with_moments() {
        let start = || literal(DateTime::<Utc>::UNIX_EPOCH);
        let past: Expr<'_, bool> = start()
            .lt(DateTime::<Utc>::MAX_UTC)
            .and(start().gte(start()));
        assert_eq!(format!("{past:?}"), "Expr(? < ? AND ? >= ?)");
        let _: Expr<'_, DateTime<Utc>, crate::Null> = crate::expr::max(start());
    }
}
