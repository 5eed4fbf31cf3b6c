//! Text with parameters.

use jsonsql::MacAddr;
use jsonsql::ast::Method;
use jsonsql::sql::{Argument, BindError, Parameter, Prepared, parse};

fn prepared(text: &str) -> Prepared {
    Prepared::new(text).unwrap()
}

#[track_caller]
fn bound(text: &str, arguments: &[Argument]) -> String {
    match prepared(text).bind(arguments) {
        Ok(statement) => format!("{statement:#}"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn values_of_every_type_stand_where_their_parameters_do() {
    let mac: MacAddr = "00-1A-79-0C-BB-01".parse().unwrap();
    let text = "INSERT INTO terminal (subscriber_id, mac_addr, inet_addr, registered) \
                VALUES ($1, $2, $3, $4) RETURNING id";
    let arguments = [7_i64.into(), mac.into(), Argument::null(), true.into()];
    assert_eq!(
        bound(text, &arguments),
        "INSERT INTO terminal (subscriber_id, mac_addr, inet_addr, registered) \
         VALUES (7, '00-1A-79-0C-BB-01', NULL, TRUE) RETURNING id"
    );
    assert_eq!(
        bound(
            "SELECT id FROM media WHERE a = -$1 LIMIT $2 OFFSET $2",
            &[1.5_f64.into(), 3_i64.into()]
        ),
        "SELECT id FROM media WHERE a = -1.5 LIMIT 3 OFFSET 3"
    );
    let none: Option<String> = None;
    assert_eq!(bound("SELECT $1", &[none.into()]), "SELECT NULL");
}

#[test]
fn a_list_is_the_values_of_in() {
    let list = || Argument::list(["movie", "sports"]);
    let none = || Argument::list(Vec::<i64>::new());
    for (text, argument, sql) in [
        ("name IN ($1)", list(), "name IN ('movie', 'sports')"),
        (
            "name NOT IN ('x', $1)",
            list(),
            "name NOT IN ('x', 'movie', 'sports')",
        ),
        ("name = ANY ($1)", list(), "name IN ('movie', 'sports')"),
        (
            "name <> ALL ($1)",
            list(),
            "name NOT IN ('movie', 'sports')",
        ),
        ("id IN ($1)", none(), "FALSE"),
        ("id NOT IN ($1)", none(), "TRUE"),
        ("id = ANY ($1)", none(), "FALSE"),
        ("id IN ($1)", 5_i64.into(), "id IN (5)"),
    ] {
        let text = format!("SELECT id FROM package WHERE {text}");
        assert_eq!(
            bound(&text, &[argument]),
            format!("SELECT id FROM package WHERE {sql}")
        );
    }
}

/// An argument is a value whatever is in it.
#[test]
fn an_argument_is_never_sql() {
    let hostile = "x' OR 1 = 1; --";
    assert_eq!(
        bound("SELECT id FROM media WHERE name = $1", &[hostile.into()]),
        "SELECT id FROM media WHERE name = 'x'' OR 1 = 1; --'"
    );
    let by_name = prepared("SELECT id FROM media WHERE name = :name AND path = :path");
    assert_eq!(by_name.method(), Method::Select);
    assert_eq!(
        by_name.parameters(),
        [
            Parameter::Name("name".into()),
            Parameter::Name("path".into())
        ]
    );
    let select = by_name
        .bind_named(&[("path", "/x".into()), ("name", ":path".into())])
        .unwrap();
    assert_eq!(
        format!("{select:#}"),
        "SELECT id FROM media WHERE name = ':path' AND path = '/x'"
    );
}

/// The rule of `safety` for arguments: what a server would take for a name.
#[test]
fn a_text_that_is_a_name_of_the_statement_is_refused() {
    assert_eq!(
        bound(
            "DELETE FROM subscriber WHERE username = $1",
            &["username".into()]
        ),
        "the text is also the name `username` in this statement, and a server takes it for that: \
         without quotes if the name is meant, or in two pieces, `'…' || '…'`, at line 1, column 41\n  \
         | DELETE FROM subscriber WHERE username = $1\n  \
         |                                         ^"
    );
    let listed = Argument::list(["a", "username"]);
    assert!(
        bound("DELETE FROM subscriber WHERE username IN ($1)", &[listed]).contains("also the name")
    );
    assert!(bound("SELECT a FROM t WHERE b = $1", &["*".into()]).contains("for all columns"));
}

#[test]
fn mistakes_in_parameters() {
    for (text, message) in [
        (
            "SELECT $1, :a",
            "parameters are all numbered or all named, at line 1, column 12",
        ),
        (
            "SELECT $2",
            "the parameter `$1` is not used, at line 1, column 1",
        ),
        (
            "SELECT $0",
            "a parameter is `$1` or `:name`, at line 1, column 8",
        ),
        (
            "SELECT $x",
            "a parameter is `$1` or `:name`, at line 1, column 8",
        ),
        (
            "SELECT ?",
            "a parameter is `$1` or `:name`, at line 1, column 8",
        ),
        (
            "SELECT $70000",
            "a parameter is `$1` or `:name`, at line 1, column 8",
        ),
        (
            "SELECT a FROM t ORDER BY $1",
            "ORDER BY a constant means nothing: name a column, without quotes, at line 1, column 26",
        ),
    ] {
        let error = Prepared::new(text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    let one = prepared("SELECT a FROM t WHERE a = $1");
    assert_eq!(
        one.bind(&[]),
        Err(BindError::Count {
            expected: 1,
            found: 0
        })
    );
    assert_eq!(
        one.bind(&[1.into(), 2.into()]),
        Err(BindError::Count {
            expected: 1,
            found: 2
        })
    );
    assert_eq!(
        one.bind_named(&[]),
        Err(BindError::Missing(Parameter::Number(1)))
    );
    let list = one.bind(&[Argument::list([1, 2])]).unwrap_err().to_string();
    assert!(
        list.starts_with("a list is for `x IN ($1)` and `x = ANY ($1)`"),
        "{list}"
    );
    let named = prepared("SELECT a FROM t WHERE a = :login");
    assert_eq!(
        named.bind(&[1.into()]),
        Err(BindError::Missing(Parameter::Name("login".into())))
    );
    assert_eq!(
        named.bind_named(&[("login", 1.into()), ("x", 2.into())]),
        Err(BindError::Unknown("x".into()))
    );
    let twice = [("login", 1.into()), ("login", 2.into())];
    assert!(matches!(
        named.bind_named(&twice),
        Err(BindError::Count { .. })
    ));
    assert!(
        parse("SELECT $1")
            .unwrap_err()
            .message()
            .contains("Prepared")
    );
    let scalar = prepared("SELECT a FROM t WHERE a = ANY ($1)").bind(&[1.into()]);
    assert!(
        scalar
            .unwrap_err()
            .to_string()
            .starts_with("the protocol has no arrays")
    );
    let limit = prepared("SELECT a FROM t LIMIT $1").bind(&[(-1).into()]);
    assert!(limit.unwrap_err().to_string().contains("whole numbers"));
}

#[test]
fn a_pattern_is_escaped_when_it_is_known() {
    let text = "SELECT a FROM t WHERE a LIKE $1 ESCAPE '!'";
    assert_eq!(
        bound(text, &["10!%".into()]),
        "SELECT a FROM t WHERE a LIKE '10\\%'"
    );
}

#[test]
fn what_is_printed_has_no_values() {
    let prepared = prepared("SELECT id FROM subscriber WHERE password = 'secret' AND id = $1");
    let arguments = [Argument::from("hunter2"), Argument::list([1, 2])];
    let printed = format!("{prepared:?} {arguments:?}");
    assert!(
        !printed.contains("secret") && !printed.contains("hunter2"),
        "{printed}"
    );
    assert!(printed.contains("Argument(?)") && printed.contains("Argument([?; 2])"));
}
