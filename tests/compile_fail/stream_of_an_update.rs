use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

fn write(client: &Client) {
    let update = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(true));
    let _ = client.stream(&update);
}

fn main() {}
