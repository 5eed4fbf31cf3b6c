//! The SQL of every statement of the corpus is read as that statement.

use jsonsql::ast::*;
use jsonsql::resolve::{Schema, Table as Known, resolve};
use jsonsql::sql::parse;

use crate::tables;

const CORPUS: &str = include_str!("../../../../tests/corpus/jsonsql-requests.jsonl");

fn schema() -> Schema {
    use jsonsql::Table;
    let mut tables = vec![
        Known::from(tables::Subscriber::INFO),
        Known::from(tables::Terminal::INFO),
        Known::from(tables::Media::INFO),
        Known::from(tables::Package::INFO),
        Known::from(tables::SubscriberPackage::INFO),
        Known::from(tables::TvChannel::INFO),
        Known::from(tables::TvProgram::INFO),
        Known::from(tables::TvProgramCategory::INFO),
        Known::from(tables::TvCategory::INFO),
        Known::from(tables::TerminalPlaylog::INFO),
    ];
    // The document returns it, though no other source shows this table to have it.
    let id = jsonsql::resolve::Column::new("id", SqlKind::Int);
    tables[4].columns.push(id);
    Schema::new(tables)
}

/// The statement as its text says it: SQL has no conjunction of one condition,
/// and no difference between a column and a list of one column. The latter is
/// read in the form that is attested where it stands.
fn as_text_says(statement: &mut Statement) {
    match statement {
        Statement::Select(select) => of_select(select, false),
        Statement::Insert(insert) => {
            if let InsertSource::Select(select) = &mut insert.source {
                of_select(select, false);
            }
        }
        Statement::Update(update) => {
            update.set.iter_mut().for_each(|(_, value)| of_expr(value));
            update.filter.iter_mut().for_each(of_expr);
        }
        Statement::Delete(delete) => delete.filter.iter_mut().for_each(of_expr),
    }
}

fn of_select(select: &mut Select, operand: bool) {
    if let Body::Data(projection) = &mut select.body {
        if !operand && let Projection::Single(item) = projection {
            *projection = Projection::List(vec![item.clone()]);
        }
        projection
            .items_mut()
            .iter_mut()
            .for_each(|item| of_expr(&mut item.expr));
    }
    for item in &mut select.from {
        if let Source::Select(select) = &mut item.source {
            of_select(select, false);
        }
        item.join
            .iter_mut()
            .filter_map(|join| join.on.as_mut())
            .for_each(of_expr);
    }
    select.filter.iter_mut().for_each(of_expr);
}

fn of_expr(expr: &mut Expr) {
    match expr {
        Expr::Op(Op::And, operands) if operands.len() == 1 => *expr = operands.remove(0),
        Expr::Op(_, args) | Expr::Call { args, .. } => args.iter_mut().for_each(of_expr),
        Expr::Select(select) => of_select(select, true),
        _ => {}
    }
}

#[test]
fn every_statement_is_read_from_its_sql() {
    let mut read = 0;
    for (index, line) in CORPUS.lines().enumerate() {
        let line_of_file = index + 1;
        let request: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(method) = Method::from_name(request["method"].as_str().unwrap()) else {
            continue;
        };
        let mut params = request["params"].clone();
        // As the document prints it, the condition stands beside `where`.
        if let Some(stray) = params.as_object_mut().unwrap().remove("in") {
            let conditions = params.pointer_mut("/select/where/and").unwrap();
            conditions
                .as_array_mut()
                .unwrap()
                .push(serde_json::json!({"in": stray}));
        }
        let mut statement = Statement::from_json(method, params.to_string().as_bytes()).unwrap();
        let resolved = resolve(&mut statement, &schema());
        assert_eq!(resolved, Ok(()), "line {line_of_file}");
        let sql = format!("{statement:#}");
        as_text_says(&mut statement);
        match parse(&sql) {
            Ok(same) => assert_eq!(same, statement, "line {line_of_file}: {sql}"),
            Err(error) => panic!("line {line_of_file}: {sql}\n{error:#}"),
        }
        read += 1;
    }
    assert_eq!(read, CORPUS.lines().count() - 1, "all but the login");
}

/// What the vendor's own programs send, from SQL, byte for byte.
#[test]
fn the_json_is_the_vendors() {
    for (line, sql) in [
        (
            2,
            "SELECT id, name, protocol, inet_addr, port FROM media WHERE is_tv IS TRUE ORDER BY name",
        ),
        (
            4,
            "INSERT INTO package (name, paid) VALUES ('movie', true), ('sports', true) RETURNING id",
        ),
        (
            6,
            "UPDATE subscriber SET disabled = true WHERE username = '12345' RETURNING id",
        ),
        (
            7,
            "DELETE FROM terminal WHERE subscriber_id IN \
             (SELECT id FROM subscriber WHERE username = 'test') RETURNING id",
        ),
        (
            11,
            "select t.inet_addr, t.mac_addr, s.username from terminal t \
             left join subscriber s on t.subscriber_id = s.id order by s.username",
        ),
        (
            12,
            "INSERT INTO subscriber (username, password) VALUES ('123456', '111') RETURNING id",
        ),
        (
            16,
            "UPDATE subscriber SET disabled = NOT disabled WHERE username = '123456' RETURNING id",
        ),
        (23, "VALUES (1, 'a'), (2, 'b'), (3, 'c')"),
        (
            24,
            "SELECT username, password FROM subscriber WHERE username IN (VALUES ('12345'), ('123456'))",
        ),
        (33, "SELECT count(*) FROM tv_channel"),
        (35, "SELECT count(DISTINCT mac_addr) FROM terminal"),
        (39, "SELECT * FROM media LIMIT 1"),
    ] {
        let request: serde_json::Value =
            serde_json::from_str(CORPUS.lines().nth(line - 1).unwrap()).unwrap();
        let statement = parse(sql).unwrap();
        assert_eq!(
            statement.method().as_str(),
            request["method"],
            "line {line}"
        );
        assert_eq!(
            serde_json::to_value(&statement).unwrap(),
            request["params"],
            "line {line}"
        );
    }
}
