#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
struct Log {
    #[column(key)]
    id: i64,
    written: jiff::Timestamp,
}

fn main() {}
