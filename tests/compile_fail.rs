//! Mistakes that do not compile, and what the compiler says of them.
//!
//! One mistake a file. The message is part of the API: its first line names
//! the user's thing, and it is at most 30 lines long.
//!
//! Some first lines are rustc's own, because they are not about a trait that is
//! not implemented, and no `diagnostic` attribute reaches them: a handle that
//! leaves its query, `&&` and `||` between conditions, a closure of `select` that
//! does not end in `q.select(…)`. Of `==`, `<` and `.to(None)` the first line is
//! rustc's, and a line below it names what to write (`jsonsql/src/expr/hints.rs`).

use std::fs;

#[test]
fn mistakes_do_not_compile() {
    trybuild::TestCases::new().compile_fail("compile_fail/*.rs");
}

#[test]
fn messages_are_short() {
    let mut messages = 0;
    for entry in fs::read_dir("compile_fail").unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "stderr")
        {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 30, "{}: {lines} lines", path.display());
            messages += 1;
        }
    }
    assert!(messages >= 60, "only {messages} messages");
}
