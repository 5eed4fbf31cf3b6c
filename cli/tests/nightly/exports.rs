//! Where an export comes from, and a line of it that cannot be had.

use std::io::Write;
use std::process::Stdio;

use crate::world::{Billing, IPTVPORTAL};

#[tokio::test(flavor = "multi_thread")]
async fn an_export_comes_from_standard_input_too() {
    let billing = Billing::new("stdin", IPTVPORTAL).await;
    let mut command = billing.command("plan");
    command
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("its standard input");
    let text = "external_ref,login,enabled\nLB-1010,10010,1\n";
    stdin.write_all(text.as_bytes()).expect("it reads");
    drop(stdin);
    let output = tokio::task::block_in_place(|| child.wait_with_output()).expect("an end");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(printed.contains("10010, line 2"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_line_that_cannot_be_had_is_listed_and_the_others_are_done() {
    let billing = Billing::new("one-line", IPTVPORTAL).await;
    let text = "external_ref,login,enabled,packages\n\
                LB-1001,12345,perhaps,basic\n\
                LB-1002,10002,1,movies\n\
                LB-1010,10010,1,basic\n";
    let options = ["--owned-ref-prefix", "LB-1", "--limit", "50"];
    let (code, printed, said) = billing.plan(text, &options);
    assert_eq!(code, 1, "{printed}{said}");
    let told = "Left as it is:\n  \
                12345, line 2: column enabled: neither 1 nor 0\n  \
                10002, line 3: column packages: there is no package `movies`; similar names: `movie`\n";
    assert!(printed.contains(told), "{printed}");
    let (code, printed, said) = billing.apply(&options[2..]);
    assert_eq!(code, 0, "{printed}{said}");
    let there = "SELECT username FROM subscriber WHERE billing LIKE 'LB-1%' ORDER BY id";
    let there = billing.sandbox.query(there).await.expect("rows");
    let there: Vec<_> = there.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(there, [Some("12345"), Some("10002"), Some("10010")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_applied_without_those_who_have_changed_since() {
    let billing = Billing::new("changed", IPTVPORTAL).await;
    let options = ["--owned-ref-prefix", "LB-1", "--limit", "5"];
    let (code, printed, said) = billing.plan(IPTVPORTAL.export, &options);
    assert_eq!(code, 0, "{printed}{said}");
    let journal = billing.sandbox.take_journal();
    assert!(!journal.is_empty());
    assert!(journal.iter().all(|one| one.method == Some("select")));

    let by_hand = "UPDATE subscriber SET phone = '1' WHERE username = '10004'";
    billing.sandbox.query(by_hand).await.expect("a change");
    let (code, printed, said) = billing.apply(&[]);
    assert_eq!((code, printed.as_str()), (4, ""), "{said}");
    assert!(said.contains("5 subscribers, and 3 are allowed"), "{said}");
    let (code, printed, said) = billing.apply(&options[2..]);
    assert_eq!(code, 1, "{printed}{said}");
    let told = "     9  done\n\nLeft as it is:\n  \
                10004, line 5: it has changed since the plan was made\n";
    assert!(printed.contains(told), "{printed}");
    let disabled = "SELECT disabled FROM subscriber WHERE username = '10004'";
    assert_eq!(
        billing.sandbox.query(disabled).await.expect("a row")[0][0],
        0
    );
}
