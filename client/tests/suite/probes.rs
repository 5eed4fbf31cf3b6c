//! Which columns a table has.

use jsonsql_client::Error;
use serde_json::json;

use crate::Server;
use crate::server::Step;
use crate::tables::Subscriber;

#[tokio::test]
async fn a_name_that_comes_back_is_no_column() {
    let server = Server::start().await;
    let client = server.client();
    // The login of the first subscriber is "username".
    let rows = json!([[1, "username", "nmae", null], [2, "ivanov", "nmae", null]]);
    server.on_call(Step::result(&rows));
    let names = ["id", "username", "nmae", "phone"];
    let columns = client.probe("subscriber", &names).await.unwrap();
    assert_eq!(columns, ["id", "username", "phone"]);
    assert_eq!(
        server.calls()[0].body["params"],
        json!({"data": names, "from": "subscriber", "limit": 5})
    );
}

#[tokio::test]
async fn a_mapping_is_checked_in_one_request() {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::result(&json!([[1, "ivanov", "password", true]])));
    assert_eq!(client.check::<Subscriber>().await.unwrap(), ["password"]);
    server.on_call(Step::result(&json!([])));
    assert!(matches!(
        client.check::<Subscriber>().await,
        Err(Error::NoRow { .. })
    ));
    assert_eq!(server.calls().len(), 2);
    assert!(client.probe("subscriber", &[]).await.unwrap().is_empty());
}
