#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
enum Contact {
    Phone,
    Email,
}

fn main() {}
