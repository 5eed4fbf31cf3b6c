//! The clock of a server beside the one here.

use jsonsql::sql::Prepared;
use jsonsql_client::model::Timestamp;
use jsonsql_client::{Client, Error};
use serde_json::Value;

use super::{Finding, judged};

const STEP: &str = "clock";

/// The difference of clocks, in seconds, that an answer's way may make.
const TOLERANCE: i64 = 60;

/// Compares the clocks by the header `Date` of the answer that came last.
pub(super) fn of_date(told: Option<Timestamp>) -> Finding {
    let Some(told) = told else {
        return unknown("the server's answers have no header `Date`");
    };
    match told.as_second() - Timestamp::now().as_second() {
        difference if difference.abs() > TOLERANCE => wrong("its header `Date`", difference),
        _ => Finding::ok(
            STEP,
            "the server's agrees with the one here, by its header `Date`",
        ),
    }
}

/// Compares the clocks by `now()` of IPTVPORTAL, which shows the zone of its times too;
/// by the header `Date` if it tells nothing.
pub(super) async fn of_now(client: &Client) -> Finding {
    let statement = Prepared::new("select now() from subscriber limit 1")
        .map_err(|error| error.to_string())
        .and_then(|prepared| prepared.bind(&[]).map_err(|error| error.to_string()));
    let Ok(statement) = statement else {
        return of_date(client.server_time());
    };
    let answer = client.raw(&statement).await;
    let now = Timestamp::now();
    let problem = match answer {
        Err(Error::Server(refusal)) => refusal.message().to_owned(),
        Err(error) => return judged(STEP, &error),
        Ok(rows) => match rows.first().and_then(|row| row.first()) {
            None => "there is no row to ask with".to_owned(),
            Some(value) => match read(value) {
                None => "no time that can be read".to_owned(),
                Some(there) => return judged_now(there.as_second() - now.as_second()),
            },
        },
    };
    let mut finding = of_date(client.server_time());
    finding.text.push_str(&format!("; `now()`: {problem}"));
    finding
}

/// A time with or without its zone.
fn read(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let parsed = text.parse().or_else(|_| format!("{text}Z").parse());
    parsed.ok()
}

/// Tells a zone, which is whole quarters of an hour, from a clock that is wrong.
fn judged_now(difference: i64) -> Finding {
    const QUARTER: i64 = 15 * 60;
    let quarters = (difference as f64 / QUARTER as f64).round() as i64;
    if (difference - quarters * QUARTER).abs() > TOLERANCE {
        return wrong("its `now()`", difference);
    }
    match quarters {
        0 => Finding::ok(
            STEP,
            "the server's times are UTC, and agree with the clock here, by its `now()`",
        ),
        _ => {
            let sign = if quarters < 0 { '-' } else { '+' };
            let (hours, minutes) = (quarters.abs() / 4, quarters.abs() % 4 * 15);
            let zone = format!("UTC{sign}{hours:02}:{minutes:02}");
            Finding::warn(
                STEP,
                format!("the server's times seem to be of the zone {zone}, by its `now()`"),
                "a program that writes dates needs `IptvPortal::time_zone`",
            )
        }
    }
}

fn wrong(source: &str, difference: i64) -> Finding {
    let direction = if difference < 0 { "behind" } else { "ahead of" };
    let seconds = difference.abs();
    Finding::warn(
        STEP,
        format!("the server's is {seconds} s {direction} the one here, by {source}"),
        "let both clocks be set by NTP: subscriptions begin and end by them",
    )
}

fn unknown(text: &str) -> Finding {
    Finding::warn(
        STEP,
        text,
        "compare the server's times with a clock before dates are relied on",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Level;
    use super::*;

    #[test]
    fn a_zone_is_told_from_a_wrong_clock() {
        assert_eq!(judged_now(3).level, Level::Ok);
        assert!(judged_now(3 * 3600 - 5).text.contains("UTC+03:00"));
        assert!(judged_now(-(3600 * 9 / 2)).text.contains("UTC-04:30"));
        assert!(judged_now(400).text.contains("400 s ahead of"));
        assert!(judged_now(-400).text.contains("400 s behind"));
    }

    #[test]
    fn a_date_has_no_zone() {
        let at = |seconds: i64| {
            let now = Timestamp::now().as_second();
            of_date(Timestamp::from_second(now + seconds).ok())
        };
        assert_eq!(at(5).level, Level::Ok);
        let ahead = at(3 * 3600);
        assert_eq!(ahead.level, Level::Warn);
        assert!(
            ahead
                .text
                .contains(" s ahead of the one here, by its header `Date`")
        );
        assert!(at(-400).text.contains(" s behind"));
        assert_eq!(of_date(None).level, Level::Warn);
    }

    #[test]
    fn times_are_read_with_and_without_a_zone() {
        let time = Some("2026-11-26T12:00:00Z".parse().expect("a time"));
        for text in [
            "2026-11-26 12:00:00",
            "2026-11-26 15:00:00+03",
            "2026-11-26T12:00:00Z",
        ] {
            assert_eq!(read(&json!(text)), time, "{text}");
        }
        assert_eq!(read(&json!("now")), None);
    }
}
