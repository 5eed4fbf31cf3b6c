//! The list envelope, paging, order and filters (protocol notes, 1.1, 1.2, 2).

use serde_json::json;

use crate::{demo, with};

#[tokio::test]
async fn a_list_comes_in_an_envelope() {
    let (_sandbox, client) = demo().await;
    for slash in ["", "/"] {
        let list = client.get(&format!("/regions{slash}")).await;
        assert_eq!(
            list,
            json!({"data": [{"id": 1, "name": "North"}, {"id": 2, "name": "South"}],
                "total": 2, "start": 0, "limit": 100})
        );
    }
    let nothing = client.get("/accounts?login=nobody").await;
    assert_eq!(
        nothing,
        json!({"data": [], "total": 0, "start": 0, "limit": 100})
    );
}

#[tokio::test]
async fn start_is_a_row_and_limit_a_number_of_rows() {
    let (_sandbox, client) = demo().await;
    let page = client.get("/accounts?start=1&limit=2&sort=id").await;
    assert_eq!(page["total"], 5);
    assert_eq!((&page["start"], &page["limit"]), (&json!(1), &json!(2)));
    assert_eq!(
        client.ids("/accounts?start=1&limit=2&sort=id").await,
        [2, 3]
    );
    assert_eq!(client.ids("/accounts?start=4&limit=2").await, [5]);
    assert!(client.ids("/accounts?start=5").await.is_empty());
}

#[tokio::test]
async fn sort_takes_a_fields_name() {
    let (_sandbox, client) = demo().await;
    assert_eq!(client.ids("/accounts?sort=fullname").await, [1, 4, 2, 5, 3]);
    // Nulls last; within equals by id.
    assert_eq!(
        client.ids("/accounts?sort=devices_per_account_limit").await,
        [2, 4, 1, 3, 5]
    );
    assert_eq!(client.ids("/accounts?sort=enabled").await, [3, 1, 2, 4, 5]);
    // How to ask for the other direction is not known.
    for sort in ["-id", "id,desc", "surname", ""] {
        let (status, cause) = client
            .refused("GET", &format!("/accounts?sort={sort}"), json!(null))
            .await;
        assert_eq!(status, 400);
        assert_eq!(cause, format!("sort: accounts have no field {sort:?}"));
    }
}

#[tokio::test]
async fn every_documented_filter_filters() {
    let (_sandbox, client) = demo().await;
    let cases: [(&str, &[i64]); 35] = [
        ("/accounts?provider=2", &[5]),
        ("/accounts?region_tag=2", &[4]),
        ("/accounts?enabled=false", &[3]),
        ("/accounts?enabled=False", &[3]),
        ("/accounts?enabled=True&provider=1", &[1, 2, 4]),
        ("/accounts?login=1001", &[1, 5]),
        ("/accounts?login=1001&provider=2", &[5]),
        ("/accounts?login=100", &[]),
        ("/accounts?remote_custom_field=NN-1002", &[2]),
        ("/accounts?remote_custom_field=", &[]),
        ("/account_subscriptions?account=1", &[1, 2]),
        ("/account_subscriptions?tarif=3", &[1, 4]),
        ("/account_subscriptions?account=1&tarif=3", &[1]),
        ("/devices?account=1", &[1, 2]),
        ("/devices?device_type=2", &[2]),
        ("/devices?provider=2", &[6]),
        ("/devices?unique_id=10:27:be:00:00:02", &[3]),
        ("/devices?unique_id=10%3A27%3Abe%3A00%3A00%3A02", &[3]),
        ("/devices?remote_custom_field=x", &[]),
        ("/device_subscriptions?device=5", &[1]),
        ("/device_subscriptions?tarif=4", &[]),
        ("/tarifs?channel=7", &[3]),
        ("/tarifs?channel=12", &[4, 5]),
        ("/tarifs?enabled=true&tarif_tag=2", &[4, 5]),
        ("/tarifs?provider=1", &[1, 2, 3, 4]),
        ("/tarif_tags?enabled=false", &[]),
        ("/tarif_tags?provider=1", &[1, 2]),
        ("/channels?tarif=4", &[9, 10, 12]),
        ("/channels?tarif=4&enabled=1", &[9, 12]),
        ("/channels?tarif=99", &[]),
        ("/providers?enabled=true", &[1, 2]),
        ("/account_network?account=4", &[1]),
        ("/account_network?account=1", &[]),
        ("/device_types", &[1, 2, 3]),
        ("/favorite_group", &[1]),
    ];
    for (path, ids) in cases {
        assert_eq!(client.ids(path).await, ids, "{path}");
    }
}

#[tokio::test]
async fn quick_search_looks_in_texts() {
    let (_sandbox, client) = demo().await;
    let cases: [(&str, &[i64]); 6] = [
        // As clients in production use it: a MAC, a tariff's name, a login.
        ("/devices?quick_search=10:27:BE:00:00:03", &[4]),
        ("/tarifs?quick_search=cinema", &[4]),
        ("/account_subscriptions?quick_search=1003", &[4]),
        ("/accounts?quick_search=larin", &[2]),
        ("/channels?quick_search=hd", &[6, 12]),
        ("/accounts?quick_search=25d55ad2", &[]),
    ];
    for (path, ids) in cases {
        assert_eq!(client.ids(path).await, ids, "{path}");
    }
}

#[tokio::test]
async fn what_a_parameter_cannot_be_is_refused() {
    let (_sandbox, client) = demo().await;
    for query in [
        "start=-1",
        "start=x",
        "limit=-2",
        "limit=all",
        "limit=1e3",
        "provider=",
        "provider=Main",
        "enabled=maybe",
    ] {
        let answer = client.send("GET", &format!("/accounts?{query}"), b"").await;
        assert_eq!(answer.status, 400, "{query}");
        let name = query.split('=').next().unwrap();
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with(&format!("{name}: ")), "{message}");
    }
    // Nobody's parameter is ignored.
    assert_eq!(client.ids("/accounts?colour=red&limit=1").await, [1]);
}

#[tokio::test]
async fn default_limit() {
    let (_sandbox, client) = with(|behavior| behavior.default_limit = Some(2)).await;
    let page = client.get("/accounts").await;
    assert_eq!(page["data"].as_array().unwrap().len(), 2);
    assert_eq!((&page["total"], &page["limit"]), (&json!(5), &json!(2)));
    let (_sandbox, client) = with(|behavior| behavior.default_limit = None).await;
    assert_eq!(client.ids("/channels").await.len(), 12);
}
