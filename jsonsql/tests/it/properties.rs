//! What holds for every statement.

use jsonsql::ast::SqlKind;
use jsonsql::ast::*;
use jsonsql::resolve::{self, Schema, validate};
use jsonsql::{
    Chain, Descending, Dialect, DistinctRows, GroupBy, Having, Joined, NotIn, NotOperand, Params,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::arbitrary::{Operands, statement};

fn parse(method: Method, json: &str) -> Result<Statement, ParseError> {
    Statement::from_json(method, json.as_bytes())
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let joined = || select(vec![Joined::LikeFrom, Joined::List]);
    (
        select(vec![
            DistinctRows::Flag,
            DistinctRows::List,
            DistinctRows::Call,
        ]),
        select(vec![GroupBy::Alone, GroupBy::List]),
        select(vec![Having::Condition, Having::List]),
        select(vec![
            Descending::Pair,
            Descending::Operator,
            Descending::Suffix,
        ]),
        joined(),
        joined(),
        (
            select(vec![NotIn::Operator, NotIn::Negated]),
            select(vec![NotOperand::Bare, NotOperand::List]),
            select(vec![Chain::Flat, Chain::Pairs]),
        ),
    )
        .prop_map(
            |(
                distinct,
                group_by,
                having,
                descending,
                using,
                update_from,
                (not_in, not, arithmetic),
            )| Dialect {
                distinct,
                group_by,
                having,
                descending,
                using,
                update_from,
                not_in,
                not,
                arithmetic,
                ..Dialect::BEST_GUESS
            },
        )
}

/// JSON that looks like requests, and JSON that does not.
fn json() -> impl Strategy<Value = Value> {
    let word = select(vec![
        "data",
        "from",
        "where",
        "select",
        "values",
        "into",
        "columns",
        "table",
        "set",
        "as",
        "join",
        "join_type",
        "on",
        "function",
        "args",
        "returning",
        "order_by",
        "distinct",
        "eq",
        "in",
        "not",
        "and",
        "count",
        "s",
        "id",
        "*",
        "left",
        "DESC",
        "limit",
        "using",
        "",
    ]);
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(6, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..5).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

fn schema() -> Schema {
    let table = |name: &'static str, columns: &[&'static str]| {
        let columns = columns
            .iter()
            .map(|name| resolve::Column::new(*name, SqlKind::Text));
        resolve::Table::new(name, columns)
    };
    Schema::new([
        table("s", &["id", "username", "disabled", "email"]),
        table("t", &["id", "port"]),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(512), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_it_was(statement in statement(Operands::Any), dialect in dialects()) {
        let json = serde_json::to_string(&statement.in_dialect(&dialect)).unwrap();
        let read = parse(statement.method(), &json);
        prop_assert_eq!(read.as_ref(), Ok(&statement), "{}", json);
    }

    /// Every kind belongs to an expression of the JSON that is sent, each to its
    /// own, and a literal to a literal.
    #[test]
    fn kinds_name_expressions_by_where_they_are_written(statement in statement(Operands::Any)) {
        let json = serde_json::to_value(&statement).unwrap();
        let kinds = resolve::kinds(&statement, &schema());
        let mut pointers = std::collections::HashSet::new();
        for kind in &kinds {
            let Some(value) = json.pointer(&kind.pointer) else {
                return Err(TestCaseError::fail(format!("{} is nowhere in {json}", kind.pointer)));
            };
            prop_assert!(pointers.insert(&kind.pointer), "{} twice in {json}", kind.pointer);
            prop_assert!(!kind.literal || !(value.is_object() || value.is_array()), "{}", kind.pointer);
        }
    }

    /// The bytes that are sent, beside those that `serde_json` makes of them.
    #[test]
    fn what_is_sent_is_what_serde_json_writes(
        statement in statement(Operands::Any),
        dialect in dialects(),
        texts in prop::collection::vec(any::<String>(), 0..4),
        bits in prop::collection::vec(any::<u64>(), 0..4),
    ) {
        let mut statement = statement;
        if let Statement::Select(select) = &mut statement {
            let floats = bits.iter().filter_map(|bits| Number::from_f64(f64::from_bits(*bits)));
            let texts = texts.into_iter().map(|text| Expr::Op(Op::Other(text.clone().into()), vec![Expr::text(text)]));
            select.group_by.extend(floats.map(Expr::Number).chain(texts));
        }
        let mut sent = Vec::new();
        Params::unchecked(&statement, &dialect).write_to(&mut sent).unwrap();
        let json = serde_json::to_string(&statement.in_dialect(&dialect)).unwrap();
        prop_assert_eq!(String::from_utf8(sent).unwrap(), json);
    }

    #[test]
    fn arbitrary_json_is_read_or_refused_and_then_canonical(json in json()) {
        let json = json.to_string();
        for method in Method::ALL {
            let Ok(statement) = parse(method, &json) else { continue };
            let canonical = serde_json::to_string(&statement).unwrap();
            let again = parse(method, &canonical).unwrap();
            prop_assert_eq!(&again, &statement, "{} became {}", json, canonical);
            prop_assert_eq!(serde_json::to_string(&again).unwrap(), canonical);
            // And nothing that can be done with it panics.
            let _ = validate(&statement, &schema());
            let _ = format!("{statement} {statement:#} {statement:?}");
        }
    }

    #[test]
    fn findings_point_into_the_canonical_request(statement in statement(Operands::Any)) {
        let json = serde_json::to_value(&statement).unwrap();
        for finding in validate(&statement, &schema()) {
            prop_assert!(
                json.pointer(&finding.pointer).is_some(),
                "{} points nowhere in {}", finding, json
            );
        }
    }

    #[test]
    fn the_text_for_people_is_sql(statement in statement(Operands::Fitting)) {
        let sql = format!("{statement:#}");
        let parsed = Parser::parse_sql(&PostgreSqlDialect {}, &sql);
        prop_assert!(parsed.is_ok(), "{}\n{:?}", sql, parsed);
    }

    #[test]
    fn the_text_for_logs_has_no_literals(statement in statement(Operands::Any)) {
        let json = serde_json::to_string(&statement).unwrap();
        let secret = json.replace("email", "Sekret");
        let statement = parse(statement.method(), &secret).unwrap();
        let names = format!("{statement:#}").matches("Sekret").count();
        let literals = format!("{statement:#}").matches("'Sekret'").count();
        prop_assert_eq!(format!("{statement}").matches("Sekret").count(), names - literals);
    }
}

/// `PROPTEST_CASES` sizes all of them.
fn cases(default: u32) -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn an_output_name_without_a_form_is_an_error_of_both_writers() {
    let params = r#"{"data":[{"s":"id","as":"i"}],"from":"s"}"#;
    let Ok(Statement::Select(mut select)) = parse(Method::Select, params) else {
        panic!("a select");
    };
    select.body = Body::Data(Projection::Single(Item {
        expr: Expr::Bare("id".into()),
        alias: Some("i".into()),
    }));
    let statement = Statement::Select(select);
    let params = Params::unchecked(&statement, &Dialect::BEST_GUESS);
    let error = params.write_to(&mut Vec::new()).unwrap_err().to_string();
    assert_eq!(
        error,
        "no form is known for the output name `i` on a bare column or a literal"
    );
    assert_eq!(
        serde_json::to_string(&params).unwrap_err().to_string(),
        error
    );
}

#[test]
fn deep_nesting_is_refused_at_the_documented_depth() {
    let nested = |depth: usize| {
        let mut json = "true".to_owned();
        for _ in 0..depth {
            json = format!(r#"{{"not":{json}}}"#);
        }
        parse(Method::Delete, &format!(r#"{{"from":"t","where":{json}}}"#))
    };
    // `where` itself is one level.
    assert!(nested(MAX_DEPTH - 1).is_ok());
    let error = nested(MAX_DEPTH).unwrap_err();
    assert_eq!(error.message(), "nested deeper than 96 levels");
    assert!(error.pointer().starts_with("/where/not/not/"));
    // A megabyte of brackets neither overflows the stack.
    let brackets = "[".repeat(1 << 20);
    assert!(parse(Method::Select, &brackets).is_err());
    assert!(parse(Method::Select, &format!(r#"{{"data":{brackets}"#)).is_err());
}

#[test]
fn refusals_name_the_place_and_what_was_expected() {
    let refuse = |method: Method, json: &str| parse(method, json).unwrap_err().to_string();
    let refusals = [
        refuse(Method::Select, "nonsense"),
        refuse(Method::Select, "[]"),
        refuse(Method::Select, "{}"),
        refuse(Method::Select, r#"{"data": []}"#),
        refuse(Method::Select, r#"{"data": ["id"], "form": "media"}"#),
        refuse(Method::Select, r#"{"data": ["id"], "data": ["name"]}"#),
        refuse(Method::Select, r#"{"data": ["id"], "limit": -1}"#),
        refuse(Method::Select, r#"{"data": ["id"], "limit": "5"}"#),
        refuse(
            Method::Select,
            r#"{"data": ["id"], "from": [{"join": "terminal", "as": "t"}]}"#,
        ),
        refuse(
            Method::Select,
            r#"{"data": ["id"], "from": {"table": "a", "join_type": "left"}}"#,
        ),
        refuse(
            Method::Select,
            r#"{"data": ["id"], "where": {"eq": [1], "lt": [2]}}"#,
        ),
        refuse(
            Method::Select,
            r#"{"data": ["id"], "where": {"in": ["id", ["a", "b"]]}}"#,
        ),
        refuse(
            Method::Insert,
            r#"{"into": "t", "columns": ["a", "b"], "values": [["x"]]}"#,
        ),
        refuse(
            Method::Insert,
            r#"{"into": "t", "columns": ["a"], "values": {"b": 1}}"#,
        ),
        refuse(Method::Insert, r#"{"into": "t", "columns": ["a"]}"#),
        refuse(Method::Update, r#"{"table": "t", "set": {}}"#),
        refuse(Method::Delete, r#"{"from": ["t"]}"#),
    ];
    insta::assert_snapshot!(refusals.join("\n"));
}
