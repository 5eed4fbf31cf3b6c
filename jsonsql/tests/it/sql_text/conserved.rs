//! Nothing of a text is read and dropped: a statement with something more in
//! it is another statement, or is refused.

use jsonsql::ast::Statement;
use jsonsql::sql::parse;

const STATEMENTS: &[&str] = &[
    "SELECT m . name , count ( m . id ) FROM media AS m LEFT JOIN package AS p ON p . id = m . id \
     WHERE m . port > 5 AND p . paid IS TRUE GROUP BY m . name HAVING count ( m . id ) > 1 \
     ORDER BY m . name LIMIT 7 OFFSET 3",
    "SELECT name FROM media WHERE path LIKE 'x%' AND id IN ( SELECT media_id FROM log WHERE a BETWEEN 2 AND 4 )",
    "SELECT q . n FROM ( SELECT id , n FROM media ) AS q , package AS p",
    "INSERT INTO package ( name , paid ) VALUES ( 'movie' , TRUE ) RETURNING id",
    "INSERT INTO package ( name ) SELECT name FROM media WHERE id = 1 RETURNING id",
    "UPDATE subscriber AS u SET disabled = TRUE FROM terminal AS t WHERE t . subscriber_id = u . id RETURNING u . id",
    "DELETE FROM terminal AS d USING subscriber AS s WHERE s . id = d . subscriber_id RETURNING d . id",
    "INSERT INTO package ( name , paid ) VALUES ( 'movie' , DEFAULT )",
    "VALUES ( 1 , 'a' ) ORDER BY column1 LIMIT 2",
];

/// What other databases and PostgreSQL itself have in statements.
const ADDITIONS: &[&str] = &[
    "x",
    "'x'",
    "9",
    "\"x\"",
    "+ 9",
    "- 9",
    "NOT",
    "- ",
    "+ x",
    "LIMIT 9",
    "OFFSET 9",
    "LIMIT 9 , 9",
    "FETCH FIRST 9 ROWS ONLY",
    "FOR UPDATE",
    "FOR SHARE",
    "LOCK IN SHARE MODE",
    "TOP 9",
    "DISTINCT",
    "DISTINCT ON ( x )",
    "ONLY",
    "LATERAL",
    "WITH TIES",
    "WITH ORDINALITY",
    "RECURSIVE",
    "MATERIALIZED",
    "COLLATE \"C\"",
    ":: text",
    "AT TIME ZONE 'UTC'",
    "QUALIFY true",
    "WINDOW w AS ( )",
    "OVER ( )",
    "FILTER ( WHERE x )",
    "WITHIN GROUP ( ORDER BY x )",
    "IGNORE NULLS",
    "RESPECT NULLS",
    "NULLS FIRST",
    "DESC",
    "USING >",
    "ESCAPE '!'",
    "TABLESAMPLE SYSTEM ( 9 )",
    "FINAL",
    "SAMPLE 9",
    "PREWHERE true",
    "SETTINGS a = 9",
    "FORMAT JSON",
    "CONNECT BY x = x",
    "START WITH x = 9",
    "CLUSTER BY x",
    "DISTRIBUTE BY x",
    "SORT BY x",
    "EXCLUDE ( x )",
    "EXCEPT ( x )",
    "REPLACE ( 9 AS x )",
    "OR REPLACE",
    "OR IGNORE",
    "IGNORE",
    "OVERWRITE",
    "TABLE",
    "PARTITION ( x )",
    "STRAIGHT_JOIN",
    "HIGH_PRIORITY",
    "SQL_NO_CACHE",
    "GLOBAL",
    "NATURAL",
    "USE INDEX ( x )",
    "WITH ( NOLOCK )",
    "FOR XML AUTO",
    "INTO x",
    "ON CONFLICT DO NOTHING",
    "ON DUPLICATE KEY UPDATE x = 9",
    "BY x",
    "WITH ROLLUP",
    "WITH FILL",
    "AS x ( y )",
    "( y )",
    "PIVOT ( x )",
    "UNPIVOT ( x )",
    "MATCH_RECOGNIZE ( )",
    "CROSS APPLY x",
    "ASOF",
    "SEMI",
    "ANTI",
    "WHERE x",
    "AND x",
    "OR x",
    "IS NULL",
    "[ 9 ]",
    ". x",
    ", x",
    ", 9",
    "= 9",
    "|| 'x'",
    "IN ( 9 )",
    "LIKE 'x'",
    "UNION SELECT 9",
    "ALL SELECT 9",
    "CASCADE",
    "SKIP LOCKED",
    "NOWAIT",
    "PERCENT",
    "SYMMETRIC",
    "ANY",
    "OUTPUT x",
    "RETURNING x",
    "SET x = 9",
    "|> WHERE x",
    "VALUES ( 9 )",
    "WITH x AS ( SELECT 9 )",
    "INTERPOLATE ( x )",
    "OVERRIDING SYSTEM VALUE",
    "OVERRIDING USER VALUE",
    "DEFAULT",
    "CURRENT OF x",
    "{ x }",
    "@ x",
];

/// Words that change nothing in SQL either.
const NOTHING: &[&str] = &["ALL", "AS", "ASC", "INNER", "OUTER", "ROW", "ROWS", "( )"];

/// A statement with an addition between its words at one place.
fn with(words: &[&str], place: usize, addition: &str) -> String {
    let (before, after) = words.split_at(place);
    format!("{} {addition} {}", before.join(" "), after.join(" "))
}

/// A quarter of the places by default; all of them with `JSONSQL_FUZZ_SECONDS`.
#[test]
fn a_statement_with_more_in_it_is_another_one_or_refused() {
    let all = std::env::var("JSONSQL_FUZZ_SECONDS").is_ok();
    let mut tried = 0;
    let mut accepted = 0;
    let mut dropped = Vec::new();
    for sql in STATEMENTS {
        let words: Vec<&str> = sql.split_whitespace().collect();
        let statement: Statement = parse(sql).unwrap();
        for place in 0..=words.len() {
            for (index, addition) in ADDITIONS.iter().enumerate() {
                assert!(!NOTHING.contains(addition));
                if !all && (place + index) % 4 != 0 {
                    continue;
                }
                tried += 1;
                let text = with(&words, place, addition);
                let Ok(read) = parse(&text) else { continue };
                accepted += 1;
                if !is_allowed(addition, &words[..place]) && read == statement {
                    dropped.push(text);
                }
            }
        }
    }
    assert!(dropped.is_empty(), "dropped:\n{}", dropped.join("\n"));
    assert!(accepted > 150 && tried > 3_000, "{accepted} of {tried}");
}

/// An escape that does not occur in the pattern escapes nothing.
fn is_allowed(addition: &str, before: &[&str]) -> bool {
    addition == "ESCAPE '!'" && before.last() == Some(&"'x%'")
}

/// And with less in it: leaving a word out is another statement or an error,
/// but for words that SQL itself allows to be left out.
#[test]
fn a_statement_with_a_word_less_is_another_one_or_refused() {
    for sql in STATEMENTS {
        let words: Vec<&str> = sql.split_whitespace().collect();
        let statement = parse(sql).unwrap();
        for place in 0..words.len() {
            let mut rest = words.clone();
            let word = rest.remove(place);
            if NOTHING.contains(&word) {
                continue;
            }
            if let Ok(read) = parse(&rest.join(" ")) {
                assert!(read != statement, "without {word}: {sql}");
            }
        }
    }
}
