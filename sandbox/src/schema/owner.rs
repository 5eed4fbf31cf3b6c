//! The ownership of rows by domains.
//!
//! Operators share one database and must not see each other. A row belongs to
//! a domain because it says so (`domain_id`), because it is that domain's own
//! row, or because it refers to a row that belongs to it. Tables without any
//! of these are everybody's; the crate's documentation says which, and on what
//! evidence.

use jsonsql::ast::Name;

use super::{Catalog, Column, Filled, Table};

/// The table of the domains themselves.
const DOMAINS: &str = "domain";

/// The relation by which the rows of a table belong to a domain.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner<'c> {
    /// This column holds the domain.
    Column(&'c Name),
    /// This column refers to a row of this table, whose owner counts.
    Through(&'c Name, &'c Table),
    /// They are everybody's.
    Shared,
}

/// A reference to a table whose rows have owners.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference<'c> {
    pub(crate) column: &'c Name,
    pub(crate) to: &'c Table,
}

impl Reference<'_> {
    /// The constraint's name, which PostgreSQL would give it too.
    pub(crate) fn constraint(&self, table: &Table) -> String {
        format!("{}_{}_fkey", table.name, self.column)
    }
}

impl Catalog {
    pub(crate) fn owner<'c>(&'c self, table: &'c Table) -> Owner<'c> {
        if table.name == DOMAINS {
            return table
                .key()
                .map_or(Owner::Shared, |key| Owner::Column(&key.name));
        }
        if let Some(column) = table.columns.iter().find(|column| column.is_domain()) {
            return Owner::Column(&column.name);
        }
        let through = self
            .owned_references(table)
            .find(|reference| !is_nullable(table, reference.column));
        match through {
            Some(Reference { column, to }) => Owner::Through(column, to),
            None => Owner::Shared,
        }
    }

    /// The references whose target must be the session's own, which a foreign
    /// key does not look at. `domain_id` itself is checked as the owner.
    pub(crate) fn owned_references<'c>(
        &'c self,
        table: &'c Table,
    ) -> impl Iterator<Item = Reference<'c>> {
        let referring = table.columns.iter().filter(|column| !column.is_domain());
        referring.filter_map(move |column| {
            let to = self.table(column.references.as_ref()?)?;
            // A table that refers to itself would look for its own owner for ever.
            let owned = to.name != table.name && !matches!(self.owner(to), Owner::Shared);
            owned.then_some(Reference {
                column: &column.name,
                to,
            })
        })
    }
}

impl Column {
    fn is_domain(&self) -> bool {
        self.filled == Filled::Domain
    }
}

fn is_nullable(table: &Table, column: &str) -> bool {
    table.column(column).is_none_or(|column| column.nullable)
}
