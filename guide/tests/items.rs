//! The items of the crates, as far as their sources show them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::page::root;

/// A public item of a crate.
struct Item {
    name: String,
    /// `struct`, `fn` …
    kind: &'static str,
    /// The path of its file.
    file: String,
}

/// What the sources of the crates define.
pub(crate) struct Items {
    items: Vec<Item>,
    /// The methods that traits require of their implementations.
    required: BTreeSet<String>,
    /// Methods, functions and modules, public or not.
    functions: BTreeSet<String>,
    /// Fields and variants.
    members: BTreeSet<String>,
    /// The words of the sources' code, in names and in texts.
    words: BTreeSet<String>,
}

const KINDS: [(&str, &str); 7] = [
    ("struct ", "struct"),
    ("enum ", "enum"),
    ("trait ", "trait"),
    ("type ", "type"),
    ("const ", "constant"),
    ("mod ", "mod"),
    ("fn ", "fn"),
];

/// What the sources of all crates define.
pub(crate) static ITEMS: LazyLock<Items> = LazyLock::new(Items::read);

impl Items {
    fn read() -> Items {
        let mut items = Items {
            items: Vec::new(),
            required: BTreeSet::new(),
            functions: BTreeSet::new(),
            members: BTreeSet::new(),
            words: BTreeSet::new(),
        };
        for name in [
            "jsonsql",
            "jsonsql-derive",
            "client",
            "sandbox",
            "cli",
            "examples",
        ] {
            items.add_folder(&root(name).join("src"));
            let manifest = root(name).join("Cargo.toml");
            items.add_words(&fs::read_to_string(manifest).expect("a manifest"));
        }
        items
    }

    fn add_folder(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                self.add_folder(&path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("a source");
                let file = path.to_string_lossy().into_owned();
                self.add_words(
                    path.file_stem()
                        .and_then(|name| name.to_str())
                        .unwrap_or(""),
                );
                let mut is_in_trait = false;
                let is_code = |line: &&str| !line.trim_start().starts_with("//");
                let lines: Vec<&str> = text.lines().filter(is_code).collect();
                for (number, line) in lines.iter().enumerate() {
                    self.add_line(line, &file);
                    is_in_trait = line.starts_with("pub trait ") || (is_in_trait && *line != "}");
                    if let (true, Some(rest)) = (is_in_trait, line.strip_prefix("    fn ")) {
                        let ends = |line: &&&str| line.ends_with(';') || line.ends_with('{');
                        let end = lines[number..].iter().find(ends);
                        if end.is_some_and(|line| line.ends_with(';')) {
                            self.required.insert(word(rest).to_owned());
                        }
                    }
                }
            }
        }
    }

    fn add_words(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        self.words.extend(words.map(str::to_owned));
    }

    fn add_line(&mut self, line: &str, file: &str) {
        self.add_words(line);
        let code = line.trim_start();
        let public = code.strip_prefix("pub ").unwrap_or(code);
        let is_public = public.len() < code.len();
        let public = public.strip_prefix("async ").unwrap_or(public);
        if let Some(rest) = public.strip_prefix("fn ") {
            self.functions.insert(word(rest).to_owned());
        }
        for (keyword, kind) in KINDS.iter().filter(|_| is_public) {
            if let Some(rest) = public.strip_prefix(keyword) {
                self.items.push(Item {
                    name: word(rest).to_owned(),
                    kind,
                    file: file.to_owned(),
                });
            }
        }
        let member = word(public);
        let rest = &public[member.len()..];
        let is_field = is_public && rest.starts_with(": ");
        let is_variant = member.starts_with(char::is_uppercase)
            && ["", ",", "(", " {", " ="].iter().any(|end| match *end {
                "" => rest.is_empty(),
                end => rest.starts_with(end),
            });
        if is_field || is_variant {
            self.members.insert(member.to_owned());
        }
    }

    /// Returns `true` if something has this name: an item, a field, a variant.
    pub(crate) fn defines(&self, name: &str) -> bool {
        self.items.iter().any(|item| item.name == name)
            || self.functions.contains(name)
            || self.members.contains(name)
            || self.is_key(name)
    }

    /// Returns `true` for the key of a kind of record: those are made by macros, which
    /// have their names alone.
    fn is_key(&self, name: &str) -> bool {
        name.ends_with("Id") && self.mention(name)
    }

    /// Returns `true` if the code of the sources has this word: a column, an option, a
    /// member of a vendor's protocol.
    pub(crate) fn mention(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Returns the address of an item on docs.rs, by the path that a program uses.
    pub(crate) fn address(&self, path: &str) -> Result<String, String> {
        let (source, base, path) = match path.strip_prefix("jsonsql::") {
            Some(path) => (
                "/jsonsql/src/",
                "https://docs.rs/jsonsql/latest/jsonsql",
                path,
            ),
            None => (
                "/client/src/",
                "https://docs.rs/jsonsql-client/latest/jsonsql_client",
                path,
            ),
        };
        let segments: Vec<&str> = path.split("::").collect();
        let is_type = |name: &&str| name.starts_with(char::is_uppercase);
        let place = segments.iter().position(is_type);
        let (modules, rest) = segments.split_at(place.unwrap_or(segments.len() - 1));
        let mut address = [&[base], modules].concat().join("/");
        match rest {
            [name] if name.ends_with('!') => {
                let name = name.trim_end_matches('!');
                if !self.functions.contains(name) {
                    return Err(format!("no macro `{name}`"));
                }
                address += &format!("/macro.{name}.html");
            }
            [name] if name.ends_with("()") => {
                let name = name.trim_end_matches("()");
                if !self.functions.contains(name) {
                    return Err(format!("no function `{name}`"));
                }
                address += &format!("/fn.{name}.html");
            }
            [name] => match self.kind(source, modules, name)? {
                "mod" => address += &format!("/{name}/index.html"),
                kind => address += &format!("/{kind}.{name}.html"),
            },
            [owner, member] => {
                let kind = self.kind(source, modules, owner)?;
                let of = self.member(kind, member)?;
                address += &format!("/{kind}.{owner}.html#{of}.{member}");
            }
            _ => return Err(format!("`{path}` is not a path of an item")),
        }
        Ok(address)
    }

    /// Returns the kind of a public item of a crate. Of several with its name it is the
    /// one in the files of its module.
    fn kind(&self, source: &str, modules: &[&str], name: &str) -> Result<&'static str, String> {
        let found = |is_wanted: &dyn Fn(&Item) -> bool| {
            let items = self.items.iter().filter(|item| item.name == name);
            let items = items.filter(|item| item.file.contains(source) && is_wanted(item));
            items.map(|item| item.kind).collect::<BTreeSet<_>>()
        };
        let is_within = |item: &Item| {
            let parts: Vec<&str> = item.file.split(['/', '.']).collect();
            modules.iter().all(|module| parts.contains(module))
        };
        // A function of the name of a module is written with `()`.
        let is_module = |item: &Item| item.kind == "mod";
        let all = [found(&|_| true), found(&is_within), found(&is_module)];
        let one = all.iter().find(|kinds| kinds.len() == 1);
        let key = self.is_key(name).then_some("struct");
        one.and_then(|kinds| kinds.first().copied())
            .or(key)
            .ok_or_else(|| format!("`{name}` is {:?}", all[0]))
    }

    fn member(&self, owner: &str, name: &str) -> Result<&'static str, String> {
        match owner {
            "enum" if self.members.contains(name) => Ok("variant"),
            "trait" if self.required.contains(name) => Ok("tymethod"),
            _ if self
                .items
                .iter()
                .any(|item| item.kind == "fn" && item.name == name) =>
            {
                Ok("method")
            }
            _ if self.members.contains(name) => Ok("structfield"),
            _ if self.functions.contains(name) => Ok("method"),
            _ => Err(format!("nothing has a member `{name}`")),
        }
    }
}

/// Returns the word that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

#[test]
fn addresses_are_those_of_docs_rs() {
    let items = &*ITEMS;
    let client = "https://docs.rs/jsonsql-client/latest/jsonsql_client";
    for (path, address) in [
        ("Client::fetch_all", "struct.Client.html#method.fetch_all"),
        ("Error::Refused", "enum.Error.html#variant.Refused"),
        ("provisioning::sync", "provisioning/sync/index.html"),
        (
            "provisioning::Backend::capabilities",
            "provisioning/trait.Backend.html#tymethod.capabilities",
        ),
        (
            "provisioning::sync::compare",
            "provisioning/sync/fn.compare.html",
        ),
    ] {
        assert_eq!(items.address(path), Ok(format!("{client}/{address}")));
    }
    let field = items.address("jsonsql::Dialect::text_columns").expect("it");
    assert_eq!(
        field,
        "https://docs.rs/jsonsql/latest/jsonsql/struct.Dialect.html#structfield.text_columns"
    );
    assert!(items.address("Client::fetch_everything").is_err());
    assert!(items.address("Clint").is_err());
}
