#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = sql! {
        update Subscriber as s set disabled = "yes" where s.username = "a"
    };
}
