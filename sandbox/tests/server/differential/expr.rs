//! Random expressions, mostly of the type asked for.

use jsonsql::ast::SqlKind;
use serde_json::{Value, json};

use super::random::Random;

/// A column that may be named.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) alias: String,
    pub(super) name: String,
    pub(super) kind: SqlKind,
}

const KINDS: [SqlKind; 7] = [
    SqlKind::Bool,
    SqlKind::Int,
    SqlKind::Numeric,
    SqlKind::Text,
    SqlKind::Timestamp,
    SqlKind::Inet,
    SqlKind::MacAddr,
];

pub(super) fn kind(random: &mut Random) -> SqlKind {
    // Texts and numbers are what most statements are about.
    if random.percent(60) {
        *random.of(&[SqlKind::Text, SqlKind::Int, SqlKind::Bool])
    } else {
        *random.of(&KINDS)
    }
}

pub(super) fn literal(random: &mut Random, kind: SqlKind) -> Value {
    let number = i64::try_from(random.below(14)).unwrap() - 1;
    match kind {
        SqlKind::Bool => random
            .of(&[
                json!(true),
                json!(false),
                json!("true"),
                json!("f"),
                json!("1"),
                json!("no"),
            ])
            .clone(),
        SqlKind::Int | SqlKind::BigInt => match random.below(10) {
            0 => json!(2_147_483_647),
            1 | 2 => json!(number.to_string()),
            _ => json!(number),
        },
        SqlKind::Numeric => random
            .of(&[
                json!("250"),
                json!(490.5),
                json!("99.00"),
                json!(1.5),
                json!(number),
                json!("0.1"),
                json!(-2.25),
            ])
            .clone(),
        SqlKind::Timestamp => random
            .of(&[
                json!("2020-03-01 18:30:00"),
                json!("2030-01-01"),
                json!("2024-02-29T12:00:00"),
                json!("2020-3-1 18:00"),
            ])
            .clone(),
        SqlKind::Inet => random
            .of(&[
                json!("10.20.0.11"),
                json!("10.40.0.0/24"),
                json!("10.20.0.99/32"),
                json!("::1"),
            ])
            .clone(),
        SqlKind::MacAddr => random
            .of(&[
                json!("00-1A-79-10-00-01"),
                json!("00:1a:79:10:00:04"),
                json!("a85e.4522.170c"),
            ])
            .clone(),
        _ => random
            .of(&[
                "",
                "1",
                "12345",
                "10002",
                "test",
                "true",
                "udp",
                "HD",
                "O'Hara",
                "Первый",
                "a%b",
                "_",
                "10.20.0.11",
                "  x ",
                "\\",
                "Ж",
                "basic",
                "BILL",
            ])
            .to_string()
            .into(),
    }
}

pub(super) fn column(random: &mut Random, scope: &[Column], kind: SqlKind) -> Option<Value> {
    let fitting: Vec<&Column> = scope.iter().filter(|column| column.kind == kind).collect();
    if fitting.is_empty() {
        return None;
    }
    let column = random.of(&fitting);
    let name = &column.name;
    let alone = scope.iter().filter(|other| other.name == *name).count() == 1;
    if alone && random.percent(30) {
        return Some(json!(name));
    }
    Some(json!({&column.alias: name}))
}

/// An expression of a type; one time in thirty of any other, which must be an
/// error everywhere or nowhere.
pub(super) fn expr(random: &mut Random, scope: &[Column], wanted: SqlKind, depth: usize) -> Value {
    let wanted = if random.below(30) == 0 {
        kind(random)
    } else {
        wanted
    };
    if depth == 0 || random.percent(45) {
        let column = if random.percent(75) {
            column(random, scope, wanted)
        } else {
            None
        };
        return match column {
            Some(column) => column,
            None if random.below(25) == 0 => Value::Null,
            None => literal(random, wanted),
        };
    }
    let of = |random: &mut Random, kind| expr(random, scope, kind, depth - 1);
    match wanted {
        SqlKind::Bool => condition(random, scope, depth),
        SqlKind::Int => match random.below(8) {
            0 => json!({"function": "length", "args": [of(random, SqlKind::Text)]}),
            1 => json!({"coalesce": [of(random, wanted), of(random, wanted)]}),
            2 => json!({"function": "abs", "args": [of(random, wanted)]}),
            _ => {
                let op = *random.of(&["add", "sub", "mul", "div", "mod"]);
                json!({op: [of(random, wanted), of(random, wanted)]})
            }
        },
        SqlKind::Numeric => {
            let other = *random.of(&[SqlKind::Numeric, SqlKind::Int]);
            let op = *random.of(&["add", "sub", "mul", "div", "mod", "coalesce"]);
            json!({op: [of(random, wanted), of(random, other)]})
        }
        SqlKind::Text => match random.below(7) {
            0 => json!({"function": *random.of(&["lower", "upper"]), "args": [of(random, wanted)]}),
            1 => json!({"coalesce": [of(random, wanted), of(random, wanted)]}),
            2 => {
                json!({"function": "regexp_replace", "args": [of(random, wanted), *random.of(&["[0-9]+", "^.", "\\s.*", "e"]), "-"]})
            }
            _ => {
                let other = kind(random);
                json!({"concat": [of(random, wanted), of(random, other), of(random, SqlKind::Text)]})
            }
        },
        other => json!({"coalesce": [of(random, other), of(random, other)]}),
    }
}

pub(super) fn condition(random: &mut Random, scope: &[Column], depth: usize) -> Value {
    let deeper = depth.saturating_sub(1);
    if depth > 0 && random.percent(30) {
        return match random.below(3) {
            0 => json!({"not": condition(random, scope, deeper)}),
            op => {
                let op = ["and", "or"][op - 1];
                let sides: Vec<Value> = (0..1 + random.below(3))
                    .map(|_| condition(random, scope, deeper))
                    .collect();
                json!({op: sides})
            }
        };
    }
    let of = kind(random);
    let side = |random: &mut Random| expr(random, scope, of, deeper.min(1));
    match random.below(12) {
        0 => {
            let tested = column(random, scope, SqlKind::Bool).unwrap_or(json!(true));
            json!({*random.of(&["is", "is_not"]): [tested, *random.of(&[true, false])]})
        }
        1 => json!({*random.of(&["is", "is_not"]): [side(random), null]}),
        2 | 3 => {
            let pattern = *random.of(&["%1%", "1%", "_", "%o'h%", "П%", "%hd", "", "a\\%b", "%"]);
            let text = expr(random, scope, SqlKind::Text, deeper.min(1));
            json!({*random.of(&["like", "ilike"]): [text, pattern]})
        }
        4 | 5 => {
            let mut members = vec![side(random)];
            members.extend((0..1 + random.below(3)).map(|_| literal(random, of)));
            json!({*random.of(&["in", "not_in"]): members})
        }
        6 => {
            let rows: Vec<Value> = (0..1 + random.below(3))
                .map(|_| json!([literal(random, of)]))
                .collect();
            json!({"in": [side(random), {"values": rows}]})
        }
        _ => {
            let op = *random.of(&["eq", "eq", "neq", "lt", "gt", "lte", "gte"]);
            json!({op: [side(random), side(random)]})
        }
    }
}
