//! Values by their numbers, in the order of the numbers.

use std::collections::BTreeMap;

/// A map whose tree has places instead of values: it is the same tree for the records of
/// all kinds, and compiled once.
#[derive(Clone)]
pub(super) struct Numbered<V> {
    places: BTreeMap<i64, usize>,
    values: Vec<Option<V>>,
    free: Vec<usize>,
}

impl<V> Default for Numbered<V> {
    fn default() -> Numbered<V> {
        Numbered {
            places: BTreeMap::new(),
            values: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<V> Numbered<V> {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(super) fn has(&self, number: i64) -> bool {
        self.places.contains_key(&number)
    }

    pub(super) fn get(&self, number: i64) -> Option<&V> {
        self.values[*self.places.get(&number)?].as_ref()
    }

    /// Those there are.
    pub(super) fn numbers(&self) -> impl DoubleEndedIterator<Item = i64> + use<'_, V> {
        self.places.keys().copied()
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        let places = self.places.values();
        places.filter_map(|place| self.values[*place].as_ref())
    }

    /// Puts a value in the place of the one with its number.
    pub(super) fn put(&mut self, number: i64, value: V) {
        self.remove(number);
        let place = self.free.pop().unwrap_or(self.values.len());
        if place == self.values.len() {
            self.values.push(None);
        }
        self.values[place] = Some(value);
        self.places.insert(number, place);
    }

    pub(super) fn remove(&mut self, number: i64) -> Option<V> {
        let place = self.places.remove(&number)?;
        self.free.push(place);
        self.values[place].take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_in_the_order_of_their_numbers_wherever_they_are() {
        let mut names = Numbered::default();
        for (number, name) in [(3, "c"), (1, "a"), (2, "b")] {
            names.put(number, name);
        }
        assert_eq!(names.remove(1), Some("a"));
        assert_eq!((names.remove(1), names.get(1)), (None, None));
        names.put(9, "z");
        names.put(3, "C");
        assert_eq!(names.numbers().collect::<Vec<_>>(), [2, 3, 9]);
        assert_eq!(names.values().copied().collect::<String>(), "bCz");
        assert_eq!(
            (names.len(), names.has(9), names.get(3)),
            (3, true, Some(&"C"))
        );
        // The place of what was removed is used again.
        assert_eq!(names.values.len(), 3);
    }
}
