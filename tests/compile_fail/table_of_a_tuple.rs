#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
struct Log(i64);

fn main() {}
