//! The command lines of TVIP's documents in a shell, where there is a curl: the
//! very text, with the only addition of where to connect.

use std::process::Command;

use jsonsql_sandbox::{Sandbox, Tls};

use crate::document::{Document, Example};
use crate::say;
use crate::tvip::{HEADER, compact};

/// A sandbox for the scheme of an example's URL.
async fn sandbox(command: &str) -> Sandbox {
    let builder = Sandbox::builder().documents();
    match command.contains("https:") {
        true => builder.tls(Tls::SelfSigned).start().await.unwrap(),
        false => builder.start().await.unwrap(),
    }
}

/// Runs a text in a shell whose curl connects to the sandbox.
async fn paste(sandbox: &Sandbox, example: &Example) -> String {
    let command = example.request().replace("Basic <redacted>", HEADER);
    let header = match command.contains("Authorization:") {
        true => String::new(),
        false => format!("-H 'Authorization: {HEADER}'"),
    };
    let address = sandbox.address();
    let script = format!(
        "curl() {{ command curl -s -S -k --noproxy '*' --connect-to '::{address}' \"$@\" {header}; }}
{command}"
    );
    let run = || Command::new("sh").args(["-c", &script]).output();
    let output = tokio::task::block_in_place(run).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error}", example.id);
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_line_can_be_pasted_into_a_shell() {
    if Command::new("curl").arg("--version").output().is_err() {
        return say("NOT RUN: the command lines of TVIP's documents: there is no curl");
    }
    let mut pasted = 0;
    for json in [include_str!("tvip-en.json"), include_str!("tvip-ru.json")] {
        let document = Document::read(json);
        for example in &document.examples {
            if !example.request().starts_with("curl") {
                continue;
            }
            let sandbox = sandbox(example.request()).await;
            let mut answer = String::new();
            for step in document.chain(example) {
                answer = paste(&sandbox, step).await;
            }
            match example.expected() {
                Some(printed) => assert_eq!(answer, compact(printed), "{}", example.id),
                None => assert!(answer.contains(r#""total":3"#), "{answer}"),
            }
            pasted += 1;
        }
    }
    assert_eq!(pasted, 12);
}
