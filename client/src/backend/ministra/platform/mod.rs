//! Ministra as a [`Backend`](crate::backend::Backend).
