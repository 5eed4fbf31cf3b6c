#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = sql! {
        select q.boxs from (select t.subscriber_id, count(t.id) as boxes from Terminal as t group by 1) as q
    };
}
