#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
struct Contact<T> {
    #[column(key)]
    id: T,
}

fn main() {}
