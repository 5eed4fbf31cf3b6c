#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = sql! {
        select id from Subscriber as s join Terminal as t on t.subscriber_id = s.id
    };
}
