//! A server with subscribers, and the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jsonsql_sandbox::{Sandbox, Seed};

/// A directory of the test, gone at the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Scratch {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a directory");
        Scratch(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server of IPTVPORTAL with this many subscribers.
pub(crate) async fn server(subscribers: u32) -> Sandbox {
    let seed: Seed = format!("generate:{subscribers}").parse().expect("a seed");
    Sandbox::builder()
        .seed(seed)
        .start()
        .await
        .expect("a sandbox")
}

/// The program, which finds this server by variables.
pub(crate) fn jsonsql(sandbox: &Sandbox, scratch: &Scratch) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jsonsql"));
    for variable in [
        "JSONSQL_DOMAIN",
        "JSONSQL_PROFILE",
        "JSONSQL_CONFIG",
        "JSONSQL_PLATFORM",
    ] {
        command.env_remove(variable);
    }
    command
        .env("JSONSQL_URL", sandbox.url())
        .env("JSONSQL_USERNAME", "admin")
        .env("JSONSQL_PASSWORD", "adminpassword")
        .env("XDG_CONFIG_HOME", scratch.path("config"))
        .env("XDG_STATE_HOME", scratch.path("state"));
    command
}

/// Runs the program to its end.
pub(crate) fn run(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = tokio::task::block_in_place(|| command.output()).expect("the program");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// Runs `plan` with this export and plan file.
pub(crate) fn plan(
    (sandbox, scratch): (&Sandbox, &Scratch),
    (csv, output): (&Path, &Path),
    more: &[&str],
) -> (i32, String, String) {
    let mut command = jsonsql(sandbox, scratch);
    run(command
        .arg("plan")
        .arg(csv)
        .arg("-o")
        .arg(output)
        .args(more))
}

/// Runs `apply` with this plan file.
pub(crate) fn apply(
    (sandbox, scratch): (&Sandbox, &Scratch),
    plan: &Path,
    more: &[&str],
) -> (i32, String, String) {
    run(jsonsql(sandbox, scratch).arg("apply").arg(plan).args(more))
}

/// An export of the first subscribers as they are, with all of them switched off
/// from the one of this number on.
pub(crate) async fn export(sandbox: &Sandbox, disabled_from: usize) -> String {
    let sql = "SELECT username FROM subscriber ORDER BY id";
    let rows = sandbox.query(sql).await.expect("rows");
    let mut text = "external_ref,login,enabled\n".to_owned();
    for (number, row) in rows.iter().enumerate() {
        let enabled = u8::from(number < disabled_from);
        let login = row[0].as_str().expect("a login");
        text.push_str(&format!("C-{number},{login},{enabled}\n"));
    }
    text
}

/// How many subscribers are switched off.
pub(crate) async fn disabled(sandbox: &Sandbox) -> i64 {
    let sql = "SELECT count(*) FROM subscriber WHERE disabled";
    let rows = sandbox.query(sql).await.expect("a count");
    rows[0][0].as_i64().expect("a number")
}

/// A platform, who logs in to its sandbox, and an export that fits the demo there.
#[derive(Clone, Copy)]
pub(crate) struct Side {
    pub(crate) platform: &'static str,
    pub(crate) username: &'static str,
    pub(crate) password: &'static str,
    pub(crate) export: &'static str,
}

pub(crate) const IPTVPORTAL: Side = Side {
    platform: "iptvportal",
    username: "admin",
    password: "adminpassword",
    export: include_str!("../../examples/iptvportal.csv"),
};

pub(crate) const MINISTRA: Side = Side {
    platform: "ministra",
    username: "stalker",
    password: "secret_pass",
    export: include_str!("../../doc/nightly.in/billing.csv"),
};

pub(crate) const TVIP: Side = Side {
    platform: "tvip",
    username: "admin",
    password: "adminpassword",
    export: include_str!("../../examples/tvip.csv"),
};

impl Side {
    /// The address of the platform in a sandbox.
    pub(crate) fn url(self, sandbox: &Sandbox) -> String {
        match self.platform {
            "ministra" => sandbox.ministra_url(),
            "tvip" => sandbox.tvip_url(),
            _ => sandbox.url(),
        }
    }
}

/// A platform with its demo, and a billing that compares it every night.
pub(crate) struct Billing {
    pub(crate) sandbox: Sandbox,
    pub(crate) scratch: Scratch,
    side: Side,
}

impl Billing {
    pub(crate) async fn new(name: &str, side: Side) -> Billing {
        Billing {
            sandbox: Sandbox::builder().start().await.expect("a sandbox"),
            scratch: Scratch::new(name),
            side,
        }
    }

    /// A command of the program, which finds this platform by variables.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = jsonsql(&self.sandbox, &self.scratch);
        command
            .env("JSONSQL_PLATFORM", self.side.platform)
            .env("JSONSQL_URL", self.side.url(&self.sandbox))
            .env("JSONSQL_USERNAME", self.side.username)
            .env("JSONSQL_PASSWORD", self.side.password)
            .arg(name);
        if self.side.platform == "tvip" {
            command.args(["--provider", "1"]);
        }
        command
    }

    /// Runs `plan` with an export of this text.
    pub(crate) fn plan(&self, export: &str, more: &[&str]) -> (i32, String, String) {
        let csv = self.scratch.file("billing.csv", export);
        let mut command = self.command("plan");
        run(command.arg(csv).arg("-o").arg(self.file()).args(more))
    }

    /// The command that applies the plan.
    pub(crate) fn applying(&self, more: &[&str]) -> Command {
        let mut command = self.command("apply");
        command.arg(self.file()).arg("--yes").args(more);
        command
    }

    /// Runs `apply` with the plan.
    pub(crate) fn apply(&self, more: &[&str]) -> (i32, String, String) {
        run(&mut self.applying(more))
    }

    /// Runs both, which have nothing to complain of, and returns what is said last.
    pub(crate) fn night(&self, export: &str, more: &[&str]) -> String {
        let (code, printed, said) = self.plan(export, more);
        assert_eq!(code, 0, "{printed}{said}");
        let limit = more.iter().position(|one| *one == "--limit");
        let limit = limit.map_or(&[][..], |at| &more[at..at + 2]);
        let (code, printed, said) = self.apply(limit);
        assert_eq!(code, 0, "{printed}{said}");
        said
    }

    fn file(&self) -> PathBuf {
        self.scratch.path("plan.jsonl")
    }
}
