//! What an answer holds, while nobody asks what it is.

use std::any::Any;

/// A value of any type. Attempts, retries and threads that read are the same for all
/// types of rows: with this they are compiled once, in this crate.
pub(crate) struct Anything(Box<dyn Any + Send>);

impl Anything {
    pub(crate) fn new<T: Send + 'static>(value: T) -> Anything {
        Anything(Box::new(value))
    }

    /// Returns the value.
    ///
    /// # Panics
    ///
    /// If it is of another type: who makes one and who takes it are one function.
    pub(crate) fn take<T: 'static>(self) -> T {
        match self.0.downcast() {
            Ok(value) => *value,
            Err(_) => unreachable!("a value of another type"),
        }
    }
}
