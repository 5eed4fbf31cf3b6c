#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Changeset)]
#[changeset(table = Subscriber)]
struct Patch {
    disabled: bool,
}

fn main() {}
