#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = select(|mut q| {
        let t = q.from(Terminal);
        q.select(min(t.mac_addr))
    });
}
