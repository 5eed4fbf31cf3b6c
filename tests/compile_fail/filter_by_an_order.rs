#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = Subscriber::filter(|s| s.username.asc().eq("12345"));
}
