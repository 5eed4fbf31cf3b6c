#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(SqlType)]
#[sql(rename_all = "lowercase")]
struct Login(String);

fn main() {}
