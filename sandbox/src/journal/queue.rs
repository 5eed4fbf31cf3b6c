//! The latest of what happened, as much as there is room for.

use std::collections::VecDeque;

use super::{Entry, Request};

/// The number of items that are kept; a sandbox may run for weeks without a
/// reader.
const MOST: usize = 1_000_000;

/// The number of bytes that its texts may have: paths and statements are the
/// callers'.
const MOST_BYTES: usize = 256 << 20;

/// Items in the order they came; the first ones go when there are too many.
pub(super) struct Queue<T> {
    items: VecDeque<T>,
    bytes: usize,
}

/// The length of the texts of an item.
pub(super) trait Size {
    fn size(&self) -> usize;
}

impl Size for Entry {
    fn size(&self) -> usize {
        self.sql.as_ref().map_or(0, String::len)
    }
}

impl Size for Request {
    fn size(&self) -> usize {
        self.path.len() + self.calls.iter().map(Size::size).sum::<usize>()
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue {
            items: VecDeque::new(),
            bytes: 0,
        }
    }
}

impl<T: Size> Queue<T> {
    pub(super) fn push(&mut self, item: T) {
        self.push_within(item, MOST, MOST_BYTES);
    }

    fn push_within(&mut self, item: T, most: usize, most_bytes: usize) {
        self.bytes += item.size();
        self.items.push_back(item);
        while self.items.len() > most || self.bytes > most_bytes {
            match self.items.pop_front() {
                Some(first) => self.bytes -= first.size(),
                None => break,
            }
        }
    }

    pub(super) fn take(&mut self) -> Vec<T> {
        self.bytes = 0;
        std::mem::take(&mut self.items).into()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Size for String {
        fn size(&self) -> usize {
            self.len()
        }
    }

    #[test]
    fn the_latest_stay_within_count_and_bytes() {
        let mut queue = Queue::default();
        for item in ["a", "b", "c", "d"] {
            queue.push_within(item.to_owned(), 3, 100);
        }
        assert_eq!(queue.iter().collect::<Vec<_>>(), ["b", "c", "d"]);
        queue.push_within("x".repeat(98), 3, 100);
        assert_eq!(queue.iter().count(), 3);
        queue.push_within("y".repeat(3), 3, 100);
        assert_eq!(queue.take(), ["yyy"]);
        // One that is too large by itself is not kept either.
        queue.push_within("z".repeat(101), 3, 100);
        assert_eq!(queue.take(), [""; 0]);
        queue.push_within("e".to_owned(), 3, 100);
        assert_eq!(queue.take(), ["e"]);
    }
}
