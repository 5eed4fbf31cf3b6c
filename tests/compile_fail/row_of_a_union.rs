#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Row)]
union Either {
    number: i64,
    flag: bool,
}

fn main() {}
