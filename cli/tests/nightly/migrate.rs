//! From one platform to another.

use std::path::Path;
use std::process::{Command, Stdio};

use jsonsql_client::tvip::PinMd5;
use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::world::{IPTVPORTAL, MINISTRA, Scratch, Side, TVIP, jsonsql, run, server};

/// From one platform of a sandbox to another one of it.
fn within(sandbox: &Sandbox, scratch: &Scratch, (from, to): (Side, Side)) -> Command {
    let mut config = String::new();
    for side in [IPTVPORTAL, MINISTRA, TVIP] {
        let provider = if side.platform == "tvip" {
            "provider = 1"
        } else {
            ""
        };
        config.push_str(&format!(
            "[profiles.{0}]\nplatform = \"{0}\"\nurl = \"{1}\"\nusername = \"{2}\"\n\
             password_command = \"echo {3}\"\n{provider}\n",
            side.platform,
            side.url(sandbox),
            side.username,
            side.password
        ));
    }
    let config = scratch.file("profiles.toml", &config);
    let mut command = jsonsql(sandbox, scratch);
    for variable in ["URL", "USERNAME", "PASSWORD"] {
        command.env_remove(format!("JSONSQL_{variable}"));
    }
    command
        .args(["migrate", "--profile", from.platform])
        .args(["--to-profile", to.platform, "--config"])
        .arg(config)
        .current_dir(scratch.path(""));
    command
}

const MAPPING: &str = "from,to\nbasic,Basic\nfamily,Family\nfamily,Cinema\n";

fn rows(passwords: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(passwords).expect("passwords");
    let rows = text.lines().skip(1).filter_map(|row| row.split_once(','));
    rows.map(|(login, password)| (login.to_owned(), password.to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_shows_first_and_writes_when_told_to() {
    let (sandbox, scratch) = (server(5).await, Scratch::new("migrate"));
    let config = format!(
        "[profiles.tms]\nplatform = \"tvip\"\nurl = \"{}\"\nusername = \"admin\"\nprovider = 1\npassword_command = \"echo adminpassword\"\n",
        sandbox.tvip_url()
    );
    let config = scratch.file("config.toml", &config);
    let migrate = |more: &[&str]| {
        let mut command = jsonsql(&sandbox, &scratch);
        command
            .args(["migrate", "--to-profile", "tms", "--config"])
            .arg(&config);
        run(command.args(more).current_dir(scratch.path("")))
    };
    let accounts = || {
        sandbox.tvip().state()["accounts"]
            .as_array()
            .map_or(0, Vec::len)
    };
    let before = accounts();
    let (code, printed, said) = migrate(&[]);
    assert!(code == 0 || code == 1, "{printed}{said}");
    assert!(
        printed.contains("What gets lost") && said.contains("--write does it"),
        "{printed}{said}"
    );
    assert!(
        said.contains("profile `tms`"),
        "the variables name the source: {said}"
    );
    assert_eq!(accounts(), before);

    let (_, printed, said) = migrate(&["--write", "--yes", "--passwords", "passwords.csv"]);
    let created = accounts() - before;
    assert!(created > 1, "{printed}{said}");
    let passwords = std::fs::read_to_string(scratch.path("passwords.csv")).expect("passwords");
    assert_eq!(
        passwords.lines().count(),
        created + 1,
        "a header and each login"
    );
    for line in passwords.lines().skip(1) {
        let password = line.rsplit(',').next().expect("a password");
        assert!(
            !printed.contains(password) && !said.contains(password),
            "a password is printed"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_have_to_be_decided() {
    let (sandbox, scratch) = (server(3).await, Scratch::new("undecided"));
    let mut command = jsonsql(&sandbox, &scratch);
    let (code, _, said) = run(command.args(["migrate", "--to-sandbox", "tvip", "--write"]));
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("--passwords FILE, or --no-passwords"),
        "{said}"
    );
    let mut command = jsonsql(&sandbox, &scratch);
    command.args([
        "migrate",
        "--to-sandbox",
        "tvip",
        "--write",
        "--yes",
        "--no-passwords",
    ]);
    let (code, printed, said) = run(command.current_dir(scratch.path("")));
    // One of the generated logins is somebody else's there.
    assert_eq!(code, 1, "{printed}{said}");
    assert!(scratch.path("migration.report.jsonl").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn new_passwords_are_kept_in_a_file_that_nobody_else_reads() {
    use std::os::unix::fs::PermissionsExt;

    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let scratch = Scratch::new("passwords");
    scratch.file("mapping.csv", MAPPING);
    let passwords = scratch.path("passwords.csv");
    let migrate = |sandbox: &Sandbox, more: &[&str]| {
        let mut command = within(sandbox, &scratch, (IPTVPORTAL, TVIP));
        run(command.args(["--packages", "mapping.csv"]).args(more))
    };
    let write = ["--write", "--yes", "--passwords", "passwords.csv"];

    // A third of them can be created, then the platform takes nothing more.
    let accounts = "/api/provider/accounts";
    assert_eq!(migrate(&sandbox, &[]).0, 0);
    let requests = sandbox.take_requests();
    let looks = requests.iter().filter(|one| one.path.starts_with(accounts));
    let looks = looks.count() as u64;
    let fault = Fault::Status {
        code: 400,
        retry_after: None,
    };
    let mut refuse = Rule::new(accounts, fault);
    for nth in 12..500 {
        refuse = refuse.nth(looks + nth);
    }
    sandbox.set_faults(Faults::seeded(1).rule(refuse));
    // Nobody can be asked here: no password is made for a run that does not begin.
    let (code, _, said) = migrate(&sandbox, &["--write", "--passwords", "passwords.csv"]);
    assert_eq!(code, 4, "{said}");
    assert!(!passwords.exists());

    let (code, printed, said) = migrate(&sandbox, &write);
    assert_eq!(code, 3, "{printed}{said}");
    assert!(printed.contains("  done\n"), "{printed}");
    sandbox.set_faults(Faults::default());
    let mode = std::fs::metadata(&passwords).expect("passwords");
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    let given = rows(&passwords);
    assert_eq!(given.len(), 12, "{printed}");
    assert!(given.iter().all(|(_, password)| password.len() == 12));

    let (code, printed, said) = migrate(&sandbox, &write);
    assert_eq!(code, 0, "{printed}{said}");
    let kept = rows(&passwords);
    assert_eq!(kept, given, "whoever was created keeps the password");
    let (code, _, said) = migrate(&sandbox, &write);
    assert_eq!(code, 0);
    assert!(said.contains("there is nothing to do"), "{said}");

    // Each once, with the password of the file, as TVIP keeps it.
    let state = sandbox.tvip().state();
    let accounts = state["accounts"].as_array().expect("accounts");
    for (login, password) in given {
        let mut with_login = accounts.iter().filter(|account| account["login"] == *login);
        let account = with_login.next().expect("an account");
        assert!(with_login.next().is_none());
        let kept: PinMd5 = serde_json::from_value(account["pin_md5"].clone()).expect("a digest");
        assert!(kept.is_of(&password.into()), "{login}");
    }

    std::fs::set_permissions(&passwords, PermissionsExt::from_mode(0o644)).expect("a mode");
    let empty = Sandbox::builder().start().await.expect("a sandbox");
    let (code, _, said) = migrate(&empty, &write);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("others may read it"), "{said}");
    let state = empty.tvip().state();
    assert_eq!(state["accounts"].as_array().map(Vec::len), Some(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_names_what_is_not_there_stops_it() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let scratch = Scratch::new("mapping");
    scratch.file("mapping.csv", "from,to\nbasic,Baisc\nbasci,Basic\n");
    let mut command = within(&sandbox, &scratch, (IPTVPORTAL, TVIP));
    let (code, printed, said) = run(command.args(["--packages", "mapping.csv"]));
    assert_eq!((code, printed.as_str()), (2, ""), "{said}");
    for told in [
        "line 2, column to: there is no package `Baisc`; similar names: `Basic`",
        "line 3, column from: there is no package `basci`; similar names: `basic`",
    ] {
        assert!(said.contains(told), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_is_not_migrated_to_itself() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let scratch = Scratch::new("itself");
    let mut command = within(&sandbox, &scratch, (TVIP, TVIP));
    let (code, _, said) = run(&mut command);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("are the same server"), "{said}");
    assert!(sandbox.take_requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn once_migrated_there_is_nothing_to_do_between_any_two() {
    let all = [IPTVPORTAL, MINISTRA, TVIP];
    let pairs = all.iter().flat_map(|from| all.map(|to| (*from, to)));
    for (from, to) in pairs.filter(|(from, to)| from.platform != to.platform) {
        let name = format!("{}-to-{}", from.platform, to.platform);
        let sandbox = Sandbox::builder().start().await.expect("a sandbox");
        let scratch = Scratch::new(&name);
        let migrate = || {
            let mut command = within(&sandbox, &scratch, (from, to));
            run(command.args(["--write", "--yes", "--no-passwords"]))
        };
        let (_, printed, said) = migrate();
        assert!(printed.contains("  done\n"), "{name}: {printed}{said}");
        assert!(!printed.contains("Failed:"), "{name}: {printed}");
        assert!(!printed.contains("Unknown:"), "{name}: {printed}");
        let (_, printed, said) = migrate();
        let nothing = said.contains("there is nothing to do");
        assert!(nothing, "{name}: {printed}{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_closes_does_not_end_a_migration() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let scratch = Scratch::new("migration-unseen");
    let migrate = || {
        let mut command = within(&sandbox, &scratch, (IPTVPORTAL, TVIP));
        command.args(["--write", "--yes", "--no-passwords"]);
        command
    };
    let mut command = migrate();
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program");
    drop(child.stdout.take());
    let status = tokio::task::block_in_place(|| child.wait()).expect("an end");
    let told = "it says that not everything could be told";
    assert_eq!(status.code(), Some(1), "{told}");
    let (code, printed, said) = run(&mut migrate());
    assert_eq!(code, 0, "{printed}{said}");
    assert!(said.contains("there is nothing to do"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invented_subscribers_stay_in_sandboxes() {
    let (sandbox, scratch) = (server(3).await, Scratch::new("invented"));
    let config = format!(
        "[profiles.tms]\nplatform = \"tvip\"\nurl = \"{}\"\nusername = \"admin\"\n\
         provider = 1\npassword_command = \"echo adminpassword\"\n",
        sandbox.tvip_url()
    );
    let config = scratch.file("config.toml", &config);
    sandbox.take_requests();
    let mut command = jsonsql(&sandbox, &scratch);
    for variable in ["URL", "USERNAME", "PASSWORD"] {
        command.env_remove(format!("JSONSQL_{variable}"));
    }
    command.args(["migrate", "--sandbox", "--to-profile", "tms", "--config"]);
    command
        .arg(config)
        .args(["--write", "--yes", "--no-passwords"]);
    let (code, printed, said) = run(&mut command);
    assert_eq!(code, 2, "{printed}{said}");
    assert!(said.contains("stay in sandboxes"), "{said}");
    assert_eq!(sandbox.take_requests().len(), 0, "nothing is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_is_named_by_flags_and_variables_of_its_own() {
    let (sandbox, scratch) = (server(3).await, Scratch::new("to-url"));
    let accounts = || {
        let state = sandbox.tvip().state();
        state["accounts"].as_array().map_or(0, Vec::len)
    };
    let migrate = |password: Option<&str>, more: &[&str]| {
        let mut command = jsonsql(&sandbox, &scratch);
        command
            .args(["migrate", "--to-platform", "tvip", "--to-url"])
            .arg(sandbox.tvip_url())
            .args(["--to-username", "admin", "--to-provider", "1"])
            .args(more)
            .current_dir(scratch.path(""));
        if let Some(password) = password {
            command.env("JSONSQL_TO_PASSWORD", password);
        }
        run(&mut command)
    };
    // The password of the source goes to the source alone.
    let (code, printed, said) = migrate(None, &[]);
    assert_eq!((code, printed.as_str()), (2, ""), "{said}");
    assert!(said.contains("set JSONSQL_TO_PASSWORD"), "{said}");

    let before = accounts();
    let (_, printed, said) = migrate(Some("adminpassword"), &[]);
    assert!(printed.contains("What gets lost"), "{printed}{said}");
    assert_eq!(accounts(), before);
    let write = ["--write", "--yes", "--no-passwords"];
    let (_, printed, said) = migrate(Some("adminpassword"), &write);
    assert!(accounts() > before, "{printed}{said}");

    // Without a target nothing is guessed, not even the default profile.
    let config = "default = \"main\"\n[profiles.main]\nurl = \"http://127.0.0.1:9\"\n";
    let config = scratch.file("default.toml", config);
    let mut command = jsonsql(&sandbox, &scratch);
    let (code, _, said) = run(command.args(["migrate", "--config"]).arg(config));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("no target is named"), "{said}");
    assert!(said.contains("--to-profile takes one of `main`"), "{said}");
}
