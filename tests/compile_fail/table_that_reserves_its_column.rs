#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Table)]
#[table(rename_all = "camelCase", reserved("homePage"))]
struct Contact {
    #[column(key)]
    id: i64,
    home_page: String,
}

fn main() {}
