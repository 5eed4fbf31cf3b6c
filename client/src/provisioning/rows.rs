//! Rows of one subscriber, named by slots that do not move.

/// The name of a row while a plan is made and performed: its key may change in
/// between, and a row that is still to be made has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u32);

/// Rows of one kind that belong to one subscriber.
///
/// An adapter's `Observed` has one of these for each kind of row. Steps name a
/// row by its [`Slot`]: a row keeps it through renames, and one that is to be
/// made gets it beforehand, from [`next_slot`](Self::next_slot).
#[derive(Debug, Clone)]
pub struct Rows<R> {
    rows: Vec<(Slot, R)>,
    next: u32,
}

impl<R> Rows<R> {
    /// Creates the rows that a server has answered with.
    pub fn new(rows: impl IntoIterator<Item = R>) -> Rows<R> {
        rows.into_iter().collect()
    }

    /// Returns the slot that the next row to be made gets.
    pub fn next_slot(&self) -> Slot {
        Slot(self.next)
    }

    /// Returns the slot of the row that is made after `made` others.
    pub fn slot_after(&self, made: usize) -> Slot {
        Slot(self.next + u32::try_from(made).unwrap_or(u32::MAX))
    }

    /// Adds a row, and returns its slot.
    pub fn add(&mut self, row: R) -> Slot {
        let slot = self.next_slot();
        self.next += 1;
        self.rows.push((slot, row));
        slot
    }

    /// Takes the row away.
    pub fn remove(&mut self, slot: Slot) -> Option<R> {
        let place = self.rows.iter().position(|(own, _)| *own == slot)?;
        Some(self.rows.remove(place).1)
    }

    /// Returns the row.
    pub fn get(&self, slot: Slot) -> Option<&R> {
        let row = self.rows.iter().find(|(own, _)| *own == slot);
        row.map(|(_, row)| row)
    }

    /// Returns the row, to be changed.
    pub fn get_mut(&mut self, slot: Slot) -> Option<&mut R> {
        let row = self.rows.iter_mut().find(|(own, _)| *own == slot);
        row.map(|(_, row)| row)
    }

    /// Returns all rows with their slots.
    pub fn slots(&self) -> impl Iterator<Item = (Slot, &R)> {
        self.rows.iter().map(|(slot, row)| (*slot, row))
    }

    /// Returns all rows.
    pub fn iter(&self) -> impl Iterator<Item = &R> {
        self.rows.iter().map(|(_, row)| row)
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns `true` if there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<R> Default for Rows<R> {
    fn default() -> Rows<R> {
        Rows::new([])
    }
}

impl<R> FromIterator<R> for Rows<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Rows<R> {
        let rows: Vec<_> = (0..).map(Slot).zip(rows).collect();
        Rows {
            next: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            rows,
        }
    }
}

/// Compares the rows, not the names they have in between.
impl<R: PartialEq> PartialEq for Rows<R> {
    fn eq(&self, other: &Rows<R>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<R: Eq> Eq for Rows<R> {}

impl<R: std::hash::Hash> std::hash::Hash for Rows<R> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|row| row.hash(state));
    }
}
