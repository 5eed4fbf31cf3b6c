//! What is printed has a reader that goes away, as `head` does.

use jsonsql_sandbox::Sandbox;

use crate::run::{program, run_unread};

const PROVISION: &str = env!("CARGO_BIN_EXE_provision");
const NIGHTLY_SYNC: &str = env!("CARGO_BIN_EXE_nightly_sync");
const MIGRATE: &str = env!("CARGO_BIN_EXE_migrate");

#[test]
fn a_program_that_writes_on_no_server_ends_without_a_word() {
    for (path, arguments) in [
        (env!("CARGO_BIN_EXE_quickstart"), &[][..]),
        (env!("CARGO_BIN_EXE_report"), &["packages"]),
        (env!("CARGO_BIN_EXE_discover"), &["media"]),
        (PROVISION, &["--platform", "ministra"]),
        (NIGHTLY_SYNC, &[]),
        (MIGRATE, &["--from", "iptvportal", "--to", "tvip"]),
    ] {
        let run = run_unread(program(path).args(arguments));
        assert_eq!(run.stderr, "", "{path}");
        // As a shell reports what SIGPIPE ended.
        assert_eq!(run.code, Some(141), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_writes_goes_on_to_its_end() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let export = concat!(env!("CARGO_MANIFEST_DIR"), "/data/billing-iptvportal.csv");
    let (url, tvip) = (sandbox.url(), sandbox.tvip_url());
    let there = ["--url", &url, "--username", "admin"];
    let unread = |path: &str, arguments: &[&str]| {
        let mut command = program(path);
        for name in ["JSONSQL", "FROM", "TO"] {
            command.env(format!("{name}_PASSWORD"), "adminpassword");
        }
        let run = tokio::task::block_in_place(|| run_unread(command.args(arguments)));
        assert_eq!(run.stderr, "", "{path}");
        assert_eq!(run.code, Some(0), "{path}");
    };
    let before = sandbox.query("SELECT count(*) FROM subscriber").await;

    // The subscriber is created, and deleted in the end.
    unread(PROVISION, &[&there[..], &["--write"]].concat());
    let after = sandbox.query("SELECT count(*) FROM subscriber").await;
    assert_eq!(before.unwrap(), after.unwrap());
    let journal = sandbox.take_journal();
    let with = |method| journal.iter().filter(move |one| one.method == Some(method));
    assert!(with("insert").count() >= 3 && with("delete").count() >= 1);

    let apply = ["--apply", "--owned-ref-prefix", "NN-"];
    unread(NIGHTLY_SYNC, &[&there[..], &apply, &[export]].concat());
    let changed = "SELECT count(*) FROM subscriber WHERE billing = 'LB-1007'";
    assert_eq!(sandbox.query(changed).await.unwrap()[0][0], 1);

    let from = [
        "--from",
        "iptvportal",
        "--from-username",
        "admin",
        "--from-url",
        &url,
    ];
    let to = ["--to", "tvip", "--to-username", "admin", "--to-url", &tvip];
    let apply = ["--to-provider", "1", "--apply", "--no-passwords"];
    unread(MIGRATE, &[&from[..], &to, &apply].concat());
}
