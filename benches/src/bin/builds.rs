//! `cargo run -p jsonsql-benches --bin builds` builds a program that uses `jsonsql` and
//! `jsonsql-client` with IPTVPORTAL alone, in an empty folder, and prints the processor
//! time, the number of crates and the size of the program without symbols; then what
//! each feature adds.
//!
//! `… --bin builds -- --release` builds for release. What a feature adds is the time of
//! the two crates, of the program and of whatever crates are new, beside that of the first
//! three without the feature. Crates that are only built otherwise because of it are not
//! counted: each program builds them once. Processor time is read from `/proc`, so that
//! this runs on Linux only.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{fs, io};

use jsonsql_benches::cargo::cargo;
use jsonsql_benches::cpu;
use jsonsql_benches::figure::{Figure, HEAD, Unit};

const PROGRAM: &str = r#"use jsonsql::Select;
use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .domain("operator")
        .credentials("billing", std::env::var("PASSWORD")?)
        .build()?;
    let debtors: Select<Subscriber> = Subscriber::filter(|s| s.username.starts_with("12"));
    for subscriber in client.fetch_all(&debtors).await? {
        println!("{}", subscriber.username);
    }
    Ok(())
}
"#;

/// Features of `jsonsql`, then those of `jsonsql-client`.
const LANGUAGE: [&str; 6] = ["sql", "jiff", "chrono", "rust_decimal", "ipnet", "uuid"];
const CLIENT: [&str; 5] = ["ministra", "tvip", "blocking", "export", "metrics"];

fn main() -> io::Result<()> {
    let is_release = std::env::args().any(|argument| argument == "--release");
    let builder = Builder::new(is_release)?;
    println!("{HEAD}");
    builder.write("", "")?;
    fs::remove_dir_all(builder.folder.join("target")).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    let whole = builder.build()?;
    println!("{}", whole.figure("cargo build, IPTVPORTAL alone"));
    builder.clean(&[])?;
    let own = builder.build()?;
    println!("{}", own.figure("… of it the two crates and the program"));
    let language = LANGUAGE.map(|feature| ("jsonsql", feature, [feature, ""]));
    let client = CLIENT.map(|feature| ("jsonsql-client", feature, ["", feature]));
    for (package, feature, [language, client]) in language.into_iter().chain(client) {
        builder.write(language, client)?;
        let new = &builder.build()?.crates - &own.crates;
        let new: Vec<String> = new.into_iter().collect();
        builder.clean(&new)?;
        let with = builder.build()?;
        let what = format!("{package}'s {feature} adds");
        println!("{}", with.beyond(&own, new.len(), &what));
    }
    Ok(())
}

/// A program that is built.
struct Builder {
    folder: PathBuf,
    workspace: PathBuf,
    is_release: bool,
}

/// The cost of a build.
struct Built {
    seconds: f64,
    /// Their names with versions, as cargo takes them.
    crates: BTreeSet<String>,
    kib: u64,
}

impl Built {
    fn figure(&self, what: &str) -> Figure {
        let details = format!("{} crates, {} KiB", self.crates.len(), self.kib);
        Figure::new(what, self.seconds, Unit::Seconds, details)
    }

    fn beyond(&self, own: &Built, crates: usize, what: &str) -> Figure {
        let kib = self.kib.saturating_sub(own.kib);
        let details = format!("{crates} crates, {kib} KiB");
        Figure::new(what, self.seconds - own.seconds, Unit::Seconds, details)
    }
}

impl Builder {
    fn new(is_release: bool) -> io::Result<Builder> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()?;
        Ok(Builder {
            folder: workspace.join("target/builds"),
            workspace,
            is_release,
        })
    }

    fn write(&self, language: &str, client: &str) -> io::Result<()> {
        let features = |names: &str| match names {
            "" => String::new(),
            name => format!("{name:?}"),
        };
        let (language, client) = (features(language), features(client));
        let path = |name: &str| self.workspace.join(name).display().to_string();
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n\
             jsonsql = {{ path = {:?}, features = [{language}] }}\n\
             jsonsql-client = {{ path = {:?}, default-features = false, features = [{client}] }}\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\n\
             [profile.dev]\nstrip = true\n\n[profile.release]\nstrip = true\n\n[workspace]\n",
            path("jsonsql"),
            path("client"),
        );
        fs::create_dir_all(self.folder.join("src"))?;
        fs::write(self.folder.join("Cargo.toml"), manifest)?;
        fs::write(self.folder.join("src/main.rs"), PROGRAM)?;
        // The versions that the workspace is tested with.
        let lock = self.folder.join("Cargo.lock");
        if !lock.exists() {
            fs::copy(self.workspace.join("Cargo.lock"), lock)?;
            // Smaller tables for names of hosts are the choice of that lock file alone.
            self.cargo(&["update", "--quiet", "idna_adapter"])?;
        }
        Ok(())
    }

    fn cargo(&self, arguments: &[&str]) -> io::Result<String> {
        let mut cargo = cargo();
        cargo.args(arguments).current_dir(&self.folder);
        cargo.env("CARGO_TARGET_DIR", self.folder.join("target"));
        // As it is for whoever has set nothing.
        for variable in ["CARGO_INCREMENTAL", "CARGO_PROFILE_DEV_DEBUG"] {
            cargo.env_remove(variable);
        }
        let output = cargo.stderr(Stdio::inherit()).output()?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(io::Error::other(format!("cargo {arguments:?} failed"))),
        }
    }

    /// Has the two crates, the program and these others built anew.
    fn clean(&self, others: &[String]) -> io::Result<()> {
        let mut arguments = vec!["clean", "--quiet"];
        arguments.extend(self.is_release.then_some("--release"));
        let own = ["jsonsql", "jsonsql-client", "program"].into_iter();
        let all = own.chain(others.iter().map(String::as_str));
        arguments.extend(all.flat_map(|name| ["-p", name]));
        self.cargo(&arguments).map(drop)
    }

    fn build(&self) -> io::Result<Built> {
        let before = cpu::children()?;
        let mut arguments = vec!["build", "--quiet"];
        arguments.extend(self.is_release.then_some("--release"));
        self.cargo(&arguments)?;
        let seconds = cpu::children()? - before;
        let tree = [
            "tree",
            "--quiet",
            "--prefix",
            "none",
            "--edges",
            "normal,build",
        ];
        let tree = self.cargo(&tree)?;
        let crates = tree.lines().filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            let version = rest.split(' ').next()?;
            Some(format!("{name}@{version}"))
        });
        let profile = if self.is_release { "release" } else { "debug" };
        let program = self.folder.join("target").join(profile).join("program");
        Ok(Built {
            seconds,
            crates: crates.collect(),
            kib: fs::metadata(program)?.len() / 1024,
        })
    }
}
