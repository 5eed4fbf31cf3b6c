//! FROM, and by the same grammar USING.

use crate::ast::{FromItem, JoinKind, Source};

use super::Flavor;
use super::writer::{Style, Writer, Written};

impl Writer<'_> {
    pub(super) fn from(&mut self, keyword: &str, items: &[FromItem]) -> Written {
        if items.is_empty() {
            return Ok(());
        }
        self.push(keyword);
        let mut rest = items;
        let mut first = true;
        while let Some((head, tail)) = rest.split_first() {
            let joined = tail.iter().take_while(|item| item.join.is_some()).count();
            if !first {
                self.push(", ");
            }
            let group = &tail[..joined];
            let parentheses = !first && self.regroups(group);
            if parentheses {
                self.push("(");
            }
            // A join with nothing before it cannot be said; show what is there.
            self.source(head)?;
            for item in group {
                self.joined(item)?;
            }
            if parentheses {
                self.push(")");
            }
            rest = &tail[joined..];
            first = false;
        }
        Ok(())
    }

    /// In SQLite a comma binds like a join, in PostgreSQL more loosely. With
    /// inner and left joins that makes no difference.
    fn regroups(&self, group: &[FromItem]) -> bool {
        self.style == Style::Engine(Flavor::Sqlite)
            && group.iter().any(|item| {
                matches!(
                    item.join.as_ref().map(|join| join.kind),
                    Some(JoinKind::Right | JoinKind::Full)
                )
            })
    }

    fn joined(&mut self, item: &FromItem) -> Written {
        let Some(join) = &item.join else {
            return Ok(());
        };
        self.push(match join.kind {
            JoinKind::Inner => " JOIN ",
            JoinKind::Left => " LEFT JOIN ",
            JoinKind::Right => " RIGHT JOIN ",
            JoinKind::Full => " FULL JOIN ",
            JoinKind::Cross => " CROSS JOIN ",
        });
        self.source(item)?;
        if let Some(on) = &join.on {
            self.push(" ON ");
            self.expr(on)?;
        }
        Ok(())
    }

    fn source(&mut self, item: &FromItem) -> Written {
        match &item.source {
            Source::Table(table) => self.name(table),
            Source::Select(select) => {
                self.push("(");
                self.select(select)?;
                self.push(")");
            }
        }
        if let Some(alias) = &item.alias {
            self.push(" AS ");
            self.name(alias);
        }
        Ok(())
    }
}
