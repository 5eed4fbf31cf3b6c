#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(SqlType)]
struct Range(i64, i64);

fn main() {}
