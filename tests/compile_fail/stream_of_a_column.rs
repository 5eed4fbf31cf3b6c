use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

async fn example(client: Client) {
    let _ = client.stream(&Subscriber::all().column(|s| s.username));
}

fn main() {}
