//! Mistakes as people make them: what they are told.

use jsonsql::sql::parse;

#[track_caller]
fn said(sql: &str) -> String {
    match parse(sql) {
        Ok(statement) => format!("{sql}\n  read as {statement:#}"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn mistakes_of_the_hand() {
    let mistakes = [
        "SELCT id FROM media",
        "SELECT id FORM media WHERE id = 1",
        "SELECT id FROM media WHER id = 1",
        "SELECT id FROM media WHERE id = 1 ODER BY id",
        "SELECT id, FROM media",
        "SELECT id,, name FROM media",
        "SELECT id name port FROM media",
        "SELECT id FROM media WHERE",
        "SELECT id FROM media WHERE id =",
        "SELECT id FROM media WHERE (id = 1",
        "SELECT id FROM media WHERE id = 1)",
        "SELECT id FROM media WHERE id = 1 AND",
        "SELECT id FROM media GROUP name",
        "INSERT INTO media VALUES",
        "INSERT media (name) VALUES ('x')",
        "INSERT INTO media (name VALUES ('x')",
        "INSERT INTO media (name) VALUES 'x'",
        "UPDATE media name = 'x'",
        "UPDATE media SET name 'x'",
        "UPDATE media SET name = 'x', WHERE id = 1",
        "DELETE media WHERE id = 1",
        "DELETE * FROM media",
        "SELECT id\nFROM media\nWHERE naem = 'x'\n  AND port = 80::int",
    ];
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(mistakes.map(said).join("\n\n"));
    });
}

#[test]
fn habits_of_other_databases() {
    let habits = [
        "SELECT * FROM media WHERE name = \"movie\"",
        "SELECT `id` FROM `media`",
        "SELECT [id] FROM [media]",
        "SELECT TOP 10 id FROM media",
        "SELECT id FROM media LIMIT 10, 20",
        "SELECT id FROM media WHERE id = ?",
        "SELECT id FROM media WHERE id = @id",
        "SELECT id FROM media WHERE name <=> NULL",
        "SELECT id FROM media WHERE name == 'x'",
        "SELECT id FROM media WHERE !disabled",
        "SELECT id FROM media WHERE a && b",
        "SELECT id FROM media WHERE name REGEXP '^x'",
        "SELECT id FROM media WHERE name RLIKE '^x'",
        "SELECT id FROM media WHERE id = 1 OR 1",
        "SELECT IF(a, b, c) FROM media",
        "SELECT ISNULL(name, '') FROM media",
        "SELECT NVL(name, '') FROM media",
        "SELECT name + 'x' FROM media",
        "SELECT id FROM media WHERE ROWNUM < 5",
        "SELECT id FROM media, package WHERE media.id = package.id(+)",
        "SELECT id FROM dbo.media",
        "SELECT id FROM media WITH (NOLOCK)",
        "SELECT id FROM media # remark",
        "REPLACE INTO media (name) VALUES ('x')",
        "INSERT IGNORE INTO media (name) VALUES ('x')",
        "INSERT INTO media SET name = 'x'",
        "UPDATE media m, package p SET m.name = 'x'",
        "DELETE m FROM media m WHERE m.id = 1",
        "SELECT id FROM media MINUS SELECT id FROM package",
    ];
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(habits.map(said).join("\n\n"));
    });
}

/// `{}` may be logged: no text and no number of the statement is in it.
#[test]
fn literals_are_masked() {
    let error =
        parse("SELECT id FROM s WHERE password = 'hunter2' AND pin = 1234 AND x::int = 1 -- why")
            .unwrap_err();
    let shown = error.to_string();
    assert_eq!(
        shown.lines().nth(1).unwrap(),
        "  | …CT id FROM s WHERE password = ********* AND pin = **** AND x::int = * ** ***"
    );
    assert!(!format!("{error:?}").contains("hunter2"));
    assert!(format!("{error:#}").contains("'hunter2'"));
    // A text that is not closed is masked to its end.
    let error = parse("SELECT id FROM s WHERE password = 'hunter2 AND x = 1").unwrap_err();
    assert_eq!(
        error.to_string().lines().nth(1).unwrap(),
        "  | SELECT id FROM s WHERE password = ******** *** * * *"
    );
    assert_eq!((error.line(), error.column()), (1, 35));
}

#[test]
fn places_are_counted_in_characters_of_the_line() {
    let error = parse("SELECT 'имя',\n\t\"имя\",\n\tимя::int\r\nFROM t").unwrap_err();
    assert_eq!((error.line(), error.column()), (3, 5));
    assert_eq!(
        format!("{error:#}").lines().skip(1).collect::<Vec<_>>(),
        ["  | \tимя::int", "  | \t   ^"]
    );
}

/// A statement with a mark before the words that cannot be sent, and what is said
/// of them.
#[test]
fn the_place_is_that_of_the_words_that_are_refused() {
    let refused = [
        (
            "SELECT id FROM media WHERE name LIKE ^'a%' ESCAPE 'xy'",
            "ESCAPE has one character in quotes",
        ),
        (
            "SELECT id FROM media WHERE start < ^current_date",
            "CURRENT_DATE has no form in the protocol: write `now()`, or send the time as a text",
        ),
        (
            "SELECT a.id FROM media AS a, media AS b JOIN package AS p ON ^a.id IN (p.id, 1)",
            "`a` is not in reach of this ON, because a comma stands between: write CROSS JOIN for \
             the comma, or put the condition into WHERE",
        ),
        (
            "SELECT id FROM media ORDER BY ^\"desc\"",
            "the name `desc` alone would be read as a direction: write it with its table",
        ),
        (
            "SELECT id FROM media ORDER BY ^\"name desc\"",
            "the name `name desc` alone would be read as a direction: write it with its table",
        ),
        (
            "SELECT id FROM media WHERE start < ^localtimestamp",
            "LOCALTIMESTAMP has no form in the protocol: write `now()`, or send the time as a text",
        ),
        (
            "SELECT ^* AS x FROM media",
            "in PostgreSQL `*` is all columns and nothing stands behind it: name the columns",
        ),
        ("SELECT +^'7' FROM media", "this is not a number"),
        ("SELECT +^true FROM media", "this is not a number"),
        (
            "SELECT name AS x, port AS x FROM media ORDER BY ^x",
            "two things are selected as `x`",
        ),
        (
            "WITH a AS (SELECT id FROM media), ^a AS (SELECT id FROM package) SELECT id FROM a",
            "two queries of WITH go by the name `a`",
        ),
        (
            "SELECT id FROM media LIMIT ^1.5",
            "the protocol has only whole numbers for LIMIT and OFFSET: compute it before",
        ),
        (
            "SELECT id FROM media LIMIT ^'5'",
            "the protocol has only whole numbers for LIMIT and OFFSET: compute it before",
        ),
        (
            "SELECT id FROM media LIMIT 3 ^FETCH FIRST ROW ONLY",
            "LIMIT and FETCH say the same: write one of them",
        ),
        (
            "SELECT id FROM media LIMIT 10^, 20",
            "write `LIMIT n OFFSET m`",
        ),
        (
            "SELECT id FROM media WHERE id IN (^)",
            "expected at least one value in the list",
        ),
        // It is closed neither of a list nor of what is called of a query.
        ("SELECT id FROM media WHERE id IN (1, 2^", "expected )"),
        (
            "SELECT lower((SELECT name FROM package) ^port) FROM media",
            "expected )",
        ),
        // Behind the last word there is no sign.
        ("SELECT id,^", "expected an expression"),
        (
            "SELECT id FROM media WHERE id IN (^",
            "expected an expression",
        ),
    ];
    for (marked, message) in refused {
        let column = marked.find('^').expect("a mark") + 1;
        let sql = marked.replace('^', "");
        let error = parse(&sql).expect_err(&sql);
        let said = error.to_string();
        assert_eq!((error.line(), error.column()), (1, column), "{said}");
        let first = said.lines().next().unwrap();
        assert!(first.contains(message), "{sql}: {first}");
    }
}

/// Words that other databases have in an insert, each of which the parser takes.
#[test]
fn an_insert_has_no_word_of_another_database() {
    parse("INSERT INTO media (name) VALUES ('x')").unwrap();
    for foreign in [
        "INSERT OR REPLACE INTO media (name) VALUES ('x')",
        "INSERT media (name) VALUES ('x')",
        "INSERT OVERWRITE INTO media (name) VALUES ('x')",
        "INSERT INTO TABLE media (name) VALUES ('x')",
        "INSERT INTO media (name) PARTITION (port = 1) VALUES ('x')",
        "INSERT INTO media (name) OUTPUT inserted.id VALUES ('x')",
    ] {
        let error = parse(foreign).expect_err(foreign);
        assert_eq!(
            error.message(),
            "PostgreSQL inserts with `INSERT INTO t (columns) VALUES (…)` or `SELECT …`",
            "{foreign}"
        );
    }
}

/// Two spellings that PostgreSQL's documentation says are one.
#[test]
fn what_is_said_in_two_ways_is_sent_in_one() {
    let equal = [
        (
            "SELECT id FROM media WHERE paid IS NOT UNKNOWN",
            "SELECT id FROM media WHERE paid IS NOT NULL",
        ),
        (
            "SELECT id FROM media WHERE paid IS UNKNOWN",
            "SELECT id FROM media WHERE paid IS NULL",
        ),
        (
            "SELECT id FROM media FETCH FIRST ROW ONLY",
            "SELECT id FROM media LIMIT 1",
        ),
        (
            "SELECT id FROM media FETCH NEXT 3 ROWS ONLY",
            "SELECT id FROM media LIMIT 3",
        ),
        ("SELECT id FROM media LIMIT NULL", "SELECT id FROM media"),
        (
            "SELECT DISTINCT ON (name) name FROM media",
            "SELECT DISTINCT name FROM media",
        ),
        (
            "SELECT id FROM media WHERE port<=+1",
            "SELECT id FROM media WHERE port <= 1",
        ),
        (
            "SELECT id FROM media WHERE port>=-1",
            "SELECT id FROM media WHERE port >= -1",
        ),
        (
            "SELECT id FROM media WHERE port<>+1",
            "SELECT id FROM media WHERE port <> 1",
        ),
        (
            "SELECT name AS x, name AS x FROM media ORDER BY x",
            "SELECT name AS x, name AS x FROM media ORDER BY media.name",
        ),
        (
            "DELETE FROM media WHERE id = 1 RETURNING media.*",
            "DELETE FROM media WHERE id = 1 RETURNING *",
        ),
    ];
    for (sql, same) in equal {
        let sent = |sql| parse(sql).map(|one| serde_json::to_string(&one).unwrap());
        let (one, other) = (sent(sql), sent(same));
        assert_eq!(one.expect(sql), other.expect(same), "{sql}");
    }
    // Of a table that is joined, `*` would be more than its columns.
    let joined = "DELETE FROM media USING package AS p WHERE media.id = p.id RETURNING media.*";
    assert_ne!(
        parse(joined).ok(),
        parse(&joined.replace("media.*", "*")).ok(),
    );
}
