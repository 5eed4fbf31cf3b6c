#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let s = q.from(Subscriber);
        let t = q.from(Terminal);
        q.filter(s.id != t.subscriber_id);
        q.select(s.id)
    });
}
