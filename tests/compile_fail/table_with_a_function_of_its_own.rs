#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
struct Contact {
    #[column(key)]
    id: i64,
}

impl Contact {
    fn all() -> Vec<Contact> {
        Vec::new()
    }
}

fn main() {}
