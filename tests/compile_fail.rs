//! Mistakes that do not compile, and what the compiler says of them.
//!
//! One mistake a file. The message is part of the API: its first line names
//! the user's thing, and it is at most 30 lines long. Only where a handle
//! leaves its query is the first line rustc's own: a lifetime that is too short
//! is no trait that is not implemented, so no `diagnostic` attribute reaches it.

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
    assert!(messages >= 20, "only {messages} messages");
}
