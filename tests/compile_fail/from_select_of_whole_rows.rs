#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let rows = q.from_select(|mut q| {
            let s = q.from(Subscriber);
            q.select(s)
        });
        q.select(rows)
    });
}
