#![allow(unused_imports)]
#[path = "../tables.rs"]
mod tables;
use jsonsql::prelude::*;
use tables::*;

fn main() {
    let packages = Package::all().column(|p| p.id);
    let _ = Terminal::delete(|t| t.subscriber_id.in_query(packages));
}
