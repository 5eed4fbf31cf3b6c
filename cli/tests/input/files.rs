//! Files that are missing, half-written, readable by others, or of another form.

use std::fs;

use crate::world::{Scratch, jsonsql, run, with_config};

const SECRET: &str = "s3cret-of-the-file";

#[test]
fn a_password_that_others_can_read_is_refused() {
    let scratch = Scratch::new("others");
    let text = format!(
        "default = \"main\"\n[profiles.main]\nurl = \"http://127.0.0.1:1\"\n\
         username = \"a\"\npassword = \"{SECRET}\"\n"
    );
    for (mode, is_refused) in [
        (0o644, true),
        (0o640, true),
        (0o604, true),
        (0o660, true),
        (0o600, false),
        (0o400, false),
    ] {
        let config = scratch.file("config.toml", &text, mode);
        let (code, _, said) = with_config(&config);
        assert_eq!(
            said.contains("other users can read it"),
            is_refused,
            "{mode:o}: {said}"
        );
        // The other one finds nobody at the address.
        assert_eq!(code, if is_refused { 2 } else { 1 }, "{mode:o}: {said}");
        assert!(!said.contains(SECRET), "{said}");
        fs::remove_file(&config).expect("removed");
    }
    let without = text.replace("password =", "password_command =");
    let config = scratch.file("config.toml", without, 0o644);
    assert!(!with_config(&config).2.contains("other users"));
}

#[test]
fn what_is_wrong_in_the_configuration_has_its_place_and_no_value() {
    let scratch = Scratch::new("config");
    let profile = |line: &str| format!("[profiles.main]\n{line}\n");
    for (text, told) in [
        (
            profile(&format!("password = [\"{SECRET}\"]")),
            "line 2, column 12: ",
        ),
        (
            profile(&format!("password = \"{SECRET}")),
            "line 2, column ",
        ),
        (profile("provider = \"one\""), "line 2, column 12: "),
        (profile("timeout = 90"), "line 2, column 11: "),
        (profile("allow_plain_http = \"yes\""), "line 2, column 20: "),
        (profile("platform = \"stalker\""), "line 2, column 12: "),
        ("profiles = 1\n".to_owned(), "line 1, column 12: "),
        (
            "[profiles]\nmain = \"x\"\n".to_owned(),
            "line 2, column 8: ",
        ),
        ("default = [\"main\"]\n".to_owned(), "line 1, column 11: "),
        (profile("usernmae = \"a\""), "is `username` meant?"),
        (
            profile("pasword_command = \"a\""),
            "is `password_command` meant?",
        ),
        (
            "[profile.main]\nurl = \"x\"\n".to_owned(),
            "is `profiles` meant?",
        ),
        ("[profiles.main\nurl =".to_owned(), "line 1, column "),
        (profile("zzz = 1"), "known are platform, url"),
    ] {
        let config = scratch.file("config.toml", &text, 0o600);
        let (code, printed, said) = with_config(&config);
        assert_eq!((code, printed.as_str()), (2, ""), "{text}: {said}");
        assert!(said.contains(told), "{text}: {said}");
        assert!(said.contains("config.toml: "), "{said}");
        assert!(!said.contains(SECRET), "{said}");
    }
    let config = scratch.file("config.toml", b"[profiles.main]\nurl = \"\xff\"\n", 0o600);
    let (code, _, said) = with_config(&config);
    assert_eq!(code, 2, "{said}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let scratch = Scratch::new("unreadable");
    let directory = scratch.0.to_str().expect("a path").to_owned();
    let binary = scratch.file("binary.sql", b"select \xff\xfe", 0o600);
    let binary = binary.to_str().expect("a path").to_owned();
    let missing = scratch.0.join("nowhere");
    let missing = missing.to_str().expect("a path").to_owned();
    for arguments in [
        &["sql", "--sandbox", "--file"][..],
        &["send", "--sandbox"],
        &["lint"],
        &["plan", "--sandbox"],
        &["apply", "--sandbox", "--yes"],
        &["sql", "--sandbox", "--config"],
        &["profiles", "--config"],
        &["migrate", "--sandbox", "--to-sandbox", "tvip", "--packages"],
    ] {
        for (file, name) in [
            (&missing, "nowhere"),
            (&directory, "input-unreadable"),
            (&binary, "binary.sql"),
        ] {
            if arguments == ["sql", "--sandbox", "--config"] {
                // A sandbox has no use for a configuration.
                continue;
            }
            let (code, printed, said) = run(&mut jsonsql(&[arguments, &[file]].concat(), &[]));
            assert!(matches!(code, 1 | 2), "{arguments:?} {file}: {code} {said}");
            assert_eq!(printed, "", "{arguments:?} {file}");
            assert!(said.contains(name), "{arguments:?} {file}: {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
    }
    assert_eq!(scratch.names(), ["binary.sql"], "nothing is left behind");
}

#[test]
fn a_variable_that_is_misspelt_or_no_text_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let statement = ["sql", "select id from media"];
    let (code, _, said) = run(&mut jsonsql(&statement, &[("JSONSQL_DOMIAN", "operator")]));
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("JSONSQL_DOMIAN is not known; is JSONSQL_DOMAIN meant?"),
        "{said}"
    );
    assert!(said.contains("no server is named"), "{said}");
    let mut command = jsonsql(&statement, &[]);
    command.env("JSONSQL_URL", OsStr::from_bytes(b"http://\xff"));
    let (code, _, said) = run(&mut command);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("the variable JSONSQL_URL is no text"),
        "{said}"
    );
}

#[test]
fn an_output_that_cannot_be_named_leaves_nothing() {
    let scratch = Scratch::new("output");
    fs::create_dir(scratch.0.join("taken")).expect("a directory");
    let taken = scratch.0.join("taken");
    let taken = taken.to_str().expect("a path");
    let select = ["sql", "--sandbox", "-o", taken, "select id from package"];
    for arguments in [
        &select[..],
        &["export", "--sandbox", "-o", taken],
        &["export", "--sandbox", "--format", "sqlite", "-o", taken],
        &["export", "--sandbox", "--table", "package", "-o", taken],
    ] {
        let (code, _, said) = run(&mut jsonsql(arguments, &[]));
        assert_eq!(code, 1, "{arguments:?} {said}");
        assert!(said.contains("it is a directory"), "{said}");
    }
    assert_eq!(scratch.names(), ["taken"]);
}
