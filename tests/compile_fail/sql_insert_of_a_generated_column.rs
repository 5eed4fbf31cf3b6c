#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let _ = sql! {
        insert into Package (id, name, paid) values ({PackageId(1)}, "movie", true)
    };
}
