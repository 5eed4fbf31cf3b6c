//! `cargo run -p jsonsql-benches --bin sql_macro` generates a crate with 300
//! statements in `sql!` and its twin with the same statements in the builder, and
//! compares the CPU time that `cargo check` takes for each.
//!
//! Every statement is changed before every check, so that each is expanded and
//! typed anew.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use jsonsql_benches::cargo::cargo;
use jsonsql_benches::cpu;
use jsonsql_benches::report::Report;

const TABLES: usize = 40;
const COLUMNS: usize = 20;
const STATEMENTS: usize = 300;
const ROUNDS: usize = 5;

fn main() -> io::Result<ExitCode> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let generated = workspace.join("target/compile-time");
    let jsonsql = workspace.join("jsonsql").canonicalize()?;
    let sides = [("macro", true), ("builder", false)];
    let mut best = [f64::INFINITY; 2];
    for round in 0..=ROUNDS {
        for ((name, in_sql), best) in sides.into_iter().zip(&mut best) {
            let folder = generated.join(name);
            write_crate(&folder, name, &jsonsql, &code(in_sql, round))?;
            let seconds = check(&folder, &generated)?;
            // The first round builds the dependencies.
            if round > 0 {
                *best = seconds.min(*best);
            }
        }
    }
    let [by_macro, builder] = best;
    let mut report = Report::begin();
    report.ratio("cargo check, sql! / builder", by_macro / builder, 1.5, 1.5);
    Ok(report.verdict())
}

fn write_crate(folder: &Path, name: &str, jsonsql: &Path, code: &str) -> io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(
        folder.join("Cargo.toml"),
        format!(
            "[package]\nname = \"compile-time-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             publish = false\n\n[dependencies]\njsonsql = {{ path = {:?} }}\n\n[workspace]\n",
            jsonsql.display().to_string()
        ),
    )?;
    fs::write(folder.join("src/lib.rs"), code)
}

/// Returns the processor time of the check, in seconds.
fn check(folder: &Path, generated: &Path) -> io::Result<f64> {
    let before = cpu::children()?;
    let mut command = cargo();
    command.args(["check", "--quiet"]).current_dir(folder);
    command.env("CARGO_TARGET_DIR", generated.join("target"));
    if command.status()?.success() {
        Ok(cpu::children()? - before)
    } else {
        let message = format!("{} does not compile", folder.display());
        Err(io::Error::other(message))
    }
}

fn code(in_sql: bool, round: usize) -> String {
    let mut code = String::from("use jsonsql::prelude::*;\n");
    for table in 0..TABLES {
        let _ = write!(
            code,
            "#[derive(Table)]\npub struct Table{table} {{\n    #[column(key, generated)] pub id: i64,\n"
        );
        for column in 1..COLUMNS {
            let ty = ["String", "i64", "bool", "Option<String>"][column % 4];
            let _ = writeln!(code, "    pub column{column}: {ty},");
        }
        code.push_str("}\n");
    }
    for number in 0..STATEMENTS {
        let write = if in_sql { in_macro } else { in_builder };
        code.push_str(&write(number, round * STATEMENTS + number));
    }
    code
}

/// Tables and columns of the nth statement: a text, a number and a flag.
fn names(number: usize) -> ([usize; 3], [usize; 3]) {
    let tables = [
        number % TABLES,
        (number + 7) % TABLES,
        (number + 19) % TABLES,
    ];
    let nth = |nth: usize| 4 * ((number * 3 + nth) % 4);
    (tables, [4 + nth(0), 1 + nth(1), 2 + nth(2)])
}

fn in_macro(number: usize, value: usize) -> String {
    let ([a, b, c], [text, int, flag]) = names(number);
    match number % 3 {
        0 | 1 => format!(
            "pub fn query{number}(text: &str) -> Select<(String, i64, Option<bool>)> {{
    sql! {{
        select a.column{text}, b.column{int}, c.column{flag}
        from Table{a} as a
        join Table{b} as b on b.id = a.id
        left join Table{c} as c on c.id = b.column{int}
        where a.column{text} = {{text}} and b.column{flag} = true and b.column{int} > {value}
        order by a.id limit 100
    }}
}}
"
        ),
        _ => format!(
            "pub fn update{number}(text: &str) -> Update<Table{a}, i64> {{
    sql! {{
        update Table{a} as a set column{flag} = true, column{int} = {value}
        where a.column{text} = {{text}} and a.column{int} between 1 and {value}
        returning a.id
    }}
}}
"
        ),
    }
}

fn in_builder(number: usize, value: usize) -> String {
    let ([a, b, c], [text, int, flag]) = names(number);
    match number % 3 {
        0 | 1 => format!(
            "pub fn query{number}(text: &str) -> Select<(String, i64, Option<bool>)> {{
    select(|mut q| {{
        let a = q.from(Table{a});
        let b = q.join(Table{b}, |b| b.id.eq(a.id));
        let c = q.left_join(Table{c}, |c| c.id.eq(b.column{int}));
        q.filter(a.column{text}.eq(text).and(b.column{flag}.eq(true)).and(b.column{int}.gt({value})));
        q.order_by(a.id.asc()).limit(100);
        q.select((a.column{text}, b.column{int}, c.column{flag}))
    }})
}}
"
        ),
        _ => format!(
            "pub fn update{number}(text: &str) -> Update<Table{a}, i64> {{
    Table{a}::update(|a| a.column{text}.eq(text).and(a.column{int}.between(1, {value})))
        .set(|a| (a.column{flag}.to(true), a.column{int}.to({value})))
        .returning(|a| a.id)
}}
"
        ),
    }
}
