//! Others of a world that is known as a whole, for the tests of an adapter.

use super::identity::Key;
use super::platform::{Others, Platform};

/// Everybody there is: nobody has to be asked about.
///
/// With it the plan of an adapter is tested as the pure function it is:
///
/// ```
/// # fn main() -> jsonsql_client::Result<()> {
/// use jsonsql_client::provisioning::memory::{Memory, MemoryRows};
/// use jsonsql_client::provisioning::{ClosedWorld, Context, Desired, Platform};
///
/// let platform = Memory::new();
/// let others = ClosedWorld::new(&platform, Vec::new());
/// let now = jsonsql_client::model::Timestamp::UNIX_EPOCH;
/// let context = Context::new(now, None, &others);
/// let plan = platform.plan(None, &Desired::create("ivanov"), &context).expect("it is planned");
/// assert_eq!(plan.steps[0].name(), "create the row");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ClosedWorld<'a, P: Platform> {
    platform: &'a P,
    everybody: Vec<P::Observed>,
    reserved: Vec<Key>,
}

impl<'a, P: Platform> ClosedWorld<'a, P> {
    /// A world with these subscribers and rows that are nobody's.
    pub fn new(platform: &'a P, everybody: Vec<P::Observed>) -> ClosedWorld<'a, P> {
        ClosedWorld {
            platform,
            everybody,
            reserved: Vec::new(),
        }
    }

    /// Says that somebody else is to have the key.
    #[must_use]
    pub fn reserving(mut self, key: Key) -> Self {
        self.reserved.push(key);
        self
    }
}

impl<P: Platform> Others<P::Observed> for ClosedWorld<'_, P> {
    fn holders(&self, key: &Key) -> Option<Vec<&P::Observed>> {
        let holds = |one: &&P::Observed| self.platform.keys(one).contains(key);
        Some(self.everybody.iter().filter(holds).collect())
    }

    fn is_reserved(&self, key: &Key) -> bool {
        self.reserved.contains(key)
    }
}
