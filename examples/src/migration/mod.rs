//! From one platform to another: which package is which there, what gets lost
//! on the way, and the new passwords.

pub mod mapping;
pub mod passwords;
pub mod translate;
