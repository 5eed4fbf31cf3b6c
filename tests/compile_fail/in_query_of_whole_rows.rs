#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let rows = Subscriber::filter(|s| s.username.eq("test"));
    let _ = Terminal::delete(|t| t.subscriber_id.in_query(rows));
}
