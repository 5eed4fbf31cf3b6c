#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

type Phone = Option<String>;

#[derive(Table)]
struct Contact {
    #[column(key)]
    id: i64,
    phone: Phone,
}

fn main() {}
