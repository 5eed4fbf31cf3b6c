//! SELECT: its clauses, and what it answers with.

use sqlparser::ast as sp;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::function::is_repeatable;
use super::literal;
use super::place::at_or;
use super::query::Role;
use super::reader::Reader;
use crate::ast::{
    Body, Column, Direction, Distinct, Expr, Item, Name, Op, Order, Projection, Select,
};

impl<'a> Reader<'a> {
    pub(super) fn select(
        &mut self,
        select: &'a sp::Select,
        order_by: Option<&'a sp::OrderBy>,
        role: Role,
    ) -> Read<Select> {
        let sp::Select {
            select_token,
            // To PostgreSQL a comment.
            optimizer_hints: _,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        let at = select_token.0.span.start;
        self.at = at;
        let word = |keyword: Keyword| self.places.word(at, &[keyword]);
        if top.is_some() {
            return refuse(word(Keyword::TOP), "write LIMIT behind the conditions");
        }
        if into.is_some() {
            return refuse(
                word(Keyword::INTO),
                "SELECT INTO has no form in the protocol: write INSERT",
            );
        }
        if qualify.is_some() {
            return refuse(word(Keyword::QUALIFY), "QUALIFY is not of PostgreSQL");
        }
        if !named_window.is_empty() {
            return refuse(
                word(Keyword::WINDOW),
                "windows have no form in the protocol",
            );
        }
        let foreign = select_modifiers.is_some()
            || exclude.is_some()
            || !lateral_views.is_empty()
            || prewhere.is_some()
            || !connect_by.is_empty()
            || !cluster_by.is_empty()
            || !distribute_by.is_empty()
            || !sort_by.is_empty()
            || value_table_mode.is_some()
            || *flavor != sp::SelectFlavor::Standard;
        if foreign {
            return refuse(
                at,
                "this SELECT has a word or clause in it that PostgreSQL does not have",
            );
        }
        self.open_scope(from)?;
        let from = self.from(from)?;
        let items = self.items(projection, None)?;
        let mut distinct = self.distinct(distinct.as_ref(), &items)?;
        let filter = self.condition(selection.as_ref())?;
        let group_by = self.group_by(group_by, &items)?;
        let having = self.condition(having.as_ref())?;
        let order_by = match order_by {
            Some(order_by) => self.order_by(order_by, &items)?,
            None => Vec::new(),
        };
        self.scopes.pop();
        // Of all that is selected it is the plain one.
        let selected = items.iter().map(|item| &item.expr);
        if matches!(&distinct, Some(Distinct::On(on)) if on.iter().eq(selected)) {
            distinct = Some(Distinct::Rows);
        }
        Ok(Select {
            distinct,
            body: Body::Data(shaped(items, role)),
            from,
            filter,
            group_by,
            having,
            order_by,
            limit: None,
            offset: None,
        })
    }

    pub(super) fn condition(&mut self, condition: Option<&'a sp::Expr>) -> Read<Option<Expr>> {
        let Some(condition) = condition else {
            return Ok(None);
        };
        match self.expr(condition)? {
            // No member of a request can be null.
            Expr::Null => refuse(
                at_or(condition, self.at),
                "a condition that is NULL keeps no row: write FALSE",
            ),
            condition => Ok(Some(condition)),
        }
    }

    /// Reads the items of a selection; `target` is the table of RETURNING.
    pub(super) fn items(
        &mut self,
        items: &'a [sp::SelectItem],
        target: Option<&Name>,
    ) -> Read<Vec<Item>> {
        if items.is_empty() {
            return refuse(self.at, "expected at least one expression to select");
        }
        self.bounded(items)?;
        items.iter().map(|item| self.item(item, target)).collect()
    }

    fn item(&mut self, item: &'a sp::SelectItem, target: Option<&Name>) -> Read<Item> {
        let at = at_or(item, self.at);
        match item {
            sp::SelectItem::UnnamedExpr(expr) => Ok(self.expr(expr)?.into()),
            sp::SelectItem::ExprWithAlias { expr, alias } => {
                let name = self.output_name(alias, at)?;
                let expr = self.expr(expr)?;
                self.named(expr, name, at, target)
            }
            sp::SelectItem::ExprWithAliases { .. } => {
                refuse(at, "an expression has one output name")
            }
            sp::SelectItem::Wildcard(options) => {
                self.plain_star(options)?;
                if self
                    .scopes
                    .last()
                    .is_none_or(|scope| scope.tables.is_empty() && target.is_none())
                {
                    return refuse(at, "`*` needs a table: there is no FROM");
                }
                Ok(Expr::Star.into())
            }
            sp::SelectItem::QualifiedWildcard(kind, options) => {
                self.plain_star(options)?;
                let sp::SelectItemQualifiedWildcardKind::ObjectName(object) = kind else {
                    return refuse(at, "a value of several columns has no form in the protocol");
                };
                let (at, table) = self.table_name(object, at)?;
                let here = self.scopes.last();
                let only = here.is_some_and(|scope| match &scope.target {
                    Some(target) => !target.joined && target.alias == table,
                    None => scope.tables.as_slice() == [table.clone()],
                });
                if only {
                    return Ok(Expr::Star.into());
                }
                let message = format!(
                    "all columns of one table of several have no form in the protocol: \
                     name them, `{table}.…`"
                );
                refuse(at, message)
            }
        }
    }

    fn plain_star(&self, options: &sp::WildcardAdditionalOptions) -> Read<()> {
        let sp::WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        let plain = opt_ilike.is_none()
            && opt_exclude.is_none()
            && opt_except.is_none()
            && opt_replace.is_none()
            && opt_rename.is_none()
            && opt_alias.is_none();
        if plain {
            return Ok(());
        }
        refuse(
            wildcard_token.0.span.start,
            "in PostgreSQL `*` is all columns and nothing stands behind it: name the columns",
        )
    }

    /// An expression under an output name, for which only objects have a form.
    fn named(&self, expr: Expr, name: Name, at: Location, target: Option<&Name>) -> Read<Item> {
        let expr = match expr {
            Expr::Column(Column {
                table: None,
                name: column,
            }) if column == name => {
                return Ok(Expr::Column(Column {
                    table: None,
                    name: column,
                })
                .into());
            }
            Expr::Column(Column {
                table: None,
                name: column,
            }) => {
                let tables = self.scopes.last().map(|scope| scope.tables.as_slice());
                let table = match (target, tables) {
                    (Some(target), _) => target,
                    (None, Some([only])) => only,
                    _ => {
                        let message = format!(
                            "an output name needs a column with its table: \
                             write `t.{column} AS {name}` with the table that has it"
                        );
                        return refuse(at, message);
                    }
                };
                super::reader::sendable_qualifier(at, table)?;
                Expr::column(table.clone(), column)
            }
            literal if !literal.is_object() => Expr::Op(Op::Coalesce, vec![literal]),
            expr => expr,
        };
        Ok(Item {
            expr,
            alias: Some(name),
        })
    }

    fn distinct(
        &mut self,
        distinct: Option<&'a sp::Distinct>,
        items: &[Item],
    ) -> Read<Option<Distinct>> {
        match distinct {
            None | Some(sp::Distinct::All) => Ok(None),
            Some(sp::Distinct::Distinct) => Ok(Some(Distinct::Rows)),
            Some(sp::Distinct::On(on)) => {
                self.bounded(on)?;
                let on = on.iter().map(|expr| self.output_or_expr(expr, items));
                on.collect::<Read<_>>().map(|on| Some(Distinct::On(on)))
            }
        }
    }

    fn group_by(&mut self, group_by: &'a sp::GroupByExpr, items: &[Item]) -> Read<Vec<Expr>> {
        let (places, select) = (self.places, self.at);
        let at = || places.word(select, &[Keyword::GROUP]);
        let (exprs, modifiers) = match group_by {
            sp::GroupByExpr::All(_) => {
                return refuse(at(), "GROUP BY ALL is not of PostgreSQL: name the columns");
            }
            sp::GroupByExpr::Expressions(exprs, modifiers) => (exprs, modifiers),
        };
        if !modifiers.is_empty() {
            return refuse(at(), "ROLLUP, CUBE and TOTALS have no form in the protocol");
        }
        self.bounded(exprs)?;
        exprs.iter().map(|expr| self.group(expr, items)).collect()
    }

    fn group(&mut self, expr: &'a sp::Expr, items: &[Item]) -> Read<Expr> {
        let at = at_or(expr, self.at);
        if let Some(position) = self.position(expr, items)? {
            return Ok(position);
        }
        if let sp::Expr::Identifier(ident) = expr {
            let name = self.name(ident)?;
            let named = items.iter().any(|item| item.alias.as_ref() == Some(&name));
            if named {
                let message = format!(
                    "`{name}` is an output name, or a column if a table has one: \
                     write the expression, or the column with its table"
                );
                return refuse(at, message);
            }
        }
        let expr = self.expr(expr)?;
        self.not_constant(at, "GROUP BY", expr)
    }

    pub(super) fn order_by(
        &mut self,
        order_by: &'a sp::OrderBy,
        items: &[Item],
    ) -> Read<Vec<Order>> {
        let (places, select) = (self.places, self.at);
        let at = || places.word(select, &[Keyword::ORDER]);
        let sp::OrderBy { kind, interpolate } = order_by;
        if interpolate.is_some() {
            return refuse(at(), "INTERPOLATE is not of PostgreSQL");
        }
        let sp::OrderByKind::Expressions(terms) = kind else {
            return refuse(at(), "ORDER BY ALL is not of PostgreSQL: name the columns");
        };
        self.bounded(terms)?;
        terms.iter().map(|term| self.order(term, items)).collect()
    }

    fn order(&mut self, term: &'a sp::OrderByExpr, items: &[Item]) -> Read<Order> {
        let sp::OrderByExpr {
            expr,
            options: sp::OrderByOptions { sort, nulls_first },
            with_fill,
        } = term;
        let at = at_or(expr, self.at);
        if with_fill.is_some() {
            return refuse(at, "WITH FILL is not of PostgreSQL");
        }
        let direction = match sort {
            None | Some(sp::OrderBySort::Asc) => Direction::Ascending,
            Some(sp::OrderBySort::Desc) => Direction::Descending,
            Some(sp::OrderBySort::Using(_)) => {
                return refuse(
                    at,
                    "an order by an operator has no form in the protocol: write ASC or DESC",
                );
            }
        };
        let default = direction == Direction::Descending;
        if nulls_first.is_some_and(|first| first != default) {
            let message = "the protocol has no word for where NULLs come: as in PostgreSQL they \
                           are last of ascending order and first of descending; \
                           order by `a IS NULL` before it";
            return refuse(self.places.word(at, &[Keyword::NULLS]), message);
        }
        let expr = self.output_or_expr(expr, items)?;
        if let Expr::Column(Column { table: None, name }) = &expr {
            let direction = ["asc", "desc"]
                .iter()
                .any(|word| name.eq_ignore_ascii_case(word));
            if direction || name.contains(char::is_whitespace) {
                let message = format!(
                    "the name `{name}` alone would be read as a direction: write it with its table"
                );
                return refuse(at, message);
            }
        }
        Ok(Order { expr, direction })
    }

    /// A term of ORDER BY or DISTINCT ON, where an output name or the number of
    /// one stands for what is selected.
    fn output_or_expr(&mut self, expr: &'a sp::Expr, items: &[Item]) -> Read<Expr> {
        let at = at_or(expr, self.at);
        if let Some(position) = self.position(expr, items)? {
            return Ok(position);
        }
        if let sp::Expr::Identifier(ident) = expr {
            let name = self.name(ident)?;
            let mut named = items
                .iter()
                .filter(|item| item.alias.as_ref() == Some(&name));
            if let Some(first) = named.next() {
                if named.any(|other| other.expr != first.expr) {
                    return refuse(at, format!("two things are selected as `{name}`"));
                }
                return selected_again(at, first);
            }
        }
        let expr = self.expr(expr)?;
        self.not_constant(at, "ORDER BY", expr)
    }

    fn position(&mut self, expr: &sp::Expr, items: &[Item]) -> Read<Option<Expr>> {
        let sp::Expr::Value(sp::ValueWithSpan {
            value: sp::Value::Number(text, _),
            span,
        }) = expr
        else {
            return Ok(None);
        };
        let at = span.start;
        self.see(at);
        let number = literal::number(text, false, at)?.as_u64();
        let index = number.and_then(|number| usize::try_from(number).ok());
        let item = index
            .and_then(|index| index.checked_sub(1))
            .and_then(|index| items.get(index));
        match item {
            Some(_) if items.iter().any(|item| item.expr == Expr::Star) => refuse(
                at,
                "which column this is cannot be known beside `*`: name it",
            ),
            Some(item) => selected_again(at, item).map(Some),
            None => refuse(at, "nothing is selected at this position"),
        }
    }

    fn not_constant(&self, at: Location, clause: &str, expr: Expr) -> Read<Expr> {
        if expr.is_object() || matches!(expr, Expr::Column(_)) {
            return Ok(expr);
        }
        refuse(
            at,
            format!("{clause} a constant means nothing: name a column, without quotes"),
        )
    }
}

/// Repeats a selected expression as a term of another clause.
fn selected_again(at: Location, item: &Item) -> Read<Expr> {
    if !is_repeatable(&item.expr) {
        return refuse(
            at,
            "this stands for a function that could answer differently when it is called twice: \
             order by columns",
        );
    }
    Ok(match item.expr.clone() {
        literal if !literal.is_object() && !matches!(literal, Expr::Column(_)) => {
            Expr::Op(Op::Coalesce, vec![literal])
        }
        expr => expr,
    })
}

/// One column without a table that is an operand or returned is written bare,
/// the attested form.
pub(super) fn shaped(mut items: Vec<Item>, role: Role) -> Projection {
    let bare = |item: &Item| matches!(item.expr, Expr::Column(Column { table: None, .. }));
    match items.as_slice() {
        [one] if role == Role::Operand && bare(one) => match items.pop() {
            Some(item) => Projection::Single(item),
            None => Projection::List(items),
        },
        _ => Projection::List(items),
    }
}
