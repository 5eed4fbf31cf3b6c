//! A statement has one form on the wire, or is an error everywhere.

use jsonsql::ast::{self, Clause, Column, Item, Method, Op, Projection, Statement as Ast};
use jsonsql::prelude::*;
use jsonsql::query::Error;
use jsonsql::{Chain, Dialect, Having, Params};

use crate::tables::*;

const GUESS: Dialect = Dialect::BEST_GUESS;

#[derive(Insertable)]
#[insertable(table = Package)]
struct NewPackage<'a> {
    name: &'a str,
    paid: bool,
}

/// What is sent, which every writer agrees on and every server can read.
#[track_caller]
fn sent<S: Statement>(statement: &S) -> String {
    let params = statement.params(&GUESS).unwrap();
    let json = params.to_json().unwrap();
    assert_eq!(serde_json::to_string(&params).unwrap(), json);
    Ast::from_json(statement.method(), json.as_bytes()).unwrap();
    json
}

/// The same error before writing, while writing and through serde.
#[track_caller]
fn refused<S: Statement>(statement: &S, expected: &Error) {
    assert_eq!(&statement.params(&GUESS).unwrap_err(), expected);
    unwritable(&statement.ast().to_statement());
}

/// The grammar's own writers refuse it, whoever calls them.
#[track_caller]
fn unwritable(statement: &Ast) -> String {
    let params = Params::unchecked(statement, &GUESS);
    let error = params.write_to(&mut Vec::new()).unwrap_err().to_string();
    assert!(!error.is_empty());
    assert!(params.to_json().is_err());
    for other in [
        serde_json::to_string(&params).map(drop),
        serde_json::to_string(statement).map(drop),
        serde_json::to_value(statement).map(drop),
    ] {
        assert_eq!(other.unwrap_err().to_string(), error);
    }
    error
}

#[test]
fn a_named_column_in_returning_is_sent_with_its_table() {
    let name_and_id = r#""returning":[{"package":"name","as":"title"},"id"]"#;
    let row = NewPackage {
        name: "movie",
        paid: true,
    };
    let inserted = insert(&row).returning(|p| (p.name.named("title"), p.id));
    let updated = Package::update(|p| p.id.eq(PackageId(1)))
        .set(|p| p.paid.to(false))
        .returning(|p| (p.name.named("title"), p.id));
    let deleted =
        Package::delete(|p| p.paid.eq(false)).returning(|p| (p.name.named("title"), p.id));
    for json in [sent(&inserted), sent(&updated), sent(&deleted)] {
        assert!(json.contains(name_and_id), "{json}");
    }
    let one = Package::delete_all().returning(|p| p.id.named("gone"));
    assert_eq!(
        sent(&one),
        r#"{"from":"package","returning":{"package":"id","as":"gone"}}"#
    );
    let several = insert_many(&[row]).returning(|p| p.id.named("new"));
    assert!(sent(&several).ends_with(r#""returning":{"package":"id","as":"new"}}"#));
}

#[test]
fn a_named_literal_is_sent_as_the_operand_of_coalesce() {
    let labelled = Package::delete_all().returning(|p| (p.id, literal(7_i64).named("run")));
    assert_eq!(
        sent(&labelled),
        r#"{"from":"package","returning":["id",{"coalesce":[7],"as":"run"}]}"#
    );
    let constants = select(|q| {
        q.select((
            literal("x".to_owned()).named("text"),
            literal(true).named("flag"),
            raw::<i64>(ast::Expr::Null).named("none"),
        ))
    });
    assert_eq!(
        sent(&constants),
        r#"{"data":[{"coalesce":["x"],"as":"text"},{"coalesce":[true],"as":"flag"},{"coalesce":[null],"as":"none"}]}"#
    );
}

/// A sub-select in FROM gives every expression a name, constants too.
#[test]
fn a_sub_select_of_constants_is_sent() {
    let copy = insert_from(
        Package,
        |p| (p.name, p.paid),
        |mut q| {
            let (name, paid) = q.from_select(|q| q.select(("movie", true)));
            q.select((name, paid))
        },
    );
    assert_eq!(
        sent(&copy),
        r#"{"into":"package","columns":["name","paid"],"select":{"data":[{"q":"c1"},{"q":"c2"}],"from":[{"select":{"data":[{"coalesce":["movie"],"as":"c1"},{"coalesce":[true],"as":"c2"}]},"as":"q"}]},"returning":"id"}"#
    );
    // Without names nothing is wrapped.
    let plain = insert_from(Package, |p| (p.name, p.paid), |q| q.select(("movie", true)));
    assert_eq!(
        sent(&plain),
        r#"{"into":"package","columns":["name","paid"],"select":{"data":["movie",true]},"returning":"id"}"#
    );
}

#[test]
fn the_short_spelling_keeps_the_table_where_there_is_a_name() {
    let titles = select(|mut q| {
        let m = q.from(Media);
        q.select((m.id, m.name.named("title")))
    });
    assert_eq!(
        serde_json::to_string(&titles.unqualified()).unwrap(),
        r#"{"data":["id",{"media":"name","as":"title"}],"from":"media"}"#
    );
}

#[test]
fn an_output_name_without_a_form_is_an_error_that_names_it() {
    let id = || {
        ast::Expr::Column(Column {
            table: None,
            name: "id".into(),
        })
    };
    let bare = || raw::<i64>(id());
    let named = |clause| Error::OutputName {
        name: "x".to_owned(),
        clause,
    };
    let selected = select(|mut q| {
        let _ = q.from(Media);
        q.select(bare().named("x"))
    });
    refused(&selected, &named(Clause::Data));
    let nested = select(|mut q| {
        let s = q.from(Subscriber);
        let other = q.subquery(|q| q.select(raw::<SubscriberId>(id()).named("x")));
        q.filter(s.id.in_query(other));
        q.select(s.id)
    });
    refused(&nested, &named(Clause::Data));
    // A raw one in RETURNING is of the target.
    let returned = Media::delete(|m| m.is_tv.eq(false)).returning(|_| bare().named("x"));
    assert!(sent(&returned).ends_with(r#""returning":{"media":"id","as":"x"}}"#));
    let star =
        Media::delete(|m| m.is_tv.eq(false)).returning(|_| raw::<i64>(ast::Expr::Star).named("x"));
    refused(&star, &named(Clause::Returning));
    assert_eq!(
        star.to_json().unwrap_err().to_string(),
        "the output name `x` in `returning` cannot be written: no form is known for it \
         on a column without its table"
    );
}

/// To a server `"where": null` may be no `where` at all.
#[test]
fn a_condition_that_is_null_is_refused() {
    let null = || raw::<bool>(ast::Expr::Null);
    let refuse = |clause| Error::NullCondition { clause };
    refused(&Media::delete(|_| null()), &refuse(Clause::Where));
    let update = Media::update(|_| null()).set(|m| m.is_tv.to(true));
    refused(&update, &refuse(Clause::Where));
    refused(&Media::filter(|_| null()), &refuse(Clause::Where));
    let joined = select(|mut q| {
        let s = q.from(Subscriber);
        let _ = q.join(Terminal, |_| null());
        q.select(s.id)
    });
    refused(&joined, &refuse(Clause::On));
    let grouped = select(|mut q| {
        let s = q.from(Subscriber);
        q.group_by(s.disabled).having(null());
        q.select(s.disabled)
    });
    refused(&grouped, &refuse(Clause::Having));
    let listed = Dialect {
        having: Having::List,
        ..GUESS
    };
    assert!(serde_json::to_string(&grouped.ast().in_dialect(&listed)).is_err());
    let nested = Terminal::delete(|t| {
        t.subscriber_id
            .in_query(Subscriber::filter(|_| null()).column(|s| s.id))
    });
    refused(&nested, &refuse(Clause::Where));
    // Within a condition, and as a value, NULL is a value.
    assert!(sent(&Media::filter(|m| m.is_tv.eq(null()))).contains("null"));
    assert!(sent(&Media::update_all().set(|m| m.port.to(None::<i32>))).contains("null"));
}

/// NULL in a place that takes one expression or a list is sent in a list.
#[test]
fn null_is_never_the_whole_of_a_clause() {
    let json = r#"{"data":[null],"from":"media","group_by":[null],"order_by":[null]}"#;
    let statement = Ast::from_json(Method::Select, json.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&statement).unwrap(), json);
    // With a direction it is no member that is null.
    let descending = r#"{"data":[null],"from":"media","order_by":[null,"DESC"]}"#;
    let read = Ast::from_json(Method::Select, descending.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), descending);
    let Ast::Select(mut select) = statement else {
        panic!("a select");
    };
    select.body = ast::Body::Data(Projection::Single(Item::from(ast::Expr::Null)));
    unwritable(&Ast::Select(select));
}

/// Without its alias, the column would be one of the nested query's.
#[test]
fn the_short_spelling_keeps_an_alias_that_a_nested_query_needs() {
    let query = select(|mut q| {
        let t = q.from(Terminal);
        let others = q.subquery(|mut q| {
            let other = q.from(Terminal);
            q.filter(other.subscriber_id.eq(t.subscriber_id));
            q.select(other.id)
        });
        q.filter(t.id.not_in_query(others));
        q.select(t.id)
    });
    assert_eq!(
        format!("{:#}", query.unqualified()),
        "SELECT t.id FROM terminal AS t WHERE t.id NOT IN (SELECT t2.id FROM terminal AS t2 \
         WHERE t2.subscriber_id = t.subscriber_id)"
    );
}

#[test]
fn a_column_that_would_be_read_as_an_operator_is_refused() {
    #[derive(Table)]
    #[table(name = "values")]
    #[expect(dead_code, reason = "no row of it is read")]
    struct Setting {
        #[column(key)]
        id: i64,
    }
    let joined = Setting::delete_using(|q, setting| {
        let p = q.from(Package);
        q.filter(setting.id.eq(1)).filter(p.paid.eq(true));
    });
    assert_eq!(
        joined.to_json().unwrap_err().to_string(),
        "a column of `values` in `where` would be read as the operator of that name"
    );
    // A direction is a word of `order_by` alone.
    #[derive(Table)]
    #[table(name = "desc")]
    #[expect(dead_code, reason = "no row of it is read")]
    struct Description {
        #[column(key)]
        id: i64,
    }
    let joined = Description::delete_using(|q, description| {
        let p = q.from(Package);
        q.filter(description.id.eq(1)).filter(p.paid.eq(true));
    });
    assert!(sent(&joined).contains(r#"{"desc":"id"}"#));
    // Of a query from elsewhere the aliases are what they are.
    let clauses = [
        ("desc", "order_by"),
        ("ASC", "order_by"),
        ("values", "order_by"),
        ("eq", "where"),
        ("function", "group_by"),
        ("", "data"),
    ];
    for (alias, clause) in clauses {
        let mut select = ast::Select::new(Projection::List(vec![ast::Expr::Null.into()]));
        select.from = vec![ast::FromItem::table("note", alias)];
        let column = ast::Expr::column(alias, "id");
        match clause {
            "order_by" => select.order_by.push(ast::Order {
                expr: column,
                direction: ast::Direction::Ascending,
            }),
            "where" => select.filter = Some(column),
            "group_by" => select.group_by.push(column),
            _ => select.body = ast::Body::Data(Projection::Single(column.into())),
        }
        assert_eq!(
            Select::<i64>::from_ast(select)
                .to_json()
                .unwrap_err()
                .to_string(),
            format!(
                "a column of `{alias}` in `{clause}` would be read as the operator of that name"
            )
        );
    }
    // Nor those of a fragment.
    let fragment = ast::Expr::column("values", "id");
    let error = Subscriber::filter(|_| raw::<bool>(fragment)).to_json();
    assert!(matches!(error, Err(Error::Qualifier { .. })), "{error:?}");
    // Alone it goes without its table.
    assert_eq!(
        sent(&Setting::delete(|setting| setting.id.eq(1))),
        r#"{"from":"values","where":{"eq":["id",1]},"returning":"id"}"#
    );
}

#[test]
fn rows_and_columns_of_an_insert_fit() {
    let twice = insert_from(
        Package,
        |p| (p.name, p.name),
        |q| q.select(("movie", "sports")),
    );
    refused(
        &twice,
        &Error::ColumnTwice {
            method: Method::Insert,
            table: "package".to_owned(),
            column: "name".to_owned(),
        },
    );
    let row = NewPackage {
        name: "movie",
        paid: true,
    };
    let Ast::Insert(mut written) = insert(&row).ast().to_statement() else {
        panic!("an insert");
    };
    let ast::InsertSource::Values(rows) = &mut written.source else {
        panic!("rows");
    };
    rows[0].pop();
    assert_eq!(
        unwritable(&Ast::Insert(written)),
        "the row has 1 values for 2 columns"
    );
}

/// A type of the user's own that counts its columns wrongly.
#[test]
fn a_row_that_is_too_short_is_refused() {
    struct Short;

    impl Insertable for Short {
        type Table = Package;
        const COLUMNS: &'static [&'static str] = &["name", "paid"];
        fn values(&self) -> Vec<ast::Expr> {
            vec![ast::Expr::text("movie")]
        }
    }

    assert_eq!(
        insert_many(&[Short, Short])
            .to_json()
            .unwrap_err()
            .to_string(),
        "row 0 of an insert into `package` has 1 values for 2 columns"
    );
}

#[test]
fn a_column_set_twice_has_no_form() {
    let Ast::Update(mut update) = Package::update_all()
        .set(|p| p.paid.to(true))
        .ast()
        .to_statement()
    else {
        panic!("an update");
    };
    update.set.push(("paid".into(), ast::Expr::Bool(false)));
    assert_eq!(
        unwritable(&Ast::Update(update.clone())),
        "the column `paid` is set twice"
    );
    update.set.clear();
    assert_eq!(unwritable(&Ast::Update(update)), "`set` sets nothing");
}

/// What only the writer of a dialect finds is an error as well, not `Ok("")`.
#[test]
fn a_sum_that_nests_too_deeply_in_pairs_is_an_error() {
    let sum = |terms: i32| {
        select(|mut q| {
            let m = q.from(Media);
            let sum = (1..terms).fold(m.port.built(), |sum, term| sum + term);
            q.select(sum)
        })
    };
    let pairs = Dialect {
        arithmetic: Chain::Pairs,
        ..GUESS
    };
    let limit = i32::try_from(ast::MAX_DEPTH / 2).unwrap();
    let json = sum(limit).params(&pairs).unwrap().to_json().unwrap();
    // What is sent can be read.
    assert!(Ast::from_json(Method::Select, json.as_bytes()).is_ok());
    let deeper = sum(limit + 1);
    let error = deeper.params(&pairs).unwrap().to_json().unwrap_err();
    assert_eq!(
        error,
        Error::Unwritable("`add` of more than 48 operands nests too deeply in pairs".to_owned())
    );
    assert!(sent(&deeper).contains(r#"{"add":[{"m":"port"},1,2,3,"#));
}

/// A member that is null is not one that is absent: whoever meant a condition
/// would write every row.
#[test]
fn null_for_a_member_is_refused_by_name() {
    let cases: &[(Method, &str, &[&str])] = &[
        (
            Method::Select,
            r#"{"data": ["id"], "from": "media"}"#,
            &[
                "distinct", "from", "where", "group_by", "having", "order_by", "limit", "offset",
            ],
        ),
        (
            Method::Delete,
            r#"{"from": "media"}"#,
            &["using", "where", "returning"],
        ),
        (
            Method::Update,
            r#"{"table": "media", "set": {"port": 1}}"#,
            &["from", "where", "returning"],
        ),
        (
            Method::Insert,
            r#"{"into": "media", "columns": ["name"], "values": ["x"]}"#,
            &["returning", "select"],
        ),
    ];
    for (method, params, members) in cases {
        assert!(Ast::from_json(*method, params.as_bytes()).is_ok());
        for member in *members {
            let mut params: serde_json::Value = serde_json::from_str(params).unwrap();
            params[member] = serde_json::Value::Null;
            let error = Ast::from_json(*method, params.to_string().as_bytes()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("member `{member}` is null; leave it out if none is meant, at /{member}")
            );
        }
    }
    for (member, from) in [
        ("as", r#"{"table": "media", "as": null}"#),
        (
            "on",
            r#"[{"join": "media", "join_type": "cross", "on": null}]"#,
        ),
        (
            "join_type",
            r#"[{"join": "media", "join_type": null, "on": true}]"#,
        ),
    ] {
        let params = format!(r#"{{"data": ["id"], "from": {from}}}"#);
        let error = Ast::from_json(Method::Select, params.as_bytes()).unwrap_err();
        assert!(error.pointer().ends_with(member), "{error}");
    }
    let call = br#"{"data": [{"function": "now", "args": null}]}"#;
    assert!(Ast::from_json(Method::Select, call).is_err());
    let having = br#"{"data": ["id"], "from": "media", "having": [null]}"#;
    let error = Ast::from_json(Method::Select, having).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a condition, found null, at /having/0"
    );
}

/// `{"like": [op1, op2, …]}`, as the document prints it.
#[test]
fn several_patterns_are_kept_and_reported() {
    use jsonsql::ast::SqlKind;
    use jsonsql::resolve::{self, FindingKind, Schema, resolve, validate};

    let params = r#"{"data":["id"],"from":"media","where":{"ilike":["name","a%","b%"]}}"#;
    let mut statement = Ast::from_json(Method::Select, params.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&statement).unwrap(), params);
    let schema = Schema::new([resolve::Table::new(
        "media",
        ["id", "name"].map(|name| resolve::Column::new(name, SqlKind::Text)),
    )]);
    let findings = validate(&statement, &schema);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].kind, FindingKind::UnknownMeaning);
    assert_eq!(
        findings[0].to_string(),
        "what operator \"ilike\" means with 3 operands is not documented, at /where/ilike/2"
    );
    // It is not run as something that nobody said.
    assert!(resolve(&mut statement, &schema).is_err());
    let Ast::Select(select) = &statement else {
        panic!("a select");
    };
    assert_eq!(
        format!("{:#}", select.filter.as_ref().unwrap()),
        "ilike(name, 'a%', 'b%')"
    );
    assert!(jsonsql::sql::Sql::new(&statement, jsonsql::sql::Flavor::Postgres).is_err());
    // A typed query says it through the grammar.
    let typed = Media::filter(|m| {
        raw::<bool>(ast::Expr::Op(
            Op::Like,
            vec![
                ast::Expr::column("m", "name"),
                ast::Expr::text("a%"),
                ast::Expr::text("b%"),
            ],
        ))
        .and(m.is_tv.eq(true))
    });
    assert!(sent(&typed).contains(r#"{"like":[{"m":"name"},"a%","b%"]}"#));
}

/// One operand, a flat list, a list of one: each is written as it was read.
#[test]
fn the_documents_spellings_are_kept() {
    for condition in [
        r#"{"and":[{"eq":["is_tv",true]}]}"#,
        r#"{"or":["is_tv"]}"#,
        r#"{"gt":[{"add":["port",1,2]},{"mul":["id",2,3,4]}]}"#,
    ] {
        let params = format!(r#"{{"from":"media","where":{condition},"returning":"id"}}"#);
        let statement = Ast::from_json(Method::Delete, params.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&statement).unwrap(), params);
    }
}

/// An object has each member once: a column of a table called "as" has no place
/// for an output name.
#[test]
fn an_output_name_beside_a_member_of_its_name_is_refused() {
    let select = ast::Select::new(Projection::List(vec![Item {
        expr: ast::Expr::column("as", "id"),
        alias: Some("owner".into()),
    }]));
    assert_eq!(
        unwritable(&Ast::Select(select)),
        "the output name `owner` stands beside another `as` in one object"
    );
}
