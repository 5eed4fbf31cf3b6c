#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _: Select<(i64, String)> = sql! {
        select t.id, s.username
        from Terminal as t left join Subscriber as s on s.id = t.subscriber_id
    };
}
