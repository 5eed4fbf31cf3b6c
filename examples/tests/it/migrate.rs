//! `migrate` between platforms.

use std::path::PathBuf;
use std::process::Command;

use jsonsql_client::tvip::PinMd5;
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::run::{Run, program, run};

fn migrate() -> Command {
    program(env!("CARGO_BIN_EXE_migrate"))
}

#[test]
fn a_platform_is_not_migrated_to_itself() {
    let run = run(migrate().args(["--from", "iptvportal", "--to", "iptvportal"]));
    assert!(!run.success);
    assert_eq!(run.stderr, "Stopped: source and target are the same\n");
}

#[test]
fn a_sandbox_is_not_migrated_to_a_real_server() {
    let arguments = [
        "--from",
        "iptvportal",
        "--to",
        "tvip",
        "--to-username",
        "admin",
    ];
    let run = run(migrate()
        .args(arguments)
        .args(["--to-url", "http://127.0.0.1:1"]));
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--from-url"), "{}", run.stderr);
}

#[test]
fn from_iptvportal_to_tvip() {
    let run = run(migrate().args(["--from", "iptvportal", "--to", "tvip", "--dry-run"]));
    assert!(run.success, "{}", run.stdout);
    assert_eq!(run.stderr, "");
    insta::assert_snapshot!(run.without_port());
}

#[test]
fn from_ministra_to_iptvportal() {
    let run = run(migrate().args([
        "--from",
        "ministra",
        "--to",
        "iptvportal",
        "--apply",
        "--no-passwords",
    ]));
    // Somebody else has the login 12345 there: that is for a person to look at.
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    insta::assert_snapshot!(run.without_port());
}

/// A file of this test, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn of(name: &str) -> Scratch {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_file(&path);
        Scratch(path)
    }

    fn as_str(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// From the IPTVPORTAL of this sandbox to its TVIP.
fn within(sandbox: &Sandbox, more: &[&str]) -> Run {
    let mut command = migrate();
    command.env("FROM_PASSWORD", "adminpassword");
    command.env("TO_PASSWORD", "adminpassword");
    command.args(["--from", "iptvportal", "--from-username", "admin"]);
    command.args(["--from-url", &sandbox.url()]);
    command.args(["--to", "tvip", "--to-username", "admin"]);
    command.args(["--to-url", &sandbox.tvip_url(), "--to-provider", "1"]);
    command.args(more);
    tokio::task::block_in_place(|| run(&mut command))
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn new_passwords_are_in_a_file_that_nobody_else_reads() {
    use std::os::unix::fs::PermissionsExt;

    let sandbox = Sandbox::builder().start().await.unwrap();
    let passwords = Scratch::of("migrate-passwords.csv");
    let mapping = Scratch::of("migrate-mapping.csv");
    std::fs::write(
        &mapping.0,
        "from,to\nbasic,Basic\nfamily,Family\nfamily,Cinema\n",
    )
    .unwrap();
    let arguments = [
        "--apply",
        "--passwords",
        passwords.as_str(),
        "--packages",
        mapping.as_str(),
    ];

    let nowhere = within(&sandbox, &["--apply"]);
    assert!(
        nowhere.stderr.contains("--apply needs --passwords FILE"),
        "{}",
        nowhere.stderr
    );

    // A third of them can be created, then the platform takes nothing more.
    let accounts = "/api/provider/accounts";
    assert!(within(&sandbox, &arguments[3..]).success);
    let requests = sandbox.take_requests();
    let looks = requests.iter().filter(|one| one.path.starts_with(accounts));
    let fault = Fault::Status {
        code: 400,
        retry_after: None,
    };
    let mut refuse = Rule::new(accounts, fault);
    for nth in 12..500 {
        refuse = refuse.nth(looks.clone().count() as u64 + nth);
    }
    sandbox.set_faults(Faults::seeded(1).rule(refuse));
    let first = within(&sandbox, &arguments);
    assert_eq!(first.code, Some(1), "{}", first.stdout);
    assert!(first.stdout.contains("  done\n"), "{}", first.stdout);
    sandbox.set_faults(Faults::default());
    let given = passwords.text();
    let mode = std::fs::metadata(&passwords.0)
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let rows: Vec<(&str, &str)> = given
        .lines()
        .skip(1)
        .filter_map(|row| row.split_once(','))
        .collect();
    assert_eq!(rows.len(), 12, "{}", first.stdout);
    assert!(rows.iter().all(|(_, password)| password.len() == 12));
    assert!(
        rows.iter()
            .all(|(_, password)| !first.stdout.contains(password))
    );

    let second = within(&sandbox, &arguments);
    assert!(second.success, "{}{}", first.stdout, second.stdout);
    assert_eq!(
        passwords.text(),
        given,
        "who was created keeps the password"
    );
    let third = within(&sandbox, &arguments);
    assert!(
        third.stdout.contains("There is nothing to do."),
        "{}",
        third.stdout
    );

    // Each once, with the password of the file, as TVIP keeps it.
    let state = sandbox.tvip().state();
    let accounts = state["accounts"].as_array().unwrap();
    for (login, password) in rows {
        let mut with_login = accounts.iter().filter(|account| account["login"] == login);
        let account = with_login.next().unwrap();
        assert!(with_login.next().is_none());
        let kept: PinMd5 = serde_json::from_value(account["pin_md5"].clone()).unwrap();
        assert!(kept.is_of(&password.into()), "{login}");
    }

    std::fs::set_permissions(&passwords.0, PermissionsExt::from_mode(0o644)).unwrap();
    let empty = Sandbox::builder().start().await.unwrap();
    let open = within(&empty, &arguments);
    assert!(
        open.stderr.contains("others may read it"),
        "{}",
        open.stderr
    );
    let state = empty.tvip().state();
    assert_eq!(state["accounts"].as_array().unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_names_what_is_not_there_stops_it() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mapping = Scratch::of("migrate-bad-mapping.csv");
    std::fs::write(&mapping.0, "from,to\nbasic,Baisc\nbasci,Basic\n").unwrap();
    let run = within(&sandbox, &["--packages", mapping.as_str()]);
    assert_eq!(run.code, Some(1));
    let told = "line 2, column to: there is no package \"Baisc\" on the platform\n  \
                line 3, column from: there is no package \"basci\" on the platform";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn once_migrated_there_is_nothing_to_do_between_any_two() {
    let all = ["iptvportal", "ministra", "tvip"];
    let pairs = all.iter().flat_map(|from| all.map(|to| (*from, to)));
    for (from, to) in pairs.filter(|(from, to)| from != to) {
        let sandbox = Sandbox::builder().start().await.unwrap();
        let mut command = migrate();
        for (side, platform) in [("from", from), ("to", to)] {
            let (url, username, password) = match platform {
                "ministra" => (sandbox.ministra_url(), "stalker", "secret_pass"),
                "tvip" => (sandbox.tvip_url(), "admin", "adminpassword"),
                _ => (sandbox.url(), "admin", "adminpassword"),
            };
            command.env(format!("{}_PASSWORD", side.to_uppercase()), password);
            command.args([format!("--{side}"), platform.to_owned()]);
            command.args([format!("--{side}-url"), url]);
            command.args([format!("--{side}-username"), username.to_owned()]);
            if platform == "tvip" {
                command.args([format!("--{side}-provider"), "1".to_owned()]);
            }
        }
        command.args(["--no-passwords", "--apply"]);
        let first = tokio::task::block_in_place(|| run(&mut command));
        assert!(first.stdout.contains("  done\n"), "{}", first.stdout);
        assert!(!first.stdout.contains("Failed:"), "{}", first.stdout);
        assert!(!first.stdout.contains("Unknown:"), "{}", first.stdout);
        let again = tokio::task::block_in_place(|| run(&mut command));
        let nothing = again.stdout.contains("There is nothing to do.");
        assert!(nothing, "{from} to {to}:{}{}", first.stdout, again.stdout);
    }
}
