#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Row)]
struct Brief {
    id: SubscriberId,
    username: String,
}

fn main() {
    let _ = sql! {
        select as Brief s.id from Subscriber as s
    };
}
