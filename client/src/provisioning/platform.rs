//! The interface that an adapter implements.

use std::fmt;
use std::future::{Future, ready};
use std::hash::Hash;
use std::sync::Arc;

use super::desired::Desired;
use super::identity::{Identity, Key};
use super::plan::{Plan, Step, Unplanned};
use super::view::View;
use crate::error::{Place, Refusal, Result};
use crate::model::Capabilities;
use crate::model::{Channel, Command, FieldLoss, Package, Timestamp};
use crate::provisioning::Records;

/// A platform, as its adapter shows it to the core.
///
/// The adapter knows the platform's rows; everything else is written once and
/// for all of them. [`plan`](Self::plan), [`after`](Self::after),
/// [`view`](Self::view) and [`keys`](Self::keys) are pure: no request, no clock.
/// They have to agree: after the steps of a plan, made by `after`, the plan of
/// the same desired state is empty.
pub trait Platform: Send + Sync + Sized {
    /// The platform's own rows of one subscriber, or rows that are nobody's.
    type Observed: Clone + PartialEq + Hash + Send + Sync + Unpin + 'static;
    /// One write.
    type Write: Clone + Send + Sync;
    /// Lists that are read once and used for all subscribers.
    type Catalogue: Send + Sync;

    /// Returns the name in messages.
    fn name(&self) -> &'static str;

    /// Returns the place that errors of an operation name, where they do not know
    /// it from a request.
    fn place(&self, operation: &'static str) -> Arc<Place> {
        Place::of_operation(operation)
    }

    /// Returns what it can do.
    fn capabilities(&self) -> Capabilities;

    /// Returns equality as the platform has it.
    fn identity(&self) -> &Identity;

    /// Reads the lists, once for a run that needs them.
    fn catalogue(&self) -> impl Future<Output = Result<Self::Catalogue>> + Send;

    /// Returns the packages that subscribers can have.
    fn packages(&self, catalogue: &Self::Catalogue) -> Vec<Package> {
        let _ = catalogue;
        Vec::new()
    }

    /// Loads everybody who has one of these keys, whole and once, rows that are
    /// nobody's among them; the key of a terminal or a subscription finds the
    /// subscriber that has it. Who has which is seen from [`keys`](Self::keys).
    ///
    /// Called with all keys that are needed at the time, so that a platform
    /// that can ask for several at once does.
    fn load(&self, keys: &[Key]) -> impl Future<Output = Result<Loaded<Self::Observed>>> + Send;

    /// Loads as [`load`](Self::load) does, for whoever is about one subscriber
    /// and this desired state: rows that it says nothing about may be left out.
    /// Whoever is found by a terminal is found with all its terminals.
    ///
    /// Where a subscriber's rows are in several lists, to enable it needs one of
    /// them. A preview, and a run for several subscribers, load all rows.
    fn load_for(
        &self,
        keys: &[Key],
        about: &Desired,
    ) -> impl Future<Output = Result<Loaded<Self::Observed>>> + Send {
        let _ = about;
        self.load(keys)
    }

    /// Returns `true` if [`load`](Self::load) reads everybody's rows for this many
    /// keys. A run of many jobs, which are planned in groups, then loads the rows of
    /// several groups at once.
    fn reads_everybody(&self, keys: usize) -> bool {
        let _ = keys;
        false
    }

    /// Streams everybody, in any order, rows that are nobody's among them: the
    /// same rows that [`load`](Self::load) gives.
    fn load_all(&self) -> Records<'_, Found<Self::Observed>>;

    /// Returns all keys of all rows, first those that tell this subscriber from
    /// others best.
    fn keys(&self, present: &Self::Observed) -> Vec<Key>;

    /// Returns the rows in the terms of the model, at this time; as far as it
    /// can be said without the lists ([`View::needs_catalogue`]), if they have
    /// not been read.
    fn view(
        &self,
        present: &Self::Observed,
        catalogue: Option<&Self::Catalogue>,
        now: Timestamp,
    ) -> View;

    /// Plans the steps from these rows, or from none, to the desired state.
    /// Called with a presence that fits: never `Existing` or `Absent` without
    /// rows.
    ///
    /// # Errors
    ///
    /// With what has to be read first ([`Context::holders`] and
    /// [`Context::catalogue`] say it), or with a refusal.
    fn plan(
        &self,
        present: Option<&Self::Observed>,
        wanted: &Desired,
        context: &Context<'_, Self>,
    ) -> Result<Plan<Self::Write>, Unplanned>;

    /// Returns the rows as the write leaves them; none if nothing is left.
    /// What only the server can know, such as a new row's id, stays empty.
    fn after(
        &self,
        present: Option<&Self::Observed>,
        write: &Self::Write,
    ) -> Option<Self::Observed>;

    /// Returns the one write that moves a terminal: what `release` takes from these rows,
    /// `take` gives to another subscriber's. It is performed on the latter's rows, and
    /// leaves them as `take` does. None if the platform needs both.
    fn transfer(
        &self,
        from: &Self::Observed,
        release: &Self::Write,
        take: &Self::Write,
    ) -> Option<Self::Write> {
        let _ = (from, release, take);
        None
    }

    /// Plans the step that takes a key away from its holder for a while, so
    /// that a ring of subscribers who want one another's keys can be resolved:
    /// a login becomes `temporary`, a terminal is taken away. None if the
    /// platform cannot: then those in the ring are left as they are.
    fn park(
        &self,
        present: &Self::Observed,
        key: &Key,
        temporary: &str,
    ) -> Option<Step<Self::Write>> {
        let _ = (present, key, temporary);
        None
    }

    /// Sends one write. `present` are the rows as they are before it, so that
    /// it is addressed by what they are called now.
    ///
    /// # Errors
    ///
    /// [`Error::Indeterminate`](crate::Error::Indeterminate) if its outcome is
    /// unknown; any other error says that it was not made.
    fn perform(
        &self,
        write: &Self::Write,
        present: Option<&Self::Observed>,
    ) -> impl Future<Output = Result<Proof<Self::Observed>>> + Send;

    /// Lists channels.
    ///
    /// # Errors
    ///
    /// Refused if the platform has no list of them.
    fn channels(&self) -> impl Future<Output = Result<Vec<Channel>>> + Send {
        ready(Err(Refusal::new(
            "list channels",
            "this platform does not list channels",
        )
        .into()))
    }

    /// Returns the parts of a command that are left out of it here. A part that
    /// the platform shows with no command is refused before, by its
    /// [`Capability`](crate::model::Capability).
    fn losses(&self, command: &Command) -> Vec<FieldLoss> {
        let _ = command;
        Vec::new()
    }

    /// Tells terminals something. There is at least one.
    ///
    /// # Errors
    ///
    /// Refused if the platform has no such command.
    fn send(
        &self,
        to: &Audience<'_, Self::Observed>,
        command: &Command,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (to, command);
        ready(Err(Refusal::new(
            "send",
            "this platform tells terminals nothing",
        )
        .into()))
    }
}

/// Everybody who was found, and the time at the server.
#[derive(Debug, Clone)]
pub struct Loaded<O> {
    /// Subscribers and rows that are nobody's, each once.
    pub found: Vec<O>,
    /// The server's time, where it says it.
    pub now: Option<Timestamp>,
}

impl<O> Loaded<O> {
    /// Creates the result of a load from a server that does not report its time.
    pub fn new(found: impl IntoIterator<Item = O>) -> Loaded<O> {
        Loaded {
            found: found.into_iter().collect(),
            now: None,
        }
    }
}

/// One item of the stream of everybody.
#[derive(Debug, Clone)]
pub enum Found<O> {
    /// A subscriber, or rows that are nobody's.
    Rows(O),
    /// A row that cannot be read; the others can.
    Unreadable {
        /// The platform's key of it.
        id: String,
        /// The reason, without values.
        reason: String,
    },
}

/// The proof that the response to a write gives.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Proof<O> {
    /// These are the subscriber's rows now, none if there are none left: the
    /// server answered with them, or its answer leaves no doubt about them.
    Answered(Option<O>),
    /// The server says it is done, which has to be seen.
    Accepted,
}

/// The recipients of a command.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'a, O> {
    /// The subscribers.
    pub subscribers: &'a [O],
    /// Only these terminals of them; none is all.
    pub terminals: Option<&'a [Key]>,
}

/// Others, as far as they are known.
pub trait Others<O>: Send + Sync {
    /// Returns who holds the key; none if it is not known.
    fn holders(&self, key: &Key) -> Option<Vec<&O>>;

    /// Returns `true` if somebody else of this run is to have the key.
    fn is_reserved(&self, key: &Key) -> bool;
}

/// The data that a plan may use besides the subscriber.
pub struct Context<'a, P: Platform> {
    now: Timestamp,
    catalogue: Option<&'a P::Catalogue>,
    others: &'a dyn Others<P::Observed>,
}

impl<'a, P: Platform> Context<'a, P> {
    /// Creates a context.
    pub fn new(
        now: Timestamp,
        catalogue: Option<&'a P::Catalogue>,
        others: &'a dyn Others<P::Observed>,
    ) -> Context<'a, P> {
        Context {
            now,
            catalogue,
            others,
        }
    }

    /// Returns the time, by the server's clock if it is known.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the lists.
    ///
    /// # Errors
    ///
    /// [`Unplanned::Catalogue`] if they have not been read yet: most operations
    /// do without them.
    pub fn catalogue(&self) -> Result<&'a P::Catalogue, Unplanned> {
        self.catalogue.ok_or(Unplanned::Catalogue)
    }

    /// Returns who holds the key, the subscriber itself among them.
    ///
    /// # Errors
    ///
    /// [`Unplanned::Ask`] if it is not known yet.
    pub fn holders(&self, key: &Key) -> Result<Vec<&'a P::Observed>, Unplanned> {
        let holders = self.others.holders(key);
        holders.ok_or_else(|| Unplanned::Ask(vec![key.clone()]))
    }

    /// Makes sure that the holders of all these keys are known, with one
    /// question for all of them.
    ///
    /// # Errors
    ///
    /// [`Unplanned::Ask`] with those that are not.
    pub fn ask(&self, keys: impl IntoIterator<Item = Key>) -> Result<(), Unplanned> {
        let unknown = |key: &Key| self.others.holders(key).is_none();
        let unknown: Vec<Key> = keys.into_iter().filter(unknown).collect();
        match unknown.is_empty() {
            true => Ok(()),
            false => Err(Unplanned::Ask(unknown)),
        }
    }

    /// Returns `true` if somebody else of this run is to have the key, so that
    /// it must not be given to anybody in between.
    pub fn is_reserved(&self, key: &Key) -> bool {
        self.others.is_reserved(key)
    }
}

impl<P: Platform> fmt::Debug for Context<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("now", &self.now).finish()
    }
}
