//! The table of the guide, cell by cell; and whatever bytes there are.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::error::TransportErrorKind;
use crate::iptvportal::rpc::{read_batch, read_rows, read_session, read_values};

const ID: u64 = 7;
const TABLE: &str = include_str!("../../../guide/verdicts.md");

/// Contents by the names that the table has for them.
const CONTENTS: &[(&str, &[&str])] = &[
    (
        "rows",
        &[
            r#"{"jsonrpc":"2.0","id":7,"result":[[1]]}"#,
            r#"{"result":[],"error":null,"id":"7"}"#,
            "\u{feff}{\"id\":7.0,\"result\":[1]}\0",
            "<b>Notice</b>: x\n{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":[]}<!-- 1 s -->",
        ],
    ),
    (
        "rows of another type",
        &[r#"{"jsonrpc":"2.0","id":7,"result":[["x"]]}"#],
    ),
    (
        "an error",
        &[
            r#"{"jsonrpc":"2.0","id":7,"error":{"message":"no"}}"#,
            r#"{"id":7,"error":"upstream session aborted","result":null}"#,
            r#"{"id":7,"error":{"code":1,"message":"column \"authorized_count\" does not exist"}}"#,
        ],
    ),
    (
        "an error about the session",
        &[
            r#"{"jsonrpc":"2.0","id":7,"error":{"message":"Session expired."}}"#,
            r#"{"id":"7","error":"no such  SESSION"}"#,
        ],
    ),
    (
        "an unreadable request",
        &[r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"#],
    ),
    ("rows without an id", &[r#"{"result":[[1]]}"#]),
    (
        "no rows without an id",
        &[
            r#"{"result":[]}"#,
            r#"{"jsonrpc":"2.0","id":null,"result":[]}"#,
        ],
    ),
    (
        "rows of another type without an id",
        &[r#"{"result":[["x"]]}"#],
    ),
    (
        "an error without an id",
        &[
            r#"{"error":"upstream session aborted"}"#,
            r#"{"error":{"code":-32600,"message":"no"}}"#,
            r#"{"id":null,"error":{"code":-32700,"message":"Parse error"}}"#,
            r#"{"jsonrpc":"1.0","id":null,"error":{"code":-32600,"message":"no"}}"#,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"no"}}"#,
        ],
    ),
    (
        "an error about the session without an id",
        &[
            r#"{"error":"authentication required"}"#,
            r#"{"error":{"message":"Unauthorized"},"id":null}"#,
        ],
    ),
    (
        "another result",
        &[
            r#"{"id":7,"result":"done"}"#,
            r#"{"id":7,"result":null}"#,
            r#"{"id":7,"result":true}"#,
            r#"{"result":{"rows":[]}}"#,
        ],
    ),
    (
        "an answer to another call",
        &[
            r#"{"jsonrpc":"2.0","id":8,"result":[[1]]}"#,
            r#"{"jsonrpc":"2.0","id":8,"error":"session expired"}"#,
            r#"{"id":7.5,"error":"no"}"#,
            r#"{"id":"seven","result":[]}"#,
        ],
    ),
    (
        "a contradiction",
        &[
            r#"{"id":7,"error":{"message":"no"},"error":null,"result":[[1]]}"#,
            r#"{"id":7,"result":[[1]],"error":"session expired"}"#,
            r#"{"id":8,"id":7,"error":"no"}"#,
        ],
    ),
    (
        "something else",
        &[
            "",
            "<html>",
            "<html><p>session expired",
            "session expired",
            "Unauthorized",
            "null",
            "[]",
            "{}",
            r#"{"id":7}"#,
            r#"{"message":"Forbidden"}"#,
            r#"{"id":7,"result":[[1"#,
            "\u{1f}\u{8b}",
        ],
    ),
];

/// All that are registered or in use, and some that are neither.
fn statuses() -> impl Iterator<Item = (u16, Option<Duration>)> {
    let pause = Some(Duration::from_secs(1));
    let without = (100..=599).map(|status| (status, None));
    without.chain([(429, pause), (503, pause), (401, pause)])
}

/// A row of the table: the statuses, the contents, and a cell for each verb.
struct Line<'t> {
    statuses: &'t str,
    contents: Vec<&'t str>,
    cells: [&'t str; 3],
}

fn lines() -> Vec<Line<'static>> {
    let rows = TABLE.lines().filter(|line| line.starts_with("| "));
    rows.skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, statuses, contents, read, repeatable, write, why, _] = cells[..] else {
                panic!("{line}")
            };
            assert!(why.len() > 10, "without a reason: {line}");
            Line {
                statuses,
                contents: contents.split("; ").collect(),
                cells: [read, repeatable, write],
            }
        })
        .collect()
}

impl Line<'_> {
    fn is_about(&self, status: u16, pause: Option<Duration>) -> bool {
        self.statuses.split(", ").any(|pattern| match pattern {
            "429 with `Retry-After`" => status == 429 && pause.is_some(),
            "429" => status == 429 && pause.is_none(),
            "5xx" => status >= 500,
            number => number.parse() == Ok(status),
        })
    }
}

/// The one line about this status and content.
fn line<'l>(
    lines: &'l [Line<'static>],
    status: u16,
    pause: Option<Duration>,
    content: &str,
) -> &'l Line<'static> {
    let mut of_status: Vec<_> = lines
        .iter()
        .filter(|line| line.is_about(status, pause))
        .collect();
    if of_status.is_empty() {
        of_status = lines
            .iter()
            .filter(|line| line.statuses == "another")
            .collect();
    }
    let named = of_status
        .iter()
        .find(|line| line.contents.contains(&content));
    let rest = of_status.iter().find(|line| {
        let rest = |content: &&str| matches!(*content, "anything" | "anything else");
        line.contents.iter().any(rest)
    });
    named.or(rest).expect("a line for every status and content")
}

fn asked(verb: Verb, texts: &Arc<SessionTexts>) -> Asked {
    Asked {
        verb,
        session_texts: Arc::clone(texts),
        statuses_are_the_servers: false,
        session_is_silent: false,
    }
}

const VERBS: [Verb; 3] = [Verb::Read, Verb::Repeatable, Verb::Write];

fn rows(body: &[u8]) -> Result<Proof, Failure> {
    read_rows::<i64>(body, ID).map(|answer| answer.proof)
}

fn reply(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Reply {
    let mut reply = Reply::ok(body);
    reply.status = status;
    reply.retry_after = retry_after;
    reply
}

/// As the table says it.
fn said(verdict: &Verdict) -> String {
    let effect = match verdict.effect {
        Effect::Executed => "executed",
        Effect::NotExecuted => "not executed",
        Effect::Unknown => "unknown",
    };
    let next = match verdict.next {
        Next::End => "",
        Next::LogIn => "; log in, again",
        Next::Resend(_) => "; again",
    };
    format!("{effect}{next}")
}

#[test]
fn every_status_and_content_is_judged_as_the_table_says() {
    let (lines, texts) = (lines(), Arc::new(SessionTexts::default()));
    for (status, pause) in statuses() {
        for (content, bodies) in CONTENTS {
            let line = line(&lines, status, pause, content);
            for (body, (verb, cell)) in bodies
                .iter()
                .flat_map(|body| VERBS.into_iter().zip(line.cells).map(move |v| (body, v)))
            {
                let reply = reply(status, pause, body.as_bytes());
                let verdict = judge(&asked(verb, &texts), Ok(&reply), rows);
                assert_eq!(said(&verdict), cell, "{status} {content} {verb:?}: {body}");
                if let Next::Resend(found) = verdict.next {
                    assert_eq!(found, pause);
                }
                let whole =
                    verdict.effect == Effect::Executed && *content != "rows of another type";
                assert_eq!(verdict.cause.is_none(), whole, "{body}");
            }
        }
    }
}

#[test]
fn the_table_has_no_content_that_is_not_tried() {
    let known: Vec<&str> = CONTENTS.iter().map(|(name, _)| *name).collect();
    let lines = lines();
    let contents = lines
        .iter()
        .filter(|line| line.statuses != "no answer")
        .flat_map(|line| &line.contents);
    for content in contents {
        assert!(
            known.contains(content) || content.starts_with("anything"),
            "{content}"
        );
    }
    assert_eq!(lines.len(), 22);
}

#[test]
fn without_an_answer_what_was_sent_decides() {
    let (lines, texts) = (lines(), Arc::new(SessionTexts::default()));
    for (content, error) in [
        (
            "nothing was sent",
            TransportError::not_sent(TransportErrorKind::Connect, ""),
        ),
        (
            "nothing was sent",
            TransportError::not_sent(TransportErrorKind::Timeout, ""),
        ),
        (
            "perhaps sent",
            TransportError::maybe_sent(TransportErrorKind::Broken, ""),
        ),
        (
            "perhaps sent",
            TransportError::maybe_sent(TransportErrorKind::Timeout, ""),
        ),
        (
            "too large",
            TransportError::maybe_sent(TransportErrorKind::TooLarge, ""),
        ),
    ] {
        let line = lines
            .iter()
            .find(|line| line.contents == [content])
            .unwrap();
        for (verb, cell) in VERBS.into_iter().zip(line.cells) {
            let verdict = judge(&asked(verb, &texts), Err(error.clone()), |_| {
                unreachable!("there is no answer")
            });
            assert_eq!(said(&verdict), cell, "{error} {verb:?}");
        }
    }
}

#[test]
fn what_is_known_of_the_server_is_evidence() {
    let texts = Arc::new(SessionTexts::new(["gone"]));
    let write = asked(Verb::Write, &texts);
    let trusting = Asked {
        statuses_are_the_servers: true,
        ..write.clone()
    };
    let silent = Asked {
        session_is_silent: true,
        ..write.clone()
    };
    let silent_read = Asked {
        verb: Verb::Read,
        ..silent.clone()
    };
    let error = r#"{"id":7,"error":"whatever"}"#;
    let anonymous = r#"{"error":"whatever"}"#;
    for (asked, status, body, expected) in [
        (&write, 401, "Gone.", "not executed; log in, again"),
        (&write, 403, "Gone.", "not executed; log in, again"),
        (&write, 401, "gone too", "unknown"),
        (&write, 500, "gone", "unknown"),
        (&write, 200, "gone", "unknown"),
        (&write, 200, error, "not executed"),
        (&trusting, 401, "<html>", "not executed; log in, again"),
        (&trusting, 403, "", "not executed; log in, again"),
        (&trusting, 429, "", "not executed; again"),
        (&trusting, 503, "", "unknown"),
        (&trusting, 404, "", "unknown"),
        (&trusting, 200, anonymous, "unknown"),
        (&silent, 200, error, "not executed; log in, again"),
        (&silent, 200, anonymous, "unknown"),
        (&silent, 500, error, "unknown"),
        (&silent_read, 200, error, "not executed; log in, again"),
        (&silent_read, 200, anonymous, "unknown"),
    ] {
        let verdict = judge(asked, Ok(&reply(status, None, body.as_bytes())), rows);
        assert_eq!(said(&verdict), expected, "{status} {body}");
    }
}

/// Bytes, JSON, and what is almost an answer.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        Just("null"),
        Just("[]"),
        Just("[[1],[2]]"),
        Just("[1,null]"),
        Just(r#""session expired""#),
        Just(r#"{"message":"no such session","code":-32700}"#),
        Just(r#"{"session_id":"0123"}"#),
        Just("7"),
        Just("7.0"),
        Just("8"),
        Just(r#""7""#),
        Just(r#""2.0""#),
        Just("false"),
        Just("1e999"),
        Just("{"),
    ];
    let name = prop_oneof![
        Just("id"),
        Just("jsonrpc"),
        Just("result"),
        Just("error"),
        Just("other"),
        Just(r"\u0069d"),
    ];
    let members = prop::collection::vec((name, value), 0..6);
    let answer = members.prop_map(|members| {
        let members: Vec<_> = members
            .iter()
            .map(|(name, value)| format!(r#""{name}":{value}"#))
            .collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    });
    let noise = prop_oneof![
        Just(Vec::new()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(b"<b>Notice</b>\n".to_vec()),
        Just(b"[".to_vec()),
        Just(b"]".to_vec()),
        Just(b"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":\"no\"}".to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
    ];
    let around = (
        noise.clone(),
        answer,
        noise,
        any::<prop::sample::Index>(),
        any::<bool>(),
    );
    around.prop_map(|(before, answer, after, cut, is_cut)| {
        let mut body = [before, answer, after].concat();
        if is_cut {
            body.truncate(cut.index(body.len() + 1));
        }
        body
    })
}

/// A body that, with a status that the server uses, shows whose answer it is.
fn names_the_call(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).replace(r"\u0069", "i");
    let ids = ["7", "7.0", r#""7""#].map(|id| format!(r#""id":{id}"#));
    let unread = text.contains(r#""id":null"#) && text.contains("-32700");
    text.contains(r#""error":"#) && (unread || ids.iter().any(|id| text.contains(id)))
}

proptest! {
    #[test]
    fn no_bytes_make_a_write_be_sent_again_without_evidence(
        body in body(),
        status in prop_oneof![
            Just(200_u16), Just(401), Just(403), Just(429), Just(502), any::<u16>()
        ],
        seconds in proptest::option::of(any::<u64>()),
        silent in any::<bool>(),
    ) {
        let texts = Arc::new(SessionTexts::default());
        let reply = reply(status, seconds.map(Duration::from_secs), &body);
        for verb in VERBS {
            let asked = Asked { session_is_silent: silent, ..asked(verb, &texts) };
            let typed = judge(&asked, Ok(&reply), rows);
            let values = judge(&asked, Ok(&reply), |body| {
                read_values(body, ID).map(|answer| answer.proof)
            });
            let batch = judge(&asked, Ok(&reply), |body| read_batch(body).map(|_| Proof::Id));
            let login = judge(&asked, Ok(&reply), |body| {
                read_session(body, ID).map(|_| Proof::Nothing)
            });
            if verb != Verb::Write {
                continue;
            }
            let limited = status == 429 && seconds.is_some();
            let answered = matches!(status, 200 | 401 | 403);
            for verdict in [typed, values, batch, login] {
                let proved = limited || (answered && names_the_call(&body));
                if verdict.effect == Effect::NotExecuted {
                    prop_assert!(proved, "{verdict:?}");
                }
                if verdict.effect == Effect::Executed {
                    prop_assert_eq!(status, 200);
                }
                if verdict.next != Next::End {
                    prop_assert_eq!(verdict.effect, Effect::NotExecuted);
                }
            }
        }
    }
}
