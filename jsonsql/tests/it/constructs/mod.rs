//! Every construct of the language once: what a user writes beside the SQL
//! and the JSON that is sent.
//!
//! The files in `snapshots/` were read against the vendor's document and
//! scripts (`tests/corpus/jsonsql-requests.jsonl`), not only accepted.

/// A test for each statement; its snapshot has the test's name.
macro_rules! snapshots {
    (@dialect) => { jsonsql::Dialect::BEST_GUESS };
    (@dialect $dialect:expr) => { $dialect };
    ($($name:ident$( in $dialect:expr)? => $statement:expr;)*) => {$(
        #[test]
        fn $name() {
            let text = $statement.snapshot_in(&snapshots!(@dialect $($dialect)?)).unwrap();
            insta::with_settings!({
                snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshots"),
                omit_expression => true,
            }, {
                insta::assert_snapshot!(text);
            });
        }
    )*};
}

mod dialects;
mod expressions;
mod queries;
mod snapshot;
mod writes;
