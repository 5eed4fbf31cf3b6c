//! Passwords from a command and from a keyring, whose reader is one of the test.

use crate::world::{Scratch, jsonsql, run};

/// A command of this name, first on the path.
fn with_reader(scratch: &Scratch, text: &str) -> String {
    scratch.file("secret-tool", format!("#!/bin/sh\n{text}\n"), 0o700);
    let usual = std::env::var("PATH").expect("a path");
    format!("{}:{usual}", scratch.0.display())
}

fn config(scratch: &Scratch, url: &str, kept: &str) -> String {
    let text = format!(
        "default = \"main\"\n[profiles.main]\nurl = \"{url}\"\nusername = \"admin\"\n{kept}\n"
    );
    let path = scratch.file("config.toml", text, 0o644);
    path.to_str().expect("a path").to_owned()
}

fn select(config: &str, path: &str) -> (i32, String, String) {
    let arguments = [
        "sql",
        "--config",
        config,
        "-f",
        "csv",
        "select id from package where id = 1",
    ];
    run(jsonsql(&arguments, &[]).env("PATH", path))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_taken_from_the_keyring() {
    let sandbox = jsonsql_sandbox::Sandbox::builder()
        .start()
        .await
        .expect("a sandbox");
    tokio::task::block_in_place(|| {
        let scratch = Scratch::new("keyring");
        let config = config(&scratch, &sandbox.url(), "keyring = \"tms\"");
        let reader = "[ \"$*\" = 'lookup service jsonsql account tms' ] && echo adminpassword";
        let (code, printed, said) = select(&config, &with_reader(&scratch, reader));
        assert_eq!((code, printed.as_str()), (0, "id\n1\n"), "{said}");
        assert!(!said.contains("adminpassword"), "{said}");

        for (reader, told) in [
            // As the reader ends without such an entry.
            ("exit 1", "its reader failed: exit status: 1"),
            ("echo", "its reader printed no password"),
            ("printf '\\377\\n'", "its reader printed what is no text"),
        ] {
            let (code, _, said) = select(&config, &with_reader(&scratch, reader));
            assert_eq!(code, 2, "{said}");
            assert!(said.contains(told), "{said}");
            let store = "secret-tool store --label=jsonsql service jsonsql account tms";
            assert!(said.contains(store), "{said}");
        }
        // As a shell reads it back.
        let entry = self::config(&scratch, &sandbox.url(), r#"keyring = "t m's; $HOME""#);
        let (code, _, said) = select(&entry, &with_reader(&scratch, "exit 1"));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(r"account 't m'\''s; $HOME'`"), "{said}");

        let config = self::config(&scratch, &sandbox.url(), "keyring = \"tms\"");
        let (code, _, said) = select(&config, "/nowhere");
        assert_eq!(code, 2, "{said}");
        assert!(
            said.contains("the keyring: its reader cannot be run"),
            "{said}"
        );
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_the_first_line_that_a_command_prints() {
    let sandbox = jsonsql_sandbox::Sandbox::builder()
        .start()
        .await
        .expect("a sandbox");
    tokio::task::block_in_place(|| {
        let scratch = Scratch::new("command");
        let path = std::env::var("PATH").expect("a path");
        let lookup = "secret-tool lookup service tv account operator";
        let reader = with_reader(
            &scratch,
            "[ \"$*\" = 'lookup service tv account operator' ] && printf 'adminpassword\\nuser: a\\n'",
        );
        let kept = format!("password_command = \"{lookup}\"");
        let (code, printed, said) = select(&config(&scratch, &sandbox.url(), &kept), &reader);
        assert_eq!((code, printed.as_str()), (0, "id\n1\n"), "{said}");
        for (command, told) in [
            ("exit 7", "`password_command` failed: exit status: 7"),
            ("true", "`password_command` printed no password"),
            (
                "nowhere-to-be-found 2>/dev/null",
                "`password_command` failed: exit status: 127",
            ),
        ] {
            let kept = format!("password_command = \"{command}\"");
            let (code, _, said) = select(&config(&scratch, &sandbox.url(), &kept), &path);
            assert_eq!(code, 2, "{said}");
            assert!(said.contains(told), "{said}");
        }
        let (code, _, said) = select(
            &config(
                &scratch,
                &sandbox.url(),
                "password_command = \"echo another-0ne\"",
            ),
            &path,
        );
        assert_eq!(code, 1, "{said}");
        assert!(!said.contains("another-0ne"), "{said}");
    });
}
