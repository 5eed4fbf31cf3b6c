//! The README and its translation show what is: their code is a program, its
//! output is what it prints, and both pages show the same.

use crate::run::printed;

const README: &str = include_str!("../../../README.md");
const RUSSIAN: &str = include_str!("../../../README.ru.md");
const PROGRAM: &str = include_str!("../../src/bin/readme.rs");
const MISSPELT: &str = include_str!("../../../tests/compile_fail/misspelt_column.stderr");

/// A fenced block: what follows its fence, and its lines.
type Block<'a> = (&'a str, Vec<&'a str>);

/// The fenced blocks of a page, and its headings' levels.
fn parts(page: &str) -> (Vec<Block<'_>>, Vec<usize>) {
    let (mut blocks, mut levels) = (Vec::new(), Vec::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language, block));
        } else if line.starts_with('#') {
            levels.push(line.chars().take_while(|c| *c == '#').count());
        }
    }
    (blocks, levels)
}

/// The nth block of a language.
fn block(language: &str, nth: usize) -> Vec<&'static str> {
    let (blocks, _) = parts(README);
    let mut of = blocks.into_iter().filter(|(found, _)| *found == language);
    of.nth(nth).unwrap().1
}

#[test]
fn the_translation_shows_the_same() {
    let ((english, headings), (russian, translated)) = (parts(README), parts(RUSSIAN));
    assert!(english.len() >= 5, "{} blocks", english.len());
    assert_eq!(english, russian);
    assert_eq!(headings, translated);
}

#[test]
fn the_code_is_a_program_and_the_output_its_output() {
    let (_, code) = PROGRAM.split_once("// README\n").unwrap();
    assert_eq!(block("rust", 0), code.lines().collect::<Vec<_>>());
    let output = printed(env!("CARGO_BIN_EXE_readme"));
    assert_eq!(block("text", 0), output.lines().collect::<Vec<_>>());
}

#[test]
fn the_compilers_message_is_the_compilers() {
    assert_eq!(block("text", 1), MISSPELT.lines().collect::<Vec<_>>());
}
