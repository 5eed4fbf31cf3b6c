//! Calls of every kind, and what the client says became of them.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jsonsql::ast::Method;
use jsonsql::prelude::*;
use jsonsql_client::ministra::{AccountNumber, Ministra};
use jsonsql_client::tvip::{AccountId, AccountSubscriptionFilter, Tvip};
use jsonsql_client::{Client, ClientBuilder, Error};
use serde_json::json;

use crate::luck::Luck;
use crate::server::Journal;
use crate::{DEADLINE, LONGEST_ANSWER, MARGIN};

#[derive(Debug, Clone, Table)]
#[table(name = "subscriber")]
#[allow(dead_code, reason = "what is in a row is not looked at")]
struct Subscriber {
    #[column(key, generated)]
    id: i64,
    username: String,
    password: Option<String>,
    #[column(default)]
    disabled: bool,
}

#[derive(Insertable)]
#[insertable(table = Subscriber)]
struct NewSubscriber {
    username: String,
}

/// What the client said became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Done,
    NotDone,
    Unknown,
}

fn said<T>(result: &Result<T, Error>) -> Said {
    match result {
        Ok(_) => Said::Done,
        Err(error) if error.is_indeterminate() => Said::Unknown,
        Err(Error::Decode(_) | Error::NoRow { .. } | Error::ManyRows { .. }) => Said::Done,
        Err(_) => Said::NotDone,
    }
}

/// A write, what was said of it, and whether it may be done twice.
struct Claim {
    number: u64,
    said: Said,
    repeatable: bool,
    /// The last error, for whoever looks for the reason.
    error: String,
}

/// So many claims wait before they are compared: a server may do what it was
/// asked when nobody waits for it any more.
const PATIENCE: usize = 4096;

pub(crate) struct Shared {
    address: SocketAddr,
    journal: Journal,
    clients: Mutex<Arc<Clients>>,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    next: u64,
    claims: VecDeque<Claim>,
    /// How often what was said, by the kind of call.
    counts: BTreeMap<(&'static str, Said), u64>,
    reads: BTreeMap<(&'static str, bool), u64>,
    lies: Vec<String>,
    longest: (Duration, &'static str),
}

impl Shared {
    pub(crate) fn new(address: SocketAddr, journal: Journal) -> Shared {
        Shared {
            address,
            journal,
            clients: Mutex::new(Arc::new(Clients::new(address, &mut Luck::new(0, 0)))),
            books: Mutex::default(),
        }
    }

    pub(crate) fn figures(&self) -> String {
        let books = self.books.lock().unwrap();
        let writes: u64 = books.counts.values().sum();
        let reads: u64 = books.reads.values().sum();
        format!(
            "{writes} writes {:?}, {reads} reads {:?}",
            books.counts, books.reads
        )
    }

    pub(crate) fn longest(&self) -> (Duration, &'static str) {
        self.books.lock().unwrap().longest
    }

    pub(crate) fn lies(&self) -> Vec<String> {
        self.books.lock().unwrap().lies.clone()
    }

    /// Compares what has not been compared yet.
    pub(crate) fn check_the_rest(&self) {
        let mut books = self.books.lock().unwrap();
        while let Some(claim) = books.claims.pop_front() {
            self.check(&mut books, &claim);
        }
    }

    /// A fuzz that shows one side only shows nothing.
    pub(crate) fn assert_that_all_was_seen(&self) {
        let books = self.books.lock().unwrap();
        for kind in ["insert", "idempotent update", "raw JSON", "batch"] {
            for said in [Said::Done, Said::NotDone, Said::Unknown] {
                assert!(
                    books.counts.contains_key(&(kind, said)),
                    "no {kind} was {said:?}"
                );
            }
        }
        for kind in ["select", "page", "ministra", "tvip"] {
            for read in [true, false] {
                assert!(
                    books.reads.contains_key(&(kind, read)),
                    "every {kind} was {read}"
                );
            }
        }
    }

    fn number(&self) -> u64 {
        let mut books = self.books.lock().unwrap();
        books.next += 1;
        books.next
    }

    fn claim<T>(
        &self,
        kind: &'static str,
        number: u64,
        repeatable: bool,
        result: &Result<T, Error>,
    ) {
        let said = said(result);
        let error = result.as_ref().err().map(ToString::to_string);
        let mut books = self.books.lock().unwrap();
        *books.counts.entry((kind, said)).or_default() += 1;
        books.claims.push_back(Claim {
            number,
            said,
            repeatable,
            error: error.unwrap_or_default().chars().take(200).collect(),
        });
        if books.claims.len() > PATIENCE {
            let claim = books.claims.pop_front().unwrap();
            self.check(&mut books, &claim);
        }
    }

    fn check(&self, books: &mut Books, claim: &Claim) {
        let executed = self
            .journal
            .lock()
            .unwrap()
            .remove(&claim.number)
            .unwrap_or(0);
        let is_right = match claim.said {
            Said::Done => executed >= 1,
            Said::NotDone => executed == 0,
            Said::Unknown => true,
        };
        if !is_right || (executed > 1 && !claim.repeatable) {
            let Claim {
                number,
                said,
                error,
                ..
            } = claim;
            books.lies.push(format!(
                "write {number} was executed {executed} times and said to be {said:?}: {error}"
            ));
        }
    }

    fn read<T>(&self, kind: &'static str, result: &Result<T, Error>) {
        if let Err(error) = result {
            // Whoever shows an error must not panic at it either.
            let shown = format!("{error} {error:?} {:?}", error.place());
            assert!(!shown.contains(PASSWORD), "{shown}");
        }
        let mut books = self.books.lock().unwrap();
        *books.reads.entry((kind, result.is_ok())).or_default() += 1;
    }
}

const PASSWORD: &str = "hunter2-PlantedPassword";

/// Calls one after another.
pub(crate) struct Caller {
    shared: Arc<Shared>,
    luck: Luck,
    number: u64,
}

/// The clients of all callers, for a while: what they have learnt of the server is
/// forgotten with them.
struct Clients {
    portal: Client,
    ministra: Ministra,
    tvip: Tvip,
}

impl Clients {
    fn new(address: SocketAddr, luck: &mut Luck) -> Clients {
        let portal = Client::builder().url(format!("http://{address}/api"));
        let ministra = Ministra::builder().url(format!("http://{address}/ministra/api"));
        let tvip = Tvip::builder().url(format!("http://{address}/tvip/api/provider"));
        let portal = limits(portal, luck)
            .max_batch_calls(3)
            .login_cool_down(Duration::from_millis(1));
        Clients {
            portal: portal.build().unwrap(),
            ministra: limits(ministra, luck)
                .list_timeout(DEADLINE)
                .build()
                .unwrap(),
            tvip: limits(tvip, luck).page_rows(2).build().unwrap(),
        }
    }
}

fn limits<P>(builder: ClientBuilder<P>, luck: &mut Luck) -> ClientBuilder<P> {
    let budget = if luck.percent(50) { u32::MAX } else { 10 };
    builder
        .credentials("billing", PASSWORD)
        .connect_timeout(DEADLINE / 4)
        .attempt_timeout(DEADLINE / 3)
        .total_timeout(DEADLINE)
        .max_attempts(1 + luck.below(4) as u32)
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .max_concurrency(64)
        .retry_budget(budget)
        .max_response_bytes(LONGEST_ANSWER)
}

/// For how long clients are used. To make one reads the system's certificates.
const LIFE: Duration = Duration::from_secs(4);

impl Caller {
    pub(crate) fn new(shared: Arc<Shared>, seed: u64, number: u64) -> Caller {
        Caller {
            shared,
            luck: Luck::new(seed, (1 << 40) + number),
            number,
        }
    }

    pub(crate) async fn run(mut self, until: Instant) {
        let mut begun = Instant::now();
        while Instant::now() < until {
            if self.number == 0 && begun.elapsed() > LIFE {
                begun = Instant::now();
                let clients = Clients::new(self.shared.address, &mut self.luck);
                *self.shared.clients.lock().unwrap() = Arc::new(clients);
            }
            let clients = Arc::clone(&self.shared.clients.lock().unwrap());
            self.call(&clients).await;
        }
    }

    async fn call(&mut self, clients: &Clients) {
        let (client, shared) = (&clients.portal, Arc::clone(&self.shared));
        match self.luck.below(10) {
            0 | 1 => {
                let number = shared.number();
                let insert = new_subscriber(number);
                let made = self.timed(client.execute(&insert).into_future()).await;
                shared.claim("insert", number, false, &made);
            }
            2 => {
                let number = shared.number();
                let update = rename(number);
                let call = client.execute(&update).idempotent();
                let made = self.timed(call.into_future()).await;
                shared.claim("idempotent update", number, true, &made);
            }
            3 => {
                let number = shared.number();
                let params = json!({"into": "media", "columns": ["name"], "values": [[format!("write-{number}")]]});
                let call = client.raw_json(Method::Insert, &params);
                let made = self.timed(call.into_future()).await;
                shared.claim("raw JSON", number, false, &made);
            }
            4 | 5 => self.batch(client).await,
            6 => {
                let ids = Subscriber::all().column(|s| s.id);
                let read = self.timed(client.fetch_all(&ids).into_future()).await;
                shared.read("select", &read);
            }
            7 => {
                let mut pages = client.stream(&Subscriber::all());
                for _ in 0..9 {
                    let Some(row) = self.timed(pages.next()).await else {
                        break;
                    };
                    shared.read("page", &row);
                }
            }
            8 => {
                let ministra = &clients.ministra;
                let number: AccountNumber = AccountNumber::new("123").unwrap();
                match self.luck.below(3) {
                    0 => shared.read(
                        "ministra",
                        &self.timed(ministra.accounts().get(number)).await,
                    ),
                    1 => shared.read("ministra", &self.timed(ministra.accounts().list()).await),
                    _ => shared.read("ministra", &self.timed(ministra.tariffs().list()).await),
                }
            }
            _ => {
                if self.luck.percent(50) {
                    let account = clients.tvip.accounts().get(AccountId(4333));
                    shared.read("tvip", &self.timed(account).await);
                    return;
                }
                let filter = AccountSubscriptionFilter {
                    account: Some(AccountId(4333)),
                    ..AccountSubscriptionFilter::default()
                };
                let list = clients.tvip.account_subscriptions().list(filter);
                // Two pages, and once all that there is.
                let list = self.timed_for(4, "tvip list", list.collect()).await;
                shared.read("tvip", &list);
            }
        }
    }

    async fn batch(&mut self, client: &Client) {
        let shared = Arc::clone(&self.shared);
        let numbers = [shared.number(), shared.number(), shared.number()];
        let (one, two) = (new_subscriber(numbers[0]), rename(numbers[1]));
        let select = Subscriber::all().column(|s| s.id);
        let delete = Subscriber::delete(|s| s.username.eq(format!("write-{}", numbers[2])));
        // In two requests.
        let batch = client.batch((&one, &select, &two, &delete));
        let (one, read, two, three) = self.timed_for(2, "batch", batch.into_future()).await;
        shared.read("select", &read);
        shared.claim("batch", numbers[0], false, &one);
        shared.claim("batch", numbers[1], false, &two);
        shared.claim("batch", numbers[2], false, &three);
    }

    async fn timed<T>(&self, call: impl Future<Output = T>) -> T {
        self.timed_for(1, "one call", call).await
    }

    /// Of something that makes so many calls, each with a deadline.
    async fn timed_for<T>(
        &self,
        calls: u32,
        kind: &'static str,
        call: impl Future<Output = T>,
    ) -> T {
        let begun = Instant::now();
        let limit = (DEADLINE + MARGIN) * calls * 10;
        let made = tokio::time::timeout(limit, call).await;
        let mut books = self.shared.books.lock().unwrap();
        let late = begun.elapsed().saturating_sub(DEADLINE * (calls - 1));
        books.longest = books.longest.max((late, kind));
        drop(books);
        made.expect("a call ends by itself")
    }
}

fn new_subscriber(number: u64) -> Insert<Subscriber, i64> {
    insert(&NewSubscriber {
        username: format!("write-{number}"),
    })
}

fn rename(number: u64) -> Update<Subscriber, i64> {
    Subscriber::update(|s| s.id.eq(1)).set(|s| s.username.to(format!("write-{number}")))
}
