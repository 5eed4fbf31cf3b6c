#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let mut stolen = None;
    let _ = select(|mut q| {
        let s = q.from(Subscriber);
        stolen = Some(s);
        q.select(s.id)
    });
}
