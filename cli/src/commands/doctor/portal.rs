//! The tables and unknown behaviours of an IPTVPORTAL server, found out by reads.

use jsonsql::Table;
use jsonsql::sql::Prepared;
use jsonsql_client::model::Timestamp;
use jsonsql_client::schema::{self, full};
use jsonsql_client::{Client, Error};
use serde_json::Value;

use super::{Finding, judged};

/// Looks at all of it.
pub(super) async fn examine(client: &Client, findings: &mut Vec<Finding>) {
    const STRUCT: &str = "`jsonsql schema discover` and `schema rust` show what there is";
    fits::<schema::Subscriber>(client, STRUCT, findings).await;
    fits::<full::Terminal>(client, STRUCT, findings).await;
    fits::<schema::Package>(client, STRUCT, findings).await;
    fits::<full::SubscriberPackage>(
        client,
        "a program needs `IptvPortal::without_ends` if `expired_on` is not there",
        findings,
    )
    .await;
    fits::<schema::SubscriberInetaddr>(
        client,
        "a program needs `IptvPortal::without_addresses` if the table is not there",
        findings,
    )
    .await;
    clock(client, findings).await;
    text_columns(client, findings).await;
}

async fn fits<T: Table>(client: &Client, advice: &str, findings: &mut Vec<Finding>) {
    const STEP: &str = "table";
    let table = T::INFO.name;
    findings.push(match client.check::<T>().await {
        Ok(mismatches) if mismatches.is_empty() => Finding::ok(STEP, format!("`{table}` fits")),
        Ok(mismatches) => {
            let all: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
            Finding::warn(STEP, format!("`{table}`: {}", all.join("; ")), advice)
        }
        Err(Error::NoRow { .. }) => Finding::ok(
            STEP,
            format!("`{table}` is empty: nothing can be known of it"),
        ),
        Err(Error::Server(refusal)) => {
            Finding::warn(STEP, format!("`{table}`: {}", refusal.message()), advice)
        }
        Err(error) => judged(STEP, &error),
    });
}

/// Compares the server's `now()` with the clock here.
async fn clock(client: &Client, findings: &mut Vec<Finding>) {
    const STEP: &str = "clock";
    let unknown = |text: String| {
        Finding::warn(
            STEP,
            text,
            "compare the server's times with a clock before dates are relied on",
        )
    };
    let Ok(statement) = Prepared::new("select now() from subscriber limit 1")
        .map_err(|error| error.to_string())
        .and_then(|prepared| prepared.bind(&[]).map_err(|error| error.to_string()))
    else {
        return;
    };
    let answer = client.raw(&statement).await;
    let now = Timestamp::now();
    findings.push(match answer {
        Err(Error::Server(refusal)) => unknown(format!("`now()`: {}", refusal.message())),
        Err(error) => judged(STEP, &error),
        Ok(rows) => match rows.first().and_then(|row| row.first()) {
            None => unknown("there is no row to ask the time with".to_owned()),
            Some(value) => match read(value) {
                None => unknown("`now()` is no time that can be read".to_owned()),
                Some(there) => judged_clock(there.as_second() - now.as_second()),
            },
        },
    });
}

/// A time with or without its zone.
fn read(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let parsed = text.parse().or_else(|_| format!("{text}Z").parse());
    parsed.ok()
}

/// Tells a zone, which is whole quarters of an hour, from a clock that is wrong.
fn judged_clock(difference: i64) -> Finding {
    const STEP: &str = "clock";
    const QUARTER: i64 = 15 * 60;
    const TOLERANCE: i64 = 60;
    let quarters = (difference as f64 / QUARTER as f64).round() as i64;
    let rest = difference - quarters * QUARTER;
    if rest.abs() > TOLERANCE {
        return Finding::warn(
            STEP,
            format!("the server's is {difference} s ahead of the clock here"),
            "let both clocks be set by NTP: subscriptions begin and end by them",
        );
    }
    match quarters {
        0 => Finding::ok(
            STEP,
            "the server's times are UTC, and agree with the clock here",
        ),
        _ => {
            let sign = if quarters < 0 { '-' } else { '+' };
            let (hours, minutes) = (quarters.abs() / 4, quarters.abs() % 4 * 15);
            Finding::warn(
                STEP,
                format!(
                    "the server's times seem to be of the zone UTC{sign}{hours:02}:{minutes:02}"
                ),
                "a program that writes dates needs `IptvPortal::time_zone`",
            )
        }
    }
}

/// Finds out the texts that are read as columns beside a column's own name.
async fn text_columns(client: &Client, findings: &mut Vec<Finding>) {
    const STEP: &str = "texts";
    let names = ["ID", "subscriber.id"];
    findings.push(match client.probe("subscriber", &names).await {
        Ok(read) if read.is_empty() => Finding::ok(
            STEP,
            "only a column's own name, letter for letter, is read as the column",
        ),
        Ok(read) => Finding::warn(
            STEP,
            format!("these are read as columns too: {}", read.join(", ")),
            "a program needs `Dialect::text_columns`, so that no text of a person is read as a column",
        ),
        Err(Error::NoRow { .. }) => {
            Finding::ok(STEP, "there is no subscriber to find out with")
        }
        Err(Error::Server(refusal)) => Finding::warn(
            STEP,
            format!("the server refuses the question: {}", refusal.message()),
            "a text that looks like a column may be refused by this server",
        ),
        Err(error) => judged(STEP, &error),
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Level;
    use super::*;

    #[test]
    fn a_zone_is_told_from_a_wrong_clock() {
        assert_eq!(judged_clock(3).level, Level::Ok);
        assert!(judged_clock(3 * 3600 - 5).text.contains("UTC+03:00"));
        assert!(judged_clock(-(3600 * 9 / 2)).text.contains("UTC-04:30"));
        assert!(judged_clock(400).text.contains("400 s ahead"));
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
