#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = sql! {
        select s.id from Subscriber as s where s.username = "password"
    };
}
