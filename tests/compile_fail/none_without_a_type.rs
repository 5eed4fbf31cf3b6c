#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = Subscriber::update(|s| s.disabled.eq(true)).set(|s| s.password.to(None));
}
