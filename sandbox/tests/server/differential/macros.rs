//! Statements of `sql!` give the rows that PostgreSQL gives for the same words.
//!
//! A statement is written once. `sql!` makes of it what is sent to the sandbox
//! on both engines; its words, with the tables' names for those of the structs
//! and texts in single quotes, are run by PostgreSQL. `*` of a table is not among
//! them: it is the columns of the struct here, and all of the table there.

use jsonsql::prelude::*;
use jsonsql::{Dialect, Statement};
use serde_json::{Value, json};

use super::engines::Engines;
use super::statement::Asked;
use super::{Counts, batch, compare, direct};
use crate::cluster;

#[derive(Table)]
#[expect(dead_code, reason = "only its columns are used")]
struct Subscriber {
    #[column(key, generated)]
    id: i64,
    username: String,
    password: Option<String>,
    #[column(default)]
    disabled: bool,
    email: Option<String>,
    max_terminal: Option<i32>,
    surname: Option<String>,
    billing: Option<String>,
}

#[derive(Table)]
#[expect(dead_code, reason = "only its columns are used")]
struct Terminal {
    #[column(key, generated)]
    id: i64,
    subscriber_id: Option<i64>,
    mac_addr: Option<MacAddr>,
    #[column(default)]
    registered: bool,
}

#[derive(Table)]
#[expect(dead_code, reason = "only its columns are used")]
struct Media {
    #[column(key, generated)]
    id: i64,
    name: String,
    protocol: Option<String>,
    port: Option<i32>,
    #[column(default)]
    is_tv: bool,
}

#[derive(Table)]
#[expect(dead_code, reason = "only its columns are used")]
struct Package {
    #[column(key, generated)]
    id: i64,
    name: String,
    #[column(default)]
    paid: bool,
}

#[derive(Table)]
#[expect(dead_code, reason = "only its columns are used")]
struct SubscriberPackage {
    #[column(key, generated)]
    id: i64,
    subscriber_id: i64,
    package_id: i64,
    #[column(default)]
    enabled: bool,
}

/// A statement that is sent, and its words as PostgreSQL reads them.
struct Case {
    asked: Asked,
    text: String,
}

fn case(statement: &impl Statement, words: &str) -> Case {
    // Refuses what the client would not send.
    let _ = statement.params(&Dialect::default()).unwrap();
    let text = text(words);
    Case {
        asked: Asked {
            method: statement.ast().method().as_str(),
            params: serde_json::to_value(statement.ast()).unwrap(),
            ordered: text.to_lowercase().contains("order by"),
        },
        text,
    }
}

/// The words of `sql!` in SQL.
fn text(words: &str) -> String {
    let mut text = String::new();
    let mut word = String::new();
    for letter in words.chars().chain([' ']) {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        let word = std::mem::take(&mut word);
        text.push_str(match word.as_str() {
            "Subscriber" => "subscriber",
            "Terminal" => "terminal",
            "Media" => "media",
            "Package" => "package",
            "SubscriberPackage" => "subscriber_package",
            other => other,
        });
        text.push(if letter == '"' { '\'' } else { letter });
    }
    text
}

macro_rules! cases {
    ($({ $($words:tt)* })*) => {
        vec![$(case(&sql! { $($words)* }, stringify!($($words)*))),*]
    };
}

fn reads() -> Vec<Case> {
    cases! {
        { select q.* from (select p.id, p.name, p.paid from Package as p) as q order by id }
        { select id, name from Package where paid order by name desc }
        { select s.username from Subscriber as s where s.disabled = true order by s.username }
        { select s.username from Subscriber as s where not s.disabled and s.max_terminal > 3 order by s.id }
        { select count(*), count(s.password), min(s.max_terminal), max(s.max_terminal), sum(s.max_terminal) from Subscriber as s }
        { select t.subscriber_id, count(*) as boxes from Terminal as t group by t.subscriber_id order by boxes desc, t.subscriber_id }
        { select t.subscriber_id, count(*) from Terminal as t group by 1 having count(*) between 2 and 3 order by 2 desc, 1 }
        { select s.username, t.mac_addr from Terminal as t left join Subscriber as s on s.id = t.subscriber_id order by t.id limit 20 }
        { select s.username, p.name from Subscriber as s join SubscriberPackage as sp on sp.subscriber_id = s.id
          join Package as p on p.id = sp.package_id where sp.enabled order by s.username, p.name }
        { select s.username from Subscriber as s, Package as p where s.id = p.id order by s.id }
        { select s.username, p.name from Subscriber as s cross join Package as p where p.paid and s.id < 4 order by s.id, p.id }
        { select s.username from Subscriber as s where s.username in ("12345", "test", "nobody") order by 1 }
        { select s.username from Subscriber as s where s.id not in (select t.subscriber_id from Terminal as t where t.subscriber_id is not null) order by s.id }
        { select s.username from Subscriber as s where s.id in (select t.subscriber_id from Terminal as t) order by s.id }
        { select s.username from Subscriber as s where exists (select 1 from Terminal as t where t.subscriber_id = s.id and t.registered) order by s.id }
        { select s.username from Subscriber as s where not exists (select 1 from SubscriberPackage as sp where sp.subscriber_id = s.id) order by s.id }
        { select s.username, (select count(*) from Terminal as t where t.subscriber_id = s.id) from Subscriber as s order by s.id }
        { select s.id from Subscriber as s where s.max_terminal = (select max(o.max_terminal) from Subscriber as o) order by s.id }
        { select s.id from Subscriber as s where s.password is null or s.email is not null order by s.id }
        { select s.id from Subscriber as s where s.password is distinct from "test" order by s.id }
        { select s.id from Subscriber as s where s.password is not distinct from s.username order by s.id }
        { select s.id from Subscriber as s where s.email is distinct from s.billing order by s.id }
        { select s.id from Subscriber as s where s.max_terminal is not distinct from 5 order by s.id }
        { select m.id, m.port from Media as m where m.port between 1 and 5000 order by m.port, m.id }
        { select m.id from Media as m where m.port not between 1 and 5000 order by m.id }
        { select m.id from Media as m where m.port + 1 between 1 and 5000 or lower(m.name) between "a" and "m" order by m.id }
        { select m.name from Media as m where m.name like "%a%" and m.name not like "A%" order by m.id }
        { select m.name from Media as m where m.name ilike "a%" order by m.id }
        { select m.protocol || "://" || m.name from Media as m order by m.id }
        { select coalesce(s.password, s.email, "none") from Subscriber as s order by s.id }
        { select upper(s.username), length(s.username), lower(s.surname) as low from Subscriber as s order by low nulls last, s.id }
        { select s.surname from Subscriber as s order by s.surname desc nulls first, s.id limit 7 offset 2 }
        { select distinct s.disabled, s.max_terminal from Subscriber as s order by s.disabled, s.max_terminal }
        { select m.id * 2 + 1, m.id % 3, m.id / 2, -m.id, 7 - m.id - 1 from Media as m order by m.id }
        { select s.id from Subscriber as s where s.disabled is not true and (s.max_terminal < 3 or s.max_terminal > 4 and s.id > 2) order by s.id }
        { select s.id from Subscriber as s where (s.max_terminal > 3) is true is not false order by s.id }
        { select s.id, s.max_terminal = 5, s.password is null from Subscriber as s order by s.id }
        { select s.username, q.boxes from Subscriber as s, (select t.subscriber_id as owner, count(*) as boxes from Terminal as t
          group by t.subscriber_id) as q where q.owner = s.id and q.boxes > 1 order by q.boxes desc, s.id }
        { select * from (select m.id, lower(m.name) as low from Media as m where m.is_tv) as q where q.id > 2 order by low, id }
        { select max(q.count) from (select count(*) from SubscriberPackage as sp group by sp.subscriber_id) as q }
        { select count(distinct t.subscriber_id) from Terminal as t where t.registered }
        { select s.id from Subscriber as s where s.id in (select q.owner from (select t.subscriber_id as owner from Terminal as t) as q where q.owner > 1) order by s.id }
        { select replace(p.name, "a", "o"), substr(p.name, 2, 3), btrim(p.name), strpos(p.name, "i") from Package as p order by p.id }
        { select 1, true, "a" }
    }
}

fn writes() -> Vec<Case> {
    cases! {
        { insert into Package (name, paid) values ("macro-1", true), ("macro-2", false) returning name, paid }
        { insert into Package (name, paid) select m.name, m.is_tv from Media as m where m.port > 1 returning name, paid }
        { update Subscriber as s set disabled = not s.disabled, max_terminal = s.max_terminal + 1
          where s.password is not null and s.id < 5 returning s.id, s.disabled, s.max_terminal }
        { update Subscriber as s set password = null where s.id in (select t.subscriber_id from Terminal as t where t.registered) returning s.id, s.password }
        { update Subscriber as s set disabled = t.registered from Terminal as t where t.subscriber_id = s.id and t.id = 2 returning s.id, s.disabled }
        { update Subscriber as s set max_terminal = (select max(o.max_terminal) from Subscriber as o where o.id <> s.id)
          where s.id < 3 returning s.id, s.max_terminal }
        { delete from SubscriberPackage as sp using Subscriber as s where sp.subscriber_id = s.id and s.disabled returning sp.id }
        { delete from Package as p where not exists (select 1 from SubscriberPackage as sp where sp.package_id = p.id) and p.name like "macro%" returning p.name }
        { select s.id, s.disabled, s.max_terminal, s.password from Subscriber as s order by s.id }
        { select p.name, p.paid from Package as p order by p.name, p.id }
        { select sp.id, sp.enabled from SubscriberPackage as sp order by sp.id }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_of_the_macro_agree_everywhere() {
    if cluster::database().await.is_none() {
        return;
    }
    let engines = Engines::start().await;
    let mut counts = Counts::default();
    let cases: Vec<Case> = reads().into_iter().chain(writes()).collect();
    for Case { asked, text } in &cases {
        let mut answers = Vec::new();
        for client in &engines.clients {
            answers.extend(batch(client, std::iter::once(asked)).await);
        }
        let plain = direct::run(&engines.direct, text).await;
        let plain = plain.map(|rows| json!(rows)).unwrap_or_else(Value::String);
        let before = counts.differences.len();
        compare(0, asked, &answers[0], &answers[1], &plain, &mut counts);
        if counts.differences.len() > before {
            counts.differences.push(format!("  of the text {text}"));
        }
    }
    for difference in &counts.differences {
        crate::say(difference);
    }
    crate::say(&format!(
        "{} statements of sql!: {} with rows",
        cases.len(),
        counts.rows
    ));
    assert_eq!(counts.differences.len(), 0, "differences, above");
    assert_eq!(counts.rows, cases.len(), "one was refused everywhere");
    assert!(cases.len() >= 40);
}
