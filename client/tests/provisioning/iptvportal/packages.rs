//! Packages that end, and packages that are there twice.

use jsonsql::ast::Method;
use jsonsql_client::model::{PackageId, Patch, SubscriberId, Timestamp};
use jsonsql_client::provisioning::{
    Change, Desired, Effect, Executor, IptvPortal, Job, Members, Outcome, Platform as _, View,
    WantedSubscription,
};
use serde_json::json;

use super::{block_on_io, client, is_settled, rows, run, sandbox};

const ROWS: &str = "SELECT package_id, enabled, expired_on FROM subscriber_package \
                    WHERE subscriber_id = 1 ORDER BY package_id";

async fn view(platform: &IptvPortal) -> View {
    let key = platform.identity().id(&SubscriberId::from(1));
    let found = platform.load(&[key]).await.unwrap().found;
    platform.view(&found[0], None, Timestamp::now())
}

fn exactly(packages: &[(i64, Patch<Timestamp>)]) -> Desired {
    let wanted = packages.iter().map(|(package, until)| WantedSubscription {
        until: *until,
        ..WantedSubscription::new(PackageId::from(*package))
    });
    Desired {
        subscriptions: Members::Exactly(wanted.collect()),
        ..Desired::existing()
    }
}

/// A package, `enabled`, and the end.
type Row<'a> = (i64, bool, Option<&'a str>);

/// The first subscriber has these rows and no others.
async fn with(platform: &IptvPortal, held: &[Row<'_>]) {
    let client = platform.client();
    let delete = json!({
        "from": "subscriber_package",
        "where": {"eq": ["subscriber_id", 1]},
        "returning": "package_id",
    });
    client.raw_json(Method::Delete, &delete).await.unwrap();
    let values: Vec<_> = (held.iter())
        .map(|(package, enabled, end)| json!([1, package, enabled, end]))
        .collect();
    let insert = json!({
        "into": "subscriber_package",
        "columns": ["subscriber_id", "package_id", "enabled", "expired_on"],
        "values": values,
        "returning": "package_id",
    });
    client.raw_json(Method::Insert, &insert).await.unwrap();
}

#[test]
fn a_package_whose_end_has_passed_is_not_active_and_shown_by_no_box() {
    block_on_io(async {
        let (_sandbox, platform) = sandbox().await;
        let rows = [
            (1, true, Some("2020-01-01 00:00:00")),
            (2, true, Some("2099-01-01 00:00:00")),
            (3, true, None),
        ];
        with(&platform, &rows).await;
        let view = view(&platform).await;
        let shown: Vec<_> = (view.subscriptions.iter())
            .map(|one| (one.package.to_string(), one.active, one.until))
            .collect();
        let time = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        assert_eq!(
            shown,
            [
                ("1".to_owned(), false, time("2020-01-01T00:00:00Z")),
                ("2".to_owned(), true, time("2099-01-01T00:00:00Z")),
                ("3".to_owned(), true, None),
            ]
        );
        let two_and_three = ["2", "3"].map(PackageId::from);
        assert!(!view.screens.is_empty());
        for screen in &view.screens {
            assert!(screen.shows.iter().eq(&two_and_three), "{screen:?}");
        }
    });
}

#[test]
fn times_are_of_the_zone_that_is_said() {
    block_on_io(async {
        let (_sandbox, platform) = sandbox().await;
        with(&platform, &[(1, true, Some("2099-01-01 00:00:00"))]).await;
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(5));
        let view = view(&platform.time_zone(zone)).await;
        let end: Timestamp = "2098-12-31T19:00:00Z".parse().unwrap();
        assert_eq!(view.subscriptions[0].until, Some(end));
    });
}

#[test]
fn a_package_bought_until_it_is_ended_loses_the_end_of_an_earlier_purchase() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        for end in ["2020-01-01 00:00:00", "2099-01-01 00:00:00"] {
            with(&platform, &[(1, true, Some(end))]).await;
            let wanted = exactly(&[(1, Patch::Clear)]);
            let report = run(&platform, 1, wanted.clone()).await;
            assert!(matches!(report.outcome, Outcome::Done(Change::Made)));
            assert_eq!(rows(&sandbox, ROWS).await, json!([[1, 1, null]]), "{end}");
            assert!(is_settled(&platform, 1, wanted).await);
            // An end that was still to come changes nothing on the screen.
            let shows = (report.effects.iter()).any(|one| matches!(one, Effect::Shows { .. }));
            assert_eq!(shows, end.starts_with("2020"), "{:?}", report.effects);
        }
    });
}

#[test]
fn an_end_that_is_to_be_kept_is_kept() {
    block_on_io(async {
        let (_sandbox, platform) = sandbox().await;
        with(&platform, &[(1, true, Some("2099-01-01 00:00:00"))]).await;
        assert!(is_settled(&platform, 1, exactly(&[(1, Patch::Keep)])).await);
    });
}

#[test]
fn of_a_package_that_is_there_twice_one_row_stays() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        let cases = [
            ([(1, true, None), (1, true, None)], json!([[1, 1, null]])),
            ([(1, false, None), (1, true, None)], json!([[1, 1, null]])),
            (
                [
                    (1, true, Some("2020-01-01 00:00:00")),
                    (1, true, Some("2099-01-01 00:00:00")),
                ],
                json!([[1, 1, "2099-01-01 00:00:00"]]),
            ),
        ];
        for (held, left) in cases {
            with(&platform, &held).await;
            assert_eq!(view(&platform).await.disagrees, ["subscriptions"]);
            assert_eq!(view(&platform).await.subscriptions.len(), 1);
            let wanted = exactly(&[(1, Patch::Keep)]);
            let report = run(&platform, 1, wanted.clone()).await;
            assert!(matches!(report.outcome, Outcome::Done(Change::Made)));
            assert_eq!(rows(&sandbox, ROWS).await, left, "{held:?}");
            assert!(is_settled(&platform, 1, wanted).await);
        }
    });
}

/// One that nobody asked about stays as somebody left it.
#[test]
fn rows_of_a_set_that_is_not_managed_are_left_alone() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        with(&platform, &[(1, true, None), (1, true, None)]).await;
        let wanted = Desired {
            enabled: Some(false),
            ..Desired::existing()
        };
        run(&platform, 1, wanted).await;
        let both = json!([[1, 1, null], [1, 1, null]]);
        assert_eq!(rows(&sandbox, ROWS).await, both);
    });
}

/// One deletion takes both rows, and is said once.
#[test]
fn both_rows_of_a_package_that_is_not_wanted_go() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        with(&platform, &[(1, true, None), (1, true, None)]).await;
        let key = platform.identity().id(&SubscriberId::from(1));
        let job = Job::new([key], exactly(&[]));
        let forecast = Executor::new(&platform).preview(vec![job]).await.remove(0);
        let removals = (forecast.unwrap().effects.into_iter())
            .filter(|one| matches!(one, Effect::Irreversible { .. }))
            .count();
        assert_eq!(removals, 1);
        let report = run(&platform, 1, exactly(&[])).await;
        assert!(matches!(report.outcome, Outcome::Done(Change::Made)));
        assert_eq!(rows(&sandbox, ROWS).await, json!([]));
    });
}

/// A server without the column is one without ends.
#[test]
fn ends_are_not_asked_for_where_there_are_none() {
    block_on_io(async {
        let (sandbox, platform) = sandbox().await;
        with(&platform, &[(1, true, Some("2020-01-01 00:00:00"))]).await;
        let platform = IptvPortal::new(client(&sandbox)).without_ends();
        let view = view(&platform).await;
        assert_eq!(
            (view.subscriptions[0].active, view.subscriptions[0].until),
            (true, None)
        );
        let platform = platform.without_addresses();
        assert!(is_settled(&platform, 1, exactly(&[(1, Patch::Clear)])).await);
    });
}

/// No operation writes an end here: one that goes cannot be had back.
#[test]
fn an_end_that_goes_is_lost_by_name() {
    block_on_io(async {
        let end = Some("2036-01-01 00:00:00");
        let double = [(1, true, end), (1, true, end)];
        let cases: [(&[Row], _, &[&str]); 5] = [
            (
                &[(1, true, end)],
                exactly(&[]),
                &["package 1 until 2036-01-01T00:00:00Z"],
            ),
            (&[(1, true, None)], exactly(&[]), &["package 1"]),
            (
                &[(1, true, end)],
                exactly(&[(1, Patch::Clear)]),
                &["the end 2036-01-01T00:00:00Z of package 1"],
            ),
            (&[(1, true, end)], exactly(&[(1, Patch::Keep)]), &[]),
            // One of them is made anew, with the end.
            (&double, exactly(&[(1, Patch::Keep)]), &[]),
        ];
        for (held, wanted, expected) in cases {
            let (_sandbox, platform) = sandbox().await;
            with(&platform, held).await;
            let key = platform.identity().id(&SubscriberId::from(1));
            let job = Job::new([key], wanted.clone());
            let forecast = Executor::new(&platform).preview(vec![job]).await.remove(0);
            let report = run(&platform, 1, wanted).await;
            for effects in [forecast.unwrap().effects, report.effects] {
                let lost = effects.into_iter().filter_map(|effect| match effect {
                    Effect::Irreversible { lost, .. } => Some(lost),
                    _ => None,
                });
                let lost: Vec<String> = lost.flatten().map(|one| one.to_string()).collect();
                assert_eq!(lost, expected, "{held:?}");
            }
        }
    });
}
