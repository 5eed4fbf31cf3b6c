use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

async fn example(client: Client) {
    let _ = client.execute(&Subscriber::update(|s| s.disabled.eq(true))).await;
}

fn main() {}
