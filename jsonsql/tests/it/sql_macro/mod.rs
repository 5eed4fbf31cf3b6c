//! `sql!`: each construct is what the builder makes of it, and what is read
//! from the same SQL as text.

mod expressions;
mod holes;
mod selects;
mod writes;

use jsonsql::ast::TableInfo;
use jsonsql::{Dialect, Statement};

/// Asserts that the three are one statement; `text` is in PostgreSQL's words,
/// with the aliases that the library gives. Without one it is the SQL that the
/// statement is shown as.
#[track_caller]
pub(crate) fn same<R>(
    by_macro: &impl Statement<Row = R>,
    by_hand: &impl Statement<Row = R>,
    text: &str,
) {
    same_beside(&[], by_macro, by_hand, text);
}

/// The same, of a statement with tables of the test's own.
#[track_caller]
pub(crate) fn same_beside<R>(
    tables: &[&'static TableInfo],
    by_macro: &impl Statement<Row = R>,
    by_hand: &impl Statement<Row = R>,
    text: &str,
) {
    assert_eq!(by_macro.ast(), by_hand.ast());
    by_macro.params(&Dialect::default()).unwrap();
    if text.is_empty() {
        reads_as(tables, by_macro, &format!("{:#}", by_macro.ast()));
    } else {
        reads_as(tables, by_macro, text);
    }
}

/// Asserts that the statement is what is read from this text.
#[track_caller]
pub(crate) fn reads_as<R>(
    tables: &[&'static TableInfo],
    by_macro: &impl Statement<Row = R>,
    text: &str,
) {
    #[cfg(feature = "sql")]
    {
        let mut read = jsonsql::sql::parse(text).unwrap();
        assert_eq!(format!("{:#}", by_macro.ast()), format!("{read:#}"));
        resolved::same(tables, by_macro.ast().to_statement(), &mut read);
    }
    #[cfg(not(feature = "sql"))]
    let _ = (tables, by_macro, text);
}

#[cfg(feature = "sql")]
mod resolved {
    //! The macro's statement and that of the text, once their names are known.

    use jsonsql::ast::TableInfo;
    use jsonsql::ast::{Projection, Statement};
    use jsonsql::resolve::{Column, Schema, Table, resolve};
    use jsonsql::schema::Table as _;

    use crate::tables::*;

    fn schema(tables: &[&'static TableInfo]) -> Schema {
        let table = |info: &'static TableInfo| {
            let column = |column: &jsonsql::ast::ColumnInfo| {
                let of = if column.nullable {
                    Column::nullable
                } else {
                    Column::new
                };
                of(column.name, column.kind)
            };
            Table::new(info.name, info.columns.iter().map(column))
        };
        let known = [
            Subscriber::INFO,
            Terminal::INFO,
            Media::INFO,
            Package::INFO,
            SubscriberPackage::INFO,
        ];
        Schema::new(known.iter().chain(tables).map(|info| table(info)))
    }

    #[track_caller]
    pub(super) fn same(
        tables: &[&'static TableInfo],
        mut by_macro: Statement,
        read: &mut Statement,
    ) {
        let schema = schema(tables);
        resolve(&mut by_macro, &schema).unwrap();
        resolve(read, &schema).unwrap();
        listed(&mut by_macro);
        listed(read);
        assert_eq!(by_macro, *read);
    }

    /// One column that is returned with its table is a list in text, and a
    /// value in the typed language, which knows that it is read as one.
    fn listed(statement: &mut Statement) {
        let returning = match statement {
            Statement::Select(_) => return,
            Statement::Insert(insert) => &mut insert.returning,
            Statement::Update(update) => &mut update.returning,
            Statement::Delete(delete) => &mut delete.returning,
        };
        *returning = returning.take().map(|returning| match returning {
            Projection::Single(item) => Projection::List(vec![item]),
            list @ Projection::List(_) => list,
        });
    }
}
