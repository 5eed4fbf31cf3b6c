//! The graph of the modules: what a crate's modules import from each other has no
//! cycle, so that each can be understood with those below it.
//!
//! `cargo test -p jsonsql-tests --test modules -- --nocapture` prints the graph.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The modules that a module of the same crate imports from.
type Graph = BTreeMap<String, BTreeSet<String>>;

const CRATES: [&str; 6] = [
    "jsonsql",
    "jsonsql-derive",
    "client",
    "sandbox",
    "cli",
    "benches",
];

/// Returns the sources in a directory, each with the path of its module in the crate.
fn modules(directory: &Path, module: &[String], found: &mut Vec<(Vec<String>, PathBuf)>) {
    let entries = fs::read_dir(directory).expect("a directory").flatten();
    for path in entries.map(|entry| entry.path()) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut inner = module.to_vec();
        if path.is_dir() {
            inner.push(name.into_owned());
            modules(&path, &inner, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && name != "tests" {
            if !matches!(&*name, "mod" | "lib" | "main") {
                inner.push(name.into_owned());
            }
            found.push((inner, path));
        }
    }
}

/// Returns a source without its comments and without its tests.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let lines = text[..end].lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Returns the names that a path goes on with: one, or each of a list in braces.
fn names(text: &str) -> Vec<&str> {
    let text = text.trim_start();
    let Some(list) = text.strip_prefix('{') else {
        return vec![identifier(text)];
    };
    let mut depth = 0;
    let mut names = vec![identifier(list.trim_start())];
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => break,
            b'}' => depth -= 1,
            b',' if depth == 0 => names.push(identifier(list[at + 1..].trim_start())),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Returns the names at the root of the crate that a module's code mentions.
fn mentioned<'t>(module: &[String], code: &'t str) -> BTreeSet<&'t str> {
    let mut mentioned = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        mentioned.extend(names(&code[at + "crate::".len()..]));
    }
    for (at, _) in code.match_indices("super::") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let rest = code[at..].trim_start_matches("super::");
        let levels = (code.len() - at - rest.len()) / "super::".len();
        // `super` of a file is the directory's module; a block inside has one more.
        if levels >= module.len() {
            mentioned.extend(names(rest));
        }
    }
    mentioned
}

/// Returns the names that the root of the crate takes from its modules.
fn reexported(root: &str) -> BTreeMap<&str, &str> {
    let mut found = BTreeMap::new();
    for (at, _) in root.match_indices("use ") {
        let path = &root[at + "use ".len()..];
        let module = identifier(path);
        let mut rest = &path[module.len()..];
        while let Some(inner) = rest.strip_prefix("::") {
            let name = identifier(inner);
            if name.is_empty() || !inner[name.len()..].starts_with("::") {
                found.extend(names(inner).into_iter().map(|name| (name, module)));
                break;
            }
            rest = &inner[name.len()..];
        }
    }
    found
}

fn graph(name: &str) -> Graph {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let mut files = Vec::new();
    modules(&source.join("src"), &[], &mut files);
    let read = |path: &Path| code(&fs::read_to_string(path).expect("a source"));
    let root = ["src/lib.rs", "src/main.rs"].map(|root| source.join(root));
    let root = root.iter().find(|root| root.exists()).expect("a root");
    let root = read(root);
    let reexported = reexported(&root);
    let mut graph = Graph::new();
    for (module, _) in files.iter().filter(|(module, _)| !module.is_empty()) {
        graph.entry(module[0].clone()).or_default();
    }
    for (module, path) in files.iter().filter(|(module, _)| !module.is_empty()) {
        for name in mentioned(module, &read(path)) {
            let target = match graph.contains_key(name) {
                true => name,
                false => reexported.get(name).copied().unwrap_or(name),
            };
            if target != module[0] && graph.contains_key(target) {
                let imports = graph.entry(module[0].clone()).or_default();
                imports.insert(target.to_owned());
            }
        }
    }
    graph
}

/// Returns the modules that import themselves by way of others, with the imports that
/// do so: the cycles.
fn cycles(graph: &Graph) -> Graph {
    let reaches = |from: &str, to: &str| {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(module) = next.pop() {
            for import in &graph[module] {
                if import == to {
                    return true;
                }
                if seen.insert(import) {
                    next.push(import);
                }
            }
        }
        false
    };
    let mut cycles = Graph::new();
    for (module, imports) in graph {
        let back = imports.iter().filter(|import| reaches(import, module));
        let back: BTreeSet<String> = back.cloned().collect();
        if !back.is_empty() {
            cycles.insert(module.clone(), back);
        }
    }
    cycles
}

fn print(name: &str, graph: &Graph) -> String {
    let line = |(module, imports): (&String, &BTreeSet<String>)| {
        let imports: Vec<&str> = imports.iter().map(String::as_str).collect();
        format!("  {module} -> {}\n", imports.join(" "))
    };
    format!("{name}\n{}", graph.iter().map(line).collect::<String>())
}

#[test]
fn modules_form_no_cycle() {
    let mut broken = String::new();
    for name in CRATES {
        let graph = graph(name);
        assert!(graph.len() > 1, "the sources of {name} are not found");
        let printed = print(name, &graph);
        std::io::stdout().write_all(printed.as_bytes()).unwrap();
        let cycles = cycles(&graph);
        if !cycles.is_empty() {
            broken += &print(name, &cycles);
        }
    }
    assert!(broken.is_empty(), "modules import each other:\n{broken}");
}

#[test]
fn imports_are_found_in_every_form() {
    let module = ["query".to_owned(), "select".to_owned()];
    let code = "use crate::ast::{self, Name};\nuse crate::{expr, types::SqlType};\n\
        use super::super::row::Row;\nuse super::scope;\nfn f() { crate::sql::of(); }";
    let expected = ["ast", "expr", "row", "sql", "types"];
    assert_eq!(mentioned(&module, code), BTreeSet::from(expected));

    let root = "pub use expr::{Expr, Null};\npub use http::transport::Body;\nmod a;";
    let expected = [("Expr", "expr"), ("Null", "expr"), ("Body", "http")];
    assert_eq!(reexported(root), BTreeMap::from(expected));
}

#[test]
fn a_cycle_is_found_and_a_chain_is_none() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            let imports = graph.entry((*from).to_owned()).or_default();
            imports.insert((*to).to_owned());
            graph.entry((*to).to_owned()).or_default();
        }
        graph
    };
    assert!(cycles(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    let found = cycles(&graph(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["b", "c"]);
}
