//! Random states.
