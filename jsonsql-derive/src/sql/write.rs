//! INSERT, UPDATE, DELETE.

use proc_macro2::{Delimiter, Ident};

use super::Reader;
use super::cursor::Cursor;
use super::select::row;
use super::tree::{Assignment, Clause, Delete, Expr, Insert, Returning, Source, Update};

impl Reader {
    pub(super) fn insert(&mut self, cursor: &mut Cursor) -> syn::Result<Insert> {
        let span = cursor.expect_word("insert")?;
        cursor.expect_word("into")?;
        let table = self.table(cursor)?;
        let Ok(group) = cursor.parentheses("") else {
            let wrong = cursor.is_word("values") || cursor.is_word("select");
            return Err(if wrong {
                syn::Error::new(
                    cursor.span(),
                    "name the columns: `insert into Package (name, paid) …`",
                )
            } else {
                cursor.unexpected("`(` and the columns")
            });
        };
        let columns = columns(&mut cursor.inside(&group)?)?;
        let source = if cursor.is_word("select") {
            Source::Select(Box::new(self.select(cursor)?))
        } else {
            cursor
                .expect_word("values")
                .map_err(|_| cursor.unexpected("`values` or `select`"))?;
            Source::Values(self.value_rows(cursor, columns.len())?)
        };
        if cursor.is_word("on") && cursor.is_word_at(1, "conflict") {
            return Err(syn::Error::new(
                cursor.span(),
                "the protocol has no ON CONFLICT: insert, and update when the answer says that the key exists",
            ));
        }
        let returning = self.returning(cursor)?;
        Ok(Insert {
            span,
            table,
            columns,
            source,
            returning,
        })
    }

    fn value_rows(
        &mut self,
        cursor: &mut Cursor,
        columns: usize,
    ) -> syn::Result<Vec<Clause<Vec<Expr>>>> {
        let mut rows = Vec::new();
        loop {
            if cursor.peek_group(Delimiter::Brace).is_some() {
                return Err(syn::Error::new(
                    cursor.span(),
                    "a row is `({name}, {paid})`; a list of structs is inserted by `insert_many(&rows)`",
                ));
            }
            let group = cursor.parentheses("`(` and the values of a row")?;
            let mut inner = cursor.inside(&group)?;
            let value = if inner.is_empty() {
                Vec::new()
            } else {
                self.list(&mut inner)?
            };
            if value.len() != columns {
                return Err(syn::Error::new(
                    group.span(),
                    format!(
                        "{} for {}",
                        count(value.len(), "value"),
                        count(columns, "column")
                    ),
                ));
            }
            rows.push(Clause {
                span: group.span(),
                value,
            });
            if cursor.sign(",").is_none() {
                return Ok(rows);
            }
        }
    }

    fn returning(&mut self, cursor: &mut Cursor) -> syn::Result<Option<Returning>> {
        let Some(span) = cursor.word("returning") else {
            return Ok(None);
        };
        let row = row(cursor)?;
        let items = self.items(cursor)?;
        Ok(Some(Returning { span, row, items }))
    }

    pub(super) fn update(&mut self, cursor: &mut Cursor) -> syn::Result<Update> {
        let span = cursor.expect_word("update")?;
        let table = self.table(cursor)?;
        if cursor.is_word("join")
            || cursor.is_word("inner")
            || cursor.is_word("left")
            || cursor.is_sign(",")
        {
            return Err(syn::Error::new(
                cursor.span(),
                "other tables stand behind the changes: `update … set … from Terminal as t where …`",
            ));
        }
        let place = cursor.expect_word("set")?;
        let mut set = vec![self.assignment(cursor)?];
        while cursor.sign(",").is_some() {
            set.push(self.assignment(cursor)?);
        }
        let set = Clause {
            span: place,
            value: set,
        };
        let from = match cursor.word("from") {
            Some(_) => self.from(cursor)?,
            None => Vec::new(),
        };
        let filter = self.condition(cursor, "where")?;
        refuse_limit(cursor)?;
        let returning = self.returning(cursor)?;
        Ok(Update {
            span,
            table,
            set,
            from,
            filter,
            returning,
        })
    }

    fn assignment(&mut self, cursor: &mut Cursor) -> syn::Result<Assignment> {
        for word in ["where", "from", "returning"] {
            if cursor.is_word(word) && !cursor.is_sign_at(1, '=') && !cursor.is_sign_at(1, '.') {
                return Err(syn::Error::new(
                    cursor.span(),
                    format!("expected a column to set, found `{word}`: is there a `,` too many?"),
                ));
            }
        }
        if cursor.peek_group(Delimiter::Parenthesis).is_some() {
            return Err(syn::Error::new(
                cursor.span(),
                "set the columns one by one: `name = {name}, paid = true`",
            ));
        }
        let mut column = cursor.any_name("a column to set")?;
        let mut qualified = None;
        if cursor.sign(".").is_some() {
            let table = std::mem::replace(&mut column, cursor.any_name("a column's name")?);
            qualified = Some(table);
        }
        let span = cursor.expect_sign("=")?;
        let value = self.negation(cursor)?;
        if cursor.is_word("and") || cursor.is_word("or") {
            // `set a = 1 and b = 2` sets one column, to a truth value.
            return Err(syn::Error::new(
                cursor.span(),
                "separate two changes by `,`; put a condition that is the new value in parentheses",
            ));
        }
        Ok(Assignment {
            table: qualified,
            column,
            span,
            value,
        })
    }

    pub(super) fn delete(&mut self, cursor: &mut Cursor) -> syn::Result<Delete> {
        let span = cursor.expect_word("delete")?;
        cursor.expect_word("from")?;
        let table = self.table(cursor)?;
        let using = match cursor.word("using") {
            Some(_) => self.from(cursor)?,
            None => Vec::new(),
        };
        let filter = self.condition(cursor, "where")?;
        refuse_limit(cursor)?;
        let returning = self.returning(cursor)?;
        Ok(Delete {
            span,
            table,
            using,
            filter,
            returning,
        })
    }
}

fn refuse_limit(cursor: &Cursor) -> syn::Result<()> {
    if cursor.is_word("limit") || cursor.is_word("order") {
        return Err(syn::Error::new(
            cursor.span(),
            "a write has no limit: write `where id in (select … limit 10)`, or use `.at_most(10)`",
        ));
    }
    Ok(())
}

fn columns(cursor: &mut Cursor) -> syn::Result<Vec<Ident>> {
    let mut columns: Vec<Ident> = Vec::new();
    loop {
        let column = cursor.any_name("a column to insert")?;
        if columns.contains(&column) {
            return Err(syn::Error::new(
                column.span(),
                format!("`{column}` is there already"),
            ));
        }
        columns.push(column);
        if cursor.sign(",").is_none() {
            cursor.finish("`,` or `)`")?;
            return Ok(columns);
        }
    }
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
