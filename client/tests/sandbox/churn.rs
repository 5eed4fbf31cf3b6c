//! A table that changes while it is read.

use std::collections::HashSet;

use jsonsql::prelude::*;
use jsonsql_client::Client;
use jsonsql_client::schema::{Package, PackageId};
use jsonsql_sandbox::Seed;

#[derive(Insertable)]
#[insertable(table = Package)]
struct NewPackage {
    name: String,
}

async fn insert_rows(client: &Client, rows: usize) -> Vec<i64> {
    let rows: Vec<_> = (0..rows)
        .map(|row| NewPackage {
            name: format!("package {row}"),
        })
        .collect();
    let inserted = client.insert_many(&insert_many(&rows)).await.unwrap();
    let ids = inserted.all().unwrap();
    ids.into_iter().map(|PackageId(id)| id).collect()
}

#[tokio::test]
async fn rows_that_come_and_go_neither_hide_nor_double_others() {
    let sandbox = crate::start(Seed::Empty).await;
    let client = crate::builder(&sandbox.url()).page_rows(20).build();
    let client = client.unwrap();
    let ids = insert_rows(&client, 500).await;
    let mut stays: HashSet<_> = ids.iter().copied().collect();

    let mut seen = Vec::new();
    let mut gone = HashSet::new();
    let mut pages = client.stream(&Package::all());
    while let Some(package) = pages.next().await {
        seen.push(package.unwrap().id.0);
        // Every few rows: one long read goes, one far ahead goes, two come.
        let row = seen.len();
        if row <= 300 && row % 7 == 0 {
            for id in [ids[row / 2], ids[150 + row]] {
                if stays.remove(&id) {
                    let delete = Package::delete(|p| p.id.eq(PackageId(id)));
                    client.execute(&delete).await.unwrap();
                    // A page that is read already still has it.
                    if id > seen[row - 1] + 20 {
                        gone.insert(id);
                    }
                }
            }
            insert_rows(&client, 2).await;
        }
    }
    assert!(
        seen.is_sorted_by(|one, next| one < next),
        "in order, none twice"
    );
    let seen: HashSet<_> = seen.into_iter().collect();
    assert!(stays.len() > 400 && gone.len() > 30);
    assert!(
        stays.is_subset(&seen),
        "hidden: {:?}",
        stays.difference(&seen)
    );
    assert!(seen.is_disjoint(&gone), "rows that were not there any more");
    // Those that came lie ahead of the reader, who meets them in the end.
    assert!(seen.len() > stays.len() + 80);
}
