//! Completes the examples of the guide to programs, and writes a module for each page.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo so")]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The code that makes a client or a server, and how an example uses it.
const MADE: [(&str, &[&str], &str); 3] = [
    (
        "sandbox",
        &["sandbox."],
        "let sandbox = jsonsql_sandbox::Sandbox::builder().start().await?;",
    ),
    (
        "client",
        &["client.", "client\n", "(client)"],
        "let client = jsonsql_client::Client::builder()\
         .url(sandbox.url()).credentials(\"admin\", \"adminpassword\").build()?;",
    ),
    (
        "ministra",
        &["ministra.", "Ministra::new(ministra)"],
        "let ministra = jsonsql_client::ministra::Ministra::builder()\
         .url(sandbox.ministra_url()).credentials(\"stalker\", \"secret_pass\").build()?;",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let source = Path::new("../client/src/guide");
    let target = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed={}", source.display());
    let mut modules = String::new();
    for entry in fs::read_dir(source)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let Some(name) = name.filter(|_| path.extension().is_some_and(|ending| ending == "md"))
        else {
            continue;
        };
        println!("cargo::rerun-if-changed={}", path.display());
        let page = Path::new(&target).join(name).with_extension("md");
        fs::write(&page, complete(&fs::read_to_string(&path)?))?;
        let module = name.to_lowercase();
        writeln!(
            modules,
            "#[doc = include_str!({page:?})]\nmod {module} {{}}"
        )?;
    }
    fs::write(Path::new(&target).join("pages.rs"), modules)?;
    Ok(())
}

/// Returns the page with programs for its examples.
fn complete(page: &str) -> String {
    let mut parts = page.split("```");
    let mut completed = parts.next().unwrap_or_default().to_owned();
    while let (Some(block), rest) = (parts.next(), parts.next().unwrap_or_default()) {
        let block = match block.split_once('\n') {
            Some((language, code)) if language.starts_with("rust") => {
                format!("{language}\n{}", program(code))
            }
            _ => block.to_owned(),
        };
        completed.extend(["```", &*block, "```", rest]);
    }
    completed
}

/// Returns an example with what a program has around it.
fn program(code: &str) -> String {
    if code.contains("fn main()") {
        return code.to_owned();
    }
    let is_made_here = |name: &str| {
        let definitions = [format!("let {name} ="), format!("let ({name},")];
        definitions.iter().any(|one| code.contains(one))
    };
    let uses = |marks: &[&str]| marks.iter().any(|mark| code.contains(mark));
    let mut made: Vec<&str> = MADE
        .iter()
        .filter(|(name, marks, _)| uses(marks) && !is_made_here(name))
        .map(|(_, _, making)| *making)
        .collect();
    // A client has its server.
    let (sandbox, _, making) = MADE[0];
    if !made.is_empty() && !made.contains(&making) && !is_made_here(sandbox) {
        made.insert(0, making);
    }
    let is_async = !made.is_empty() || code.contains(".await");
    let (attribute, keyword) = match is_async {
        true => ("#[tokio::main(flavor = \"current_thread\")]\n", "async "),
        false => ("", ""),
    };
    format!(
        "{attribute}{keyword}fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{}\n{code}\nOk(())\n}}\n",
        made.join("\n")
    )
}
