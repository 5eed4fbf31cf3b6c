//! What is read, and what is said when it cannot be.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context as Task, Poll};

use futures_util::Stream;
use jsonsql_client::model::Capabilities;
use jsonsql_client::model::{
    Command, NewSubscriber, NewSubscription, Package, Patch, Recipients, SubscriberId,
    SubscriberPatch, TerminalId, Timestamp,
};
use jsonsql_client::provisioning::memory::{Fault, Memory, MemoryRows, MemoryWrite, Row};
use jsonsql_client::provisioning::{
    Adapter, Audience, Backend, Context, Desired, Found, Identity, Key, Loaded, Operation, Plan,
    Platform, Proof, Records, Step, TerminalKey, Unplanned, View,
};
use jsonsql_client::{Error, Result};

use crate::{block_on, mac};

/// A platform in memory that has more subscribers than anybody reads, of which
/// every third cannot be read, and whose records take the lists to be told.
struct Wide {
    memory: Memory,
    ivanov: MemoryRows,
    read: Arc<AtomicUsize>,
}

impl Wide {
    fn new(memory: Memory) -> Wide {
        let ivanov = Memory::new().with(Row::new("ivanov"));
        let found = block_on(ivanov.load(&[Identity::new().login("ivanov")]));
        Wide {
            memory,
            ivanov: found.unwrap().found.remove(0),
            read: Arc::default(),
        }
    }
}

struct Endless {
    rows: MemoryRows,
    read: Arc<AtomicUsize>,
}

impl Stream for Endless {
    type Item = Result<Found<MemoryRows>>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        let number = self.read.fetch_add(1, Ordering::Relaxed) + 1;
        Poll::Ready(Some(Ok(match number % 3 {
            0 => Found::Unreadable {
                id: format!("row {number}"),
                reason: "`login`: expected a text".to_owned(),
            },
            _ => Found::Rows(self.rows.clone()),
        })))
    }
}

impl Platform for Wide {
    type Observed = MemoryRows;
    type Write = MemoryWrite;
    type Catalogue = Vec<Package>;

    fn name(&self) -> &'static str {
        "wide"
    }

    fn capabilities(&self) -> Capabilities {
        self.memory.capabilities()
    }

    fn identity(&self) -> &Identity {
        self.memory.identity()
    }

    async fn catalogue(&self) -> Result<Vec<Package>> {
        self.memory.catalogue().await
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<MemoryRows>> {
        self.memory.load(keys).await
    }

    fn load_all(&self) -> Records<'_, Found<MemoryRows>> {
        let rows = self.ivanov.clone();
        let read = Arc::clone(&self.read);
        Records::new(Endless { rows, read })
    }

    fn keys(&self, present: &MemoryRows) -> Vec<Key> {
        self.memory.keys(present)
    }

    fn view(&self, present: &MemoryRows, lists: Option<&Vec<Package>>, now: Timestamp) -> View {
        let mut view = self.memory.view(present, lists, now);
        view.needs_catalogue = lists.is_none();
        view
    }

    fn plan(
        &self,
        present: Option<&MemoryRows>,
        wanted: &Desired,
        context: &Context<'_, Wide>,
    ) -> Result<Plan<MemoryWrite>, Unplanned> {
        let others = Same(context);
        let lists = context.catalogue().ok();
        let context = Context::new(context.now(), lists, &others);
        self.memory.plan(present, wanted, &context)
    }

    fn after(&self, present: Option<&MemoryRows>, write: &MemoryWrite) -> Option<MemoryRows> {
        self.memory.after(present, write)
    }

    fn park(&self, present: &MemoryRows, key: &Key, temporary: &str) -> Option<Step<MemoryWrite>> {
        self.memory.park(present, key, temporary)
    }

    async fn perform(
        &self,
        write: &MemoryWrite,
        present: Option<&MemoryRows>,
    ) -> Result<Proof<MemoryRows>> {
        self.memory.perform(write, present).await
    }

    async fn send(&self, to: &Audience<'_, MemoryRows>, command: &Command) -> Result<()> {
        self.memory.send(to, command).await
    }
}

struct Same<'a>(&'a Context<'a, Wide>);

impl jsonsql_client::provisioning::Others<MemoryRows> for Same<'_> {
    fn holders(&self, key: &Key) -> Option<Vec<&MemoryRows>> {
        self.0.holders(key).ok()
    }

    fn is_reserved(&self, key: &Key) -> bool {
        self.0.is_reserved(key)
    }
}

#[test]
fn subscribers_come_as_they_are_read_and_a_row_that_cannot_be_is_named() {
    let wide = Adapter::new(Wide::new(Memory::new()));
    block_on(async {
        let mut subscribers = wide.subscribers();
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(match subscribers.next().await.unwrap() {
                Ok(subscriber) => subscriber.login,
                Err(error) => error.to_string(),
            });
        }
        let unreadable =
            "the row row 3 cannot be read: `login`: expected a text (list subscribers)";
        assert_eq!(seen, ["ivanov", "ivanov", unreadable, "ivanov"]);
        drop(subscribers);
        assert_eq!(wide.platform().read.load(Ordering::Relaxed), 4);
        let all = wide.subscribers().collect().await;
        assert!(matches!(all, Err(Error::Unreadable { .. })), "{all:?}");
    });
}

fn operations() -> Vec<Operation> {
    let ivanov = SubscriberId::from(1);
    let terminal = TerminalId::new(mac(1).to_string());
    vec![
        Operation::CreateSubscriber(NewSubscriber {
            external_ref: Some("c-9".into()),
            ..NewSubscriber::new("new")
        }),
        Operation::ChangeSubscriber(
            ivanov.clone(),
            SubscriberPatch {
                name: Patch::Set("Ivan".to_owned()),
                password: Some("planted".into()),
                ..SubscriberPatch::default()
            },
        ),
        Operation::DisableSubscriber(ivanov.clone()),
        Operation::DeleteSubscriber(ivanov.clone()),
        Operation::BindTerminal(ivanov.clone(), mac(3).into()),
        Operation::MoveTerminal(terminal.clone(), 2.into()),
        Operation::UnbindTerminal(terminal),
        Operation::AddSubscription(NewSubscription::new(ivanov.clone(), "sports".into())),
        Operation::Send(Recipients::Subscribers(vec![ivanov]), Command::Restart),
    ]
}

/// Makes the operation by its own method, which returns the record.
async fn make(platform: &dyn Backend, operation: &Operation) -> Result<()> {
    match operation {
        Operation::CreateSubscriber(new) => platform.create_subscriber(new).await.map(drop),
        Operation::ChangeSubscriber(id, patch) => {
            platform.change_subscriber(id, patch).await.map(drop)
        }
        Operation::DisableSubscriber(id) => platform.disable_subscriber(id).await.map(drop),
        Operation::BindTerminal(id, TerminalKey::Mac(mac)) => {
            platform.bind_terminal(id, *mac).await.map(drop)
        }
        Operation::MoveTerminal(id, to) => platform.move_terminal(id, to).await.map(drop),
        Operation::AddSubscription(new) => platform.add_subscription(new).await.map(drop),
        other => platform.apply(other).await.map(drop),
    }
}

/// Whichever request fails, and however: an operation that has written something,
/// or may have, says neither that it did not nor that something is missing.
#[test]
fn a_write_is_not_denied_by_the_read_after_it() {
    let faults = [
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::Rejected,
        Fault::Dead,
    ];
    let (mut told, mut wrong) = (0, Vec::new());
    for operation in operations() {
        for (fault, nth) in faults
            .into_iter()
            .flat_map(|one| (1..9).map(move |n| (one, n)))
        {
            for proves in [true, false] {
                let memory = Memory::new()
                    .package("sports", "Sports")
                    .with(Row::new("ivanov").terminal(mac(1)))
                    .with(Row::new("petrov").terminal(mac(2)));
                let memory = match proves {
                    true => memory,
                    false => memory.proving_nothing(),
                };
                let before = memory.rows();
                memory.fail(nth, fault);
                let platform = Adapter::new(Wide::new(memory.clone()));
                let made = block_on(make(&platform, &operation));
                let has_written = memory.rows() != before;
                told += usize::from(has_written && made.is_err());
                let is_told =
                    |error: &Error| error.is_indeterminate() || matches!(error, Error::Partial(_));
                match made {
                    Err(error) if has_written && !is_told(&error) => {
                        let name = operation.name();
                        wrong.push(format!("{name}, request {nth}, {fault:?}: {error}"));
                    }
                    _ => {}
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(told > 20, "{told}");
}
