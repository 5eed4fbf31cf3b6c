#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
#[column(key)]
struct Contact {
    id: i64,
}

fn main() {}
