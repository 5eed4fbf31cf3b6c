//! A platform, as a billing sees it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use super::operation::{Applied, Operation, Preview};
use crate::error::Result;
use crate::model::Capabilities;
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId,
};
use crate::provisioning::Records;

/// The answer of a backend, to be awaited.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A platform, as a billing sees it.
///
/// Writes say what is to be, not what to do: each loads what there is, writes
/// what differs, and is done when nothing is left. Asked again after any
/// failure it completes what was begun.
/// [`Error::Indeterminate`](crate::Error::Indeterminate) is a write whose
/// outcome is unknown, [`Error::Partial`](crate::Error::Partial) one of several
/// steps that stopped half-way.
///
/// ```
/// # use jsonsql_client::provisioning::memory::{Memory, Row};
/// # use jsonsql_client::provisioning::{Adapter, Backend};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> jsonsql_client::Result<()> {
/// let memory = Memory::new().with(Row::new("ivanov"));
/// let platform = Adapter::new(memory.clone());
/// platform.disable_subscriber(&1.into()).await?;
/// assert!(memory.row("ivanov").expect("it is there").disabled);
/// # Ok(())
/// # }
/// ```
pub trait Backend: Send + Sync + fmt::Debug {
    /// Returns the platform's name.
    fn name(&self) -> &'static str;

    /// Returns what it can do.
    fn capabilities(&self) -> Capabilities;

    /// Lists all subscribers.
    fn subscribers(&self) -> Records<'_, Subscriber>;

    /// Finds the subscriber with this key. Two of them are
    /// [`Error::ManyRows`](crate::Error::ManyRows).
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// use jsonsql_client::model::SubscriberKey;
    ///
    /// let platform = Adapter::new(Memory::new().with(Row::new("ivanov")));
    /// let key = SubscriberKey::Login("ivanov".to_owned());
    /// let found = platform.find_subscriber(&key).await?.expect("it is there");
    /// assert_eq!(found.login, "ivanov");
    /// # Ok(())
    /// # }
    /// ```
    fn find_subscriber<'a>(&'a self, key: &'a SubscriberKey) -> Answer<'a, Option<Subscriber>>;

    /// Creates a subscriber, or adopts the one with its login, unless that has
    /// another external reference.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// use jsonsql_client::model::NewSubscriber;
    /// use jsonsql_client::provisioning::Change;
    ///
    /// let platform = Adapter::new(Memory::new());
    /// let first = platform.create_subscriber(&NewSubscriber::new("ivanov")).await?;
    /// assert_eq!(first.change, Change::Made);
    /// // After a lost answer it is asked for again: the same subscriber is adopted.
    /// let again = platform.create_subscriber(&NewSubscriber::new("ivanov")).await?;
    /// assert_eq!(again.value.id, first.value.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Taken`](crate::Error::Taken) if the login or the external
    /// reference is another subscriber's.
    fn create_subscriber<'a>(&'a self, new: &'a NewSubscriber) -> Answer<'a, Applied<Subscriber>>;

    /// Changes what the patch names.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// use jsonsql_client::model::{Patch, SubscriberPatch};
    ///
    /// let memory = Memory::new().with(Row::new("ivanov"));
    /// let platform = Adapter::new(memory.clone());
    /// let patch = SubscriberPatch {
    ///     name: Patch::Set("Ivan Ivanov".to_owned()),
    ///     ..SubscriberPatch::default()
    /// };
    /// platform.change_subscriber(&1.into(), &patch).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](crate::Error::Missing) if there is no such
    /// subscriber, as of every operation on one except deleting it;
    /// [`Error::Taken`](crate::Error::Taken) if the login or the external
    /// reference is another subscriber's.
    fn change_subscriber<'a>(
        &'a self,
        id: &'a SubscriberId,
        patch: &'a SubscriberPatch,
    ) -> Answer<'a, Applied<Subscriber>>;

    /// Lets the subscriber watch. Packages stay as they are.
    fn enable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>>;

    /// Keeps the subscriber from watching. Packages stay as they are.
    fn disable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>>;

    /// Deletes the subscriber with terminals and subscriptions. One that is not
    /// there is deleted already.
    fn delete_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<()>>;

    /// Lists the terminals of a subscriber; none if there is no such subscriber.
    fn terminals<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Terminal>;

    /// Gives the subscriber a terminal. One that is nobody's is taken.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// use jsonsql_client::model::MacAddr;
    ///
    /// let memory = Memory::new().with(Row::new("ivanov"));
    /// let platform = Adapter::new(memory.clone());
    /// let mac: MacAddr = "00:1a:79:aa:00:01".parse().expect("an address");
    /// platform.bind_terminal(&1.into(), mac).await?;
    /// assert_eq!(memory.row("ivanov").expect("it is there").terminals.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Taken`](crate::Error::Taken) if it is another subscriber's:
    /// [`move_terminal`](Self::move_terminal) takes it away from there.
    fn bind_terminal<'a>(
        &'a self,
        subscriber: &'a SubscriberId,
        mac: MacAddr,
    ) -> Answer<'a, Applied<Terminal>>;

    /// Takes the terminal from whoever has it and gives it to another
    /// subscriber, in one write where the platform can. Where it takes two, a
    /// move that stops between them leaves a terminal without a subscriber,
    /// which [`bind_terminal`](Self::bind_terminal) gives to one.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`](crate::Error::Refused) if the terminal has no
    /// subscriber, [`Error::Missing`](crate::Error::Missing) if the platform has
    /// no such terminal or subscriber.
    fn move_terminal<'a>(
        &'a self,
        terminal: &'a TerminalId,
        to: &'a SubscriberId,
    ) -> Answer<'a, Applied<Terminal>>;

    /// Takes the terminal from its subscriber. One that nobody has is taken
    /// away already.
    fn unbind_terminal<'a>(&'a self, terminal: &'a TerminalId) -> Answer<'a, Applied<()>>;

    /// Lists what subscribers can have.
    fn packages(&self) -> Records<'_, Package>;

    /// Finds a package by the platform's key or by its name, as people write it.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// use jsonsql_client::model::NewSubscription;
    ///
    /// let memory = Memory::new().package("7", "Sports").with(Row::new("ivanov"));
    /// let platform = Adapter::new(memory);
    /// let sports = platform.find_package("Sports").await?;
    /// platform.add_subscription(&NewSubscription::new(1.into(), sports.id)).await?;
    ///
    /// let refused = platform.find_package("sport").await.expect_err("no name");
    /// assert!(refused.to_string().contains("similar names: `Sports`"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Refused`](crate::Error::Refused) if no package has the text, or several
    /// have it: [`PackageNameError`](super::PackageNameError) has the words.
    fn find_package<'a>(&'a self, text: &'a str) -> Answer<'a, Package>;

    /// Lists what the subscriber has; nothing if there is no such subscriber.
    fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Subscription>;

    /// Gives the subscriber a package. A plan replaces the plan there is.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](crate::Error::Missing) if there is no such subscriber
    /// or package.
    fn add_subscription<'a>(
        &'a self,
        new: &'a NewSubscription,
    ) -> Answer<'a, Applied<Subscription>>;

    /// Ends a subscription. One that is not there has ended already.
    fn end_subscription<'a>(
        &'a self,
        subscription: &'a SubscriptionId,
        end: End,
    ) -> Answer<'a, Applied<()>>;

    /// Lists channels.
    fn channels(&self) -> Records<'_, Channel>;

    /// Tells terminals something; nothing is sent if there are none of them.
    /// Never sent again: a terminal that restarts twice is worse than one that
    /// does not.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](crate::Error::Missing) if one of the recipients is
    /// not there: then none is told.
    fn send<'a>(&'a self, to: &'a Recipients, command: &'a Command) -> Answer<'a, Applied<()>>;

    /// Returns what an operation would do beside what it says. Nothing is
    /// written, and nothing read beyond what the operation reads first.
    ///
    /// ```
    /// # use jsonsql_client::provisioning::memory::{Memory, Row};
    /// # use jsonsql_client::provisioning::{Adapter, Backend};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> jsonsql_client::Result<()> {
    /// use jsonsql_client::provisioning::Operation;
    ///
    /// let memory = Memory::new().with(Row::new("ivanov"));
    /// let platform = Adapter::new(memory.clone());
    /// let delete = Operation::DeleteSubscriber(1.into());
    /// for effect in platform.preview(&delete).await?.effects {
    ///     println!("{effect}");
    /// }
    /// assert_eq!(memory.requests().writes, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// With the error that the operation would have.
    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Preview>;

    /// Makes a write that was planned as data.
    fn apply<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Applied<()>>;
}
