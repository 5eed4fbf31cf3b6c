//! The guide's page for other languages: its commands are run as they stand,
//! and answer what stands below them.

use std::process::Command;

use jsonsql_sandbox::Sandbox;

const PAGE: &str = include_str!("../../../client/src/guide/sandbox.md");
const CONTROLLING: &str = include_str!("../../../client/src/guide/controlling.md");

/// The fenced blocks of a page, with their languages.
fn blocks(page: &'static str) -> Vec<(&'static str, &'static str)> {
    let fenced = page.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "it says what it skips")]
async fn the_commands_answer_what_the_pages_say() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: there is no curl");
        return;
    }
    for (page, commands) in [(PAGE, 3), (CONTROLLING, 17)] {
        run(page, commands).await;
    }
}

/// Runs the commands of a page, one after the other, on a sandbox of its own.
async fn run(page: &'static str, commands: usize) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let address = sandbox.address().to_string();
    let blocks = blocks(page);
    let mut run = 0;
    for pair in blocks.windows(2) {
        let [("sh", script), ("json", expected)] = pair else {
            continue;
        };
        if !script.contains("curl") {
            continue;
        }
        let script = script.replace("127.0.0.1:8080", &address);
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        assert_eq!(answer.trim(), expected.trim(), "{script}");
        run += 1;
    }
    assert_eq!(run, commands);
}

#[tokio::test]
async fn the_first_line_has_the_addresses() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let (_, line) = blocks(PAGE)
        .into_iter()
        .find(|(language, block)| *language == "json" && block.contains("\"tvip\""))
        .unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let here = |url: &str| url.replace(&sandbox.address().to_string(), "127.0.0.1:8080");
    assert_eq!(line["control"], here(&sandbox.control_url()));
    assert_eq!(line["jsonrpc"], here(&sandbox.jsonrpc_url()));
    assert_eq!(line["jsonsql"], here(&sandbox.jsonsql_url()));
    assert_eq!(line["ministra"], here(&sandbox.ministra_url()));
    assert_eq!(line["tvip"], here(&sandbox.tvip_url()));
}
