//! A platform that refuses, or whose answers are lost.

use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::world::{Billing, IPTVPORTAL};

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_told_and_the_rest_is_done() {
    let billing = Billing::new("fails", IPTVPORTAL).await;
    // No terminal can be had or taken away, as for an account without the right.
    let trigger = "CREATE TRIGGER no_terminals BEFORE INSERT ON terminal \
                   BEGIN SELECT RAISE(ABORT, 'no'); END";
    billing.sandbox.query(trigger).await.expect("a trigger");
    let (code, printed, said) = billing.plan(IPTVPORTAL.export, &[]);
    assert_eq!(code, 0, "{printed}{said}");
    let (code, printed, said) = billing.apply(&[]);
    assert_eq!(code, 1, "{printed}{said}");
    let told = "Failed:\n  10010, line 8: create the terminal: ";
    assert!(printed.contains(told), "{printed}");
    assert!(said.contains("make a new plan"), "{said}");
    let disabled = "SELECT disabled FROM subscriber WHERE username = '10004'";
    let disabled = billing.sandbox.query(disabled).await.expect("a row");
    assert_eq!(disabled[0][0], 1, "it is done beside the failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_is_listed_and_found_out_by_the_next_run() {
    let export = "external_ref,login,enabled\nLB-1010,10010,1\n";
    // How many requests look before there is the write.
    let quiet = Billing::new("known", IPTVPORTAL).await;
    assert_eq!(quiet.plan(export, &[]).0, 0);
    quiet.sandbox.take_requests();
    assert_eq!(quiet.apply(&[]).0, 0);
    let requests = quiet.sandbox.take_requests();
    let requests = requests.iter().filter(|one| one.path == "/jsonsql/");
    let looks = requests.take_while(|one| one.calls[0].method == Some("select"));
    let looks = looks.count() as u64;

    let billing = Billing::new("unknown", IPTVPORTAL).await;
    assert_eq!(billing.plan(export, &[]).0, 0);
    // The subscriber is created; neither the answer nor a look afterwards comes.
    let lose = Rule::new("/jsonsql", Fault::Drop).call("insert");
    let mut silent = Rule::new("/jsonsql", Fault::Refuse).call("select");
    for nth in looks + 1..looks + 200 {
        silent = silent.nth(nth);
    }
    let faults = Faults::seeded(1).rule(lose).rule(silent);
    billing.sandbox.set_faults(faults);
    let (code, printed, said) = billing.apply(&[]);
    assert_eq!(code, 3, "{printed}{said}");
    let told = "Unknown:\n  10010, line 2: create the subscriber: ";
    assert!(printed.contains(told), "{printed}");

    billing.sandbox.set_faults(Faults::default());
    let said = billing.night(export, &[]);
    assert!(said.contains("there is nothing to do"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_takes_nothing_is_not_asked_on_and_on() {
    let billing = Billing::new("takes-nothing", IPTVPORTAL).await;
    let new = (0..40).map(|number| format!("LB-N{number},n{number},1\n"));
    let export = "external_ref,login,enabled\n".to_owned() + &new.collect::<String>();
    assert_eq!(billing.plan(&export, &[]).0, 0);
    let fault = Fault::Status {
        code: 403,
        retry_after: None,
    };
    let refuse = |call| Rule::new("/jsonsql", fault.clone()).call(call);
    let faults = Faults::seeded(1)
        .rule(refuse("insert"))
        .rule(refuse("update"));
    billing.sandbox.set_faults(faults.rule(refuse("delete")));
    let (code, printed, said) = billing.apply(&[]);
    assert_eq!(code, 3, "{printed}{said}");
    // A status without a word of the server's own proves nothing of a write.
    let count = |what: &str| printed.matches(what).count();
    assert_eq!(count("create the subscriber: unknown whether"), 10);
    assert_eq!(count("the platform failed too often"), 30, "{printed}");

    // Who waits for another one's box was not denied by the server.
    let lines = IPTVPORTAL.export.split_inclusive('\n').enumerate();
    let some = lines.filter(|(number, _)| [0, 3, 5].contains(number));
    let export: String = some.map(|(_, line)| line).collect();
    assert_eq!(billing.plan(&export, &["--smaller"]).0, 0);
    let (_, printed, _) = billing.apply(&[]);
    let told = "Left as it is:\n  10005, line 3: its hardware address is held by a subscriber";
    assert!(printed.contains(told), "{printed}");
    let wrong = "the server says it is done";
    assert!(!printed.contains(wrong), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_the_server_refuses_do_not_stop_the_others_however_many_they_are() {
    let billing = Billing::new("refused", IPTVPORTAL).await;
    let trigger = "CREATE TRIGGER no_bad BEFORE INSERT ON subscriber \
                   WHEN NEW.username LIKE 'bad%' BEGIN SELECT RAISE(ABORT, 'no'); END";
    billing.sandbox.query(trigger).await.expect("a trigger");
    let bad = (0..25).map(|number| format!("N-{number},bad{number},1\n"));
    let export = "external_ref,login,enabled\n".to_owned() + &bad.collect::<String>();
    assert_eq!(billing.plan(&(export + "N-good,good,1\n"), &[]).0, 0);
    let (code, printed, said) = billing.apply(&[]);
    assert_eq!(code, 1, "{printed}{said}");
    assert!(printed.contains("Applied:\n     1  done\n"), "{printed}");
    let failed = printed.matches(": create the subscriber: ").count();
    assert_eq!(failed, 25);
}
