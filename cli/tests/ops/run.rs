//! The command, run against a sandbox of one of the platforms.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use jsonsql_sandbox::{Builder, MinistraOptions, Sandbox, TvipOptions};
use serde_json::Value;

/// The password of every sandbox here, which no output may have.
const PASSWORD: &str = "s3cret-of-the-server";

/// The password that tests give subscribers, which no output may have either.
pub(crate) const NEW_PASSWORD: &str = "n3w-of-the-subscriber";

pub(crate) const PLATFORMS: [&str; 3] = ["iptvportal", "ministra", "tvip"];

/// A sandbox, seen as one platform.
pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) platform: &'static str,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The one JSON object that was printed.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON: {error}: {self:?}"))
    }
}

impl Server {
    pub(crate) async fn start(platform: &'static str) -> Server {
        Server::of(platform, Sandbox::builder()).await
    }

    /// A sandbox of this builder, with the password of the tests.
    pub(crate) async fn of(platform: &'static str, builder: Builder) -> Server {
        let mut ministra = MinistraOptions::default();
        ministra.credentials = Some(("stalker".to_owned(), PASSWORD.to_owned()));
        let builder = builder.password(PASSWORD).ministra(ministra);
        let tvip = TvipOptions::default().password(PASSWORD);
        let sandbox = builder.tvip(tvip).start().await;
        Server {
            sandbox: sandbox.expect("a sandbox"),
            platform,
        }
    }

    /// The command with the server in its environment and nothing else.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let (url, username) = match self.platform {
            "iptvportal" => (self.sandbox.url(), "admin"),
            "ministra" => (self.sandbox.ministra_url(), "stalker"),
            _ => (self.sandbox.tvip_url(), "admin"),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_jsonsql"));
        command
            .env_clear()
            .env("JSONSQL_URL", url)
            .env("JSONSQL_PLATFORM", self.platform)
            .env("JSONSQL_USERNAME", username)
            .env("JSONSQL_PASSWORD", PASSWORD)
            .args(arguments);
        command
    }

    /// Runs the command; standard input is `input`.
    pub(crate) fn run_with(&self, mut command: Command, input: &str) -> Run {
        let output = tokio::task::block_in_place(|| {
            let mut child = command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the command");
            let mut stdin = child.stdin.take().expect("its standard input");
            // One that ends before it has read all is no mistake of the test.
            let _ = stdin.write_all(input.as_bytes());
            drop(stdin);
            child.wait_with_output().expect("its end")
        });
        ended(output)
    }

    /// Runs the command without anything on standard input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(self.command(arguments), "")
    }

    /// Runs the command, which has to end with the status 0.
    pub(crate) fn done(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.status, 0, "{} {arguments:?} {run:?}", self.platform);
        run
    }

    /// The first line of what a command writes, whose reader then goes away; the
    /// command has to end as one that is done.
    pub(crate) fn first_line(&self, arguments: &[&str]) -> String {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        tokio::task::block_in_place(|| {
            let mut child = command.spawn().expect("the command");
            let mut first = String::new();
            let out = child.stdout.take().expect("its standard output");
            BufReader::new(out).read_line(&mut first).expect("a line");
            assert_eq!(child.wait().expect("its end").code(), Some(0));
            first
        })
    }

    /// Creates a subscriber for a test.
    pub(crate) fn create(&self, login: &str, reference: &str) {
        let create = ["subscriber", "create", "--login", login, "--ref", reference];
        let password = ["--password-env", "NEW", "--write", "--yes"];
        let mut command = self.command(&[&create[..], &password].concat());
        command.env("NEW", NEW_PASSWORD);
        let run = self.run_with(command, "");
        assert_eq!(run.status, 0, "{run:?}");
    }

    /// What `subscriber show --json` has of the subscriber.
    pub(crate) fn show(&self, login: &str) -> Value {
        self.done(&["subscriber", "show", "--login", login, "--json"])
            .json()
    }

    /// Returns `true` if there is such a subscriber.
    pub(crate) fn has(&self, login: &str) -> bool {
        let run = self.run(&["subscriber", "show", "--login", login]);
        let is_missing = run.stderr.contains("there is no subscriber");
        assert_eq!(run.status == 0, !is_missing, "{run:?}");
        !is_missing
    }
}

fn ended(output: Output) -> Run {
    let text = |bytes| String::from_utf8(bytes).expect("a text");
    let run = Run {
        status: output.status.code().expect("no signal"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    for secret in [PASSWORD, NEW_PASSWORD] {
        assert!(!run.stdout.contains(secret), "{run:?}");
        assert!(!run.stderr.contains(secret), "{run:?}");
    }
    run
}
