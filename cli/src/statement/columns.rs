//! The names of an answer's columns, which the protocol does not send.

use jsonsql::ast::{Body, Expr, FromItem, Item, Projection, Source, Statement};
use jsonsql::resolve::Schema;

/// Names the columns of an answer whose rows are this wide; each name once.
///
/// `*` is named by the known columns of its tables, if there are as many; what
/// has no name is `column1` and so on, as in PostgreSQL's VALUES.
pub(super) fn names(statement: &Statement, schema: &Schema, width: Option<usize>) -> Vec<String> {
    let (projection, from): (Option<&Projection>, &[FromItem]) = match statement {
        Statement::Select(select) => match &select.body {
            Body::Data(projection) => (Some(projection), &select.from),
            Body::Values(_) => (None, &[]),
        },
        Statement::Insert(insert) => (insert.returning.as_ref(), &[]),
        Statement::Update(update) => (update.returning.as_ref(), &[]),
        Statement::Delete(delete) => (delete.returning.as_ref(), &[]),
    };
    let items = projection.map_or(&[][..], Projection::items);
    let mut names: Vec<Option<String>> = Vec::new();
    for item in items {
        match &item.expr {
            Expr::Star => names.extend(star(statement, from, schema)),
            _ => names.push(name(item)),
        }
    }
    let width = width.unwrap_or(names.len());
    if names.len() != width {
        // A server's table is wider than what is known of it.
        names = vec![None; width];
    }
    let mut distinct: Vec<String> = Vec::new();
    for (number, name) in names.into_iter().enumerate() {
        let name = name.unwrap_or_else(|| format!("column{}", number + 1));
        let taken = |candidate: &String| distinct.contains(candidate);
        let mut candidate = name.clone();
        let mut count = 1;
        while taken(&candidate) {
            count += 1;
            candidate = format!("{name}_{count}");
        }
        distinct.push(candidate);
    }
    distinct
}

fn name(item: &Item) -> Option<String> {
    let bare = match &item.expr {
        Expr::Bare(name) => Some(name.to_string()),
        _ => None,
    };
    item.output_name().map(str::to_owned).or(bare)
}

fn star(statement: &Statement, from: &[FromItem], schema: &Schema) -> Vec<Option<String>> {
    let target = match statement {
        Statement::Select(_) => None,
        Statement::Insert(insert) => Some(insert.into.to_string()),
        Statement::Update(update) => Some(update.table.to_string()),
        Statement::Delete(delete) => Some(delete.from.to_string()),
    };
    let tables = target
        .into_iter()
        .chain(from.iter().map(|item| match &item.source {
            Source::Table(table) => table.to_string(),
            Source::Select(_) => String::new(),
        }));
    let columns = tables.flat_map(|table| match schema.table(&table) {
        Some(table) => table
            .columns
            .iter()
            .map(|column| column.name.to_string())
            .collect(),
        None => Vec::new(),
    });
    columns.map(Some).collect()
}

#[cfg(test)]
mod tests {
    use jsonsql::sql::parse;

    use super::*;
    use crate::knowledge;

    fn named(sql: &str, width: Option<usize>) -> String {
        let statement = parse(sql).expect("SQL");
        names(&statement, &knowledge::known(), width).join(" ")
    }

    #[test]
    fn a_column_has_its_name_and_each_name_is_there_once() {
        assert_eq!(
            named("select id, username from subscriber", None),
            "id username"
        );
        assert_eq!(
            named(
                "select s.id, t.id, count(*), t.id + 1 from subscriber s, terminal t",
                Some(4)
            ),
            "id id_2 count column4"
        );
        assert_eq!(
            named("delete from media where id = 1 returning id", None),
            "id"
        );
        assert_eq!(named("select 1 as one from media", None), "one");
    }

    #[test]
    fn a_star_is_named_by_what_is_known_if_that_is_as_wide() {
        let known = knowledge::known();
        let columns = known.table("terminal").expect("a table").columns.len();
        let text = named("select * from terminal", Some(columns));
        assert!(text.starts_with("id "), "{text}");
        assert_eq!(named("select * from terminal", Some(2)), "column1 column2");
        assert_eq!(named("select * from nowhere", Some(2)), "column1 column2");
    }
}
