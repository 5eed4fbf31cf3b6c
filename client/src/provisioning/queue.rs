//! Operations on one subscriber, one after the other.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

use super::identity::Key;

/// The number of keys above which those that no operation needs are forgotten.
const REMEMBERED: usize = 1024;

/// A queue for each subscriber of a platform, within this process.
///
/// There are two doors. At the first one an operation waits for others that
/// look for a subscriber by the same key; at the second one, once it is found,
/// for others that have found the same subscriber by another key. All first
/// doors are passed before any second one, and each kind in the order of the
/// keys, so that two operations never wait for one another.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    doors: HashMap<(Door, Key), Place>,
    /// Counts operations that have ended.
    clock: u64,
    /// The clock values at which the operations under way began to read, each with
    /// the number of operations that began then.
    under_way: BTreeMap<u64, usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Door {
    Looking,
    Found,
}

#[derive(Debug, Default)]
struct Place {
    lock: Arc<tokio::sync::Mutex<()>>,
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
        turn.pass(Door::Looking, keys).await;
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

/// A door that an operation has gone through and locked behind itself.
type Held = ((Door, Key), OwnedMutexGuard<()>);

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
        self.pass(Door::Found, handles).await
    }

    async fn pass(&self, door: Door, keys: impl IntoIterator<Item = Key>) -> bool {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let mut somebody = false;
        for key in keys {
            let place = (door, key);
            let lock = {
                let mut state = self.queue.state();
                Arc::clone(&state.doors.entry(place.clone()).or_default().lock)
            };
            let guard = lock.lock_owned().await;
            let left = self.queue.state().doors.get(&place).map(|place| place.left);
            somebody |= left.is_some_and(|left| left > self.began);
            self.held().push((place, guard));
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
        for (place, guard) in self.held().drain(..) {
            if let Some(place) = state.doors.get_mut(&place) {
                place.left = now;
            }
            drop(guard);
        }
        if state.doors.len() > REMEMBERED {
            let oldest = state.under_way.keys().next().copied().unwrap_or(now);
            let needed = |place: &Place| Arc::strong_count(&place.lock) > 1 || place.left > oldest;
            state.doors.retain(|_, place| needed(place));
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
    async fn whoever_waited_at_the_second_door_reads_again() {
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
        assert!(queue.state().doors.len() <= REMEMBERED + 1);
    }
}
