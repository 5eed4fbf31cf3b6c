//! The pages of the guide: each is listed, leads somewhere, and names what exists.
//!
//! `GUIDE=overwrite cargo test -p jsonsql-guide --test pages` writes the addresses at the
//! end of each page, and the file that makes them items of the crate on docs.rs.

mod errors;
mod index;
mod items;
mod links;
mod names;
mod page;
mod repository;
