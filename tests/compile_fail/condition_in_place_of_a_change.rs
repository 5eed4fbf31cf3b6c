#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.eq(true));
}
