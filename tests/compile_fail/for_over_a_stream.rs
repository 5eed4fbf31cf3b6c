use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

async fn example(client: Client) {
    for subscriber in client.stream(&Subscriber::all()) {
        drop(subscriber);
    }
}

fn main() {}
