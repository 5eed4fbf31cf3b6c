#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = sql! {
        select s.username from Subscriber as s where count(*) > 3
    };
}
