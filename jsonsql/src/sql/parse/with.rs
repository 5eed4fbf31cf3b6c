//! WITH: a query that is used once in FROM is a sub-select there.

use sqlparser::ast as sp;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::query::Role;
use super::reader::Reader;
use crate::ast::{Name, Select};

/// A query of WITH.
pub(super) struct Named<'a> {
    name: Name,
    at: Location,
    query: &'a sp::Query,
    /// The number of selects around its WITH.
    scopes: usize,
    used: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn define(&mut self, with: &'a sp::With) -> Read<()> {
        let sp::With {
            with_token,
            recursive,
            cte_tables,
        } = with;
        let at = with_token.0.span.start;
        if *recursive {
            return refuse(
                self.places.word(at, &[Keyword::RECURSIVE]),
                "recursion has no form in the protocol: ask level by level",
            );
        }
        self.bounded(cte_tables)?;
        for cte in cte_tables {
            let sp::Cte {
                alias,
                query,
                from,
                materialized,
                closing_paren_token: _,
            } = cte;
            let at = alias.name.span.start;
            if from.is_some() {
                return refuse(at, "FROM behind WITH is not of PostgreSQL");
            }
            if materialized.is_some() {
                return refuse(
                    self.places.word(at, &[Keyword::MATERIALIZED]),
                    "MATERIALIZED has no form in the protocol: leave it out",
                );
            }
            let name = self.table_alias(alias)?;
            if self.with.iter().any(|known| known.name == name) {
                return refuse(at, format!("two queries of WITH go by the name `{name}`"));
            }
            self.with.push(Named {
                name,
                at,
                query,
                scopes: self.scopes.len(),
                used: false,
            });
        }
        Ok(())
    }

    /// The query of WITH by this name, at its one use in FROM.
    pub(super) fn query_of_with(&mut self, table: &Name) -> Read<Option<Select>> {
        let Some(index) = self.with.iter().position(|known| known.name == *table) else {
            return Ok(None);
        };
        let Named {
            ref name,
            at,
            query,
            scopes,
            used,
        } = self.with[index];
        if used {
            let message = format!(
                "`{name}` is used twice, and the protocol has no WITH: write it as a sub-select \
                 at both places, `(SELECT …) AS {name}`"
            );
            return refuse(at, message);
        }
        // The FROM that names it is open; further selects in between could ask
        // for it once a row.
        if self.scopes.len() > scopes + 1 {
            let message = format!(
                "`{name}` is used within a sub-select, and the protocol has no WITH: \
                 write it there, `(SELECT …) AS {name}`"
            );
            return refuse(at, message);
        }
        self.with[index].used = true;
        let neighbours = self.scopes.split_off(scopes.min(self.scopes.len()));
        // It sees the queries before it, which are then used there.
        let later = self.with.split_off(index);
        let select = self.query(query, Role::Rows)?;
        self.with.extend(later);
        self.scopes.extend(neighbours);
        Ok(Some(select))
    }

    /// Takes the queries of a WITH out of sight again.
    pub(super) fn finish_with(&mut self, before: usize) -> Read<()> {
        let unused = self.with[before..].iter().find(|known| !known.used);
        if let Some(Named { name, at, .. }) = unused {
            let message = format!("`{name}` is not used in FROM: leave it out");
            return refuse(*at, message);
        }
        self.with.truncate(before);
        Ok(())
    }
}
