//! What is taken away is counted, and an export that has become small is not taken.

use crate::world::{Billing, IPTVPORTAL};

#[tokio::test(flavor = "multi_thread")]
async fn too_much_taken_away_is_refused_with_everything_else() {
    let billing = Billing::new("too-much", IPTVPORTAL).await;
    let export = "external_ref,login,enabled\nLB-1010,10010,1\n";
    let owned = ["--owned-ref-prefix", "LB-1"];
    for (limit, allowed) in [
        (&[][..], "3 are allowed (5% of 9)"),
        (&["--limit", "8"], "8 are allowed (8 of 9)"),
        (&["--limit", "99%"], "8 are allowed (99% of 9)"),
    ] {
        let (code, _, said) = billing.plan(export, &[&owned, limit].concat());
        assert_eq!(code, 4, "{said}");
        let told = format!("something would be taken away from 9 subscribers, and {allowed}");
        assert!(said.contains(&told), "{said}");
    }
    let count = async || {
        let sql = "SELECT count(*) FROM subscriber";
        billing.sandbox.query(sql).await.expect("a count")[0][0].clone()
    };
    // Nothing is owned unless one says so, and what is not owned stays.
    billing.night(export, &["--limit", "0"]);
    assert_eq!(count().await, 13);
    billing.night(export, &[&owned[..], &["--limit", "9"]].concat());
    assert_eq!(count().await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_has_become_much_smaller_is_refused_until_it_is_named() {
    let billing = Billing::new("smaller", IPTVPORTAL).await;
    let rows = |count: usize| {
        let rows = (0..count).map(|row| format!("N-{row},n{row},1\n"));
        "external_ref,login,enabled\n".to_owned() + &rows.collect::<String>()
    };
    billing.night(&rows(20), &[]);
    billing.sandbox.take_journal();
    let (code, printed, said) = billing.plan(&rows(16), &[]);
    assert_eq!((code, printed.as_str()), (4, ""), "{said}");
    let told = "the export has 16 subscribers, and the one before it had 20; nothing was done";
    assert!(said.contains(told), "{said}");
    let journal = billing.sandbox.take_journal();
    assert!(journal.is_empty(), "the platform is not even read");
    billing.night(&rows(16), &["--smaller"]);
    // From then on that is its size.
    billing.night(&rows(16), &[]);
    billing.night(&rows(13), &[]);
}
