#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

#[derive(Row)]
struct Owner {
    id: i64,
    username: String,
}

fn owners() -> Select<Owner> {
    select(|mut q| {
        let s = q.from(Subscriber);
        q.select(OwnerSelection { id: s.id, username: s.username })
    })
}

fn main() {}
