use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

async fn example(client: Client) -> usize {
    let all = Subscriber::all();
    let subscribers = client.fetch_all(&all);
    subscribers.len()
}

fn main() {}
