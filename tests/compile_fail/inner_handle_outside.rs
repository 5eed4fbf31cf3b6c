#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let t = q.from(Terminal);
        let mut stolen = None;
        let owners = q.subquery(|mut i| {
            let s = i.from(Subscriber);
            stolen = Some(s.username);
            i.select(s.id)
        });
        q.filter(t.subscriber_id.in_query(owners));
        q.select((t.id, stolen.unwrap()))
    });
}
