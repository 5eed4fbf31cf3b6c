use jsonsql::prelude::*;

#[derive(Table)]
struct Tariff {
    #[column(primary_key)]
    id: i64,
    title: String,
}

fn main() {}
