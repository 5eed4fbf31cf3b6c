#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Row)]
#[row(table = Subscriber)]
struct Brief<T> {
    username: T,
}

fn main() {}
