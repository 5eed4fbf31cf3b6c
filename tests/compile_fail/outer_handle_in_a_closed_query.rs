#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let t = q.from(Terminal);
        let owners = Subscriber::filter(|s| s.id.eq(t.subscriber_id)).column(|s| s.id);
        q.filter(t.subscriber_id.in_query(owners));
        q.select(t.id)
    });
}
