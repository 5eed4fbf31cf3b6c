#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
#[table(rename_all = "camelcase")]
struct Log {
    #[column(key)]
    id: i64,
}

fn main() {}
