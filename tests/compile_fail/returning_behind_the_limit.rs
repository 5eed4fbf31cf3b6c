#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = Subscriber::delete(|s| s.username.eq("12345")).at_most(1).returning(|s| s.username);
}
