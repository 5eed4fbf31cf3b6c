#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _: Select<(i64, String)> = select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| s.id.eq(t.subscriber_id));
        q.select((t.id, s.username))
    });
}
