//! Operations on one subscriber, one after the other.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

use super::identity::Key;

/// The number of keys above which those that no operation needs are forgotten.
const REMEMBERED: usize = 1024;

/// A queue for each subscriber of a platform, within this process.
///
/// An operation takes locks at two stages. At the first one it waits for others
/// that look for a subscriber by the same key; at the second one, once it is found,
/// for others that have found the same subscriber by another key. All locks of the
/// first stage are taken before any of the second one, and those of a stage in the
/// order of the keys, so that two operations never wait for one another.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    locks: HashMap<(Stage, Key), Lock>,
    /// Counts operations that have ended.
    clock: u64,
    /// The clock values at which the operations under way began to read, each with
    /// the number of operations that began then.
    under_way: BTreeMap<u64, usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stage {
    Search,
    Found,
}

#[derive(Debug, Default)]
struct Lock {
    mutex: Arc<tokio::sync::Mutex<()>>,
    /// The clock value when the last operation left.
    left: u64,
}

impl Queue {
    /// Waits until nobody else looks for a subscriber by one of these keys.
    pub(super) async fn turn(&self, keys: impl IntoIterator<Item = Key>) -> Turn<'_> {
        let mut turn = Turn {
            queue: self,
            began: 0,
            held: Mutex::new(Vec::new()),
        };
        turn.lock(Stage::Search, keys).await;
        let mut state = self.state();
        turn.began = state.clock;
        *state.under_way.entry(turn.began).or_default() += 1;
        drop(state);
        turn
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lock that an operation holds.
type Held = ((Stage, Key), OwnedMutexGuard<()>);

/// An operation's turn; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    queue: &'a Queue,
    began: u64,
    held: Mutex<Vec<Held>>,
}

impl Turn<'_> {
    /// Waits until nobody else writes to these subscribers. Returns `true` if
    /// somebody has since they were read: then they are to be read again.
    pub(super) async fn found(&self, handles: impl IntoIterator<Item = Key>) -> bool {
        self.lock(Stage::Found, handles).await
    }

    async fn lock(&self, stage: Stage, keys: impl IntoIterator<Item = Key>) -> bool {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let mut somebody = false;
        for key in keys {
            let name = (stage, key);
            let mutex = {
                let mut state = self.queue.state();
                Arc::clone(&state.locks.entry(name.clone()).or_default().mutex)
            };
            let guard = mutex.lock_owned().await;
            let left = self.queue.state().locks.get(&name).map(|lock| lock.left);
            somebody |= left.is_some_and(|left| left > self.began);
            self.held().push((name, guard));
        }
        somebody
    }

    fn held(&self) -> MutexGuard<'_, Vec<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        state.clock += 1;
        let now = state.clock;
        if let Some(count) = state.under_way.get_mut(&self.began) {
            *count -= 1;
            if *count == 0 {
                state.under_way.remove(&self.began);
            }
        }
        for (name, guard) in self.held().drain(..) {
            if let Some(lock) = state.locks.get_mut(&name) {
                lock.left = now;
            }
            drop(guard);
        }
        if state.locks.len() > REMEMBERED {
            let oldest = state.under_way.keys().next().copied().unwrap_or(now);
            let needed = |lock: &Lock| Arc::strong_count(&lock.mutex) > 1 || lock.left > oldest;
            state.locks.retain(|_, lock| needed(lock));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::provisioning::Identity;

    fn key(login: &str) -> Key {
        Identity::new().login(login)
    }

    #[tokio::test]
    async fn operations_with_one_key_take_turns_and_others_do_not_wait() {
        let queue = Queue::default();
        let first = queue.turn([key("a"), key("b")]).await;
        let soon = Duration::from_millis(20);
        assert!(
            tokio::time::timeout(soon, queue.turn([key("b")]))
                .await
                .is_err()
        );
        assert!(
            tokio::time::timeout(soon, queue.turn([key("c")]))
                .await
                .is_ok()
        );
        drop(first);
        assert!(
            tokio::time::timeout(soon, queue.turn([key("b")]))
                .await
                .is_ok()
        );
    }

    #[tokio::test]
    async fn an_operation_that_waited_at_the_second_stage_reads_again() {
        let queue = Queue::default();
        let (one, other) = (queue.turn([key("a")]).await, queue.turn([key("b")]).await);
        assert!(!one.found([key("x")]).await);
        drop(one);
        assert!(other.found([key("x")]).await, "it was written since");
        drop(other);
        let third = queue.turn([key("a")]).await;
        assert!(!third.found([key("x")]).await, "it was read after that");
    }

    #[tokio::test]
    async fn keys_that_nobody_needs_are_forgotten() {
        let queue = Queue::default();
        for number in 0..3 * REMEMBERED {
            drop(queue.turn([key(&number.to_string())]).await);
        }
        assert!(queue.state().locks.len() <= REMEMBERED + 1);
    }
}
