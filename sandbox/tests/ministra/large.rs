//! Calls over many accounts. No time is asserted, since machines differ; the
//! number of accounts is `MINISTRA_ACCOUNTS`, 2,000 unless said, and the times
//! are printed.

use std::io::Write as _;
use std::time::Instant;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::MinistraSeed;
use serde_json::json;

use crate::http::results;

#[tokio::test]
async fn many_accounts_are_found_listed_and_changed() {
    let count: u32 = std::env::var("MINISTRA_ACCOUNTS").map_or(2_000, |n| n.parse().unwrap());
    let user = |id: u32| {
        let [_, a, b, c] = id.to_be_bytes();
        let mac = format!("00:1A:79:{a:02X}:{b:02X}:{c:02X}");
        json!({"id": id, "ls": (100_000 + id).to_string(), "login": format!("l{id}"), "mac": mac})
    };
    let users: Vec<_> = (1..=count).map(user).collect();
    let seed = MinistraSeed::Json(json!({"users": users}).to_string());
    let sandbox = Sandbox::builder()
        .ministra_seed(seed)
        .start()
        .await
        .unwrap();
    let timed = async |what: &str, request: &str, body: &str| {
        let begun = Instant::now();
        let found = results(&sandbox, request, body).await;
        // Swallowed of a test that passes, unless it is standard error.
        let took = begun.elapsed();
        let _ = writeln!(std::io::stderr(), "{count} accounts, {what}: {took:?}");
        found
    };
    let listed = timed("list", "GET accounts", "").await;
    assert_eq!(listed.as_array().unwrap().len(), count as usize);
    let subscribed = timed("broadcast", "PUT itv_subscription", "sub_ch[]=1").await;
    assert_eq!(subscribed.as_array().unwrap().len(), count as usize);
    assert_eq!(subscribed[count as usize - 1]["sub_ch"], json!(["1"]));
    timed(
        "change of one",
        &format!("PUT accounts/{}", 100_000 + count),
        "phone=5",
    )
    .await;
    let one = timed("one by login", &format!("GET users/L{count}"), "").await;
    assert_eq!(one["phone"], "5");
    timed(
        "creation",
        "POST accounts",
        "login=new&stb_mac=00:1A:80:00:00:00",
    )
    .await;
}
