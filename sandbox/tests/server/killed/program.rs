//! The program, started and killed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A program that was started, and has said nothing yet.
pub(super) struct Spawned(Child);

/// A program that runs.
pub(super) struct Program {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Program {
    /// Starts the program and does not wait for it.
    pub(super) fn spawn(database: &str) -> Spawned {
        let child = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
            .args([
                "--seed",
                "empty",
                "--tvip-unknown",
                "account_delete=cascades",
            ])
            .args(["--database", database])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Spawned(child)
    }

    /// Starts the program and waits until it listens.
    pub(super) fn start(database: &str) -> Program {
        let Spawned(mut child) = Program::spawn(database);
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let urls: Value = serde_json::from_str(&line).expect("it does not start, see above");
        let url = urls["jsonrpc"].as_str().unwrap();
        let address = url.strip_prefix("http://").unwrap();
        let address = address.split('/').next().unwrap().parse().unwrap();
        Program { child, address }
    }

    pub(super) fn kill(self) {
        Spawned(self.child).kill();
    }
}

impl Spawned {
    /// Kills the program; on Unix by SIGKILL.
    pub(super) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
