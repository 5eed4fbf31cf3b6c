//! Values that the server alters, and records that come into being twice.

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use jiff::tz::TimeZone;
use jsonsql_client::model::Patch;
use jsonsql_client::provisioning::{
    ClosedWorld, Conflict, Context, Desired, Executor, Found, Platform, Unplanned,
};
use jsonsql_client::provisioning::{MARK, Ministra, MinistraRows};
use serde_json::json;

use super::stage::{Stage, account, adapter, wanted, with};
use crate::block_on;
use crate::outcome::show;

fn with_name(name: &str) -> Desired {
    Desired {
        name: Patch::Set(name.to_owned()),
        ..wanted("a", "c1")
    }
}

fn with_note(note: &str) -> Desired {
    Desired {
        note: Patch::Set(note.to_owned()),
        ..wanted("a", "c1")
    }
}

fn with_password(password: &str) -> Desired {
    Desired {
        password: Some(password.into()),
        ..wanted("a", "c1")
    }
}

/// Of a new subscriber and of one that is there.
fn outcomes(desired: &Desired) -> [String; 2] {
    [Stage::new([]), Stage::new([account("a", "c1", 0, &[])])].map(|stage| {
        let jobs = vec![stage.job(desired.clone())];
        let reports = block_on(Executor::new(&stage).run(jobs));
        let text = show(&reports[0].outcome);
        assert!(
            text.starts_with("left: ") == (stage.writes() == 0),
            "{text}"
        );
        text
    })
}

#[test]
fn what_would_be_another_value_is_refused_by_the_fields_name() {
    let long = "x".repeat(65_536);
    for (desired, reason) in [
        (with_name("NOW()"), "`name` is the name of a function"),
        (
            with_name(" \t now() \n"),
            "`name` is the name of a function",
        ),
        (with_note("CurDate()"), "`note` is the name of a function"),
        (
            Desired {
                phone: Patch::Set("CURTIME()".into()),
                ..wanted("a", "c1")
            },
            "`phone` is the name of a function",
        ),
        (
            with_password("now()"),
            "the password is the name of a function",
        ),
        (with_password("secret😀"), "the password has a character"),
        (
            with_name(&"я".repeat(65)),
            "`name` is longer than 64 characters",
        ),
        (with_note(&long), "`note` is longer than 65535 bytes"),
        (
            with_note(&"я".repeat(40_000)),
            "`note` is longer than 65535 bytes",
        ),
    ] {
        for outcome in outcomes(&desired) {
            assert!(outcome.starts_with("left: "), "{outcome}");
            assert!(outcome.contains(reason), "{outcome} without {reason}");
        }
    }
    let marked = &outcomes(&with_note(MARK))[1];
    assert!(
        marked.contains("by which further accounts are known"),
        "{marked}"
    );
    for name in ["NOW", "now() and then", "NOW( )", "SYSDATE()"] {
        let [new, there] = outcomes(&with_name(name));
        assert_eq!(
            (new.as_str(), there.as_str()),
            ("Made", "Adopted"),
            "{name}"
        );
    }
}

#[test]
fn characters_that_the_server_has_not_are_a_loss_and_the_second_run_writes_nothing() {
    let stage = Stage::new([]);
    let shown = stage.run(&[stage.job(with_name("Anna 😀 Ж"))]);
    insta::assert_snapshot!(shown, @r"
    Made: create the account (account)
      loses name: the server has no characters of four bytes, such as emoji: a `?` is written in place of each
      a c1 on [] {} Anna ? Ж
    ");
}

#[test]
fn identifiers_that_mean_something_else_are_refused() {
    let mac_like = "00:1A:79:00:00:01";
    for (login, reference, reason) in [
        (
            "0",
            "c1",
            "the login is 0, which the server takes for everybody",
        ),
        ("a b", "c1", "the login has a character in it"),
        (mac_like, "c1", "is taken for a MAC address"),
        ("a", "0", "the external reference is 0"),
        ("a", "c/1", "the external reference has a comma or a slash"),
        ("a", mac_like, "is taken for a MAC address"),
    ] {
        let stage = Stage::new([]);
        let jobs = vec![stage.job(wanted(login, reference))];
        let reports = block_on(Executor::new(&stage).run(jobs));
        let outcome = show(&reports[0].outcome);
        assert!(outcome.contains(reason), "{outcome}");
        assert_eq!(stage.writes(), 0);
    }
}

#[test]
fn a_second_account_of_the_same_login_is_a_conflict_and_not_a_success() {
    let stage = Stage::new([]).with_rival();
    let jobs = vec![stage.job(wanted("a", "c1"))];
    let reports = block_on(Executor::new(&stage).run(jobs));
    assert_eq!(show(&reports[0].outcome), "ambiguous: login a");
    assert_eq!(stage.all()[0].iter().count(), 2);
}

#[test]
fn the_end_of_a_plan_is_seen_where_the_zone_of_the_servers_clock_is_known() {
    let ends = with(
        account("a", "c1", 1, &[2]),
        "tariff_expired_date",
        json!("2026-12-01 03:00:00"),
    );
    let stage = Stage::new([ends]);
    let rows = &stage.all()[0];
    let until = |ministra: &Ministra, now: &str| {
        let view = ministra.view(rows, None, now.parse().unwrap());
        let plan = view.subscriptions.into_iter().next().unwrap();
        assert_eq!(plan.package.as_str(), "plan:basic");
        (plan.until.map(|until| until.to_string()), plan.active)
    };
    let moscow = adapter().time_zone(TimeZone::fixed(jiff::tz::offset(3)));
    let ends = Some("2026-12-01T00:00:00Z".to_owned());
    assert_eq!(until(&moscow, "2026-11-30T23:59:59Z"), (ends.clone(), true));
    assert_eq!(until(&moscow, "2026-12-01T00:00:00Z"), (ends, false));
    assert_eq!(until(&adapter(), "2027-01-01T00:00:00Z"), (None, true));
}

/// By a number, the server finds whatever its collation takes as equal.
#[test]
fn accounts_of_another_number_that_the_server_finds_by_this_one_are_touched_by_nobody() {
    let ministra = adapter();
    let accounts = [account("a", "c1", 0, &[]), account("b", "c2", 0, &[])];
    let accounts = accounts.map(|account| serde_json::from_value(account).unwrap());
    let rows = MinistraRows::new(accounts);
    let others = ClosedWorld::new(&ministra, vec![rows.clone()]);
    let context = Context::new(jiff::Timestamp::UNIX_EPOCH, None, &others);
    let off = Desired {
        enabled: Some(false),
        ..Desired::existing()
    };
    for desired in [off, Desired::absent()] {
        let plan = ministra.plan(Some(&rows), &desired, &context);
        let key = ministra.identity().reference(&"c2".into());
        assert_eq!(
            plan.err(),
            Some(Unplanned::Refused(Conflict::Ambiguous { key }))
        );
    }
}

/// A server that answers everything with this.
fn answering(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/stalker_portal/api/",
        listener.local_addr().unwrap()
    );
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            let length = body.len();
            write!(stream, "{head}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
        }
    });
    url
}

#[test]
fn an_account_that_cannot_be_read_spoils_itself_and_its_subscriber_alone() {
    let url = answering(
        r#"{"status":"OK","results":[
            {"login":"a","account_number":"c1","status":1,"subscribed_id":["2"]},
            {"login":"a-2","account_number":"C1","status":1,"subscribed_id":["planted"]},
            {"login":"b","account_number":"","status":"1","subscribed_id":[]},
            {"login":null,"account_number":7,"stb_mac":"00:1A:79:00:00:07","status":1},
            {"login":"d"}]}"#,
    );
    let client = jsonsql_client::ministra::Ministra::builder()
        .url(url)
        .build()
        .unwrap();
    let ministra = Ministra::new(client);
    let all = block_on_io(async { ministra.load_all().collect().await.unwrap() });
    let shown: Vec<String> = (all.iter())
        .map(|found| match found {
            Found::Rows(rows) => format!(
                "{} rows of {:?}",
                rows.iter().count(),
                ministra.keys(rows)[0].text()
            ),
            Found::Unreadable { id, reason } => format!("{id}: {reason}"),
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    a: another account of its number cannot be read
    1 rows of "b"
    1 rows of "7"
    a-2: `subscribed_id` cannot be read
    d: `.` cannot be read
    "#);
}

fn block_on_io<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}
