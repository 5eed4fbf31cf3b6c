#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
struct Contact {
    #[column(key, name = "i\"d")]
    id: i64,
}

fn main() {}
