#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Insertable)]
#[insertable(table = Package)]
struct Nothing;

fn main() {}
