use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

async fn example(client: Client) {
    let all = Subscriber::all();
    let subscribers = client.fetch_all(&all);
    for subscriber in subscribers {
        drop(subscriber);
    }
}

fn main() {}
