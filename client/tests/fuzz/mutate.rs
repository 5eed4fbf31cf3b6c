//! Bytes of an answer that are no longer those of the server.

use crate::luck::Luck;

/// What a reader of JSON, UTF-8 or JSON-RPC may trip over.
const TOKENS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"null",
    b"true",
    b"-0",
    b"1e400",
    b"-1e-400",
    b"18446744073709551616",
    b"9223372036854775808",
    b"0.1e1",
    b"\"\\ud800\"",
    b"\\u0000",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\0",
    b"\x1b[2J",
    b"\xe2\x80\xae",
    b"\r\n\r\n",
    b"\"id\":",
    b"\"result\":",
    b"\"error\":",
    b"\"jsonrpc\":\"2.0\",",
    b"\"session_id\":",
    b"\"status\":\"OK\",",
    b"\"data\":[],",
    b"\"total\":",
    b"<html>",
    b"<!-- ",
    b"<br />\n<b>Notice</b>: x in <b>a.php</b><br />\n",
    b"session expired",
];

/// Changes the bytes in one to four places.
pub(crate) fn mutate(body: &mut Vec<u8>, luck: &mut Luck) {
    for _ in 0..=luck.below(4) {
        let at = luck.below(body.len() + 1);
        let end = (at + luck.below(40)).min(body.len());
        match luck.below(13) {
            0 | 1 => {
                if let Some(byte) = body.get_mut(at) {
                    *byte ^= 1 << luck.below(8);
                }
            }
            2 => {
                if let Some(byte) = body.get_mut(at) {
                    *byte = luck.next() as u8;
                }
            }
            3 => drop(body.drain(at..end)),
            4 => {
                let part = body[at..end].to_vec();
                body.splice(at..at, part);
            }
            5 | 6 => {
                let token = luck.pick(TOKENS).iter().copied();
                body.splice(at..at, token);
            }
            7 => {
                let token = luck.pick(TOKENS).iter().copied();
                body.splice(at..end, token);
            }
            8 => body.truncate(at),
            9 => body.reverse(),
            10 => {
                let open: &[u8] = luck.pick(&[b"[".as_slice(), b"{\"a\":", b"[[],"]);
                let nested = open.repeat(luck.below(30_000));
                body.splice(at..at, nested);
            }
            11 => {
                // A part of it, until it is longer than what is read at once.
                let part = body[at..end].to_vec();
                let times = luck.below(200_000) / part.len().max(1);
                body.splice(at..at, part.repeat(times));
            }
            _ => {
                let text = vec![luck.pick(b" x9\xd0\0\n"); luck.below(150_000)];
                body.splice(at..at, text);
            }
        }
    }
}
