//! The programs, run as a newcomer runs them.

mod quickstart;
