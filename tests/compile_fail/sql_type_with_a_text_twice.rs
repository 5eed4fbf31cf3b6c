#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(SqlType)]
#[sql(rename_all = "lowercase")]
enum State {
    On,
    #[sql(rename = "on")]
    Enabled = 7,
}

fn main() {}
