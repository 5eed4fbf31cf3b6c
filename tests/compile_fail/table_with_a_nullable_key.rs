use jsonsql::Table;

#[derive(Table)]
struct Note {
    #[column(key)]
    id: Option<i64>,
    text: String,
}

fn main() {}
