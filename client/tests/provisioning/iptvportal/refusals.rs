//! What is refused, and what ends nothing.

use jsonsql_client::model::{End, PackageId, SubscriptionId};
use jsonsql_client::provisioning::{
    Change, Conflict, Desired, EndedSubscription, Members, Outcome, SubscriptionKey, TerminalKey,
    WantedSubscription,
};
use serde_json::json;

use super::{block_on_io, rows, run, sandbox};
use crate::mac;

fn adding(package: &str) -> Desired {
    let package = WantedSubscription::new(PackageId::from(package));
    Desired {
        subscriptions: Members::adding(package),
        ..Desired::existing()
    }
}

const PACKAGES: &str = "SELECT subscriber_id, package_id FROM subscriber_package \
                        ORDER BY subscriber_id, package_id";

#[test]
fn a_package_that_is_not_there_is_not_given() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        let before = rows(&sandbox, PACKAGES).await;
        for package in ["9999", "basic", "007"] {
            let report = run(&platform, 1, adding(package)).await;
            let missing = Conflict::Missing { record: "package" };
            assert!(
                matches!(&report.outcome, Outcome::Left(conflict) if *conflict == missing),
                "{package}: {:?}",
                report.outcome
            );
        }
        assert_eq!(rows(&sandbox, PACKAGES).await, before);
    });
}

#[test]
fn no_more_terminals_than_the_limit_are_given() {
    block_on_io(async {
        let (_sandbox, platform) = sandbox().await;
        let limited = |numbers: &[usize], limit: u32| Desired {
            device_limit: jsonsql_client::model::Patch::Set(limit),
            terminals: Members::Exactly(
                numbers
                    .iter()
                    .map(|number| TerminalKey::Mac(mac(*number)))
                    .collect(),
            ),
            ..Desired::existing()
        };
        let report = run(&platform, 1, limited(&[1, 2, 3], 2)).await;
        assert!(
            matches!(&report.outcome, Outcome::Left(conflict)
                if conflict.to_string().contains("as many terminals as it may")),
            "{:?}",
            report.outcome
        );
        // Those that are there make room for the others.
        let report = run(&platform, 1, limited(&[1, 2], 2)).await;
        assert!(
            matches!(report.outcome, Outcome::Done(Change::Made)),
            "{:?}",
            report.outcome
        );
    });
}

#[test]
fn anothers_subscription_id_ends_nothing() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        let before = rows(&sandbox, PACKAGES).await;
        let anothers = (before.as_array().unwrap().iter())
            .find(|row| row[0] != json!(1))
            .unwrap();
        let id = format!("{}/{}", anothers[0], anothers[1]);
        let wanted = Desired {
            subscriptions: Members::removing(EndedSubscription {
                subscription: SubscriptionKey::Id(SubscriptionId::from(id.as_str())),
                end: End::Now,
            }),
            ..Desired::existing()
        };
        let report = run(&platform, 1, wanted).await;
        assert!(matches!(report.outcome, Outcome::Done(Change::Nothing)));
        assert_eq!(rows(&sandbox, PACKAGES).await, before);
    });
}
