//! Queries: what stands around a SELECT or VALUES.

use sqlparser::ast as sp;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::literal;
use super::place::at_or;
use super::reader::Reader;
use crate::ast::{Body, Expr, Item, Name, Projection, Select, Statement};

/// The place of a query, which determines the shape of its result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The statement, or a sub-select in FROM or of an insert.
    Rows,
    /// An operand: one column is written bare, as the vendor's document has it.
    Operand,
}

impl<'a> Reader<'a> {
    pub(super) fn top_query(&mut self, query: &'a sp::Query) -> Read<Statement> {
        match &*query.body {
            sp::SetExpr::Insert(inner)
            | sp::SetExpr::Update(inner)
            | sp::SetExpr::Delete(inner) => {
                let at = at_or(inner, self.at);
                refuse(
                    at,
                    "WITH before a write has no form in the protocol: write the query into \
                     FROM, USING or the condition",
                )
            }
            _ => self.query(query, Role::Rows).map(Statement::Select),
        }
    }

    pub(super) fn query(&mut self, query: &'a sp::Query, role: Role) -> Read<Select> {
        let at = at_or(query, self.at);
        let around = std::mem::replace(&mut self.at, at);
        let select = self.deeper(|| at, |reader| reader.query_here(query, role))?;
        self.at = around;
        Ok(select)
    }

    fn query_here(&mut self, query: &'a sp::Query, role: Role) -> Read<Select> {
        let sp::Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        let (places, at) = (self.places, self.at);
        let end = |keywords: &[Keyword]| places.word(at, keywords);
        if !locks.is_empty() || for_clause.is_some() {
            return refuse(
                end(&[Keyword::FOR]),
                "locks have no form in the protocol: leave FOR out",
            );
        }
        if settings.is_some() {
            return refuse(end(&[Keyword::SETTINGS]), "SETTINGS is not of PostgreSQL");
        }
        if format_clause.is_some() {
            return refuse(end(&[Keyword::FORMAT]), "FORMAT is not of PostgreSQL");
        }
        if !pipe_operators.is_empty() {
            return refuse(self.at, "`|>` is not of PostgreSQL");
        }
        let before = self.with.len();
        if let Some(with) = with {
            self.define(with)?;
        }
        let select = match &**body {
            sp::SetExpr::Select(select) => self.select(select, order_by.as_ref(), role)?,
            sp::SetExpr::Values(values) => self.values_query(values, order_by.as_ref())?,
            sp::SetExpr::Query(inner) => {
                if order_by.is_some() || limit_clause.is_some() || fetch.is_some() {
                    return refuse(
                        self.at,
                        "a query in parentheses has no clauses around it: write them inside",
                    );
                }
                self.query(inner, role)?
            }
            // Refused as a whole, whatever is in it.
            sp::SetExpr::SetOperation {
                left: _,
                op,
                set_quantifier: _,
                right: _,
            } => {
                let (word, instead) = match op {
                    sp::SetOperator::Union => ("UNION", "send two statements, or one with OR"),
                    sp::SetOperator::Except => ("EXCEPT", "write DISTINCT and NOT IN (SELECT …)"),
                    sp::SetOperator::Minus => ("MINUS", "write DISTINCT and NOT IN (SELECT …)"),
                    sp::SetOperator::Intersect => ("INTERSECT", "write DISTINCT and IN (SELECT …)"),
                };
                let keywords = [
                    Keyword::UNION,
                    Keyword::EXCEPT,
                    Keyword::INTERSECT,
                    Keyword::MINUS,
                ];
                return refuse(
                    end(&keywords),
                    format!("{word} has no form in the protocol: {instead}"),
                );
            }
            sp::SetExpr::Insert(inner)
            | sp::SetExpr::Update(inner)
            | sp::SetExpr::Delete(inner)
            | sp::SetExpr::Merge(inner) => {
                return refuse(
                    at_or(inner, self.at),
                    "a write within a statement has no form in the protocol: send it by itself",
                );
            }
            sp::SetExpr::Table(_) => {
                return refuse(self.at, "write `SELECT * FROM` and the table");
            }
        };
        self.finish_with(before)?;
        let (limit, offset) = self.bounds(limit_clause.as_ref(), fetch.as_ref())?;
        // A query in parentheses has its own.
        Ok(Select {
            limit: limit.or(select.limit),
            offset: offset.or(select.offset),
            ..select
        })
    }

    fn values_query(
        &mut self,
        values: &'a sp::Values,
        order_by: Option<&'a sp::OrderBy>,
    ) -> Read<Select> {
        let rows = self.values(values)?;
        let mut select = Select::new(Projection::List(Vec::new()));
        select.body = Body::Values(rows);
        if let Some(order_by) = order_by {
            let width = match &select.body {
                Body::Values(rows) => rows.first().map_or(0, Vec::len),
                Body::Data(_) => 0,
            };
            let columns = (1..=width).map(|index| {
                let name = Name::from(format!("column{index}"));
                let column = crate::ast::Column {
                    table: None,
                    name: name.clone(),
                };
                // Nothing else can be named here.
                Item {
                    expr: Expr::Column(column),
                    alias: Some(name),
                }
            });
            select.order_by = self.order_by(order_by, &columns.collect::<Vec<_>>())?;
        }
        Ok(select)
    }

    /// Rows of VALUES, equally long.
    pub(super) fn values(&mut self, values: &'a sp::Values) -> Read<Vec<Vec<Expr>>> {
        let sp::Values {
            explicit_row,
            value_keyword,
            rows,
        } = values;
        if *explicit_row || *value_keyword {
            return refuse(self.at, "rows are written `VALUES (…), (…)`");
        }
        let width = rows.first().map_or(0, |row| row.content.len());
        rows.iter()
            .map(|row| {
                let sp::Parens {
                    opening_token,
                    content,
                    closing_token: _,
                } = row;
                let at = opening_token.0.span.start;
                if content.is_empty() {
                    return refuse(at, "expected at least one value in the row");
                }
                if content.len() != width {
                    return refuse(at, "the rows of VALUES have to be equally long");
                }
                content.iter().map(|cell| self.expr(cell)).collect()
            })
            .collect()
    }

    fn bounds(
        &mut self,
        limit: Option<&sp::LimitClause>,
        fetch: Option<&sp::Fetch>,
    ) -> Read<(Option<u64>, Option<u64>)> {
        let (mut most, skipped) = match limit {
            None => (None, None),
            Some(sp::LimitClause::OffsetCommaLimit { offset, limit: _ }) => {
                return refuse(at_or(offset, self.at), "write `LIMIT n OFFSET m`");
            }
            Some(sp::LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            }) => {
                if let Some(by) = limit_by.first() {
                    return refuse(at_or(by, self.at), "LIMIT … BY is not of PostgreSQL");
                }
                let limit = limit.as_ref().map(|limit| self.count(limit)).transpose()?;
                let offset = match offset {
                    None => None,
                    Some(sp::Offset { value, rows: _ }) => self.count(value)?,
                };
                (limit.flatten(), offset)
            }
        };
        if let Some(sp::Fetch {
            with_ties,
            percent,
            quantity,
        }) = fetch
        {
            let at = self.places.word(self.at, &[Keyword::FETCH]);
            if *with_ties || *percent {
                return refuse(
                    at,
                    "WITH TIES and PERCENT have no form in the protocol: write LIMIT",
                );
            }
            if most.is_some() {
                return refuse(at, "LIMIT and FETCH say the same: write one of them");
            }
            most = match quantity {
                None => Some(1),
                Some(quantity) => self.count(quantity)?,
            };
        }
        Ok((most, skipped))
    }

    /// A number of rows; NULL is none, as in PostgreSQL.
    fn count(&mut self, expr: &sp::Expr) -> Read<Option<u64>> {
        let at = at_or(expr, self.at);
        self.see(at);
        let value = match expr {
            sp::Expr::Value(sp::ValueWithSpan { value, span: _ }) => value,
            _ => return self.no_count(at),
        };
        match value {
            sp::Value::Number(text, false) => match literal::number(text, false, at)?.as_u64() {
                Some(count) => Ok(Some(count)),
                None => self.no_count(at),
            },
            sp::Value::Null => Ok(None),
            sp::Value::Placeholder(name) => match self.argument(name, at)? {
                Expr::Number(number) => match number.as_u64() {
                    Some(count) => Ok(Some(count)),
                    None => self.no_count(at),
                },
                Expr::Null => Ok(None),
                _ => self.no_count(at),
            },
            _ => self.no_count(at),
        }
    }

    fn no_count<T>(&self, at: Location) -> Read<T> {
        refuse(
            at,
            "the protocol has only whole numbers for LIMIT and OFFSET: compute it before",
        )
    }
}
