//! The discovered columns, as a struct to start with.

use std::collections::BTreeSet;
use std::fmt;

use jsonsql::schema::is_secret;

use super::{Discovered, DiscoveredColumn, JsonKind};

/// The type of texts that must not show when a row is printed for debugging.
const PASSWORD: &str = "jsonsql_client::schema::Password";

impl fmt::Display for Discovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Discovered { table, sample, .. } = self;
        writeln!(f, "/// `{table}`, as {sample} of its rows show it.")?;
        writeln!(f, "#[derive(Debug, Clone, PartialEq, jsonsql::Table)]")?;
        writeln!(f, "#[table(name = {table:?})]")?;
        writeln!(f, "pub struct {} {{", camel_case(table))?;
        for column in &self.columns {
            self.field(column, f)?;
        }
        let named = |place| self.columns.iter().any(|column| column.places == [place]);
        for (place, kinds) in self.star.iter().enumerate() {
            let possible = |column: &DiscoveredColumn| column.places.contains(&place);
            if !named(place) && !self.columns.iter().any(possible) {
                writeln!(f, "    // place {place} has no name yet: {}", list(kinds))?;
            }
        }
        if self.key.is_empty() {
            writeln!(f, "    // no columns tell the rows apart: choose a key")?;
        }
        writeln!(f, "}}")
    }
}

impl Discovered {
    fn field(&self, column: &DiscoveredColumn, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DiscoveredColumn { name, nulls, .. } = column;
        let place = match column.places.as_slice() {
            [] => "at an unknown place".to_owned(),
            [place] => format!("at place {place}"),
            places => format!("at one of the places {places:?}"),
        };
        writeln!(f, "    /// {}, {nulls} NULL, {place}.", list(&column.kinds))?;
        let is_key = self.key.contains(name);
        let mut attributes = Vec::new();
        match (is_key, name == "id") {
            (true, true) => attributes.push("key, generated".to_owned()),
            (true, false) => attributes.push("key".to_owned()),
            (false, _) => {}
        }
        let field = field_name(name);
        if field.trim_start_matches("r#") != name {
            attributes.push(format!("name = {name:?}"));
        }
        if !attributes.is_empty() {
            writeln!(f, "    #[column({})]", attributes.join(", "))?;
        }
        let kind = match is_secret(name) {
            true if rust_type(&column.kinds) == "String" => PASSWORD,
            _ => rust_type(&column.kinds),
        };
        let nullable = *nulls > 0 && !is_key;
        match nullable {
            true => writeln!(f, "    pub {field}: Option<{kind}>,"),
            false => writeln!(f, "    pub {field}: {kind},"),
        }
    }
}

/// The type that reads all of these kinds.
fn rust_type(kinds: &BTreeSet<JsonKind>) -> &'static str {
    use JsonKind::{Boolean, Fraction, Integer, MacAddr};
    let all = |known: &[JsonKind]| kinds.iter().all(|kind| known.contains(kind));
    match kinds {
        // Only NULL was seen: a text takes most of what may come.
        _ if kinds.is_empty() => "String",
        _ if all(&[Boolean]) => "bool",
        _ if all(&[Integer]) => "i64",
        _ if all(&[Integer, Fraction]) => "f64",
        _ if all(&[MacAddr]) => "jsonsql::MacAddr",
        _ => "String",
    }
}

fn list(kinds: &BTreeSet<JsonKind>) -> String {
    let name = |kind: &JsonKind| match kind {
        JsonKind::Boolean => "booleans",
        JsonKind::Integer => "whole numbers",
        JsonKind::Fraction => "fractions",
        JsonKind::MacAddr => "hardware addresses",
        JsonKind::Text => "texts",
        JsonKind::List => "lists",
        JsonKind::Object => "objects",
    };
    match kinds.iter().map(name).collect::<Vec<_>>() {
        kinds if kinds.is_empty() => "nothing".to_owned(),
        kinds => kinds.join(" and "),
    }
}

fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in identifier(name).split('_') {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        camel.push_str(&first.to_uppercase());
        camel.push_str(rest);
    }
    camel
}

fn field_name(column: &str) -> String {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
        "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
        "unsized", "use", "virtual", "where", "while", "yield",
    ];
    let field = identifier(column);
    if KEYWORDS.contains(&&*field) {
        return format!("r#{field}");
    }
    field
}

/// The name with `_` for what no identifier has.
fn identifier(name: &str) -> String {
    let valid = |c: char| if c.is_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(valid).collect();
    match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    }
}
