//! Rules between subscribers and what they have, as triggers: whether they are
//! kept is not known of the vendor's server, so they can be switched.

use std::fmt::Write as _;

use super::sqlite;
use crate::schema::Catalog;
use crate::server_behavior::{ServerBehavior, SubscriberDelete, TerminalOverLimit};

/// The message that refuses a terminal beyond the limit.
const FULL: &str = "the subscriber has as many terminals as max_terminal allows";

/// The rules that are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    over_limit: TerminalOverLimit,
    delete: SubscriberDelete,
}

impl Rules {
    pub(crate) fn new(behavior: &ServerBehavior) -> Rules {
        Rules {
            over_limit: behavior.terminal_over_limit,
            delete: behavior.subscriber_delete,
        }
    }

    /// Triggers of the connection: the file does not keep them.
    pub(super) fn for_sqlite(self, catalog: &Catalog) -> String {
        let mut sql = String::new();
        if self.over_limit == TerminalOverLimit::Refused {
            let message = format!("{}{FULL}", sqlite::STATEMENT);
            for (name, event, changed) in [
                ("inserted", "INSERT", "TRUE"),
                (
                    "moved",
                    "UPDATE OF subscriber_id",
                    "NEW.subscriber_id IS NOT OLD.subscriber_id",
                ),
            ] {
                let _ = writeln!(
                    sql,
                    "CREATE TEMP TRIGGER jsonsql_terminal_{name} BEFORE {event} ON main.terminal \
                     WHEN {changed} BEGIN SELECT RAISE(ABORT, '{message}') WHERE {}; END;",
                    full()
                );
            }
        }
        if self.delete == SubscriberDelete::Cascades {
            let _ = writeln!(
                sql,
                "CREATE TEMP TRIGGER jsonsql_subscriber_deleted BEFORE DELETE ON main.subscriber \
                 BEGIN {} END;",
                deletes(catalog)
            );
        }
        sql
    }

    /// Triggers of the database, for the sandbox that started last.
    #[cfg(feature = "postgres")]
    pub(super) fn for_postgres(self, catalog: &Catalog) -> String {
        let trigger = |name: &str, body: &str, event: &str, table: &str, wanted: bool| {
            let mut sql = format!("DROP TRIGGER IF EXISTS {name} ON {table};\n");
            if wanted {
                let _ = writeln!(
                    sql,
                    "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql \
                     SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN {body} END $$;\n\
                     CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW \
                       EXECUTE FUNCTION {name}();"
                );
            }
            sql
        };
        let limit = format!(
            "IF (TG_OP = 'INSERT' OR NEW.subscriber_id IS DISTINCT FROM OLD.subscriber_id) \
             AND {} THEN RAISE EXCEPTION '{FULL}'; END IF; RETURN NEW;",
            full()
        );
        let delete = format!("{} RETURN OLD;", deletes(catalog));
        trigger(
            "jsonsql_terminal_limit",
            &limit,
            "INSERT OR UPDATE OF subscriber_id",
            "terminal",
            self.over_limit == TerminalOverLimit::Refused,
        ) + &trigger(
            "jsonsql_subscriber_deleted",
            &delete,
            "DELETE",
            "subscriber",
            self.delete == SubscriberDelete::Cascades,
        )
    }
}

/// Returns the SQL condition that the subscriber of a new row has as many
/// terminals as the limit allows; it is NULL without a limit.
fn full() -> &'static str {
    "(SELECT count(*) FROM terminal t WHERE t.subscriber_id = NEW.subscriber_id) >= \
     (SELECT coalesce(s.max_terminal, d.max_terminal_per_subscriber) FROM subscriber s \
      LEFT JOIN domain d ON d.id = s.domain_id WHERE s.id = NEW.subscriber_id)"
}

/// Returns the SQL that deletes the rows that refer to a subscriber.
fn deletes(catalog: &Catalog) -> String {
    let mut sql = String::new();
    for table in &catalog.tables {
        for column in &table.columns {
            if column.references.as_deref() == Some("subscriber") {
                let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
                let (table, column) = (quoted(&table.name), quoted(&column.name));
                let _ = write!(sql, "DELETE FROM {table} WHERE {column} = OLD.id; ");
            }
        }
    }
    sql
}
