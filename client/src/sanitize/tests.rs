use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonsql::ast::{Method, Statement};

use super::*;

fn hide(keys: &[&str], message: &str) -> String {
    Secrets {
        keys,
        values: &[],
        statements: &[],
    }
    .hide(message)
}

#[test]
fn keys_go_everywhere_and_rows_are_not_quoted() {
    assert_eq!(
        hide(&["s3cret-password"], "bad:s3cret-passwords far"),
        "bad:?s far"
    );
    assert_eq!(
        hide(
            &[],
            "DETAIL: Key (domain_id, username)=(1, O'Neill (2)) already exists.\nX"
        ),
        r"DETAIL: Key (domain_id, username)=(?) already exists.\nX"
    );
    assert_eq!(
        hide(&[], "Failing row contains (1, null, x"),
        "Failing row contains (?"
    );
}

#[test]
fn a_short_password_is_not_given_away() {
    for password in ["", "a", "or", "user", "invalid", "name", "wrong"] {
        for message in [
            "Invalid username or password",
            "wrong user or password",
            "a name is needed",
        ] {
            assert_eq!(hide(&[password, "billing"], message), message, "{password}");
        }
    }
}

/// Letters are counted and not bytes, of which these have two each.
#[test]
fn a_short_password_in_cyrillic_is_not_given_away() {
    for password in ["имя", "слово", "логин", "неверно"] {
        for message in ["неверно имя или слово", "логин: неверно"] {
            assert_eq!(hide(&[password], message), message, "{password}");
        }
    }
    assert_eq!(hide(&["неверный"], "пароль неверный"), "пароль ?");
}

#[test]
fn a_long_password_is_found_however_it_is_echoed() {
    let password = "Pä55 \"w&rd/+%ünd\\mehr?";
    let json = serde_json::to_string(password).unwrap();
    let escaped: String = password
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04X}"))
        .collect();
    let percent: String = password
        .bytes()
        .map(|byte| format!("%{byte:02x}"))
        .collect();
    let form: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
    let html: String = password
        .chars()
        .map(|c| format!("&#{};", u32::from(c)))
        .collect();
    let named = password.replace('&', "&amp;").replace('"', "&quot;");
    let hex: String = password.bytes().map(|byte| format!("{byte:02X}")).collect();
    let mut echoes = vec![
        password.to_owned(),
        password.to_uppercase(),
        password.to_lowercase(),
        json.clone(),
        json.replace('/', "\\/"),
        escaped,
        percent.to_uppercase(),
        percent,
        form,
        html,
        named,
        hex,
    ];
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        // Alone, and as Basic has it: after a login of any length.
        for before in ["", "a:", "ab:", "abc:", "abcd:"] {
            echoes.push(engine.encode(format!("{before}{password}")));
            echoes.push(engine.encode(format!("{before}{password}{password} and more")));
        }
    }
    for echo in echoes {
        let shown = hide(&[password], &format!("denied: {echo}!"));
        let left = shown.trim_matches(['=', '"']).replace(['"', '='], "");
        assert_eq!(left, "denied: ?!", "{echo}");
    }
}

/// Base64 counts from the first letter of a word, which may be another text's.
#[test]
fn base64_behind_other_letters_is_found() {
    let secret = "hunter2-PlantedPassword";
    for before in ["", "a", "ab", "abc", "abcd", "t:", "a/b"] {
        for encoded in [STANDARD.encode(secret), URL_SAFE_NO_PAD.encode(secret)] {
            let shown = hide(&[secret], &format!("token {before}{encoded} is bad"));
            assert!(!shown.contains(&encoded[4..20]), "{before}: {shown}");
        }
    }
}

#[test]
fn the_rest_of_a_message_stays() {
    let message = "relation \"subscriber\" does not exist (SQLSTATE 42P01), 100% of 3+4 &c. \
                   0123456789abcdef0123456789abcdef dGhlIHJlc3Qgb2YgYSBtZXNzYWdl";
    assert_eq!(
        hide(&["correct horse battery", "tr0ub4dor"], message),
        message
    );
    assert_eq!(hide(&[], ""), "");
}

#[test]
fn a_message_that_quotes_the_request_is_withheld() {
    let long = "Quotation of many words, such as a note about a subscriber, or an address";
    for message in [
        // Two texts of the request.
        "INSERT INTO subscriber (username, password) VALUES ('bob', 'tr0ub4dor')",
        "no user bob with password hunter2",
        // A part of a long one.
        "too long: uotation of many words, such as a note a",
    ] {
        let shown = hide(&["bob", "hunter2", "tr0ub4dor", long], message);
        assert_eq!(shown, WITHHELD, "{message}");
    }
    // So are short values of rows between quotation marks, for they are nobody's
    // words; of short ones that are not, it is not known.
    let rows = Secrets {
        keys: &["user"],
        values: &["bob", "я", "is"],
        statements: &[],
    };
    for (message, shown) in [
        ("invalid input: \"bob\"", "invalid input: \"?\""),
        ("неизвестно «Я»", "неизвестно «?»"),
        ("a bobsled is \"bobs\"", "a bobsled is \"bobs\""),
        ("a column \"user\" is needed", "a column \"user\" is needed"),
    ] {
        assert_eq!(rows.hide(message), shown);
    }
    // A long one as a whole is taken out.
    assert_eq!(hide(&["bob", long], &format!("no: {long}.")), "no: ?.");
}

#[test]
fn nothing_is_left_of_a_secret_at_the_end_of_what_is_kept() {
    let password = "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for length in [10, 31, 40, 72] {
        let secret = &password[..length];
        for before in (LONGEST - 80..LONGEST + 2).step_by(3) {
            // Others before it, and a row, make the message shorter.
            for first in [
                "",
                &"0123456789abc, ".repeat(30),
                "Key (a)=(1, 2, 3, 4, 5)\n",
            ] {
                let filler = ". ".repeat((before - first.len()) / 2);
                let message = format!("{first}{filler}{secret}{}", ", and so on".repeat(99));
                let shown = hide(&[secret, "0123456789abc"], &message);
                assert!(!shown.contains("01234"), "{length} {before} {shown}");
                assert!(shown.len() <= LONGEST + "…".len(), "{}", shown.len());
            }
        }
    }
}

#[test]
fn secrets_that_overlap_are_both_gone() {
    let shown = hide(&["abcdefgh-", "gh-ijklmn"], "x abcdefgh-ijklmn y");
    assert_eq!(shown, WITHHELD);
    assert_eq!(hide(&["abcabcabc"], "x abcabcabcabc y"), "x ? y");
}

#[test]
fn what_does_not_show_is_escaped() {
    let message = "a\x1b[2J\nApplied: nothing\u{202e}\u{200b}";
    assert_eq!(
        hide(&[], message),
        r"a\u{1b}[2J\nApplied: nothing\u{202e}\u{200b}"
    );
}

#[test]
fn texts_of_a_parsed_statement_are_hidden_too() {
    let params = br#"{"data":["id"],"from":"media","where":{"eq":["name","Planted-Text"]}}"#;
    let statement = Statement::from_json(Method::Select, params).unwrap();
    let secrets = Secrets {
        keys: &[],
        values: &[],
        statements: &[(&statement).into()],
    };
    assert_eq!(secrets.hide("no planted-text here"), "no ? here");
}

/// The worst that a bulk insert can be answered with. Quadratic work took 20 s of
/// an optimized build, and minutes of this one.
#[test]
fn many_texts_and_a_long_message_take_no_time() {
    let texts: Vec<String> = (0..20_000)
        .map(|n| format!("planted-text-{n:06}"))
        .collect();
    let keys: Vec<&str> = texts.iter().map(String::as_str).collect();
    let echo = texts.join("', '");
    let letters = "a".repeat(400_000);
    let quotes = "\"".repeat(400_000);
    let encoded = STANDARD.encode(&echo);
    for message in [&echo, &letters, &quotes, &encoded] {
        let begun = Instant::now();
        let shown = hide(&keys, message);
        let taken = begun.elapsed();
        assert!(!shown.contains("planted"), "{shown}");
        assert!(taken < Duration::from_secs(2), "{taken:?}");
    }
}
