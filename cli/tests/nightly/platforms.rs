//! The same comparison on every platform.

use crate::world::{Billing, IPTVPORTAL, MINISTRA, TVIP};

#[tokio::test(flavor = "multi_thread")]
async fn once_applied_there_is_nothing_to_do() {
    // Longer than what Ministra takes for a login: packages wait for the box.
    let long = "CONTRACT-2026-0007,contract7,,,1,Family;HD,00:1A:79:00:00:0D\n";
    for (side, more) in [(IPTVPORTAL, ""), (MINISTRA, long), (TVIP, "")] {
        let billing = Billing::new(&format!("once-{}", side.platform), side).await;
        let export = side.export.to_owned() + more;
        let options = ["--owned-ref-prefix", "NN-", "--limit", "4"];
        let said = billing.night(&export, &options);
        assert!(said.contains("the report is in"), "{said}");
        let said = billing.night(&export, &options);
        assert!(said.contains("there is nothing to do"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_platform_has_no_place_for_is_told_and_not_compared() {
    let billing = Billing::new("no-place", TVIP).await;
    let export = "external_ref,login,email,phone,enabled\nNN-1001,1001,a@example.net,1,1\n";
    let (code, printed, said) = billing.plan(export, &[]);
    assert_eq!(code, 0, "{printed}{said}");
    let told = "not compared: tvip has no e-mail addresses\n\
                not compared: tvip has no telephone numbers\n";
    assert!(said.contains(told), "{said}");
    assert!(printed.contains("     1  as wanted\n"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_restarts_it_tells_beforehand_are_those_that_happen() {
    let billing = Billing::new("restarts", MINISTRA).await;
    // Two boxes lose Kids, of which only one has it, and get Sport.
    let export = "external_ref,login,enabled,packages\n12346,12346,1,Basic;Sport\n";
    let (code, printed, said) = billing.plan(export, &[]);
    assert_eq!(code, 0, "{printed}{said}");
    let told = printed
        .lines()
        .find_map(|line| line.strip_suffix("  restarts of terminals"));
    let told: usize = told.unwrap_or_default().trim().parse().expect("a number");
    let (code, printed, said) = billing.apply(&[]);
    assert_eq!(code, 0, "{printed}{said}");
    let boxes = ["00:1A:79:00:00:02", "00:1A:79:00:00:03"];
    let happened: usize = boxes
        .iter()
        .map(|mac| billing.sandbox.ministra().reboots(mac))
        .sum();
    // A box that has not fetched the message about one change yet restarts once
    // for that and the next: no more often than was told, and each box that was.
    assert!(happened > 0);
    assert!(told >= happened, "{printed}");
}
