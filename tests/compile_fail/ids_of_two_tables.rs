#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let s = q.from(Subscriber);
        let p = q.from(Package);
        q.filter(s.id.eq(p.id));
        q.select(s.id)
    });
}
