//! Bad input: files, variables, answers and places that are not as they should be. A
//! sentence, the right exit status, and nothing half-written.

mod answers;
mod files;
mod passwords;
mod world;
