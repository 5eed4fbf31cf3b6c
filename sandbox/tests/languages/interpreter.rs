//! The interpreters of a machine, and running programs with them.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Says even of a test that passes that something was not run; fails where
/// nothing may be left out.
pub(crate) fn not_run(what: &str, why: &str) {
    let text = format!("NOT RUN: {what}: {why}");
    let all = env::var("JSONSQL_LANGUAGES").is_ok_and(|languages| languages == "all");
    assert!(!all, "{text}");
    let _ = writeln!(io::stderr(), "{text}");
}

/// Returns `true` if a command can be run, which it shows by its version.
pub(crate) fn exists(command: &str) -> bool {
    let version = Command::new(command).arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// A directory of a test's own, which is gone with it.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Directory {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = path.join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Directory(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and returns its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a command that finds `jsonsql-sandbox` on its `PATH`.
pub(crate) fn run(command: &mut Command) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"));
    let mut directories = vec![program.parent().unwrap().to_owned()];
    let path: OsString = env::var_os("PATH").unwrap_or_default();
    directories.extend(env::split_paths(&path));
    let path = env::join_paths(directories).unwrap();
    // Nothing of a proxy between two programs of this machine.
    let command = command.env("PATH", path).env("NO_PROXY", "127.0.0.1");
    command.output().unwrap()
}

/// All that a command said.
pub(crate) fn said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    format!("{out}{err}")
}

/// Installs packages of Python into a directory; says why if it cannot.
pub(crate) fn install(packages: &[&str], into: &Path) -> Result<(), String> {
    if !exists("python3") {
        return Err("there is no python3".to_owned());
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
        .args(["--disable-pip-version-check", "--target"])
        .arg(into)
        .args(packages);
    let output = pip.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "pip cannot install {packages:?}: {}",
            said(&output)
        )),
    }
}
