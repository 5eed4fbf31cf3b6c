//! The tables and unknown behaviours of an IPTVPORTAL server, found out by reads.

use jsonsql::Table;
use jsonsql_client::schema::{self, full};
use jsonsql_client::{Client, Error};

use super::{Finding, clock, judged};

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
    findings.push(clock::of_now(client).await);
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
