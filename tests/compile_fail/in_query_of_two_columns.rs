#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let two = select(|mut q| {
        let s = q.from(Subscriber);
        q.select((s.id, s.username))
    });
    let _ = Terminal::delete(|t| t.subscriber_id.in_query(two));
}
