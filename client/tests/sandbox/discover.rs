//! What can be found out about a table is what the table is.

use jsonsql_client::{Discovered, Error};
use jsonsql_sandbox::{Sandbox, Seed};

/// The struct that is printed for `media`: it compiles, and it reads rows.
mod printed {
    #![allow(missing_docs, unreachable_pub, reason = "kept as it is printed")]
    include!("discovered_media.rs");
}

/// Compares with the sandbox's own schema.
async fn assert_found(sandbox: &Sandbox, found: &Discovered) {
    let schema = sandbox.schema().table(&found.table).unwrap();
    assert_eq!(found.star.len(), schema.columns.len());
    for column in &found.columns {
        let name = &column.name;
        assert!(schema.column(name).is_some(), "{name}");
        let place = schema.columns.iter().position(|c| c.name == *name);
        assert!(column.places.contains(&place.unwrap()), "{name}");
        let nulls = format!(
            "SELECT count(*) FROM {} WHERE \"{name}\" IS NULL",
            found.table
        );
        let nulls = &sandbox.query(&nulls).await.unwrap()[0][0];
        assert_eq!(Some(column.nulls as u64), nulls.as_u64(), "{name}");
    }
    assert_eq!(found.key, ["id"]);
}

#[tokio::test]
async fn a_table_of_known_words_is_found_whole() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = crate::client(&sandbox);
    for table in ["media", "subscriber", "terminal", "package"] {
        let found = client.discover(table, &[]).await.unwrap();
        let columns = &sandbox.schema().table(table).unwrap().columns;
        let mut names: Vec<_> = found.columns.iter().map(|c| c.name.as_str()).collect();
        let mut expected: Vec<_> = columns.iter().map(|c| &*c.name).collect();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert_found(&sandbox, &found).await;
        // A probe and two samples.
        let journal = sandbox.take_journal();
        assert_eq!(journal.len(), 3);
    }
}

#[tokio::test]
async fn what_is_printed_is_a_table() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = crate::client(&sandbox);
    let media = client.discover("media", &[]).await.unwrap();
    assert_eq!(media.to_string(), include_str!("discovered_media.rs"));
    let rows = client.fetch_all(&printed::Media::all()).await.unwrap();
    assert_eq!(rows.len(), 11);
    assert_eq!(rows[0].inet_addr, "235.10.10.1");

    // No value of a subscriber's is in it, and `type` is no field's name.
    let subscriber = client.discover("subscriber", &[]).await.unwrap();
    let printed = subscriber.to_string();
    assert!(!printed.contains("bM4kq9") && !printed.contains("Volkova"));
    assert!(printed.contains("pub r#type: String,"), "{printed}");
    // Nor does a program that uses it show a password by chance.
    let password = "pub password: jsonsql_client::schema::Password,";
    assert!(printed.contains(password), "{printed}");
}

#[tokio::test]
async fn words_of_ones_own_are_tried_and_the_rest_shows_as_places() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = crate::client(&sandbox);
    let key = client.discover("key", &["nonsense", "length"]).await;
    let names: Vec<_> = key.unwrap().columns.into_iter().map(|c| c.name).collect();
    assert!(names.contains(&"length".to_owned()) && !names.contains(&"nonsense".to_owned()));

    let empty = crate::start(Seed::Empty).await;
    let error = crate::client(&empty).discover("media", &[]).await;
    assert!(matches!(error, Err(Error::NoRow { .. })), "{error:?}");
}
