//! A seed of any size, the same one every time.

use jsonsql::ast::Statement;
use serde_json::{Value, json};

use super::document::insert;
use crate::account::FIRST_DOMAIN;
use crate::error::Error;

/// The number of subscribers that go into one round of statements.
const CHUNK: u32 = 500;

const PACKAGES: [(&str, bool, &str); 5] = [
    ("basic", false, "0.00"),
    ("family", true, "250.00"),
    ("premium", true, "490.50"),
    ("kids", true, "99.90"),
    ("archive", true, "99.00"),
];

type Made = Result<(i64, Statement), Error>;

/// The packages, then subscribers with one to three terminals each.
pub(super) fn inserts(subscribers: u32) -> impl Iterator<Item = Made> + Send {
    let rounds = (1..=subscribers).step_by(CHUNK as usize);
    std::iter::once_with(packages).chain(rounds.flat_map(move |first| {
        let last = first.saturating_add(CHUNK - 1).min(subscribers);
        round(first, last)
    }))
}

fn packages() -> Made {
    let rows: Vec<Vec<Value>> = PACKAGES
        .iter()
        .map(|(name, paid, cost)| vec![json!(name), json!(paid), json!(cost)])
        .collect();
    insert("package", FIRST_DOMAIN, &["name", "paid", "cost"], &rows)
}

fn round(first: u32, last: u32) -> [Made; 3] {
    let (mut subscribers, mut terminals, mut packages) = (Vec::new(), Vec::new(), Vec::new());
    for id in first..=last {
        let chance = scattered(id);
        subscribers.push(vec![
            json!(format!("{}", 100_000 + id)),
            json!(format!("{chance:016x}")),
            json!(chance.is_multiple_of(20)),
            json!(format!("u{id}@example.net")),
            json!(1 + chance % 5),
            json!("BILL"),
        ]);
        for nth in 0..=(chance >> 8) % 3 {
            terminals.push(vec![
                json!(id),
                json!(format!(
                    "00:1a:{:02x}:{:02x}:{:02x}:{nth:02x}",
                    id >> 16 & 0xff,
                    id >> 8 & 0xff,
                    id & 0xff
                )),
                json!(format!(
                    "10.{}.{}.{}",
                    id >> 14 & 0xff,
                    id >> 6 & 0xff,
                    (id & 0x3f) * 4 + u32::try_from(nth).unwrap_or_default()
                )),
                json!(nth == 0),
            ]);
        }
        packages.push(vec![json!(id), json!(1), json!(true)]);
        if chance.is_multiple_of(3) {
            packages.push(vec![
                json!(id),
                json!(2 + chance % 4),
                json!(!chance.is_multiple_of(7)),
            ]);
        }
    }
    let of =
        |table, columns: &[&str], rows: &[Vec<Value>]| insert(table, FIRST_DOMAIN, columns, rows);
    [
        of(
            "subscriber",
            &[
                "username",
                "password",
                "disabled",
                "email",
                "max_terminal",
                "type",
            ],
            &subscribers,
        ),
        of(
            "terminal",
            &["subscriber_id", "mac_addr", "inet_addr", "registered"],
            &terminals,
        ),
        of(
            "subscriber_package",
            &["subscriber_id", "package_id", "enabled"],
            &packages,
        ),
    ]
}

/// A number that looks random and is always the same (SplitMix64).
fn scattered(id: u32) -> u64 {
    let mut z = u64::from(id).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
