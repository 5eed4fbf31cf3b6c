//! SELECT and its clauses.

use proc_macro2::{Ident, Spacing, Span, TokenStream, TokenTree};

use super::Reader;
use super::cursor::Cursor;
use super::tree::{
    Clause, Distinct, Expr, From, FromSource, Item, ItemValue, Join, Order, Select, Table,
};

impl Select {
    /// Returns what may follow the part that has been read, for a message.
    pub(super) fn may_go_on_with(&self, end: &str) -> String {
        let clauses = [
            ("`from`", !self.from.is_empty()),
            ("`where`", self.filter.is_some()),
            ("`group by`", self.group_by.is_some()),
            ("`having`", self.having.is_some()),
            ("`order by`", self.order_by.is_some()),
            ("`limit`", self.limit.is_some()),
            ("`offset`", self.offset.is_some()),
        ];
        let bounded = self.limit.is_some() || self.offset.is_some();
        let last = match clauses.iter().rposition(|(_, there)| *there) {
            _ if bounded => 4,
            Some(last) => last,
            None => return format!("`,`, `from`, an operator or {end}"),
        };
        let mut expected = Vec::new();
        if !bounded {
            expected.push(match last {
                0 => "`,`, `join`",
                1 | 3 => "an operator",
                _ => "`,`, an operator",
            });
        }
        let rest = clauses.iter().skip(last + 1);
        expected.extend(rest.filter(|(_, there)| !there).map(|(clause, _)| *clause));
        match expected.as_slice() {
            [] => end.to_owned(),
            expected => format!("{} or {end}", expected.join(", ")),
        }
    }
}

impl Reader {
    pub(super) fn select(&mut self, cursor: &mut Cursor) -> syn::Result<Select> {
        let span = cursor.expect_word("select")?;
        let mut distinct = None;
        if let Some(span) = cursor.word("distinct") {
            let mut on = Vec::new();
            if cursor.word("on").is_some() {
                let group = cursor.parentheses("`(columns)`")?;
                on = self.list(&mut cursor.inside(&group)?)?;
            }
            distinct = Some(Distinct { span, on });
        }
        if cursor.is_word("top") && cursor.is_literal_at(1) {
            return Err(syn::Error::new(
                cursor.span(),
                "write `limit 10` at the end of the query instead of `top 10`",
            ));
        }
        let row = row(cursor)?;
        let items = self.items(cursor)?;
        let mut select = Select {
            span,
            distinct,
            row,
            items,
            from: Vec::new(),
            filter: None,
            group_by: None,
            having: None,
            order_by: None,
            limit: None,
            offset: None,
        };
        if cursor.word("from").is_some() {
            select.from = self.from(cursor)?;
        }
        select.filter = self.condition(cursor, "where")?;
        without_by(cursor, "group")?;
        if let Some(span) = cursor.words(&["group", "by"]) {
            let value = self.some(cursor)?;
            select.group_by = Some(Clause { span, value });
        }
        select.having = self.condition(cursor, "having")?;
        without_by(cursor, "order")?;
        if let Some(span) = cursor.words(&["order", "by"]) {
            let value = self.orders(cursor)?;
            select.order_by = Some(Clause { span, value });
        }
        loop {
            let clause = if cursor.is_word("limit") && select.limit.is_none() {
                &mut select.limit
            } else if cursor.is_word("offset") && select.offset.is_none() {
                &mut select.offset
            } else {
                break;
            };
            *clause = Some(self.rows(cursor)?);
        }
        Ok(select)
    }

    /// `where` or `having` and what follows.
    pub(super) fn condition(
        &mut self,
        cursor: &mut Cursor,
        word: &str,
    ) -> syn::Result<Option<Clause<Expr>>> {
        let Some(span) = cursor.word(word) else {
            return Ok(None);
        };
        let value = self.expr(cursor)?;
        Ok(Some(Clause { span, value }))
    }

    /// `limit` or `offset` and a number of rows.
    fn rows(&mut self, cursor: &mut Cursor) -> syn::Result<Clause<Expr>> {
        let Some(TokenTree::Ident(word)) = cursor.advance() else {
            return Err(cursor.unexpected("`limit` or `offset`"));
        };
        let span = word.span();
        if cursor.is_word("all") || cursor.is_word("null") {
            return Err(syn::Error::new(
                cursor.span(),
                format!("leave `{word}` out to have all rows"),
            ));
        }
        let value = self.expr(cursor)?;
        if cursor.is_sign(",") && word == "limit" {
            return Err(syn::Error::new(
                cursor.span(),
                "write `limit 20 offset 10` instead of `limit 10, 20`",
            ));
        }
        match value {
            Expr::Literal { minus: None, .. } | Expr::Hole { .. } => Ok(Clause { span, value }),
            _ => Err(syn::Error::new(
                span,
                format!(
                    "`{word}` takes a number, or a Rust expression in braces: `{word} {{rows}}`"
                ),
            )),
        }
    }

    pub(super) fn items(&mut self, cursor: &mut Cursor) -> syn::Result<Vec<Item>> {
        let mut items = vec![self.item(cursor)?];
        while cursor.sign(",").is_some() {
            items.push(self.item(cursor)?);
        }
        Ok(items)
    }

    fn item(&mut self, cursor: &mut Cursor) -> syn::Result<Item> {
        let value = self.item_value(cursor)?;
        let name = match cursor.word("as") {
            Some(_) => Some(cursor.any_name("a name")?),
            None => None,
        };
        // `a b` is an alias in SQL, and more often a comma that is missing.
        if name.is_none() && cursor.peek_name().is_some() {
            let error = cursor.unexpected("`,` or `as`");
            let word = cursor.peek_name().map(Ident::to_string).unwrap_or_default();
            let known = super::words::advice(&word).is_some();
            return Err(if known {
                error
            } else {
                syn::Error::new(
                    cursor.span(),
                    format!("expected `,` or `as` before `{word}`"),
                )
            });
        }
        Ok(Item { value, name })
    }

    fn item_value(&mut self, cursor: &mut Cursor) -> syn::Result<ItemValue> {
        if let Some(span) = cursor.sign("*") {
            return Ok(ItemValue::All { table: None, span });
        }
        if let Some((table, span)) = all_of_table(cursor) {
            return Ok(ItemValue::All {
                table: Some(table),
                span,
            });
        }
        Ok(ItemValue::Expr(self.expr(cursor)?))
    }

    pub(super) fn from(&mut self, cursor: &mut Cursor) -> syn::Result<Vec<From>> {
        let mut from = vec![self.product_term(cursor)?];
        loop {
            if cursor.sign(",").is_some() || cursor.words(&["cross", "join"]).is_some() {
                from.push(self.product_term(cursor)?);
                continue;
            }
            let place = cursor.span();
            let left = if cursor.words(&["left", "join"]).is_some()
                || cursor.words(&["left", "outer", "join"]).is_some()
            {
                true
            } else if cursor.word("join").is_some() || cursor.words(&["inner", "join"]).is_some() {
                false
            } else {
                return Ok(from);
            };
            let table = self.table(cursor)?;
            if cursor.is_word("using") {
                return Err(syn::Error::new(
                    cursor.span(),
                    "there is no `using`: write `on a.id = b.id`",
                ));
            }
            if !cursor.is_word("on") {
                return Err(cursor.unexpected("`on` and the condition of the join"));
            }
            cursor.expect_word("on")?;
            let condition = self.expr(cursor)?;
            from.push(From {
                source: FromSource::Table(table),
                join: Join::On {
                    left,
                    span: place,
                    condition,
                },
            });
        }
    }

    /// A table or a query that no condition joins.
    fn product_term(&mut self, cursor: &mut Cursor) -> syn::Result<From> {
        let join = Join::None;
        let parentheses = cursor.peek_group(proc_macro2::Delimiter::Parenthesis);
        let Some(group) = parentheses.cloned() else {
            let source = FromSource::Table(self.table(cursor)?);
            return Ok(From { source, join });
        };
        let mut inner = cursor.inside(&group)?;
        if !inner.is_word("select") {
            return Err(inner.unexpected("`select`: parentheses in FROM are for a query"));
        }
        let query = Box::new(self.whole_select(&mut inner)?);
        cursor.advance();
        let _ = cursor.word("as");
        let alias = match cursor.peek_name() {
            Some(name) if !is_misspelt(name) => cursor.name("an alias")?,
            _ => return Err(cursor.unexpected("`as` and an alias for the query")),
        };
        let source = FromSource::Query { query, alias };
        Ok(From { source, join })
    }

    fn orders(&mut self, cursor: &mut Cursor) -> syn::Result<Vec<Order>> {
        let mut orders = Vec::new();
        loop {
            let span = cursor.span();
            let expr = self.expr(cursor)?;
            let descending = cursor.word("asc").is_none() && cursor.word("desc").is_some();
            default_nulls(cursor, descending)?;
            orders.push(Order {
                expr,
                descending,
                span,
            });
            if cursor.sign(",").is_none() {
                return Ok(orders);
            }
        }
    }
}

/// Refuses `order` or `group` without its second word.
fn without_by(cursor: &Cursor, word: &str) -> syn::Result<()> {
    if cursor.is_word(word) && !cursor.is_word_at(1, "by") {
        return Err(syn::Error::new(cursor.span(), format!("write `{word} by`")));
    }
    Ok(())
}

/// Reads `nulls first` or `nulls last`, where it is PostgreSQL's default: the
/// order of NULLs is not sent, so no other order can be requested.
fn default_nulls(cursor: &mut Cursor, descending: bool) -> syn::Result<()> {
    let (default, other) = match descending {
        true => ("first", "last"),
        false => ("last", "first"),
    };
    if cursor.words(&["nulls", default]).is_some() {
        return Ok(());
    }
    if cursor.is_word("nulls") && cursor.is_word_at(1, other) {
        return Err(syn::Error::new(
            cursor.span(),
            format!(
                "NULLs come {default} here, and the protocol has no word for it: \
                 order by `x is null{}` before `x`",
                if descending { "" } else { " desc" }
            ),
        ));
    }
    Ok(())
}

/// `as OwnedRow` before what is selected.
pub(super) fn row(cursor: &mut Cursor) -> syn::Result<Option<Vec<TokenTree>>> {
    if cursor.word("as").is_none() {
        return Ok(None);
    }
    path(cursor, "the struct's name").map(Some)
}

impl Reader {
    /// A table and its alias.
    pub(super) fn table(&mut self, cursor: &mut Cursor) -> syn::Result<Table> {
        let group = cursor.peek_group(proc_macro2::Delimiter::Parenthesis);
        if group.is_some() {
            return Err(syn::Error::new(
                cursor.span(),
                "a query stands in FROM behind a comma only: `from Subscriber as s, (select …) as q`, \
             and the condition in `where`",
            ));
        }
        let path = path(cursor, "a table: the name of its struct")?;
        let alias = if cursor.word("as").is_some() {
            cursor.name("an alias that is no keyword")?
        } else if let Some(alias) = cursor
            .peek_name()
            .filter(|name| !is_misspelt(name))
            .cloned()
        {
            cursor.advance();
            alias
        } else {
            match path.last() {
                Some(TokenTree::Ident(last)) => last.clone(),
                _ => return Err(cursor.unexpected("`as` and an alias")),
            }
        };
        let path: TokenStream = path.into_iter().collect();
        self.tables.push(path.clone());
        Ok(Table { path, alias })
    }
}

/// A word like `wher` behind a table is no alias.
fn is_misspelt(name: &Ident) -> bool {
    super::words::advice(&name.to_string()).is_some()
}

/// `tables::Subscriber`.
fn path(cursor: &mut Cursor, expected: &str) -> syn::Result<Vec<TokenTree>> {
    let mut path = Vec::new();
    if let Some(group) = cursor.peek_group(proc_macro2::Delimiter::None).cloned() {
        cursor.advance();
        return Ok(flat(group.stream()));
    }
    if let Some(span) = cursor.sign("::") {
        push_colons(&mut path, span);
    }
    loop {
        path.push(TokenTree::Ident(if path.is_empty() {
            cursor.name(expected)?
        } else {
            cursor.any_name(expected)?
        }));
        match cursor.sign("::") {
            Some(span) => push_colons(&mut path, span),
            None if cursor.is_sign(".") => {
                return Err(syn::Error::new(
                    cursor.span(),
                    "a table is a struct of the program, in a module `tables::Subscriber`: \
                     the server's schema has no place here",
                ));
            }
            None => return Ok(path),
        }
    }
}

/// The tokens without the invisible groups of `macro_rules`.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let open = |token| match token {
        TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
            flat(group.stream())
        }
        token => vec![token],
    };
    tokens.into_iter().flat_map(open).collect()
}

fn push_colons(path: &mut Vec<TokenTree>, span: Span) {
    for spacing in [Spacing::Joint, Spacing::Alone] {
        let mut colon = proc_macro2::Punct::new(':', spacing);
        colon.set_span(span);
        path.push(colon.into());
    }
}

/// `t.*`.
fn all_of_table(cursor: &mut Cursor) -> Option<(Ident, Span)> {
    let name = cursor.peek_name()?.clone();
    if !cursor.is_sign_at(1, '.') || !cursor.is_sign_at(2, '*') {
        return None;
    }
    cursor.advance();
    cursor.sign(".")?;
    let span = cursor.sign("*")?;
    Some((name, span))
}
