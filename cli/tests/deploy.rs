//! The image and the units: what can be known of them without a daemon.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jsonsql_sandbox::Sandbox;

const PROGRAM: &str = env!("CARGO_BIN_EXE_jsonsql");

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name);
    // A line that goes on is one.
    fs::read_to_string(path)
        .expect("a file")
        .replace("\\\n", "")
}

/// The values of a setting of a unit.
fn settings<'a>(unit: &'a str, name: &str) -> Vec<&'a str> {
    let begins = format!("{name}=");
    unit.lines()
        .filter_map(|line| line.strip_prefix(&begins))
        .collect()
}

/// The instructions of the image, with their arguments.
fn instructions(image: &str) -> Vec<(&str, &str)> {
    let lines = image
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').expect("an argument"))
        .collect()
}

#[test]
fn the_image_has_two_stages_and_no_root() {
    let image = read("Dockerfile");
    let all = instructions(&image);
    let at = |name: &str| all.iter().position(|(one, _)| *one == name);
    let from: Vec<&str> = (all.iter())
        .filter(|(name, _)| *name == "FROM")
        .map(|(_, of)| *of)
        .collect();
    assert_eq!(from.len(), 2, "{image}");
    assert!(from[0].ends_with(" AS build"), "{from:?}");
    assert!(
        from.iter()
            .all(|of| of.contains(':') && !of.contains(":latest")),
        "{from:?}"
    );

    // The last stage has the program, which the first one has built, and no compiler.
    let last = all
        .iter()
        .rposition(|(name, _)| *name == "FROM")
        .expect("a stage");
    let stage = &all[last..];
    let copied: Vec<&str> = (stage.iter())
        .filter(|(name, _)| *name == "COPY")
        .map(|(_, of)| *of)
        .collect();
    assert_eq!(
        copied,
        ["--from=build /src/target/static/jsonsql /usr/local/bin/jsonsql"]
    );
    let built = "cargo build --locked -p jsonsql-cli --all-features --profile static";
    assert!(all[..last].contains(&("RUN", built)), "{image}");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let workspace = fs::read_to_string(workspace).expect("a manifest");
    assert!(workspace.contains("[profile.static]"));

    let user = stage
        .iter()
        .find(|(name, _)| *name == "USER")
        .expect("a user")
        .1;
    assert_ne!(user, "root");
    assert!(
        stage.contains(&("RUN", &*format!("adduser -D -H {user}"))),
        "{image}"
    );
    assert!(at("USER") < at("ENTRYPOINT"));
    assert!(at("HEALTHCHECK") > Some(last), "{image}");
}

/// The items of an instruction in the form of JSON.
fn list(image: &str, name: &str) -> Vec<String> {
    let all = instructions(image);
    let (_, text) = all
        .iter()
        .find(|(one, _)| *one == name)
        .expect("an instruction");
    serde_json::from_str(text).expect("a list")
}

#[test]
fn what_the_image_runs_is_healthy() {
    let image = read("Dockerfile");
    assert_eq!(list(&image, "ENTRYPOINT"), ["jsonsql"]);
    let arguments = list(&image, "CMD");
    let health = instructions(&image);
    let health = health
        .iter()
        .find(|(name, _)| *name == "HEALTHCHECK")
        .expect("a check")
        .1;
    let port = arguments
        .iter()
        .find_map(|one| one.strip_prefix("0.0.0.0:"))
        .expect("a port");
    let asked = format!("http://127.0.0.1:{port}/health");
    assert!(health.contains(&asked), "{health}");
    let exposed = instructions(&image);
    assert!(exposed.contains(&("EXPOSE", port)));

    let arguments = arguments
        .iter()
        .map(|one| one.replace(&format!(":{port}"), ":0"));
    let mut child = Command::new(PROGRAM)
        .env_clear()
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let mut first = String::new();
    let out = child.stdout.take().expect("a pipe");
    BufReader::new(out).read_line(&mut first).expect("a line");
    let urls: serde_json::Value = serde_json::from_str(&first).expect("the addresses");
    let url = urls["jsonsql"].as_str().expect("an address");
    let port = url.split(':').nth(2).expect("a port");
    let port: u16 = port
        .split('/')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    let request = "GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    child.kill().expect("a kill");
    child.wait().expect("an end");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn the_units_are_hardened() {
    for name in ["jsonsql-sync.service", "jsonsql-sandbox.service"] {
        let unit = read(name);
        for (setting, value) in [
            ("DynamicUser", "yes"),
            ("NoNewPrivileges", "yes"),
            ("ProtectSystem", "strict"),
            ("ProtectHome", "yes"),
            ("PrivateTmp", "yes"),
            ("CapabilityBoundingSet", ""),
            ("UMask", "0077"),
        ] {
            assert_eq!(settings(&unit, setting), [value], "{name}: {setting}");
        }
        assert!(!unit.contains("PASSWORD=") || unit.contains("# A file with JSONSQL_PASSWORD="));
    }
    let timer = read("jsonsql-sync.timer");
    assert_eq!(
        settings(&timer, "Persistent"),
        ["yes"],
        "a night is not left out"
    );
}

/// The nightly unit, with directories of the test in place of the system's.
struct Night {
    scratch: PathBuf,
    sandbox: Sandbox,
}

impl Night {
    async fn new(name: &str) -> Night {
        let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("deploy-{name}"));
        let _ = fs::remove_dir_all(&scratch);
        fs::create_dir_all(scratch.join("state")).expect("a directory");
        let sandbox = Sandbox::builder().start().await.expect("a sandbox");
        Night { scratch, sandbox }
    }

    /// Runs what the unit runs, as systemd would, with this export.
    fn run(&self, export: &str) -> (i32, String) {
        let unit = read("jsonsql-sync.service");
        let export_path = self.scratch.join("export.csv");
        fs::write(&export_path, export).expect("an export");
        let config = self.scratch.join("config.toml");
        let text = format!(
            "default = \"main\"\n[profiles.main]\nurl = \"{}\"\nusername = \"admin\"\n",
            self.sandbox.url()
        );
        fs::write(&config, text).expect("a configuration");
        let start = settings(&unit, "ExecStart");
        let script = start[0]
            .strip_prefix("/bin/sh -c '")
            .and_then(|text| text.strip_suffix('\''));
        let script = script.expect("a script").replace("$$", "$");
        let script = script.replace(
            "/var/lib/billing/export.csv",
            export_path.to_str().expect("text"),
        );
        let directory = Path::new(PROGRAM).parent().expect("a directory");
        let mut command = Command::new("/bin/sh");
        command
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", directory.display()))
            .env("STATE_DIRECTORY", self.scratch.join("state/jsonsql"))
            // What the file of the environment has.
            .env("JSONSQL_PASSWORD", "adminpassword");
        fs::create_dir_all(self.scratch.join("state/jsonsql")).expect("a directory");
        for setting in settings(&unit, "Environment") {
            let (name, value) = setting.split_once('=').expect("a variable");
            let value = match value {
                "%S" => self.scratch.join("state"),
                "/etc/jsonsql/config.toml" => config.clone(),
                other => panic!("{other}"),
            };
            command.env(name, value);
        }
        let output = tokio::task::block_in_place(|| command.args(["-c", &script]).output());
        let output = output.expect("a shell");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap_or(-1), said)
    }

    async fn logins(&self) -> usize {
        let sql = "SELECT id FROM subscriber WHERE billing LIKE 'U-%'";
        self.sandbox.query(sql).await.expect("rows").len()
    }
}

impl Drop for Night {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_unit_applies_a_plan_and_no_plan_that_was_refused() {
    let night = Night::new("night").await;
    let whole = "external_ref,login,enabled\nU-1,unit-1,1\nU-2,unit-2,1\n";
    let (code, said) = night.run(whole);
    assert_eq!(code, 0, "{said}");
    assert_eq!(night.logins().await, 2, "{said}");
    assert!(
        night
            .scratch
            .join("state/jsonsql/plan.report.jsonl")
            .exists()
    );

    // Nobody is left out because one line cannot be had; the unit fails, and says so.
    let one_bad = "external_ref,login,enabled\nU-1,unit-1,1\nU-2,unit-2,perhaps\nU-3,unit-3,1\n";
    let (code, said) = night.run(one_bad);
    assert_eq!(code, 1, "{said}");
    assert_eq!(night.logins().await, 3, "{said}");

    // An export that is cut off, and one that has lost most of its lines.
    let cut = "external_ref,login,enabled\nU-4,unit-4,1\nU-5,uni";
    let (code, said) = night.run(cut);
    assert_ne!(code, 0, "{said}");
    assert!(said.contains("the export looks cut off"), "{said}");
    assert_eq!(night.logins().await, 3, "{said}");
    let many: String = (10..60).map(|n| format!("U-{n},unit-{n},1\n")).collect();
    let (code, said) = night.run(&format!("external_ref,login,enabled\n{many}"));
    assert_eq!(code, 0, "{said}");
    let (code, said) = night.run("external_ref,login,enabled\nU-99,unit-99,1\n");
    assert_eq!(code, 4, "{said}");
    assert_eq!(night.logins().await, 53, "{said}");
}
