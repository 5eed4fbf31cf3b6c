#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let s = q.from(Subscriber);
        q.order_by((s.disabled.desc(), s.username));
        q.select(s.id)
    });
}
