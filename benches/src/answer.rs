//! One answer of 10,000 rows of eight columns, about a megabyte, envelope included.

use std::fmt::Write;

use jsonsql::row::Row;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A row as a plain tuple, for serde_json.
pub type Tuple = (
    i64,
    String,
    String,
    String,
    Option<i32>,
    Option<String>,
    bool,
    f64,
);

/// A row as a tuple that borrows.
pub type Borrowed<'a> = (
    i64,
    &'a str,
    &'a str,
    &'a str,
    Option<i32>,
    Option<&'a str>,
    bool,
    f64,
);

/// The answer's bytes.
pub fn answer(rows: usize) -> Vec<u8> {
    let mut json = String::from(r#"{"jsonrpc":"2.0","id":1,"result":["#);
    for id in 0..rows {
        let comma = if id == 0 { "" } else { "," };
        let path = if id % 3 == 0 {
            "null".to_owned()
        } else {
            format!("\"channel/{id}/index.m3u8\"")
        };
        let _ = write!(
            json,
            r#"{comma}[{id},"Channel number {id}","http","10.{}.{}.1",{},{path},{},{}.25]"#,
            id / 256 % 256,
            id % 256,
            if id % 5 == 0 { "null" } else { "8080" },
            id % 2 == 0,
            id % 1000,
        );
    }
    json.push_str("]}");
    json.into_bytes()
}

/// The envelope, as serde derives it.
#[derive(Deserialize)]
struct Envelope<T> {
    result: Vec<T>,
}

/// Read by serde_json into plain tuples.
pub fn by_serde(bytes: &[u8]) -> Vec<Tuple> {
    serde_json::from_slice::<Envelope<Tuple>>(bytes)
        .map(|envelope| envelope.result)
        .unwrap_or_default()
}

/// Read by `sonic-rs` into tuples that borrow.
pub fn by_sonic(bytes: &[u8]) -> Vec<Borrowed<'_>> {
    sonic_rs::from_slice::<Envelope<Borrowed<'_>>>(bytes)
        .map(|envelope| envelope.result)
        .unwrap_or_default()
}

/// Read by `simd-json` into tuples that borrow, from a copy: it writes into what it reads.
pub fn by_simd(copy: &mut [u8]) -> Vec<Borrowed<'_>> {
    simd_json::from_slice::<Envelope<Borrowed<'_>>>(copy)
        .map(|envelope| envelope.result)
        .unwrap_or_default()
}

/// Read into this row type.
pub fn rows<'de, R: Row<'de>>(bytes: &'de [u8]) -> Vec<R> {
    read(bytes).unwrap_or_default()
}

/// In one pass, as the client does: the rows where they stand, and then the envelope
/// without them.
fn read<'de, R: Row<'de>>(bytes: &'de [u8]) -> Option<Vec<R>> {
    const RESULT: &str = "\"result\":";
    let text = std::str::from_utf8(bytes).ok()?;
    let begin = text.find(RESULT)? + RESULT.len();
    let (rows, length) = jsonsql::row::decode_prefix(&text[begin..])?;
    let rest = [&text[..begin], "[]", &text[begin + length..]].concat();
    let envelope: Envelope<IgnoredAny> = serde_json::from_str(&rest).ok()?;
    envelope.result.is_empty().then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Channel;

    #[test]
    fn all_read_the_same() {
        let bytes = answer(1000);
        let tuples = by_serde(&bytes);
        assert_eq!(tuples.len(), 1000);
        assert_eq!(rows::<Tuple>(&bytes), tuples);
        for (channel, tuple) in rows::<Channel>(&bytes).into_iter().zip(&tuples) {
            let Channel {
                id,
                name,
                protocol,
                inet_addr,
                port,
                path,
                is_tv,
                cost,
            } = channel;
            assert_eq!(
                (id, name, protocol, inet_addr, port, path, is_tv, cost),
                *tuple
            );
        }
        for (borrowed, tuple) in rows::<Borrowed<'_>>(&bytes).into_iter().zip(&tuples) {
            assert_eq!(
                (borrowed.0, borrowed.1, borrowed.7),
                (tuple.0, tuple.1.as_str(), tuple.7)
            );
        }
        assert_eq!(by_sonic(&bytes), rows::<Borrowed<'_>>(&bytes));
        assert_eq!(by_simd(&mut bytes.clone()), rows::<Borrowed<'_>>(&bytes));
    }
}
