//! `insert`.

use super::expr::write_rows;
use super::json::Json;
use super::parse::{At, Members, ParseError, identifier, list};
use super::write::{Write, WriteError, Writer, member};
use super::{Expr, Name, Projection, Select, TableName};

/// An INSERT.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// The table.
    pub into: TableName,
    /// The columns that are given, in the order of the source.
    pub columns: Vec<Name>,
    /// The source of the new rows.
    pub source: InsertSource,
    /// The expressions to return. What a server returns without them is unknown.
    pub returning: Option<Projection>,
}

/// The source of the rows of an INSERT.
#[derive(Debug, Clone, PartialEq)]
pub enum InsertSource {
    /// Rows, each as long as the columns.
    ///
    /// One row is written as an object keyed by column, several as lists, as
    /// the vendor's scripts do; a single flat list is read as well.
    Values(Vec<Vec<Expr>>),
    /// A select, its expressions in the order of the columns.
    Select(Box<Select>),
}

impl Insert {
    const MEMBERS: &'static [&'static str] = &["into", "columns", "values", "select", "returning"];

    pub(crate) fn parse(json: Json, at: &At<'_>) -> Result<Insert, ParseError> {
        let mut members = Members::of(json, at, "an insert, an object", Insert::MEMBERS)?;
        let into = members.table("into")?;
        let columns = columns(members.require("columns")?, &at.member("columns"))?;
        let values = members.optional("values", |json, at| values(json, &columns, at))?;
        let select = members.optional("select", Select::parse)?;
        let source = match (values, select) {
            (Some(rows), None) => InsertSource::Values(rows),
            (None, Some(select)) => InsertSource::Select(Box::new(select)),
            (None, None) => return Err(at.error("member `values` (or `select`) is missing")),
            (Some(_), Some(_)) => {
                return Err(at.error("expected `values` or `select`, found both"));
            }
        };
        let returning = members.optional("returning", Projection::parse)?;
        members.finish()?;
        Ok(Insert {
            into,
            columns,
            source,
            returning,
        })
    }
}

fn columns(json: Json, at: &At<'_>) -> Result<Vec<Name>, ParseError> {
    let Json::Array(items) = json else {
        return Err(at.expected("a list of column names", &json));
    };
    let columns = list(items, at, identifier)?;
    if columns.is_empty() {
        return Err(at.error("expected at least one column name, found []"));
    }
    for (index, column) in columns.iter().enumerate() {
        if columns[..index].contains(column) {
            return Err(at
                .item(index)
                .error(format!("column `{column}` is listed twice")));
        }
    }
    Ok(columns)
}

/// The three attested spellings of `values`: an object keyed by column, a list
/// of rows, one flat row.
fn values(json: Json, columns: &[Name], at: &At<'_>) -> Result<Vec<Vec<Expr>>, ParseError> {
    let rows = match json {
        Json::Object(_) => return Ok(vec![keyed_row(json, columns, at)?]),
        Json::Array(items) if items.is_empty() => {
            return Err(at.error("expected at least one row, found []"));
        }
        Json::Array(items) if items.iter().all(|item| !matches!(item, Json::Array(_))) => {
            vec![list(items, at, Expr::parse)?]
        }
        Json::Array(items) => list(items, at, |row, at| match row {
            Json::Array(cells) => list(cells, at, Expr::parse),
            other => Err(at.expected("a row, a list of values", &other)),
        })?,
        other => return Err(at.expected("an object or a list of rows", &other)),
    };
    for (index, row) in rows.iter().enumerate() {
        if row.len() != columns.len() {
            return Err(at.item(index).error(format!(
                "expected {} values, one for each of `columns`, found {}",
                columns.len(),
                row.len()
            )));
        }
    }
    Ok(rows)
}

fn keyed_row(json: Json, columns: &[Name], at: &At<'_>) -> Result<Vec<Expr>, ParseError> {
    let Json::Object(mut members) = json else {
        return Err(at.expected("an object", &json));
    };
    let row = columns
        .iter()
        .map(|column| {
            let index = members.iter().position(|(name, _)| name == column);
            let index = index.ok_or_else(|| {
                at.error(format!("no value for `{column}`, which `columns` lists"))
            })?;
            Expr::parse(members.remove(index).1, &at.member(column))
        })
        .collect::<Result<_, _>>()?;
    match members.first() {
        None => Ok(row),
        Some((name, _)) => Err(at.member(name).error(format!(
            "a value for `{name}`, which `columns` does not list"
        ))),
    }
}

impl Write for Insert {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        if let Some(column) = listed_twice(&self.columns) {
            return Err(WriteError::new(format!(
                "the column `{column}` is listed twice"
            )));
        }
        let object = w.open_object();
        member!(w, "into");
        w.text(&self.into);
        member!(w, "columns");
        let list = w.open_list();
        for column in &self.columns {
            w.element();
            w.text(column);
        }
        w.close(list);
        match &self.source {
            InsertSource::Values(rows) => {
                member!(w, "values");
                match rows.as_slice() {
                    [row] => write_keyed(&self.columns, row, w)?,
                    rows => write_rows(rows, w)?,
                }
            }
            InsertSource::Select(select) => {
                member!(w, "select");
                select.write(w)?;
            }
        }
        if let Some(returning) = &self.returning {
            member!(w, "returning");
            returning.write(w)?;
        }
        w.close(object);
        Ok(())
    }
}

/// Writes one row as an object keyed by column.
fn write_keyed(columns: &[Name], row: &[Expr], w: &mut Writer<'_>) -> Result<(), WriteError> {
    // A value without a column would be gone.
    if row.len() != columns.len() {
        return Err(WriteError::new(format!(
            "the row has {} values for {} columns",
            row.len(),
            columns.len()
        )));
    }
    let object = w.open_object();
    for (column, value) in columns.iter().zip(row) {
        w.member(column);
        value.write(w)?;
    }
    w.close(object);
    Ok(())
}

fn listed_twice(columns: &[Name]) -> Option<&Name> {
    let twice = |(index, column): (usize, &Name)| columns[..index].contains(column);
    columns
        .iter()
        .enumerate()
        .find(|&pair| twice(pair))
        .map(|(_, column)| column)
}
