//! Thousands of calls, a fifth of which go wrong; then the books are compared.
//!
//! `JSONSQL_STORM_OPERATIONS=20000` is the full size; `JSONSQL_STORM_SEED` chooses
//! other faults.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jsonsql::ast::Method;
use jsonsql::prelude::*;
use jsonsql_client::schema::{Media, MediaId};
use jsonsql_client::{Client, Error};
use jsonsql_sandbox::{Answered, Entry, Sandbox, Seed};
use serde_json::{Value, json};

use crate::proxy::Proxy;
use crate::weather::{FAULTS, Fault};

const AT_ONCE: usize = 16;

/// Operations take turns: each has a row of its own, so that what happened to
/// the row is what happened to the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Insert,
    Update,
    Delete,
    /// An insert in JSON from elsewhere: its method alone says that it writes.
    Json,
    Select,
    Batch,
}

const KINDS: [Kind; 9] = [
    Kind::Insert,
    Kind::Update,
    Kind::Select,
    Kind::Delete,
    Kind::Insert,
    Kind::Json,
    Kind::Update,
    Kind::Batch,
    Kind::Select,
];

fn kind(operation: usize) -> Kind {
    KINDS[operation % KINDS.len()]
}

/// What the client said became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Done,
    NotDone,
    Unknown,
}

#[derive(Insertable)]
#[insertable(table = Media)]
struct NewMedia {
    name: String,
    port: Option<i32>,
}

fn new_media(name: String) -> NewMedia {
    NewMedia {
        name,
        port: Some(0),
    }
}

/// One write and what was said of it; a read says nothing.
type Claim = (usize, Kind, Said);

fn said<T>(result: &Result<T, Error>) -> Said {
    match result {
        Ok(_) => Said::Done,
        Err(Error::Indeterminate(_)) => Said::Unknown,
        Err(Error::Decode(_) | Error::NoRow { .. } | Error::ManyRows { .. }) => {
            panic!("the rows are those of another call")
        }
        Err(_) => Said::NotDone,
    }
}

async fn operate(
    client: &Client,
    operation: usize,
    row: MediaId,
    unread: &AtomicUsize,
) -> Vec<Claim> {
    let inserted = || insert(&new_media(format!("i-{operation}")));
    let update = || Media::update(|m| m.id.eq(row)).set(|m| m.port.to(m.port + 1));
    let select = Media::filter(|m| m.id.eq(row));
    let checked = |found: Result<Vec<Media>, Error>| match found {
        Ok(found) => assert_eq!(found[0].name, format!("r-{operation}"), "another's answer"),
        Err(_) => _ = unread.fetch_add(1, Ordering::Relaxed),
    };
    let kind = kind(operation);
    match kind {
        Kind::Insert => {
            let result = client.fetch_one(&inserted()).await;
            vec![(operation, kind, said(&result))]
        }
        Kind::Update => {
            let result = client.execute(&update()).await;
            vec![(operation, kind, said(&result))]
        }
        Kind::Delete => {
            let delete = Media::delete(|m| m.id.eq(row));
            let result = client.execute(&delete).await;
            vec![(operation, kind, said(&result))]
        }
        Kind::Json => {
            let params = json!({
                "into": "media",
                "columns": ["name", "port"],
                "values": [[format!("i-{operation}"), 0]],
                "returning": ["id"]
            });
            let result = client.raw_json(Method::Insert, &params).await;
            vec![(operation, kind, said(&result))]
        }
        Kind::Select => {
            checked(client.fetch_all(&select).await);
            Vec::new()
        }
        Kind::Batch => {
            let (one, other) = (inserted(), update());
            let (one, read, other) = client.batch((&one, &select, &other)).await;
            checked(read);
            vec![
                (operation, Kind::Insert, said(&one)),
                (operation, Kind::Update, said(&other)),
            ]
        }
    }
}

/// How often each write was executed, by its row.
struct Books {
    inserts: BTreeMap<usize, u64>,
    ports: BTreeMap<usize, u64>,
}

impl Books {
    async fn of(sandbox: &Sandbox) -> Books {
        let numbered = |rows: Vec<Vec<Value>>| {
            let number = |row: &Vec<Value>| row[0].as_str().unwrap()[2..].parse().unwrap();
            let count = |row: &Vec<Value>| row[1].as_u64().unwrap();
            rows.iter().map(|row| (number(row), count(row))).collect()
        };
        let inserts = "SELECT name, count(*) FROM media WHERE name LIKE 'i-%' GROUP BY name";
        let ports = "SELECT name, port FROM media WHERE name LIKE 'r-%'";
        Books {
            inserts: numbered(sandbox.query(inserts).await.unwrap()),
            ports: numbered(sandbox.query(ports).await.unwrap()),
        }
    }

    fn executed(&self, operation: usize, kind: Kind) -> u64 {
        match kind {
            Kind::Insert | Kind::Json => self.inserts.get(&operation).copied().unwrap_or(0),
            Kind::Update => self.ports[&operation],
            Kind::Delete => u64::from(!self.ports.contains_key(&operation)),
            Kind::Select | Kind::Batch => unreachable!("no write"),
        }
    }
}

/// Deletes by number that found their row gone: the second time.
fn deleted_again(journal: &[Entry]) -> usize {
    let again = |entry: &&Entry| {
        entry.method == Some("delete") && entry.answer == Answered::Result && entry.changed == 0
    };
    journal.iter().filter(again).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_done_twice() {
    let setting =
        |name, default| std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let operations = setting("JSONSQL_STORM_OPERATIONS", 4000_usize);
    let seed = setting("JSONSQL_STORM_SEED", 5) as u64;
    let sandbox = crate::start(Seed::Empty).await;
    let rows: Vec<_> = (0..operations)
        .map(|row| new_media(format!("r-{row}")))
        .collect();
    let calm = crate::client(&sandbox);
    let mut ids = Vec::new();
    for rows in rows.chunks(5000) {
        let inserted = calm.insert_many(&insert_many(rows)).await.unwrap();
        ids.extend(inserted.all().unwrap());
    }
    let rows: Arc<[MediaId]> = ids.into();
    sandbox.take_journal();

    let proxy = Proxy::start(sandbox.address(), 20, seed).await;
    let client = crate::builder(&proxy.url)
        .backoff(Duration::from_millis(1), Duration::from_millis(10))
        .build()
        .unwrap();
    let begun = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let unread = Arc::new(AtomicUsize::new(0));
    let tasks = (0..AT_ONCE).map(|_| {
        let (client, next, rows) = (client.clone(), Arc::clone(&next), Arc::clone(&rows));
        let unread = Arc::clone(&unread);
        tokio::spawn(async move {
            let mut claims = Vec::new();
            loop {
                let operation = next.fetch_add(1, Ordering::Relaxed);
                let Some(row) = rows.get(operation) else {
                    return claims;
                };
                claims.extend(operate(&client, operation, *row, &unread).await);
            }
        })
    });
    let mut claims: Vec<Claim> = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        claims.extend(task.await.unwrap());
    }
    let took = begun.elapsed();

    let books = Books::of(&sandbox).await;
    let journal = sandbox.take_journal();
    let count = |by: &dyn Fn(Said, u64) -> bool| {
        let claims = claims.iter();
        claims
            .filter(|(operation, kind, said)| by(*said, books.executed(*operation, *kind)))
            .count()
    };
    let lost = count(&|said, executed| said == Said::Done && executed == 0);
    let twice = count(&|_, executed| executed > 1) + deleted_again(&journal);
    let denied = count(&|said, executed| said == Said::NotDone && executed > 0);
    let done = count(&|said, _| said == Said::Done);
    let not_done = count(&|said, _| said == Said::NotDone);
    let unknown = count(&|said, _| said == Said::Unknown);
    let unknown_done = count(&|said, executed| said == Said::Unknown && executed == 1);
    let mut faults = BTreeMap::<_, usize>::new();
    for fault in proxy.injected() {
        *faults.entry(fault).or_default() += 1;
    }
    let injected: usize = faults.values().sum();
    // Past the capture of tests: the figures are the point.
    let mut stdout = std::io::stdout();
    writeln!(
        stdout,
        "storm: {operations} operations, {injected} faults in {took:.1?}: {} writes, {done} done, \
         {not_done} not done, {unknown} unknown (of which {unknown_done} executed); \
         lost {lost}, twice {twice}, wrongly denied {denied}; \
         {} reads failed\nstorm: {faults:?}",
        claims.len(),
        unread.load(Ordering::Relaxed),
    )
    .unwrap();
    assert_eq!((lost, twice, denied), (0, 0, 0));
    assert!(injected * 100 > operations * 15, "it was no storm");
    let rare = usize::from(operations < 1000);
    assert!(faults.len() + rare >= FAULTS.len(), "every kind of fault");
    // What is not known was hidden by a fault: a batch has two writes.
    let hidden =
        |(fault, count): (&Fault, &usize)| count * usize::from(fault.hides_what_happened());
    let hiding: usize = faults.iter().map(hidden).sum();
    assert!(
        unknown <= 2 * hiding,
        "{unknown} unknown after {hiding} faults"
    );
    // The journal agrees with the tables: nothing was executed that no
    // operation accounts for.
    let executed: u64 = (claims.iter())
        .map(|(operation, kind, _)| books.executed(*operation, *kind))
        .sum();
    let changed = journal
        .iter()
        .filter(|entry| entry.method != Some("select"));
    assert_eq!(
        changed.map(|entry| entry.changed as u64).sum::<u64>(),
        executed
    );
    // The client is as good as new.
    calm.fetch_all(&Media::filter(|m| m.id.eq(rows[2])))
        .await
        .unwrap();
    assert!(done > claims.len() / 2);
}
