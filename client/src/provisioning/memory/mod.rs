//! A platform in memory, for the tests of a billing and of this crate.

mod fields;
mod packages;
mod plan;
mod platform;
mod row;
mod server;
mod terminals;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;

pub use row::{Held, MemoryRows, MemoryWrite, Row};
use server::Server;
pub use server::{Fault, Requests};

use super::identity::{Collation, Identity, KeyKind};
use crate::error::Refusal;
use crate::model::{Package, PackageId, PackageKind, Timestamp};

/// The way in which the rows of a [`Memory`] represent subscribers and terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Layout {
    /// A subscriber is a row with a number, which has all its terminals.
    #[default]
    RowPerSubscriber,
    /// A row has one terminal at the most, and is addressed by its login; rows
    /// with one reference are one subscriber, as on Ministra.
    RowPerTerminal,
}

/// A platform in memory, with rows, faults and latencies that a test chooses.
///
/// Clones are the same platform, so that a test looks at what a billing that
/// has one of them has done.
///
/// ```
/// # async fn example() -> jsonsql_client::Result<()> {
/// use jsonsql_client::provisioning::memory::{Memory, Row};
/// use jsonsql_client::provisioning::{Adapter, Backend};
/// use jsonsql_client::model::SubscriberKey;
///
/// let memory = Memory::new().with(Row::new("ivanov").reference("c-1"));
/// let platform: Box<dyn Backend> = Box::new(Adapter::new(memory.clone()));
///
/// let ivanov = platform.find_subscriber(&SubscriberKey::Login("ivanov".into())).await?;
/// platform.disable_subscriber(&ivanov.expect("it is there").id).await?;
/// assert!(memory.rows()[0].disabled);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Memory {
    server: Arc<Mutex<Server>>,
    identity: Identity,
    layout: Layout,
    proves: bool,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory::new()
    }
}

impl Memory {
    /// Creates an empty platform: a row for each subscriber, keys compared
    /// exactly, a unique index on each, and answers that prove what was done.
    pub fn new() -> Memory {
        let identity = Identity::new();
        Memory {
            server: Arc::new(Mutex::new(Server {
                layout: Layout::default(),
                identity: identity.clone(),
                rows: Vec::new(),
                passwords: HashMap::new(),
                packages: Vec::new(),
                faults: Vec::new(),
                latency: Duration::ZERO,
                now: None,
                count: 0,
                requests: Requests::default(),
                next_id: 0,
                is_dead: false,
            })),
            identity,
            layout: Layout::default(),
            proves: true,
        }
    }

    /// Cuts the rows so.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Memory {
        self.layout = layout;
        self.identity = self.identity.clone();
        if layout == Layout::RowPerTerminal {
            self.identity = self.identity.ids_are_logins();
        }
        self.lock().layout = layout;
        self.identify();
        self
    }

    /// Compares logins and references so.
    #[must_use]
    pub fn collation(mut self, collation: Collation) -> Memory {
        self.identity = self.identity.logins(collation).references(collation);
        self.identify();
        self
    }

    /// Takes a second row with the same login, as a server without a unique
    /// index does.
    #[must_use]
    pub fn without_unique_logins(mut self) -> Memory {
        self.identity = self.identity.may_have_twins(KeyKind::Login);
        self.identify();
        self
    }

    /// Answers writes without saying what became of the rows.
    #[must_use]
    pub fn proving_nothing(mut self) -> Memory {
        self.proves = false;
        self
    }

    fn identify(&self) {
        self.lock().identity = self.identity.clone();
    }

    /// Adds a row. One without a number gets the next one.
    #[must_use]
    pub fn with(self, row: Row) -> Memory {
        self.add(row);
        self
    }

    /// Adds a row, as somebody beside this program does.
    pub fn add(&self, row: Row) {
        self.lock().insert(row);
    }

    /// Adds a package that subscribers can have.
    #[must_use]
    pub fn package(self, id: impl Into<PackageId>, name: impl Into<String>) -> Memory {
        self.offer(Package {
            id: id.into(),
            kind: PackageKind::Package,
            name: name.into(),
            enabled: true,
            price: None,
            plans: Vec::new(),
        })
    }

    /// Adds a plan with packages that are available in it alone.
    #[must_use]
    pub fn with_plan(self, id: impl Into<PackageId>, packages: &[&str]) -> Memory {
        let id = id.into();
        let mut memory = self;
        for package in packages {
            memory = memory.offer(Package {
                id: PackageId::from(*package),
                kind: PackageKind::Package,
                name: (*package).to_owned(),
                enabled: true,
                price: None,
                plans: vec![id.clone()],
            });
        }
        memory.offer(Package {
            name: id.to_string(),
            id,
            kind: PackageKind::Plan,
            enabled: true,
            price: None,
            plans: Vec::new(),
        })
    }

    /// Adds a package, or a plan to those in which it can be had.
    #[must_use]
    pub fn offer(self, package: Package) -> Memory {
        {
            let packages = &mut self.lock().packages;
            match packages.iter_mut().find(|own| own.id == package.id) {
                Some(own) => own.plans.extend(package.plans),
                None => packages.push(package),
            }
        }
        self
    }

    /// Lets the n-th request from now fail, counted from 1.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// use jsonsql_client::provisioning::memory::Fault;
    ///
    /// let memory = Memory::new().with(Row::new("ivanov"));
    /// let platform = Adapter::new(memory.clone());
    /// // The second request is the write: it is done, and its answer is lost.
    /// memory.fail(2, Fault::LostAfter);
    /// platform.disable_subscriber(&1.into()).await?;
    /// assert_eq!(memory.requests().writes, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fail(&self, request: usize, fault: Fault) {
        let mut server = self.lock();
        let at = server.count + request;
        server.faults.push((at, fault));
    }

    /// Lets no further request fail.
    pub fn heal(&self) {
        let mut server = self.lock();
        server.faults.clear();
        server.is_dead = false;
    }

    /// Answers each request after this time.
    pub fn set_latency(&self, latency: Duration) {
        self.lock().latency = latency;
    }

    /// Sets the server's clock, which it tells with each answer.
    pub fn set_now(&self, now: Timestamp) {
        self.lock().now = Some(now);
    }

    /// Creates a platform of its own with the same rows and no faults.
    #[must_use]
    pub fn fork(&self) -> Memory {
        let mut server = self.lock().clone();
        server.faults.clear();
        server.is_dead = false;
        server.count = 0;
        server.requests = Requests::default();
        Memory {
            server: Arc::new(Mutex::new(server)),
            ..self.clone()
        }
    }

    /// Returns all rows.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// let memory = Memory::new().with(Row::new("ivanov")).with(Row::new("petrov"));
    /// let platform = Adapter::new(memory.clone());
    /// platform.delete_subscriber(&1.into()).await?;
    /// assert_eq!(memory.rows().len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows(&self) -> Vec<Row> {
        self.lock().rows.clone()
    }

    /// Returns the row with this login, compared exactly.
    pub fn row(&self, login: &str) -> Option<Row> {
        let rows = self.rows();
        rows.into_iter()
            .find(|row| row.login.as_deref() == Some(login))
    }

    /// Returns the password that was written for the row with this login.
    pub fn password(&self, login: &str) -> Option<SecretString> {
        let id = self.row(login)?.id?;
        self.lock().passwords.get(&id).cloned()
    }

    /// Returns how many requests there were.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// let memory = Memory::new().with(Row::new("ivanov"));
    /// let platform = Adapter::new(memory.clone());
    /// platform.enable_subscriber(&1.into()).await?;
    /// assert_eq!(memory.requests().writes, 0, "it was enabled already");
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Requests {
        self.lock().requests
    }

    fn lock(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait(&self) {
        let latency = self.lock().latency;
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.lock().rows.len();
        f.debug_struct("Memory").field("rows", &rows).finish()
    }
}

fn refused(reason: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new("plan", reason)
}
