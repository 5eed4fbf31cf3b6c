use crate::ast::{Column, Expr, Method, Op, Statement};
use crate::sql::{Flavor, Quoted, Sql, SqlError, write};

fn parse(method: Method, json: &str) -> Statement {
    Statement::from_json(method, json.as_bytes()).unwrap()
}

fn select(json: &str) -> Statement {
    parse(Method::Select, json)
}

fn col(name: &'static str) -> Expr {
    Expr::Column(Column {
        table: None,
        name: name.into(),
    })
}

fn op(op: Op, args: impl Into<Vec<Expr>>) -> Expr {
    Expr::Op(op, args.into())
}

fn number(n: i64) -> Expr {
    Expr::Number(n.into())
}

fn engine(expr: Expr) -> Result<Sql, SqlError> {
    let mut statement = select(r#"{"data": ["*"], "from": "t"}"#);
    let Statement::Select(inner) = &mut statement else {
        unreachable!()
    };
    inner.filter = Some(expr);
    Sql::new(&statement, Flavor::Postgres)
}

/// `SELECT all(x)` is `SELECT x`, and `DISTINCT on(x)` has no function in it.
#[test]
fn functions_with_the_names_of_words_of_select_stay_functions() {
    let call = |name: &str| format!(r#"{{"function": "{name}", "args": ["a"]}}"#);
    for (distinct, name, expected) in [
        ("false", "all", r#"SELECT "all"("#),
        ("true", "ALL", r#"SELECT DISTINCT "all"("#),
        ("true", "on", r#"SELECT DISTINCT "on"("#),
        ("true", "ON", r#"SELECT DISTINCT "on"("#),
        ("true", "one", "SELECT DISTINCT one("),
    ] {
        let q = select(&format!(
            r#"{{"distinct": {distinct}, "data": [{}, "b"], "from": "t"}}"#,
            call(name)
        ));
        for text in [format!("{q:#}"), q.to_string()] {
            assert!(text.starts_with(expected), "{text}");
        }
    }
    let later = select(&format!(
        r#"{{"data": ["b", {}], "from": "t"}}"#,
        call("all")
    ));
    assert!(later.to_string().contains(", all("), "{later}");
    let q = select(r#"{"data": [{"function": "all", "args": [1]}]}"#);
    for flavor in [Flavor::Postgres, Flavor::Sqlite] {
        assert_eq!(Sql::new(&q, flavor).unwrap().text, r#"SELECT "all"(1)"#);
    }
}

#[test]
fn joins_and_order() {
    let q = select(
        r#"{"data": [{"t": "inet_addr"}, {"s": "username", "as": "user"}],
            "from": [{"table": "terminal", "as": "t"},
                     {"join": "subscriber", "join_type": "left", "as": "s",
                      "on": {"eq": [{"t": "subscriber_id"}, {"s": "id"}]}},
                     {"table": "package", "as": "p"}],
            "order_by": [[{"s": "username"}, "desc"], {"t": "id"}], "limit": 5, "offset": 2}"#,
    );
    assert_eq!(
        q.to_string(),
        "SELECT t.inet_addr, s.username AS \"user\" FROM terminal AS t \
         LEFT JOIN subscriber AS s ON t.subscriber_id = s.id, package AS p \
         ORDER BY s.username DESC, t.id LIMIT 5 OFFSET 2"
    );
    assert_eq!(
        Sql::new(&q, Flavor::Sqlite).unwrap().text,
        "SELECT \"t\".\"inet_addr\", \"s\".\"username\" AS \"user\" FROM \"terminal\" AS \"t\" \
         LEFT JOIN \"subscriber\" AS \"s\" ON (\"t\".\"subscriber_id\" = \"s\".\"id\"), \
         \"package\" AS \"p\" ORDER BY \"s\".\"username\" DESC NULLS FIRST, \"t\".\"id\" NULLS LAST \
         LIMIT 5 OFFSET 2"
    );
}

#[test]
fn an_outer_join_after_a_comma_keeps_its_group_in_sqlite() {
    let q = select(
        r#"{"data": ["*"], "from": [{"table": "a"}, {"table": "b"},
            {"join": "c", "join_type": "full", "on": {"eq": [{"b": "x"}, {"c": "x"}]}}], "offset": 1}"#,
    );
    assert_eq!(
        Sql::new(&q, Flavor::Sqlite).unwrap().text,
        "SELECT * FROM \"a\", (\"b\" FULL JOIN \"c\" ON (\"b\".\"x\" = \"c\".\"x\")) LIMIT -1 OFFSET 1"
    );
    assert_eq!(
        q.to_string(),
        "SELECT * FROM a, b FULL JOIN c ON b.x = c.x OFFSET 1"
    );
}

#[test]
fn grouping_distinct_and_sub_selects() {
    let q = select(
        r#"{"distinct": true,
            "data": [{"q": "d"}, {"function": "count", "args": {"function": "distinct", "args": {"q": "m"}}, "as": "n"},
                     {"function": "count", "args": ["*"]}],
            "from": [{"select": {"data": [{"l": "m"}, {"l": "d"}], "from": {"table": "log", "as": "l"}}, "as": "q"},
                     {"join": "x", "join_type": "cross"}],
            "group_by": {"q": "d"}, "having": {"gt": [{"function": "count", "args": ["*"]}, 1]}}"#,
    );
    assert_eq!(
        format!("{q:#}"),
        "SELECT DISTINCT q.d, count(DISTINCT q.m) AS n, count(*) \
         FROM (SELECT l.m, l.d FROM log AS l) AS q CROSS JOIN x \
         GROUP BY q.d HAVING count(*) > 1"
    );
    let on = select(r#"{"distinct": [{"t": "a"}], "data": ["*"], "from": "t"}"#);
    assert_eq!(on.to_string(), "SELECT DISTINCT ON (t.a) * FROM t");
    assert!(Sql::new(&on, Flavor::Postgres).is_ok());
    assert!(Sql::new(&on, Flavor::Sqlite).is_err());
}

#[test]
fn data_changes() {
    let insert = parse(
        Method::Insert,
        r#"{"into": "package", "columns": ["name", "paid"], "values": [["movie", true], ["it's", null]], "returning": "id"}"#,
    );
    // Not resolved yet: `id` and the names show as texts.
    assert_eq!(
        format!("{insert:#}"),
        "INSERT INTO package (name, paid) VALUES ('movie', TRUE), ('it''s', NULL) RETURNING 'id'"
    );
    assert_eq!(
        insert.to_string(),
        "INSERT INTO package (name, paid) VALUES (?, TRUE), (?, NULL) RETURNING ?"
    );
    assert_eq!(Sql::new(&insert, Flavor::Sqlite), Err(SqlError::Unresolved));
    let update = parse(
        Method::Update,
        r#"{"table": "user", "set": {"n": {"add": [{"user": "n"}, 1]}}, "from": {"table": "b", "as": "b"},
            "where": {"eq": [{"b": "x"}, {"user": "x"}]}, "returning": ["*"]}"#,
    );
    assert_eq!(
        format!("{update:#}"),
        "UPDATE \"user\" SET n = \"user\".n + 1 FROM b AS b WHERE b.x = \"user\".x RETURNING *"
    );
    let delete = parse(
        Method::Delete,
        r#"{"from": "a", "using": "b", "where": {"eq": [{"a": "x"}, {"b": "x"}]}}"#,
    );
    assert_eq!(delete.to_string(), "DELETE FROM a USING b WHERE a.x = b.x");
    let copy = parse(
        Method::Insert,
        r#"{"into": "a", "columns": ["x"], "select": {"data": [{"b": "x"}], "from": "b"}}"#,
    );
    assert_eq!(copy.to_string(), "INSERT INTO a (x) SELECT b.x FROM b");
}

#[test]
fn values_alone() {
    let q = select(r#"{"values": [[1, true], [2, null]], "limit": 1}"#);
    assert_eq!(format!("{q:#}"), "VALUES (1, TRUE), (2, NULL) LIMIT 1");
    assert_eq!(
        Sql::new(&q, Flavor::Sqlite).unwrap().text,
        "SELECT * FROM (VALUES (1, TRUE), (2, NULL)) LIMIT 1"
    );
    let crowded = select(r#"{"values": [[1]], "from": "t"}"#);
    assert!(matches!(
        Sql::new(&crowded, Flavor::Postgres),
        Err(SqlError::Clause(_))
    ));
}

#[test]
fn parentheses_follow_precedence() {
    let (a, b, c) = (|| col("a"), || col("b"), || col("c"));
    let cases = [
        (op(Op::And, [op(Op::Or, [a(), b()]), c()]), "(a OR b) AND c"),
        (op(Op::Or, [op(Op::And, [a(), b()]), c()]), "a AND b OR c"),
        (op(Op::Sub, [a(), op(Op::Sub, [b(), c()])]), "a - (b - c)"),
        (op(Op::Sub, [op(Op::Sub, [a(), b()]), c()]), "a - b - c"),
        (op(Op::Mul, [op(Op::Add, [a(), b()]), c()]), "(a + b) * c"),
        (op(Op::Eq, [op(Op::Eq, [a(), b()]), c()]), "(a = b) = c"),
        (op(Op::Not, [op(Op::Eq, [a(), b()])]), "NOT (a = b)"),
        (op(Op::Not, [op(Op::And, [a()])]), "NOT a"),
        // Of an operator with one operand nothing is written but the operand.
        (
            op(Op::Not, [op(Op::And, [op(Op::Or, [a(), b()])])]),
            "NOT (a OR b)",
        ),
        (
            op(Op::And, [op(Op::Or, [op(Op::Or, [a(), b()])]), c()]),
            "(a OR b) AND c",
        ),
        (
            op(Op::Mul, [op(Op::Concat, [op(Op::Add, [a(), b()])]), c()]),
            "(a + b) * c",
        ),
        (
            op(Op::Is, [op(Op::Lt, [a(), b()]), Expr::Null]),
            "a < b IS NULL",
        ),
        (
            op(Op::IsNot, [op(Op::And, [a(), b()]), Expr::Bool(true)]),
            "(a AND b) IS NOT TRUE",
        ),
        (
            op(Op::Concat, [op(Op::Coalesce, [a(), b()]), c()]),
            "COALESCE(a, b) || c",
        ),
        (
            op(Op::NotIn, [a(), number(1), number(2)]),
            "a NOT IN (1, 2)",
        ),
        (
            op(
                Op::In,
                [a(), Expr::Values(vec![vec![number(1)], vec![number(2)]])],
            ),
            "a IN (VALUES (1), (2))",
        ),
        (
            op(Op::Ilike, [op(Op::Concat, [a(), b()]), Expr::text("x\\_%")]),
            "a || b ILIKE 'x\\_%'",
        ),
        (op(Op::Other("soundex".into()), [a(), b()]), "soundex(a, b)"),
    ];
    for (expr, sql) in cases {
        assert_eq!(format!("{expr:#}"), sql);
    }
}

#[test]
fn engines_get_names_quoted_and_texts_bound() {
    let hostile = "x' OR 1=1; --\\";
    let expr = op(
        Op::And,
        [
            op(Op::Eq, [col("a\"b"), Expr::text(hostile)]),
            op(Op::Eq, [col("n"), op(Op::Sub, [number(-1), number(-2)])]),
        ],
    );
    let sql = engine(expr).unwrap();
    assert_eq!(
        sql.text,
        "SELECT * FROM \"t\" WHERE ((\"a\"\"b\" = $1) AND (\"n\" = ((-1) - (-2))))"
    );
    assert_eq!(sql.parameters, [hostile]);
}

#[test]
fn engines_refuse_what_sql_does_not_have() {
    let call = |function: &'static str| Expr::Call {
        function: function.into(),
        args: vec![col("a")],
    };
    assert_eq!(
        engine(op(Op::Other("xor".into()), [col("a")])),
        Err(SqlError::UnknownOperator("xor".into()))
    );
    assert_eq!(
        engine(call("pg_sleep(1);--")),
        Err(SqlError::FunctionName("pg_sleep(1);--".into()))
    );
    assert!(matches!(engine(call("distinct")), Err(SqlError::Clause(_))));
    assert!(matches!(
        engine(op(Op::Eq, [col("a")])),
        Err(SqlError::Arity { found: 1, .. })
    ));
    assert_eq!(
        engine(op(Op::Is, [col("a"), number(1)])),
        Err(SqlError::IsOperand)
    );
    assert_eq!(
        engine(op(Op::Eq, [col("a"), Expr::text("\0")])),
        Err(SqlError::Nul)
    );
    assert_eq!(engine(Expr::Star), Err(SqlError::Star));
    // What VALUES has no place for would be gone.
    for clause in [
        r#""distinct": true"#,
        r#""from": "t""#,
        r#""where": {"eq": [1, 2]}"#,
        r#""group_by": 1"#,
        r#""having": true"#,
    ] {
        let values = select(&format!(r#"{{"values": [[1], [1]], {clause}}}"#));
        for flavor in [Flavor::Postgres, Flavor::Sqlite] {
            let sql = Sql::new(&values, flavor);
            assert!(matches!(sql, Err(SqlError::Clause(_))), "{clause}: {sql:?}");
        }
    }
    // SQLite's grammar has no USING (sqlite.org/lang_delete.html).
    let using = parse(
        Method::Delete,
        r#"{"from": "t", "using": "u", "where": {"eq": [{"t": "id"}, {"u": "id"}]}}"#,
    );
    assert!(matches!(
        Sql::new(&using, Flavor::Sqlite),
        Err(SqlError::Clause(_))
    ));
    assert!(Sql::new(&using, Flavor::Postgres).is_ok());
}

#[test]
fn a_text_with_nul_has_no_literal() {
    assert_eq!(format!("{:#}", Expr::text("a\0b")), "?");
}

#[test]
fn order_by_a_constant_is_shown_but_not_run() {
    let mut q = select(r#"{"data": ["*"], "from": "t"}"#);
    let Statement::Select(inner) = &mut q else {
        unreachable!()
    };
    inner.order_by = vec![crate::ast::Order {
        expr: Expr::text("nmae"),
        direction: crate::ast::Direction::Ascending,
    }];
    assert_eq!(format!("{q:#}"), "SELECT * FROM t ORDER BY 'nmae'");
    assert_eq!(
        Sql::new(&q, Flavor::Postgres).unwrap().text,
        "SELECT * FROM \"t\""
    );
}

/// PostgreSQL 4.1.2.1: two quotes are one in a text, and NUL is in none.
#[test]
fn texts_may_stand_in_the_sql_itself() {
    let of = |text: &'static str| {
        let mut statement = select(r#"{"data": ["*"], "from": "t"}"#);
        let Statement::Select(inner) = &mut statement else {
            unreachable!()
        };
        inner.filter = Some(op(Op::Eq, [col("n"), Expr::text(text)]));
        write(&statement, Flavor::Postgres, &mut Quoted)
    };
    let sql = of(r"it's \ ''").unwrap();
    assert!(sql.contains(r"= 'it''s \ ''''')"), "{sql}");
    assert_eq!(of("a\0b"), Err(SqlError::Nul));
}
