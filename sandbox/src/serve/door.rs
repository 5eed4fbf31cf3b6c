//! The number of connections at a time, and the choice of the one that is closed
//! for the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::phase::Phase;

/// The connections there are.
#[derive(Clone, Default)]
pub(super) struct Door(Arc<Mutex<Seats>>);

#[derive(Default)]
struct Seats {
    next: u64,
    taken: HashMap<u64, Seat>,
}

struct Seat {
    phase: Arc<Phase>,
    asked_to_leave: Arc<Notify>,
}

/// The place of one connection; free again when it is dropped.
pub(super) struct Place {
    door: Door,
    number: u64,
    pub(super) phase: Arc<Phase>,
    /// Another connection takes the place.
    pub(super) asked_to_leave: Arc<Notify>,
}

impl Door {
    /// A place for one more connection. Of `most` that are taken, the one that
    /// has been waiting longest for its caller becomes free; none where all are
    /// at work.
    pub(super) fn place(&self, most: usize) -> Option<Place> {
        let mut seats = self.seats();
        if seats.taken.len() >= most {
            let waiting = seats.taken.iter().filter_map(|(number, seat)| {
                let since = seat.phase.waiting_since()?;
                Some((since, *number))
            });
            let (_, longest) = waiting.min()?;
            let seat = seats.taken.remove(&longest)?;
            seat.asked_to_leave.notify_one();
        }
        let number = seats.next;
        seats.next += 1;
        let seat = Seat {
            phase: Arc::new(Phase::new()),
            asked_to_leave: Arc::default(),
        };
        let place = Place {
            door: self.clone(),
            number,
            phase: Arc::clone(&seat.phase),
            asked_to_leave: Arc::clone(&seat.asked_to_leave),
        };
        seats.taken.insert(number, seat);
        Some(place)
    }

    /// Asks the longest waiting connection to leave, for what else is short.
    pub(super) fn make_room(&self) {
        drop(self.place(0));
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.door.seats().taken.remove(&self.number);
    }
}
