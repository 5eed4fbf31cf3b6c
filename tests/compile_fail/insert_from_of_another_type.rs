#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = insert_from(
        Terminal,
        |t| (t.subscriber_id, t.registered),
        |mut q| {
            let p = q.from(Package);
            q.select((p.id, true))
        },
    );
}
