#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(SqlType)]
enum Kind {
    Bill,
    Other(String),
}

fn main() {}
