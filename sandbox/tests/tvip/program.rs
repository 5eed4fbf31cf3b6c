//! The program's options for this surface.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::http::request;

/// Ends with the test, however that ends.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_first_line_has_the_address_and_the_options_the_credentials() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .args(["--tvip-username", "login", "--seed", "empty"])
        .args(["--tvip-unknown", "default_limit=7"])
        .args(["--tvip-unknown", "error_shape=application"])
        .args(["--tvip-unknown", "pin_md5=null"])
        .env("TVIP_PASSWORD", "password")
        .stdout(Stdio::piped())
        .spawn()
        .map(Program)
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(program.0.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let url = urls["tvip"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap();
    let (address, path) = url.split_at(url.find('/').unwrap());
    assert_eq!(path, "/api/provider");

    let address = address.parse().unwrap();
    // login:password
    let header = "Authorization: Basic bG9naW46cGFzc3dvcmQ=\r\n";
    let answer = request(address, "GET", "/api/provider/providers", header, b"").await;
    assert_eq!(answer.json()["total"], 1);
    assert_eq!(answer.json()["limit"], 7);
    let refused = request(address, "GET", "/api/provider/providers", "", b"").await;
    assert_eq!(refused.json()["statusCode"], 401);
}

#[test]
fn help_lists_the_names_and_values_of_both_surfaces() {
    let help = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for line in [
        "pin_md5=null|echoed",
        "default_limit=null|NUMBER",
        "field_set=documented|newer",
        "requests=one_after_another|interleaved",
        "database=up|down",
    ] {
        assert!(help.contains(line), "{line} is not in\n{help}");
    }
}

#[test]
fn a_wrong_option_is_answered_with_the_right_ones() {
    let no_state = std::env::temp_dir().join(format!("tvip-state-{}.json", std::process::id()));
    std::fs::write(&no_state, "{\"acounts\": []}").unwrap();
    let no_state = no_state.to_str().unwrap();
    for (option, value, right) in [
        ("--tvip-unknown", "pin=echoed", "`pin_md5`"),
        ("--tvip-unknown", "pin_md5=hash", "`echoed`"),
        ("--tvip-unknown", "pin_md5", "NAME=VALUE"),
        (
            "--tvip-state",
            "/no/such/file.json",
            "/no/such/file.json: No such file",
        ),
        ("--tvip-state", no_state, "`accounts`"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
            .args([option, value])
            .output()
            .unwrap();
        assert!(!output.status.success());
        assert!(output.stdout.is_empty());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(right), "{said}");
    }
    std::fs::remove_file(no_state).unwrap();
}
