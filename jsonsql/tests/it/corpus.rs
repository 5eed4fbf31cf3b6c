//! Every request of the vendor's texts and scripts, and every one that was
//! seen on a live server, built with the typed API.

use std::fmt::Write;

use jsonsql::ast;
use jsonsql::prelude::*;

use crate::tables::*;

const CORPUS: &str = include_str!("../../../tests/corpus/jsonsql-requests.jsonl");

#[derive(Insertable)]
#[insertable(table = Package)]
struct NewPackage<'a> {
    name: &'a str,
    paid: bool,
}

#[derive(Insertable)]
#[insertable(table = Subscriber)]
struct NewSubscriber<'a> {
    username: &'a str,
    password: &'a str,
}

fn mrl<'q>(m: TableRef<'q, Media>) -> Expr<'q, String> {
    concat((
        m.protocol,
        "://",
        m.inet_addr,
        coalesce(concat((":", m.port)), ""),
        coalesce(concat(("/", m.path)), ""),
    ))
}

fn channels_at(address: &str) -> Select<(String, String)> {
    select(|mut q| {
        let m = q.from(Media);
        q.filter(m.is_tv.eq(true)).filter(m.inet_addr.eq(address));
        q.select((m.name, mrl(m).named("mrl")))
    })
}

fn subscribe(username: &str) -> Insert<SubscriberPackage, PackageId> {
    insert_from(
        SubscriberPackage,
        |sp| (sp.subscriber_id, sp.package_id, sp.enabled),
        |mut q| {
            let s = q.from(Subscriber);
            let p = q.from(Package);
            q.filter(s.username.eq(username));
            q.filter(p.name.is_in(["movie", "sports"]));
            q.select((s.id, p.id, true))
        },
    )
    .returning(|sp| sp.package_id)
}

fn ids_of(username: &str) -> Select<SubscriberId> {
    Subscriber::filter(|s| s.username.eq(username)).column(|s| s.id)
}

/// A typed statement, by the line of the corpus it says the same as.
struct Case {
    line: usize,
    statement: ast::Statement,
    short: ast::Statement,
    /// Spellings of the corpus's line that the typed statement has otherwise.
    other_spelling: &'static [(&'static str, &'static str)],
}

macro_rules! case {
    ($cases:ident, $line:literal, $statement:expr $(, $other:expr)?) => {{
        let statement = $statement;
        statement.to_json().expect("nothing in it is ambiguous");
        #[allow(unused_mut, unused_assignments)]
        let mut other_spelling: &'static [(&'static str, &'static str)] = &[];
        $(other_spelling = $other;)?
        $cases.push(Case {
            line: $line,
            statement: statement.ast().to_statement(),
            short: statement.unqualified(),
            other_spelling,
        });
    }};
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    case!(
        cases,
        2,
        select(|mut q| {
            let m = q.from(Media);
            q.filter(m.is_tv.is(true)).order_by(m.name.asc());
            q.select((m.id, m.name, m.protocol, m.inet_addr, m.port))
        })
    );
    case!(
        cases,
        3,
        select(|mut q| {
            let s = q.from(Subscriber);
            q.order_by(s.username.asc());
            q.select((s.id, s.username, s.password))
        })
    );
    let packages = ["movie", "sports"].map(|name| NewPackage { name, paid: true });
    case!(cases, 4, insert_many(&packages));
    case!(
        cases,
        6,
        Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(true))
    );
    case!(
        cases,
        7,
        Terminal::delete(|t| t.subscriber_id.in_query(ids_of("test")))
    );
    case!(
        cases,
        9,
        select(|mut q| {
            let s = q.from(Subscriber);
            q.select((s.username, s.password))
        })
    );
    case!(
        cases,
        10,
        select(|mut q| {
            let m = q.from(Media);
            q.filter(m.is_tv.eq(true));
            q.select((m.name, mrl(m).named("mrl")))
        })
    );
    case!(
        cases,
        11,
        select(|mut q| {
            let t = q.from(Terminal);
            let s = q.left_join(Subscriber, |s| t.subscriber_id.eq(s.id));
            q.order_by(s.username.asc());
            q.select((t.inet_addr, t.mac_addr, s.username))
        })
    );
    case!(
        cases,
        12,
        insert(&NewSubscriber {
            username: "123456",
            password: "111"
        })
    );
    let mac: MacAddr = "11:22:33:44:55:77".parse().unwrap();
    case!(
        cases,
        13,
        insert_from(
            Terminal,
            |t| (t.subscriber_id, t.mac_addr, t.registered),
            |mut q| {
                let s = q.from(Subscriber);
                q.filter(s.username.eq("123456"));
                q.select((s.id, mac, true))
            },
        ),
        // The script gives an alias that it does not use.
        &[(r#"{"table": "subscriber", "as": "s"}"#, r#""subscriber""#)]
    );
    let packages = ["movie2", "sports2"].map(|name| NewPackage { name, paid: true });
    case!(cases, 14, insert_many(&packages));
    // Line 5 is the document's malformed print of the same statement.
    case!(cases, 15, subscribe("123456"));
    let toggled =
        Subscriber::update(|s| s.username.eq("123456")).set(|s| s.disabled.to(!s.disabled));
    case!(cases, 16, toggled.clone());
    case!(
        cases,
        17,
        toggled,
        // The script's own alternative, which it leaves commented out.
        &[(r#"{"subscriber": "disabled"}"#, r#""disabled""#)]
    );
    case!(
        cases,
        18,
        Terminal::delete(|t| t.subscriber_id.in_query(ids_of("123456")))
    );
    // Line 8 returns an `id` that no source shows this table to have.
    case!(
        cases,
        19,
        SubscriberPackage::delete(|sp| sp.subscriber_id.in_query(ids_of("123456")))
            .returning(|sp| sp.package_id)
    );
    case!(cases, 20, channels_at("235.10.10.1"));
    case!(cases, 21, channels_at("235.10.10.2"));
    case!(cases, 22, channels_at("235.10.10.3"));
    case!(cases, 23, values([(1, "a"), (2, "b"), (3, "c")]));
    case!(
        cases,
        24,
        select(|mut q| {
            let s = q.from(Subscriber);
            q.filter(s.username.in_values(["12345", "123456"]));
            q.select((s.username, s.password))
        })
    );
    case!(
        cases,
        25,
        select(|mut q| {
            let p = q.from(Package);
            let sp = q.join(SubscriberPackage, |sp| sp.package_id.eq(p.id));
            let s = q.join(Subscriber, |s| sp.subscriber_id.eq(s.id));
            q.filter(s.username.eq("123456")).order_by(p.name.asc());
            q.select((p.id, p.name))
        }),
        &[("s2p", "sp")]
    );
    case!(
        cases,
        26,
        select(|mut q| {
            let t = q.from(Terminal);
            let s = q.join(Subscriber, |s| t.subscriber_id.eq(s.id));
            q.filter(s.username.eq("123456"));
            q.select((t.id, t.inet_addr, t.mac_addr))
        })
    );
    case!(
        cases,
        27,
        Subscriber::update(|s| s.username.eq("123456")).set(|s| s.disabled.to(true))
    );
    case!(
        cases,
        28,
        SubscriberPackage::delete(|sp| {
            let packages = Package::filter(|p| p.name.is_in(["movie", "sports"])).column(|p| p.id);
            sp.subscriber_id
                .in_query(ids_of("123456"))
                .and(sp.package_id.in_query(packages))
        })
        .returning(|sp| sp.package_id)
    );
    case!(
        cases,
        31,
        Terminal::delete(|t| t.subscriber_id.in_query(ids_of("test"))),
        &[
            // What a server answers without `returning` is unknown: we always send it.
            ("}}}]}}", r#"}}}]}, "returning": "id"}"#)
        ]
    );
    case!(
        cases,
        32,
        select(|mut q| {
            let c = q.from(TvChannel);
            let cleared = regexp_replace(c.name, r"\s\(.*", "").named("cleared");
            q.select((cleared, c.name, c.id))
        }),
        // A dotted name is a text to a server that does not know the form.
        &[(r#""tv_channel.name""#, r#""name""#)]
    );
    case!(
        cases,
        33,
        select(|mut q| {
            let _ = q.from(TvChannel);
            q.select(count_rows())
        })
    );
    case!(
        cases,
        34,
        select(|mut q| {
            let m = q.from(Media);
            q.select(count(m.id))
        })
    );
    case!(
        cases,
        35,
        select(|mut q| {
            let t = q.from(Terminal);
            q.select(count_distinct(t.mac_addr))
        })
    );
    case!(
        cases,
        36,
        select(|mut q| {
            let m = q.from(Media);
            q.select((
                count_rows().named("cnt"),
                count_distinct(m.inet_addr).named("uniq"),
            ))
        })
    );
    case!(
        cases,
        37,
        select(|mut q| {
            let _ = q.from(TvChannel);
            q.select("COUNT(*) as count")
        })
    );
    case!(
        cases,
        38,
        select(|mut q| {
            let _ = q.from(TvChannel);
            q.select(("MAX(id) as max_id", "MIN(id) as min_id"))
        })
    );
    cases
}

#[test]
fn typed_statements_are_the_vendors_own() {
    for case in cases() {
        let (method, params) = corpus(case.line);
        let mut text = params;
        for (theirs, ours) in case.other_spelling {
            assert!(text.contains(theirs), "line {}: no {theirs}", case.line);
            text = text.replace(theirs, ours);
        }
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(case.short.method().as_str(), method, "line {}", case.line);
        assert_eq!(
            serde_json::to_value(&case.short).unwrap(),
            expected,
            "line {}",
            case.line
        );
    }
}

/// The line's method, and its params as they stand in the file.
fn corpus(line: usize) -> (String, String) {
    let text = CORPUS.lines().nth(line - 1).unwrap();
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let params = text.split_once(r#""params": "#).unwrap().1;
    let params = params.strip_suffix('}').unwrap();
    (
        value["method"].as_str().unwrap().to_owned(),
        params.to_owned(),
    )
}

/// The statements as they are sent by default and as SQL, to be read.
#[test]
fn the_default_spelling_and_the_sql() {
    let mut text = String::new();
    for Case {
        line, statement, ..
    } in cases()
    {
        let json = serde_json::to_string(&statement).unwrap();
        writeln!(text, "{line}: {statement:#}\n{json}\n").unwrap();
    }
    insta::assert_snapshot!(text);
}

/// What terminals played, with the channel and the programme's categories: the
/// reported request of line 29, typed. Its conditions stand without the `and`
/// of one, and its joins say that they are inner.
fn played() -> Select<(String, i64, MacAddr, String)> {
    select(|mut q| {
        let log = q.from(TerminalPlaylog);
        let channel = q.join(TvChannel, |channel| channel.id.eq(log.channel_id));
        let program = q.join(TvProgram, |program| {
            all([
                program.epg_provider_id.eq(36),
                log.start.gt(program.start),
                log.start.lt(program.stop),
                channel.id.eq(program.channel_id),
            ])
        });
        let cross = q.join(TvProgramCategory, |cross| cross.program_id.eq(program.id));
        let _ = q.join(TvCategory, |category| cross.category_id.eq(category.id));
        q.filter(log.start.gt("2020-02-17 00:00:00"));
        q.filter(log.start.lt("2020-04-20 00:00:00"));
        q.select((log.start, log.domain_id, log.mac_addr, channel.name))
    })
}

/// Lines 29 and 30, whose reports spell joins and output names in their own way.
#[test]
fn reported_requests_typed() {
    let counted = select(|mut q| {
        let mac_addr = q
            .from_select(|mut q| {
                let log = q.from(TerminalPlaylog);
                let channel = q.join(TvChannel, |channel| channel.id.eq(log.channel_id));
                q.select((log.mac_addr, channel.name))
            })
            .0;
        q.select((
            count_rows().named("rowcount"),
            count_distinct(mac_addr).named("uniques"),
        ))
    });
    insta::assert_snapshot!(format!(
        "{:#}\n{}\n\n{counted:#}\n{}\n",
        played(),
        played().to_json().unwrap(),
        counted.to_json().unwrap()
    ));
}
