//! Constructs of SQL beside what becomes of each: exact (the same text), rewritten
//! (another text that is equal), refused (with the place).
//!
//! The snapshots are read against PostgreSQL's documentation, and the rows that the
//! rewritten ones answer with are compared with PostgreSQL's own in the sandbox's tests.

use std::fmt::Write;

use jsonsql::sql::parse;

fn table(constructs: &[&str]) -> String {
    let mut table = String::new();
    for sql in constructs {
        writeln!(table, "{sql}").unwrap();
        match parse(sql) {
            Ok(statement) => {
                let json = serde_json::to_string(&statement).expect("what is read can be sent");
                let again = format!("{statement:#}");
                if again.eq_ignore_ascii_case(sql) {
                    writeln!(table, "  exact").unwrap();
                } else {
                    writeln!(table, "  rewritten: {again}").unwrap();
                }
                writeln!(table, "  {json}\n").unwrap();
            }
            Err(error) => {
                let error = format!("{error:#}").replace('\n', "\n  ");
                writeln!(table, "  refused: {error}\n").unwrap();
            }
        }
    }
    table
}

macro_rules! tables {
    ($($name:ident: [$($sql:literal),* $(,)?];)*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(table(&[$($sql),*]));
            });
        }
    )*};
}

tables! {
    tables_and_joins: [
        "SELECT * FROM media",
        "SELECT m.id FROM media m",
        "SELECT m.* FROM media AS m",
        "SELECT m.*, p.id FROM media AS m, package AS p",
        "SELECT s.id FROM subscriber AS s, package AS p",
        "SELECT s.id FROM subscriber AS s INNER JOIN terminal AS t ON t.subscriber_id = s.id",
        "SELECT s.id FROM subscriber AS s LEFT OUTER JOIN terminal AS t ON t.subscriber_id = s.id",
        "SELECT s.id FROM subscriber AS s RIGHT JOIN terminal AS t ON t.subscriber_id = s.id",
        "SELECT s.id FROM subscriber AS s FULL JOIN terminal AS t ON t.subscriber_id = s.id",
        "SELECT s.id FROM subscriber AS s CROSS JOIN terminal AS t",
        "SELECT s.id FROM subscriber AS s NATURAL JOIN terminal AS t",
        "SELECT s.id FROM subscriber AS s JOIN terminal AS t USING (id)",
        "SELECT s.id FROM subscriber AS s JOIN terminal AS t",
        "SELECT s.id FROM (subscriber AS s JOIN terminal AS t ON t.id = s.id)",
        "SELECT s.id FROM subscriber AS s, package AS p JOIN terminal AS t ON t.subscriber_id = s.id",
        "SELECT s.id FROM subscriber AS s, terminal AS s",
        "SELECT q.n FROM (SELECT s.id AS n FROM subscriber AS s) AS q",
        "SELECT q.n FROM (SELECT s.id AS n FROM subscriber AS s)",
        "SELECT column1 FROM (VALUES (1), (2)) AS v",
        "SELECT n FROM (VALUES (1), (2)) AS v (n)",
        "SELECT s.id FROM subscriber AS s, LATERAL (SELECT 1) AS q",
        "SELECT id FROM ONLY media",
        "SELECT id FROM public.media",
        "SELECT id FROM media TABLESAMPLE SYSTEM (10)",
        "SELECT n FROM generate_series(1, 3) AS n",
        "WITH q AS (SELECT id FROM media) SELECT id FROM q",
        "WITH q AS (SELECT id FROM media) SELECT a.id FROM q AS a JOIN q AS b ON a.id = b.id",
        "WITH q AS (SELECT id FROM media) SELECT id FROM media WHERE id IN (SELECT id FROM q)",
        "WITH q AS (SELECT id FROM media) SELECT id FROM media",
        "WITH RECURSIVE q AS (SELECT 1) SELECT * FROM q",
        "SELECT \"not\".id FROM media AS \"not\"",
    ];
    clauses: [
        "SELECT DISTINCT name FROM media",
        "SELECT ALL name FROM media",
        "SELECT DISTINCT ON (name) name, id FROM media ORDER BY name, id DESC",
        "SELECT name, count(*) FROM media GROUP BY name HAVING count(*) > 1",
        "SELECT lower(name), count(*) FROM media GROUP BY 1",
        "SELECT lower(name) AS l, count(*) FROM media GROUP BY l",
        "SELECT name FROM media GROUP BY ROLLUP (name)",
        "SELECT name FROM media GROUP BY GROUPING SETS ((name), ())",
        "SELECT name FROM media GROUP BY ALL",
        "SELECT lower(name) AS l FROM media ORDER BY l DESC",
        "SELECT name, id FROM media ORDER BY 2, 1",
        "SELECT name FROM media ORDER BY 2",
        "SELECT * FROM media ORDER BY 1",
        "SELECT random() AS r FROM media ORDER BY r",
        "SELECT name FROM media ORDER BY name ASC NULLS LAST, id DESC NULLS FIRST",
        "SELECT name FROM media ORDER BY name NULLS FIRST",
        "SELECT name FROM media ORDER BY name USING >",
        "SELECT name FROM media ORDER BY 'name'",
        "SELECT name FROM media LIMIT 5 OFFSET 10",
        "SELECT name FROM media LIMIT ALL",
        "SELECT name FROM media LIMIT NULL",
        "SELECT name FROM media OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY",
        "SELECT name FROM media FETCH FIRST 5 ROWS WITH TIES",
        "SELECT name FROM media LIMIT 1 + 1",
        "SELECT name FROM media LIMIT 5, 10",
        "SELECT name FROM media FOR UPDATE",
        "SELECT name INTO copy FROM media",
        "SELECT TOP 5 name FROM media",
        "SELECT name FROM media QUALIFY true",
        "SELECT name FROM media UNION SELECT name FROM package",
        "SELECT name FROM media EXCEPT SELECT name FROM package",
        "SELECT name FROM media INTERSECT SELECT name FROM package",
        "VALUES (1, 'a'), (2, 'b') ORDER BY 1 LIMIT 1",
        "VALUES (1), (2, 3)",
        "(SELECT name FROM media)",
        "TABLE media",
        "SELECT FROM media",
    ];
    names_of_what_is_selected: [
        "SELECT m.name AS title FROM media AS m",
        "SELECT name AS title FROM media",
        "SELECT name AS name FROM media",
        "SELECT name title FROM media",
        "SELECT name AS title FROM media, package",
        "SELECT 1 AS one, 'x' AS text, NULL AS nothing",
        "SELECT port ISNULL FROM media",
        "SELECT port AS isnull FROM media",
        "SELECT port year FROM media",
        "SELECT 'a' 'b'",
        "SELECT name AS \"Title\" FROM media",
    ];
    conditions: [
        "SELECT id FROM media WHERE a = 1 AND b <> 2 OR NOT c < 3",
        "SELECT id FROM media WHERE a != 1",
        "SELECT id FROM media WHERE a = b = c",
        "SELECT id FROM media WHERE 1 < a < 5",
        "SELECT id FROM media WHERE a == 1",
        "SELECT id FROM media WHERE a BETWEEN 1 AND 5",
        "SELECT id FROM media WHERE a NOT BETWEEN 1 AND 5",
        "SELECT id FROM media WHERE a BETWEEN SYMMETRIC 5 AND 1",
        "SELECT id FROM media WHERE lower(a) BETWEEN 'x' AND 'y'",
        "SELECT id FROM media WHERE random() BETWEEN 0 AND 1",
        "SELECT id FROM media WHERE (SELECT 1) BETWEEN 0 AND 1",
        "SELECT id FROM media WHERE a IN (1, 2) AND b NOT IN (3)",
        "SELECT id FROM media WHERE NOT a IN (1, 2)",
        "SELECT id FROM media WHERE a IN ()",
        "SELECT id FROM media WHERE a IN (SELECT id FROM package)",
        "SELECT id FROM media WHERE a NOT IN (SELECT p.id FROM package AS p LIMIT 1)",
        "SELECT id FROM media WHERE a IN (VALUES (1), (2))",
        "SELECT id FROM media WHERE (a, b) IN ((1, 2))",
        "SELECT id FROM media WHERE a = ANY (ARRAY[1, 2])",
        "SELECT id FROM media WHERE a <> ALL (ARRAY[1, 2])",
        "SELECT id FROM media WHERE a = SOME (SELECT id FROM package)",
        "SELECT id FROM media WHERE a > ANY (ARRAY[1, 2])",
        "SELECT id FROM media WHERE a = ANY ('{1,2}')",
        "SELECT id FROM media WHERE a LIKE 'x%' AND b ILIKE '_y'",
        "SELECT id FROM media WHERE a NOT LIKE 'x%' AND b NOT ILIKE '_y'",
        "SELECT id FROM media WHERE a LIKE '10!%' ESCAPE '!'",
        "SELECT id FROM media WHERE a LIKE 'c:\\x' ESCAPE ''",
        "SELECT id FROM media WHERE a LIKE b ESCAPE '!'",
        "SELECT id FROM media WHERE a SIMILAR TO 'x'",
        "SELECT id FROM media WHERE a ~ '^x'",
        "SELECT id FROM media WHERE a IS NULL AND b IS NOT NULL",
        "SELECT id FROM media WHERE a NOTNULL",
        "SELECT id FROM media WHERE a ISNULL",
        "SELECT id FROM media WHERE a IS TRUE AND b IS NOT FALSE",
        "SELECT id FROM media WHERE a IS UNKNOWN",
        "SELECT id FROM media WHERE a IS NOT DISTINCT FROM b",
        "SELECT id FROM media WHERE a IS DISTINCT FROM b",
        "SELECT id FROM media WHERE a IS DISTINCT FROM 5",
        "SELECT id FROM media WHERE a IS DISTINCT FROM NULL",
        "SELECT id FROM media WHERE a = NULL",
        "SELECT id FROM media WHERE NULL",
        "SELECT s.id FROM subscriber AS s WHERE EXISTS (SELECT 1 FROM terminal AS t WHERE t.subscriber_id = s.id)",
        "SELECT s.id FROM subscriber AS s WHERE NOT EXISTS (SELECT * FROM terminal AS t WHERE t.subscriber_id = s.id ORDER BY t.id LIMIT 1)",
        "SELECT s.id FROM subscriber AS s WHERE EXISTS (SELECT count(*) FROM terminal AS t WHERE t.subscriber_id = s.id)",
        "SELECT s.id FROM subscriber AS s WHERE EXISTS (SELECT DISTINCT t.registered FROM terminal AS t OFFSET 1)",
    ];
    expressions: [
        "SELECT a + 1, a - b - c, a - (b - c), (a + b) * c, a / 2 % 3 FROM media",
        "SELECT -a, - -5, -(5), +a FROM media",
        "SELECT -'5'",
        "SELECT a ^ 2 FROM media",
        "SELECT a >=-1, a <>-1 FROM media",
        "SELECT a||-1 FROM media",
        "SELECT a & 1 FROM media",
        "SELECT a || ':' || b FROM media",
        "SELECT coalesce(a, b, '') FROM media",
        "SELECT nullif(a, b), greatest(a, b) FROM media",
        "SELECT lower(name), regexp_replace(name, 'a', 'b') FROM media",
        "SELECT \"Lower\"(name) FROM media",
        "SELECT pg_catalog.lower(name) FROM media",
        "SELECT count(*), count(name), count(DISTINCT name), count(ALL name) FROM media",
        "SELECT count(m.*) FROM media AS m",
        "SELECT string_agg(name, ',') FROM media",
        "SELECT string_agg(name, ',' ORDER BY name) FROM media",
        "SELECT count(*) FILTER (WHERE a) FROM media",
        "SELECT row_number() OVER (ORDER BY id) FROM media",
        "SELECT rank() OVER w FROM media WINDOW w AS (ORDER BY id)",
        "SELECT trim(name), trim(BOTH 'x' FROM name), trim(LEADING 'y' FROM name), trim(TRAILING 'x' FROM name) FROM media",
        "SELECT substring(name FROM 2 FOR 3), substring(name, 2), substring(name FOR 3) FROM media",
        "SELECT substr(name, 2, 3) FROM media",
        "SELECT position('x' IN name), ceil(port), floor(port) FROM media",
        "SELECT overlay(name PLACING 'x' FROM 1) FROM media",
        "SELECT extract(year FROM start) FROM tv_program",
        "SELECT start AT TIME ZONE 'UTC' FROM tv_program",
        "SELECT name COLLATE \"C\" FROM media",
        "SELECT CASE WHEN a THEN 1 ELSE 2 END FROM media",
        "SELECT CAST(port AS text) FROM media",
        "SELECT port::text FROM media",
        "SELECT now(), current_timestamp",
        "SELECT current_date",
        "SELECT current_user",
        "SELECT (SELECT max(id) FROM media)",
        "SELECT a[1] FROM media",
        "SELECT (a).b FROM media",
        "SELECT a -> 'x' FROM media",
        "SELECT ARRAY[1, 2]",
        "SELECT ROW (1, 2)",
        "SELECT f(a => 1) FROM media",
    ];
    literals: [
        "SELECT 1, 007, 12.50, .5, 1e3, 123456789012345678901234567890",
        "SELECT 5.",
        "SELECT 1_000",
        "SELECT 0x10",
        "SELECT 10limit",
        "SELECT true, FALSE, NULL",
        "SELECT 'it''s', E'a\\n\\'b', U&'\\0041', $$it's$$, $q$x$q$",
        "SELECT N'x'",
        "SELECT B'01'",
        "SELECT X'1F'",
        "SELECT DATE '2020-01-01'",
        "SELECT INTERVAL '1 day'",
        "SELECT '*'",
        "SELECT E'\\000'",
        "SELECT 'open",
    ];
    names: [
        "SELECT ID, Name FROM Media AS M WHERE M.Port = 1",
        "SELECT \"ID\" FROM \"Media\"",
        "SELECT \"id\" FROM media WHERE name = \"movie\"",
        "SELECT m.\"id\" FROM media AS m, package AS p",
        "SELECT name FROM media AS m, package AS p WHERE m.name = \"movie\"",
        "SELECT user FROM media",
        "SELECT \"user\" FROM media",
        "SELECT order FROM media",
        "SELECT `name` FROM media",
        "SELECT media FROM media",
        "SELECT s.t.name FROM media",
        "SELECT name FROM media WHERE name = 'name'",
        "SELECT name FROM media WHERE name = 'na' || 'me'",
        "SELECT имя FROM медиа",
        "SELECT name",
        "SELECT \"\" FROM media",
        "SELECT $1",
        "SELECT ?",
        "SELECT @x",
    ];
    writes: [
        "INSERT INTO package (name, paid) VALUES ('movie', true), ('sports', false) RETURNING id, name",
        "INSERT INTO package (name, paid) SELECT name, true FROM media WHERE id = 1 RETURNING id",
        "INSERT INTO package VALUES ('movie', true)",
        "INSERT INTO package DEFAULT VALUES",
        "INSERT INTO package (name, paid) VALUES ('a', DEFAULT), ('b', DEFAULT)",
        "INSERT INTO package (name, paid) VALUES ('a', DEFAULT), ('b', true)",
        "INSERT INTO package (name) VALUES (DEFAULT)",
        "INSERT INTO package (name, paid) VALUES ('movie')",
        "INSERT INTO package (name, paid) SELECT name FROM media",
        "INSERT INTO package (name, name) VALUES ('a', 'b')",
        "INSERT INTO package (name) VALUES (\"movie\")",
        "INSERT INTO package (name) VALUES (movie)",
        "INSERT INTO package AS p (name) VALUES ('movie') RETURNING p.id",
        "INSERT INTO package (name) VALUES ('movie') ON CONFLICT DO NOTHING",
        "INSERT INTO package (name) VALUES ('movie') ON CONFLICT (name) DO UPDATE SET name = 'x'",
        "INSERT OR REPLACE INTO package (name) VALUES ('movie')",
        "INSERT INTO package SET name = 'movie'",
        "UPDATE subscriber SET disabled = NOT disabled, username = DEFAULT WHERE id = 1",
        "UPDATE subscriber SET disabled = true WHERE username = '12345' RETURNING id",
        "UPDATE subscriber SET (disabled, username) = (true, 'x') WHERE id = 1",
        "UPDATE subscriber SET (disabled, username) = (SELECT true, 'x') WHERE id = 1",
        "UPDATE subscriber AS s SET disabled = true WHERE s.id IN (SELECT t.id FROM terminal AS t WHERE t.subscriber_id = s.id) RETURNING s.id",
        "UPDATE subscriber AS s SET disabled = true WHERE subscriber.id = 1",
        "UPDATE subscriber AS s SET s.disabled = true",
        "UPDATE subscriber SET disabled = true, disabled = false",
        "UPDATE subscriber AS s SET disabled = true FROM terminal AS t WHERE t.subscriber_id = s.id AND t.registered RETURNING s.id, t.id",
        "UPDATE subscriber AS s SET disabled = true FROM subscriber WHERE subscriber.id = s.id",
        "UPDATE subscriber AS s JOIN terminal AS t ON t.subscriber_id = s.id SET disabled = true",
        "UPDATE subscriber SET disabled = true WHERE id = 1 ORDER BY id LIMIT 1",
        "UPDATE ONLY subscriber SET disabled = true",
        "DELETE FROM terminal WHERE subscriber_id = 5 RETURNING *",
        "DELETE FROM terminal",
        "DELETE FROM terminal AS t USING subscriber AS s WHERE s.id = t.subscriber_id AND s.disabled RETURNING t.id",
        "DELETE FROM terminal WHERE id = 1 LIMIT 1",
        "DELETE FROM terminal, subscriber WHERE terminal.id = 1",
        "DELETE t FROM terminal AS t WHERE t.id = 1",
        "DELETE terminal WHERE id = 1",
        "DELETE FROM terminal WHERE CURRENT OF cursor",
        "WITH q AS (SELECT 1) DELETE FROM terminal WHERE id IN (SELECT * FROM q)",
        "WITH q AS (DELETE FROM terminal RETURNING id) SELECT * FROM q",
        "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE",
    ];
    other_statements: [
        "CREATE TABLE x (id int)",
        "DROP TABLE media",
        "TRUNCATE media",
        "BEGIN",
        "SET x = 1",
        "EXPLAIN SELECT 1",
        "COPY media TO STDOUT",
        "",
        ";",
        "-- nothing",
        "SELECT 1;",
        "SELECT 1;;",
        "SELECT 1; SELECT 2",
        "SELECT 1 /* a /* nested */ remark */ -- and another",
        "SELECT 1 /* open",
    ];
}
