//! The state while a statement is read: the tables in scope, the names and texts
//! so far, and the depth.

use std::collections::HashSet;

use sqlparser::ast as sp;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::place::at_or;
use super::prepared::{Arguments, Parameter};
use super::tokens::Places;
use crate::ast::AGGREGATES;
use crate::ast::{Expr, MAX_DEPTH, Name, Op, Statement, StatementRef};
use crate::sql::name::is_plain;

/// The maximum number of nested levels of the grammar's expressions; each is at
/// least two levels of JSON.
const MAX_LEVELS: usize = MAX_DEPTH;

/// The maximum number of columns or tables in one list: PostgreSQL's own bound
/// for a selection, and small enough that a search through them all is fast.
const MAX_LIST: usize = 1664;

/// Reads one statement.
pub(super) struct Reader<'a> {
    pub(super) places: &'a Places,
    pub(super) arguments: &'a Arguments<'a>,
    /// Those that were met so far, each once.
    pub(super) parameters: Vec<Parameter>,
    pub(super) met: HashSet<Parameter>,
    /// The tables of the statement and of the selects around this place.
    pub(super) scopes: Vec<Scope>,
    /// The queries of WITH that FROM has not used yet.
    pub(super) with: Vec<super::with::Named<'a>>,
    /// The start of the innermost clause, for parts without a place of their own.
    pub(super) at: Location,
    depth: usize,
    /// The places of the names and literals that were read.
    seen: Vec<Location>,
    names: HashSet<Name>,
    texts: Vec<(Location, Name)>,
}

/// The names by which the tables of one FROM go, or the target of a write.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) tables: Vec<Name>,
    /// The target of a write, which has no alias on the wire.
    pub(super) target: Option<Target>,
}

/// The target of a write: its name in the text, and what is sent.
pub(super) struct Target {
    pub(super) alias: Name,
    pub(super) table: Name,
    /// Tables are joined to it, so that its columns need its name.
    pub(super) joined: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(places: &'a Places, arguments: &'a Arguments<'a>) -> Self {
        Reader {
            places,
            arguments,
            parameters: Vec::new(),
            met: HashSet::new(),
            scopes: Vec::new(),
            with: Vec::new(),
            at: Location::new(1, 1),
            depth: 0,
            seen: Vec::new(),
            names: HashSet::new(),
            texts: Vec::new(),
        }
    }

    pub(super) fn statement(
        mut self,
        statement: &'a sp::Statement,
    ) -> Read<(Statement, Vec<Parameter>)> {
        let statement = match statement {
            sp::Statement::Query(query) => self.top_query(query)?,
            sp::Statement::Insert(insert) => Statement::Insert(self.insert(insert)?),
            sp::Statement::Update(update) => Statement::Update(self.update(update)?),
            sp::Statement::Delete(delete) => Statement::Delete(self.delete(delete)?),
            other => {
                return refuse(
                    at_or(other, self.at),
                    "a statement is a SELECT, INSERT, UPDATE or DELETE: the protocol has no other",
                );
            }
        };
        self.check_texts()?;
        self.seen.sort_unstable();
        self.places.all_seen(&self.seen)?;
        let parameters = self.take_parameters(self.at)?;
        if !StatementRef::from(&statement).is_bounded() {
            let message = format!("as JSON the statement nests deeper than {MAX_DEPTH} levels");
            return refuse(self.at, message);
        }
        Ok((statement, parameters))
    }

    /// Goes one level deeper, and back; `at` is asked for if that is too deep.
    pub(super) fn deeper<T>(
        &mut self,
        at: impl FnOnce() -> Location,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<T> {
        self.depth += 1;
        if self.depth > MAX_LEVELS {
            return refuse(at(), format!("nested deeper than {MAX_LEVELS} levels"));
        }
        let read = read(self)?;
        self.depth -= 1;
        Ok(read)
    }

    /// Refuses a list that is longer than PostgreSQL's own may be.
    pub(super) fn bounded<T>(&self, list: &[T]) -> Read<()> {
        if list.len() <= MAX_LIST {
            return Ok(());
        }
        refuse(
            self.at,
            format!("a list of more than {MAX_LIST} columns or tables, which PostgreSQL refuses"),
        )
    }

    /// A name or literal was read here. In the end each one of the text has to
    /// be: sqlparser itself passes over words.
    pub(super) fn see(&mut self, at: Location) {
        self.seen.push(at);
    }

    /// A name of the statement: no text may be the same.
    pub(super) fn note_name(&mut self, name: &Name) {
        if !self.names.contains(name) {
            self.names.insert(name.clone());
        }
    }

    /// A text literal.
    pub(super) fn text(&mut self, at: Location, text: Name) -> Read<Expr> {
        if text.contains('\0') {
            return refuse(at, "PostgreSQL has no text with a NUL character in it");
        }
        if text == "*" {
            return refuse(
                at,
                "a server takes this text for all columns: write it in two pieces, `'…' || ''`",
            );
        }
        self.texts.push((at, text.clone()));
        Ok(Expr::Text(text))
    }

    fn check_texts(&self) -> Read<()> {
        for (at, text) in &self.texts {
            if self.names.contains(text) {
                let message = format!(
                    "the text is also the name `{text}` in this statement, and a server takes it \
                     for that: without quotes if the name is meant, or in two pieces, `'…' || '…'`"
                );
                return refuse(*at, message);
            }
        }
        Ok(())
    }

    /// A column as it is named in the text.
    pub(super) fn column(&mut self, table: Option<&sp::Ident>, name: &sp::Ident) -> Read<Expr> {
        let at = name.span.start;
        let column = self.name(name)?;
        if column == "*" {
            return refuse(at, "a column named `*` cannot be told from all columns");
        }
        let Some(table) = table else {
            if self.scopes.iter().any(|scope| scope.has(&column)) {
                let message = format!(
                    "`{column}` is a table here, and a whole row cannot be sent: name its columns, \
                     or write `{column}.{column}` for the column of that name"
                );
                return refuse(at, message);
            }
            if !self
                .scopes
                .iter()
                .any(|scope| scope.target.is_some() || !scope.tables.is_empty())
            {
                let message = format!(
                    "there is no table here that could have a column `{column}`: \
                     a text is in single quotes"
                );
                return refuse(at, message);
            }
            let table = self.table_of_quoted(name, &column)?;
            self.note_name(&column);
            return Ok(Expr::Column(crate::ast::Column {
                table,
                name: column,
            }));
        };
        let table = self.qualifier(table)?;
        self.note_name(&column);
        Ok(Expr::Column(crate::ast::Column {
            table,
            name: column,
        }))
    }

    /// The table of a name in quotes that it does not need. Who writes one may
    /// mean a text, and a server takes a name that is no column for a text: with
    /// its table it is a column, or an error of the server's.
    fn table_of_quoted(&self, ident: &sp::Ident, column: &Name) -> Read<Option<Name>> {
        if ident.quote_style.is_none() || !is_plain(column) {
            return Ok(None);
        }
        let only = match self.scopes.as_slice() {
            [Scope { tables, target }] => match (tables.as_slice(), target) {
                ([table], None) => Some(table),
                ([], Some(target)) => Some(&target.table),
                _ => None,
            },
            _ => None,
        };
        let at = ident.span.start;
        match only {
            Some(table) => sendable_qualifier(at, table).map(|()| Some(table.clone())),
            None => refuse(
                at,
                format!(
                    "in double quotes this is the column `{column}`: write it with its table, \
                     or in single quotes if a text is meant"
                ),
            ),
        }
    }

    /// Returns the qualifier of a column of this table.
    fn qualifier(&mut self, table: &sp::Ident) -> Read<Option<Name>> {
        let at = table.span.start;
        let name = self.name(table)?;
        let mut sent = Some(name.clone());
        for (depth, scope) in self.scopes.iter().rev().enumerate() {
            match &scope.target {
                Some(target) if target.alias == name => {
                    let shadowed = |scope: &Scope| scope.has(&target.table);
                    let inner = &self.scopes[self.scopes.len() - depth..];
                    if target.alias != target.table && inner.iter().any(shadowed) {
                        let message = format!(
                            "`{name}` is sent as `{}`, which is another table here: \
                             give that one another alias",
                            target.table
                        );
                        return refuse(at, message);
                    }
                    let bare = depth == 0 && !target.joined && target.alias != target.table;
                    sent = (!bare).then(|| target.table.clone());
                    break;
                }
                Some(target) if target.table == name && !scope.tables.contains(&name) => {
                    let message = format!(
                        "`{name}` is known by its alias here: write `{}.`",
                        target.alias
                    );
                    return refuse(at, message);
                }
                _ if scope.tables.contains(&name) => break,
                _ => {}
            }
        }
        if let Some(sent) = &sent {
            sendable_qualifier(at, sent)?;
            self.note_name(&sent.clone());
        }
        Ok(sent)
    }
}

impl Scope {
    fn has(&self, name: &Name) -> bool {
        let target = self.target.as_ref();
        self.tables.contains(name) || target.is_some_and(|target| target.alias == *name)
    }
}

/// Refuses a table's name that a reader of `{"name": "column"}` takes for an
/// operator.
pub(super) fn sendable_qualifier(at: Location, name: &Name) -> Read<()> {
    let word: &str = name;
    let taken = Op::known(word).is_some()
        || Expr::MEMBERS.contains(&word)
        || AGGREGATES.contains(&word)
        || ["asc", "desc", "distinct"].contains(&word);
    if taken {
        let message = format!(
            "`{name}` as a table's name may be read as a word of the protocol: \
             give the table another alias"
        );
        return refuse(at, message);
    }
    Ok(())
}
