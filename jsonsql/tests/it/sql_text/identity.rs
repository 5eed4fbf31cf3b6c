//! The grammar as SQL and back, and SQL to the grammar and back.

use jsonsql::ast::Statement;
use jsonsql::sql::parse;
use proptest::prelude::*;

use super::arbitrary;
use crate::arbitrary::{Operands, statement};

fn cases(default: u32) -> u32 {
    let cases = std::env::var("PROPTEST_CASES").ok();
    cases.and_then(|text| text.parse().ok()).unwrap_or(default)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_statement_is_read_from_its_sql(statement in arbitrary::statement()) {
        let sql = format!("{statement:#}");
        match parse(&sql) {
            Ok(read) => prop_assert_eq!(read, statement, "{}", sql),
            Err(error) => prop_assert!(false, "{sql}\n{error:#}"),
        }
    }

    #[test]
    fn what_was_read_is_written_as_it_was(statement in arbitrary::statement()) {
        let sql = format!("{statement:#}");
        let read = parse(&sql).unwrap();
        prop_assert_eq!(format!("{read:#}"), sql);
    }

    /// Statements that no table fits and that no text says: refused, or the
    /// same text when they are written again.
    #[test]
    fn nothing_is_changed_on_the_way(statement in statement(Operands::Fitting)) {
        let sql = format!("{statement:#}");
        let Ok(read) = parse(&sql) else { return Ok(()) };
        let again = format!("{read:#}");
        let reread = parse(&again);
        prop_assert!(reread.is_ok(), "{again}\n{reread:?}");
        prop_assert_eq!(reread.unwrap(), read, "{} became {}", sql, again);
    }

    /// What is read can be sent and read back.
    #[test]
    fn what_is_read_can_be_sent(statement in arbitrary::statement()) {
        let read = parse(&format!("{statement:#}")).unwrap();
        let json = serde_json::to_string(&read).unwrap();
        let sent = Statement::from_json(read.method(), json.as_bytes());
        prop_assert!(sent.is_ok(), "{json}\n{sent:?}");
    }
}
