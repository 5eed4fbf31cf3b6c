//! Identifiers: which may stand bare, and how the others are quoted.

/// Words PostgreSQL 15 does not take as a bare column or table name
/// (`pg_get_keywords()`, categories R and T).
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

/// Returns `true` if PostgreSQL does not take this word as a bare column or
/// table name.
pub(in crate::sql) fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// Returns `true` if a name reads the same without quotes.
pub(in crate::sql) fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| c == '_' || c.is_ascii_lowercase())
        && chars.all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
        && !is_reserved(name)
}

/// Returns `true` if a function may be called by this name. Function names are
/// written without quotes, since some (`coalesce`) are syntax, so they may
/// contain only letters, digits and `_`.
pub(in crate::sql) fn is_function(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| c == '_' || c.is_ascii_alphabetic())
        && chars.all(|c| c == '_' || c.is_ascii_alphanumeric())
}

/// Writes a name in double quotes.
pub(super) fn quote(name: &str, sql: &mut String) {
    sql.push('"');
    sql.push_str(&name.replace('"', "\"\""));
    sql.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted_for_the_search() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn plain_names() {
        assert!(is_plain("subscriber"));
        assert!(is_plain("_x1"));
        for name in ["", "1x", "User", "user", "имя", "a b", "a\"b"] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn function_names() {
        assert!(is_function("regexp_replace"));
        assert!(is_function("COUNT"));
        for name in ["", "pg_sleep(1);--", "a.b", "2x", "x y"] {
            assert!(!is_function(name), "{name}");
        }
    }
}
