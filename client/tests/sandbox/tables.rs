//! The mapped tables are the server's.

use jsonsql::ast::TableInfo;
use jsonsql::prelude::*;
use jsonsql_client::schema::{SubscriberPackageId, full};
use jsonsql_client::{Client, schema};
use jsonsql_sandbox::Seed;

/// No column that the server does not have, and rows that read.
async fn fits<T: Table + Send>(client: &Client, all: Select<T>) -> usize {
    let table = T::INFO.name;
    assert_eq!(client.check::<T>().await.unwrap(), [], "{table}");
    let reserved = T::INFO.reserved;
    let mapped = |name: &&str| T::INFO.columns.iter().any(|column| column.name == *name);
    assert!(!reserved.iter().any(mapped), "{table}");
    let rows = client.fetch_all(&all).await.unwrap().len();
    let mut pages = client.stream(&all);
    let mut streamed = 0;
    while let Some(row) = pages.next().await {
        row.unwrap();
        streamed += 1;
    }
    assert_eq!(streamed, rows, "{table}");
    rows
}

/// Calls a macro with every mapped table.
macro_rules! every_table {
    ($call:ident) => {
        $call!(
            schema::Domain,
            schema::Key,
            schema::Media,
            schema::Package,
            schema::PlayerProfile,
            schema::Playlist,
            schema::Profile,
            schema::Service,
            schema::Subscriber,
            schema::SubscriberInetaddr,
            schema::SubscriberPackage,
            schema::SystemProfile,
            schema::Terminal,
            schema::TerminalPlaylog,
            schema::TvCategory,
            schema::TvChannel,
            schema::TvProgram,
            schema::TvProgramCategory,
            schema::User,
            full::Domain,
            full::Media,
            full::Package,
            full::SubscriberPackage,
            full::Terminal
        )
    };
}

#[tokio::test]
async fn every_table_fits_the_server() {
    let sandbox = crate::start(Seed::Demo).await;
    // The demo has none of these.
    for table in ["playlist", "pprofile", "profile", "service", "sprofile"] {
        let sql = format!("INSERT INTO {table} (name) VALUES ('one')");
        sandbox.query(&sql).await.unwrap();
    }
    let client = &crate::client(&sandbox);
    macro_rules! rows {
        ($($table:path),*) => {[$(fits(client, <$table>::all()).await),*]};
    }
    // As many as the demo's seed has.
    assert_eq!(
        every_table!(rows),
        [
            1, 1, 11, 6, 1, 1, 1, 1, 12, 3, 12, 1, 12, 4, 2, 4, 4, 4, 1, 1, 11, 6, 12, 12
        ]
    );
}

fn infos() -> Vec<&'static TableInfo> {
    macro_rules! infos {
        ($($table:path),*) => {vec![$(<$table>::INFO),*]};
    }
    every_table!(infos)
}

#[tokio::test]
async fn structs_and_server_have_the_same_tables_and_columns_in_the_same_order() {
    let sandbox = crate::start(Seed::Empty).await;
    for table in sandbox.schema().tables() {
        let mapped: Vec<_> = infos()
            .into_iter()
            .filter(|info| info.name == table.name)
            .collect();
        assert!(
            !mapped.is_empty(),
            "`{}` is mapped by no struct",
            table.name
        );
        for info in mapped {
            let place = |name: &str| table.columns.iter().position(|column| column.name == *name);
            let places: Vec<_> = info.columns.iter().map(|c| place(c.name)).collect();
            assert!(places.iter().all(Option::is_some), "{info:?}");
            assert!(
                places.is_sorted(),
                "the order of `{}`: {places:?}",
                info.name
            );
            for column in info.columns {
                let known = table.column(column.name).unwrap();
                // A NULL would fail the row.
                assert!(
                    column.nullable || !known.nullable,
                    "{}.{}",
                    info.name,
                    column.name
                );
                assert_eq!(
                    column.generated,
                    (column.key && column.name == "id") || column.name == "domain_id",
                    "{}.{}",
                    info.name,
                    column.name
                );
            }
            // What is not mapped is known, so that no text is read as it.
            for column in &table.columns {
                assert!(
                    info.has_column(&column.name),
                    "{}.{}",
                    info.name,
                    column.name
                );
            }
        }
    }
    for info in infos() {
        assert!(sandbox.schema().table(info.name).is_some(), "{}", info.name);
    }
}

/// The names that the vendor's document (version 0.3) prints, by table.
#[test]
fn what_the_document_prints_is_mapped() {
    let printed = [
        ("subscriber", "id username password disabled max_terminal"),
        ("terminal", "id subscriber_id"),
        ("media", "id name protocol inet_addr port is_tv paid"),
        ("package", "id name paid"),
        (
            "subscriber_package",
            "id subscriber_id package_id enabled expired_on",
        ),
        (
            "domain",
            "allow_terminal_reg allow_terminal_unreg allow_anonymous max_terminal_per_subscriber",
        ),
        ("key", "update_period"),
        // These by name alone.
        ("service", ""),
        ("playlist", ""),
        ("profile", ""),
        ("pprofile", ""),
        ("sprofile", ""),
        ("user", ""),
    ];
    for (table, columns) in printed {
        let mapped: Vec<_> = infos()
            .into_iter()
            .filter(|info| info.name == table)
            .collect();
        assert!(!mapped.is_empty(), "{table}");
        for name in columns.split_whitespace() {
            let columns = mapped.iter().flat_map(|info| info.columns);
            assert!(
                columns.into_iter().any(|column| column.name == name),
                "{table}.{name}"
            );
        }
    }
}

#[tokio::test]
async fn what_the_document_says_in_passing_can_be_asked_for() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = crate::client(&sandbox);
    let free = full::Media::filter(|m| m.paid.neq(true)).column(|_| count_rows());
    assert_eq!(client.fetch_scalar(&free).await.unwrap(), 9);
    let settings = client.fetch_one(&full::Domain::all()).await.unwrap();
    assert_eq!(settings.allow_terminal_reg, Some(true));
    assert_eq!(settings.max_terminal_per_subscriber, Some(5));
    let ends = full::SubscriberPackage::filter(|sp| sp.expired_on.is_not_null())
        .order_by(|sp| sp.id.asc())
        .column(|sp| sp.expired_on);
    let ends = client.fetch_all(&ends).await.unwrap();
    assert_eq!(ends[0].as_deref(), Some("2030-01-01 00:00:00"));
    let period = schema::Key::all().column(|k| k.update_period);
    let period = client.fetch_one(&period).await.unwrap();
    assert_eq!(period.as_deref(), Some("01:00:00"));
    // Written, and without what only some servers have.
    let delete = full::SubscriberPackage::delete(|sp| sp.id.eq(SubscriberPackageId(1)));
    assert_eq!(
        client.execute(&delete).await.unwrap(),
        [SubscriberPackageId(1)]
    );
    let json = schema::SubscriberPackage::all().to_json().unwrap();
    assert!(
        !json.contains("expired_on") && !json.contains("\"id\""),
        "{json}"
    );
}

#[tokio::test]
async fn a_password_does_not_show_with_its_row() {
    let sandbox = crate::start(Seed::Demo).await;
    let client = crate::client(&sandbox);
    let query = schema::Subscriber::filter(|s| s.username.eq("12345"));
    let subscriber = client.fetch_one(&query).await.unwrap();
    assert_eq!(
        subscriber.password,
        Some(schema::Password("bM4kq9".to_owned()))
    );
    assert_eq!(subscriber.kind.as_deref(), Some("BILL"));
    assert!(!format!("{subscriber:?}").contains("bM4kq9"));
}
