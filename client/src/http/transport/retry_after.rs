//! `Retry-After`, in both of its forms (RFC 9110, 10.2.3).

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The longest pause that is believed. No server asks for more in earnest, and
/// a number without bounds is none that a clock can add.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns the pause that the server asks for, a day at the most.
///
/// A date is compared with the answer's own `Date`: the difference holds
/// however wrong either clock is. Only without one does this clock count.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    asked(headers).map(|pause| pause.min(LONGEST))
}

fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than any integer has are still a number of seconds.
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = self::text(headers, DATE)
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now);
    // A date that has passed means at once.
    Some(until.duration_since(now).unwrap_or_default())
}

/// The server's time, as it says.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(text(headers, DATE)?).ok()?;
    Timestamp::try_from(date).ok()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(headers: &[(HeaderName, &str)]) -> Option<u64> {
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| (name.clone(), value.parse().unwrap()));
        retry_after(&headers.collect()).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates() {
        const NOON: &str = "Sun, 01 Mar 2020 12:00:00 GMT";
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[(RETRY_AFTER, " 7 ")]), Some(7));
        assert_eq!(wait(&[(RETRY_AFTER, "soon")]), None);
        assert_eq!(wait(&[(RETRY_AFTER, "-7")]), None);
        assert_eq!(wait(&[(RETRY_AFTER, "")]), None);
        let day = Some(24 * 60 * 60);
        for long in [
            "86401",
            "9223372036854775000",
            "18446744073709551615",
            "99999999999999999999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(wait(&[(RETRY_AFTER, long)]), day, "{long}");
        }
        let later = (RETRY_AFTER, "Sun, 01 Mar 2020 12:01:30 GMT");
        assert_eq!(wait(&[(DATE, NOON), later.clone()]), Some(90));
        let after = (DATE, "Sun, 01 Mar 2020 12:02:00 GMT");
        assert_eq!(wait(&[after, later.clone()]), Some(0));
        // Long past by this clock.
        assert_eq!(wait(&[later]), Some(0));
        let now = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
        assert!(matches!(wait(&[(RETRY_AFTER, &now)]), Some(58..=60)));
    }
}
