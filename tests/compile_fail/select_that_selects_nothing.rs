#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let s = q.from(Subscriber);
        q.filter(s.disabled.eq(true));
    });
}
