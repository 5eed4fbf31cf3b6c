use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

fn read(client: &Client) {
    // A table is no query: `&Subscriber::all()` is one.
    let _ = client.stream(&Subscriber);
}

fn main() {}
