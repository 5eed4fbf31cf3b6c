//! INSERT, UPDATE, DELETE.

use sqlparser::ast as sp;
use sqlparser::keywords::Keyword;

use super::error::{Read, refuse};
use super::place::at_or;
use super::query::Role;
use super::reader::{Reader, Scope, Target, sendable_qualifier};
use super::select::shaped;
use crate::ast::{Delete, Expr, FromItem, Insert, InsertSource, Name, Projection, Update};

impl<'a> Reader<'a> {
    pub(super) fn insert(&mut self, insert: &'a sp::Insert) -> Read<Insert> {
        let sp::Insert {
            insert_token,
            optimizer_hints: _,
            or,
            ignore,
            into,
            table,
            table_alias,
            columns,
            overwrite,
            source,
            assignments,
            partitioned,
            after_columns,
            has_table_keyword,
            on,
            returning,
            output,
            replace_into,
            priority,
            insert_alias,
            settings,
            format_clause,
            multi_table_insert_type,
            multi_table_into_clauses,
            multi_table_when_clauses,
            multi_table_else_clause,
        } = insert;
        let at = insert_token.0.span.start;
        self.at = at;
        if on.is_some() {
            return refuse(
                self.places
                    .word(at, &[Keyword::CONFLICT, Keyword::DUPLICATE]),
                "ON CONFLICT has no form in the protocol: insert, and update when the answer is \
                 that the key exists",
            );
        }
        let foreign = or.is_some()
            || *ignore
            || !*into
            || *overwrite
            || !assignments.is_empty()
            || partitioned.is_some()
            || !after_columns.is_empty()
            || *has_table_keyword
            || output.is_some()
            || *replace_into
            || priority.is_some()
            || insert_alias.is_some()
            || settings.is_some()
            || format_clause.is_some()
            || multi_table_insert_type.is_some()
            || !multi_table_into_clauses.is_empty()
            || !multi_table_when_clauses.is_empty()
            || multi_table_else_clause.is_some();
        if foreign {
            return refuse(
                at,
                "PostgreSQL inserts with `INSERT INTO t (columns) VALUES (…)` or `SELECT …`",
            );
        }
        let sp::TableObject::TableName(table) = table else {
            return refuse(at, "expected the name of a table");
        };
        let (table_at, table) = self.table_name(table, at)?;
        self.note_name(&table);
        let visible = match table_alias {
            None => table.clone(),
            Some(sp::TableAliasWithoutColumns {
                explicit: true,
                alias,
            }) => self.name(alias)?,
            Some(sp::TableAliasWithoutColumns {
                explicit: false,
                alias,
            }) => {
                return refuse(
                    alias.span.start,
                    "the alias of an insert's table stands behind AS in PostgreSQL",
                );
            }
        };
        self.bounded(columns)?;
        let mut names = Vec::with_capacity(columns.len());
        for column in columns {
            let (at, column) = self.target_column(column, at)?;
            self.note_name(&column);
            if names.contains(&column) {
                return refuse(at, format!("the column `{column}` is listed twice"));
            }
            names.push(column);
        }
        let Some(source) = source else {
            return refuse(
                self.places.word(at, &[Keyword::DEFAULT]),
                "DEFAULT VALUES has no form in the protocol: give at least one column",
            );
        };
        if names.is_empty() {
            return refuse(
                table_at,
                "the protocol's inserts name their columns: write them in parentheses behind the table",
            );
        }
        let source = match self.default_rows(source, &mut names)? {
            Some(rows) => InsertSource::Values(rows),
            None => InsertSource::Select(Box::new(self.query(source, Role::Rows)?)),
        };
        if let InsertSource::Select(select) = &source {
            self.check_width(select, names.len())?;
        }
        self.at = at;
        self.scopes.push(Scope {
            tables: Vec::new(),
            target: Some(Target {
                alias: visible,
                table: table.clone(),
                joined: false,
            }),
        });
        let returning = self.returning(returning.as_deref(), &table)?;
        self.scopes.pop();
        Ok(Insert {
            into: table.into(),
            columns: names,
            source,
            returning,
        })
    }

    /// The rows of VALUES; a column that is DEFAULT in all of them is left out.
    fn default_rows(
        &mut self,
        query: &'a sp::Query,
        columns: &mut Vec<Name>,
    ) -> Read<Option<Vec<Vec<Expr>>>> {
        let sp::SetExpr::Values(values) = &*query.body else {
            return Ok(None);
        };
        if !super::condition::is_plain(query) {
            return refuse(
                self.at,
                "the rows of an insert have no order, no limit and no locks: leave the clause out",
            );
        }
        let sp::Values {
            explicit_row,
            value_keyword,
            rows,
        } = values;
        if *explicit_row || *value_keyword {
            return refuse(self.at, "rows are written `VALUES (…), (…)`");
        }
        let mut defaults = vec![0; columns.len()];
        for sp::Parens {
            opening_token,
            content,
            closing_token: _,
        } in rows
        {
            if content.len() != columns.len() {
                let message = format!(
                    "expected {} values, one for each column, found {}",
                    columns.len(),
                    content.len()
                );
                return refuse(opening_token.0.span.start, message);
            }
            for (index, cell) in content.iter().enumerate() {
                defaults[index] += usize::from(is_default(cell));
            }
        }
        let left_out = |index: usize| defaults[index] == rows.len();
        if columns.iter().enumerate().all(|(index, _)| left_out(index)) {
            return refuse(
                self.places.word(self.at, &[Keyword::DEFAULT]),
                "a row of defaults has no form in the protocol: give at least one column",
            );
        }
        if !defaults.iter().any(|count| *count > 0) {
            return self.plain_values(query);
        }
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            let mut cells = Vec::new();
            for (index, cell) in row.content.iter().enumerate() {
                if left_out(index) {
                    continue;
                }
                if is_default(cell) {
                    return refuse(
                        at_or(cell, self.at),
                        "DEFAULT has no form in the protocol: insert the rows that leave the \
                         column out by themselves",
                    );
                }
                cells.push(self.expr(cell)?);
            }
            read.push(cells);
        }
        let mut index = 0;
        columns.retain(|_| {
            index += 1;
            !left_out(index - 1)
        });
        Ok(Some(read))
    }

    /// Refuses an insert of more or fewer expressions than columns.
    fn check_width(&self, select: &crate::ast::Select, columns: usize) -> Read<()> {
        let Some(projection) = select.projection() else {
            return Ok(());
        };
        let items = projection.items();
        if items.iter().any(|item| item.expr == Expr::Star) || items.len() == columns {
            return Ok(());
        }
        let message = format!(
            "expected {columns} expressions, one for each column, found {}",
            items.len()
        );
        refuse(self.places.word(self.at, &[Keyword::SELECT]), message)
    }

    pub(super) fn update(&mut self, update: &'a sp::Update) -> Read<Update> {
        let sp::Update {
            update_token,
            optimizer_hints: _,
            table,
            assignments,
            from,
            selection,
            returning,
            output,
            or,
            order_by,
            limit,
        } = update;
        let at = update_token.0.span.start;
        self.at = at;
        if let Some(limit) = limit {
            return refuse(at_or(limit, at), LIMITED);
        }
        if let Some(term) = order_by.first() {
            return refuse(at_or(term, at), LIMITED);
        }
        if output.is_some() || or.is_some() {
            return refuse(
                at,
                "PostgreSQL updates with `UPDATE t SET … FROM … WHERE … RETURNING …`",
            );
        }
        let from = match from {
            None => &[][..],
            Some(sp::UpdateTableFromKind::AfterSet(from)) => from,
            Some(sp::UpdateTableFromKind::BeforeSet(_)) => {
                return refuse(
                    self.places.word(at, &[Keyword::FROM]),
                    "FROM stands behind SET",
                );
            }
        };
        let target = self.target(table, from)?;
        let from = self.from(from)?;
        self.bounded(assignments)?;
        let mut set = Vec::new();
        for assignment in assignments {
            self.assignment(assignment, &mut set)?;
        }
        let filter = self.condition(selection.as_ref())?;
        let returning = self.returning(returning.as_deref(), &target)?;
        self.scopes.pop();
        Ok(Update {
            table: target.into(),
            set,
            from,
            filter,
            returning,
        })
    }

    fn assignment(
        &mut self,
        assignment: &'a sp::Assignment,
        set: &mut Vec<(Name, Expr)>,
    ) -> Read<()> {
        let sp::Assignment { target, value } = assignment;
        let at = at_or(target, self.at);
        let pairs: Vec<(&sp::ObjectName, &'a sp::Expr)> = match (target, value) {
            (sp::AssignmentTarget::ColumnName(column), value) => vec![(column, value)],
            (sp::AssignmentTarget::Tuple(columns), sp::Expr::Tuple(values))
                if columns.len() == values.len() =>
            {
                columns.iter().zip(values).collect()
            }
            (sp::AssignmentTarget::Tuple(_), _) => {
                return refuse(at, "columns are set one by one: write `a = …, b = …`");
            }
        };
        for (column, value) in pairs {
            let (at, column) = self.target_column(column, at)?;
            self.note_name(&column);
            if set.iter().any(|(known, _)| *known == column) {
                return refuse(at, format!("the column `{column}` is set twice"));
            }
            if is_default(value) {
                return refuse(
                    at_or(value, at),
                    "DEFAULT has no form in the protocol: write the value",
                );
            }
            let value = self.expr(value)?;
            set.push((column, value));
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, delete: &'a sp::Delete) -> Read<Delete> {
        let sp::Delete {
            delete_token,
            optimizer_hints: _,
            tables,
            from,
            using,
            selection,
            returning,
            output,
            order_by,
            limit,
        } = delete;
        let at = delete_token.0.span.start;
        self.at = at;
        if let Some(limit) = limit {
            return refuse(at_or(limit, at), LIMITED);
        }
        if let Some(term) = order_by.first() {
            return refuse(at_or(term, at), LIMITED);
        }
        if output.is_some() || !tables.is_empty() {
            return refuse(
                at,
                "PostgreSQL deletes with `DELETE FROM t USING … WHERE … RETURNING …`",
            );
        }
        let from = match from {
            sp::FromTable::WithFromKeyword(from) => from,
            sp::FromTable::WithoutKeyword(_) => return refuse(at, "write FROM behind DELETE"),
        };
        let [table] = from.as_slice() else {
            let second = from.get(1).map_or(at, |second| at_or(second, at));
            return refuse(
                second,
                "rows are deleted from one table: write the others into USING",
            );
        };
        let using = using.as_deref().unwrap_or_default();
        let target = self.target(table, using)?;
        let using: Vec<FromItem> = self.from(using)?;
        let filter = self.condition(selection.as_ref())?;
        let returning = self.returning(returning.as_deref(), &target)?;
        self.scopes.pop();
        Ok(Delete {
            from: target.into(),
            using,
            filter,
            returning,
        })
    }

    /// Brings the target and the tables that are joined to it into scope.
    fn target(
        &mut self,
        table: &'a sp::TableWithJoins,
        joined: &'a [sp::TableWithJoins],
    ) -> Read<Name> {
        let sp::TableWithJoins { relation, joins } = table;
        let at = at_or(relation, self.at);
        if let Some(sp::Join {
            relation,
            global: _,
            join_operator: _,
        }) = joins.first()
        {
            return refuse(
                at_or(relation, at),
                "a write has one table: write the others into FROM of an update, USING of a delete",
            );
        }
        let sp::TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints,
        } = relation
        else {
            return refuse(at, "expected the name of a table");
        };
        let foreign = args.is_some()
            || !with_hints.is_empty()
            || version.is_some()
            || *with_ordinality
            || !partitions.is_empty()
            || json_path.is_some()
            || sample.is_some()
            || !index_hints.is_empty();
        if foreign {
            return refuse(
                at,
                "behind the table of a write stands nothing but its alias",
            );
        }
        let (at, table) = self.table_name(name, at)?;
        let visible = match alias {
            None => table.clone(),
            Some(alias) => self.table_alias(alias)?,
        };
        let tables = self.visible_names(joined)?;
        if visible != table && !joined.is_empty() {
            sendable_qualifier(at, &table)?;
        }
        if let Some(twice) = tables
            .iter()
            .find(|name| **name == table || **name == visible)
        {
            let message = format!(
                "the table that is written is sent without an alias, so that no other may go by \
                 the name `{twice}`: give that one another alias"
            );
            return refuse(at, message);
        }
        self.note_name(&table);
        self.scopes.push(Scope {
            tables,
            target: Some(Target {
                alias: visible,
                table: table.clone(),
                joined: !joined.is_empty(),
            }),
        });
        Ok(table)
    }

    fn returning(
        &mut self,
        returning: Option<&'a [sp::SelectItem]>,
        table: &Name,
    ) -> Read<Option<Projection>> {
        let Some(items) = returning else {
            return Ok(None);
        };
        let items = self.items(items, Some(table))?;
        Ok(Some(shaped(items, Role::Operand)))
    }
}

pub(super) const LIMITED: &str = "PostgreSQL writes all rows that the condition keeps, without order and \
                       limit: write `id IN (SELECT id … LIMIT n)`";

/// Returns `true` for the word DEFAULT in the place of a value.
fn is_default(expr: &sp::Expr) -> bool {
    let sp::Expr::Identifier(sp::Ident {
        value,
        quote_style: None,
        span: _,
    }) = expr
    else {
        return false;
    };
    value.eq_ignore_ascii_case("default")
}
