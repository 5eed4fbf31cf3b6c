//! The tables, made, and whose rows are whose.

use std::fmt::Write as _;

use jsonsql::ast::SqlKind;

use crate::schema::{Catalog, Column, Filled, Owner, Reference, Table};

/// The setting of a transaction that says for which domain it is.
pub(super) const DOMAIN_SETTING: &str = "jsonsql.domain";

/// The role that clients' statements run as. Roles belong to the whole server,
/// so all sandboxes on it share this one.
pub(super) const CLIENTS: &str = "jsonsql_sandbox";

/// The session's domain, as an expression; NULL outside of one.
fn domain() -> String {
    format!("nullif(current_setting('{DOMAIN_SETTING}', true), '')::integer")
}

/// The role, unless there is one.
pub(super) fn role() -> String {
    format!(
        "DO $$ BEGIN \
           IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{CLIENTS}') THEN \
             CREATE ROLE {CLIENTS} NOLOGIN; \
           END IF; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; \
         END $$; \
         DO $$ BEGIN \
           IF NOT pg_has_role(current_user, '{CLIENTS}', 'MEMBER') THEN \
             EXECUTE format('GRANT {CLIENTS} TO %I', current_user); \
           END IF; \
         END $$; \
         DO $$ BEGIN \
           EXECUTE format('GRANT USAGE ON SCHEMA %I TO {CLIENTS}', current_schema()); \
         END $$;"
    )
}

/// A table with its own constraints, and who may use it.
pub(super) fn create(table: &Table) -> String {
    let mut parts: Vec<String> = table.columns.iter().map(part).collect();
    if let Some(key) = table.key() {
        let name = quoted(&format!("{}_pkey", table.name));
        parts.push(format!(
            "CONSTRAINT {name} PRIMARY KEY ({})",
            quoted(&key.name)
        ));
    }
    for unique in &table.unique {
        let columns: Vec<String> = unique.columns.iter().map(|name| quoted(name)).collect();
        parts.push(format!(
            "CONSTRAINT {} UNIQUE ({})",
            quoted(&unique.name),
            columns.join(", ")
        ));
    }
    let name = quoted(&table.name);
    format!(
        "CREATE TABLE {name} ({});\n\
         GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {CLIENTS};\n",
        parts.join(", ")
    )
}

/// A column that an existing table does not have yet.
pub(super) fn add(table: &Table, column: &Column) -> String {
    let name = quoted(&table.name);
    format!("ALTER TABLE {name} ADD COLUMN {};\n", part(column))
}

/// Returns the SQL that indexes a column and relates it to other tables, which must
/// exist by now.
pub(super) fn relate(table: &Table, column: &Column, catalog: &Catalog) -> String {
    let (table_name, name) = (quoted(&table.name), quoted(&column.name));
    let mut sql = String::new();
    if column.is_indexed() {
        let index = quoted(&format!("{}_{}_idx", table.name, column.name));
        sql += &format!("CREATE INDEX {index} ON {table_name} ({name});\n");
    }
    let Some(target) = &column.references else {
        return sql;
    };
    let constraint = quoted(&format!("{}_{}_fkey", table.name, column.name));
    sql += &format!(
        "ALTER TABLE {table_name} ADD CONSTRAINT {constraint} \
           FOREIGN KEY ({name}) REFERENCES {} (\"id\");\n",
        quoted(target)
    );
    let mut owned = catalog.owned_references(table);
    if let Some(reference) = owned.find(|reference| *reference.column == column.name) {
        own_reference(table, &reference, &mut sql);
    }
    sql
}

/// The policy by which a session sees its own rows and no others.
pub(super) fn guard(table: &Table, catalog: &Catalog) -> String {
    let mut sql = String::new();
    let (visible, check) = match catalog.owner(table) {
        Owner::Shared => return sql,
        Owner::Column(column) => (format!("{} = {}", quoted(column), domain()), ""),
        // The table it names has a policy of its own. To whom a row may refer
        // is the business of the triggers.
        Owner::Through(column, to) => {
            let nobodys = nobodys(to, &mut sql);
            let (column, to) = (quoted(column), quoted(&to.name));
            (
                format!("{column} IN (SELECT \"id\" FROM {to}) OR {nobodys}({column})"),
                " WITH CHECK (true)",
            )
        }
    };
    let name = quoted(&table.name);
    let _ = writeln!(
        sql,
        "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;\n\
         CREATE POLICY own ON {name} TO {CLIENTS} USING ({visible}){check};"
    );
    sql
}

/// A function, and its name: whether there is no such row, in any domain.
///
/// A policy also decides over RETURNING, before constraints do. Without this a
/// row that refers to nothing would be refused by the policy, and not in the
/// words of its foreign key.
fn nobodys(table: &Table, sql: &mut String) -> String {
    let function = quoted(&format!("jsonsql_nobodys_{}", table.name));
    let _ = writeln!(
        sql,
        "CREATE OR REPLACE FUNCTION {function}(integer) RETURNS boolean \
         LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS \
         $$ SELECT $1 IS NULL OR NOT EXISTS (SELECT FROM {} WHERE \"id\" = $1) $$;",
        quoted(&table.name)
    );
    function
}

fn part(column: &Column) -> String {
    let mut part = format!("{} {}", quoted(&column.name), storage(column.kind));
    match column.filled {
        Filled::Number => part.push_str(" GENERATED BY DEFAULT AS IDENTITY"),
        Filled::Bool(value) => {
            let _ = write!(part, " DEFAULT {value}");
        }
        Filled::Domain => {
            let _ = write!(part, " DEFAULT {}", domain());
        }
        Filled::Not => {}
    }
    if !column.nullable {
        part.push_str(" NOT NULL");
    }
    part
}

/// Foreign keys are checked with the owner's eyes, so a row could refer to one
/// of another domain. To the session that row does not exist, and PostgreSQL
/// is made to say so in its usual words.
fn own_reference(table: &Table, reference: &Reference<'_>, sql: &mut String) {
    let column = quoted(reference.column);
    let function = quoted(&format!("jsonsql_{}_{}", table.name, reference.column));
    let constraint = reference.constraint(table);
    let _ = writeln!(
        sql,
        "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
           IF NOT EXISTS (SELECT FROM {to} WHERE \"id\" = NEW.{column}) THEN \
             RAISE foreign_key_violation USING CONSTRAINT = '{constraint}', MESSAGE = \
               'insert or update on table \"{name}\" violates foreign key constraint \
               \"{constraint}\"'; \
           END IF; \
           RETURN NULL; \
         END $$;\n\
         CREATE TRIGGER {function} AFTER INSERT OR UPDATE OF {column} ON {table} \
           FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION {function}();",
        to = quoted(&reference.to.name),
        name = table.name,
        table = quoted(&table.name),
    );
}

fn storage(kind: SqlKind) -> &'static str {
    // The names in PostgreSQL's messages are names its grammar takes.
    kind.as_str()
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
