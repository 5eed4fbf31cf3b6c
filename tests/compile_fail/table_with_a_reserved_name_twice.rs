#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
#[table(reserved("email", "phone", "email"))]
struct Contact {
    #[column(key)]
    id: i64,
}

fn main() {}
