//! A brake for writes that are meant to be small.

use super::statement::Error;
use super::{Delete, Params, Statement, Update, target};
use crate::Dialect;
use crate::ast::{
    Column, Expr, FromItem, Item, Name, Op, Projection, Select, Source, StatementRef, TableName,
};
use crate::schema::Table;

/// A write that is refused when it would touch more rows than it may:
/// [`Update::at_most`], [`Delete::at_most`].
///
/// Its sender reads [`keys`](Self::keys) first and sends the write only if no
/// more rows came back than are allowed. The client's calls and batches do.
/// [`Statement::params`] is an error: without that step nothing would be limited.
///
/// An insert has no limit, since what it writes is in it:
///
/// ```compile_fail,E0599
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// #[derive(Insertable)]
/// #[insertable(table = Package)]
/// struct NewPackage {
///     name: String,
///     paid: bool,
/// }
///
/// let rows = [NewPackage { name: "movie".to_owned(), paid: true }];
/// let write = insert_many(&rows).at_most(1);
/// ```
#[must_use = "a statement does nothing until it is sent"]
#[derive(Clone)]
pub struct AtMost<W> {
    write: W,
    rows: u64,
    keys: Select,
}

/// The facts that the sender of a limited write needs.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Brake<'a> {
    /// The number of rows that the write may touch.
    pub rows: u64,
    /// The select that is sent first.
    pub keys: &'a Select,
}

impl<W> AtMost<W> {
    fn new<T: Table>(write: W, rows: u64) -> Self
    where
        W: Statement,
    {
        let keys = keys::<T>(write.ast(), rows);
        AtMost { write, rows, keys }
    }

    /// Returns the number of rows that the write may touch.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The select of the keys of the rows that the write would touch: one row
    /// for each of them, and one more than allowed at the most. Of a key of
    /// several columns it is the first one, since rows are only counted.
    pub fn keys(&self) -> &Select {
        &self.keys
    }
}

/// Writes one `at_most` and its documentation for both kinds of writes.
macro_rules! braked {
    ($type:ident, $touched:literal, $example:literal) => {
        impl<T: Table, R> $type<T, R> {
            #[doc = concat!("Refuses this write when more than `rows` rows would be ", $touched, ":")]
            /// before it is sent, the keys of these rows are read, one more
            /// than `rows` at the most.
            ///
            /// It is the last setting of a statement. `at_most(0)` expects that there is no such row.
            ///
            /// It is a brake and not a lock. Rows may come to match between the
            /// read and the write, which then writes all of them and answers
            /// with more rows than allowed; no form of transaction is known
            /// with which this could be prevented. A server that answers with
            /// fewer rows than there are, because of a limit of its own below
            /// `rows`, defeats it.
            ///
            /// ```
            /// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
            /// # use tables::*;
            /// use jsonsql::prelude::*;
            ///
            #[doc = $example]
            /// assert_eq!(
            ///     format!("{:#}", write.keys()),
            ///     "SELECT s.id FROM subscriber AS s WHERE s.username = '12345' LIMIT 2"
            /// );
            /// ```
            pub fn at_most(self, rows: u64) -> AtMost<Self> {
                AtMost::new::<T>(self, rows)
            }
        }
    };
}

braked!(
    Update,
    "changed",
    "let write = Subscriber::update(|s| s.username.eq(\"12345\")).set(|s| s.disabled.to(true)).at_most(1);"
);
braked!(
    Delete,
    "deleted",
    "let write = Subscriber::delete(|s| s.username.eq(\"12345\")).at_most(1);"
);

#[diagnostic::do_not_recommend]
impl<W: Statement> Statement for AtMost<W> {
    type Row = W::Row;

    fn ast(&self) -> StatementRef<'_> {
        self.write.ast()
    }

    fn params<'a>(&'a self, dialect: &'a Dialect) -> Result<Params<'a>, Error> {
        self.write.params(dialect)?;
        Err(Error::Braked {
            method: self.method(),
            rows: self.rows,
        })
    }

    fn brake(&self) -> Option<Brake<'_>> {
        Some(Brake {
            rows: self.rows,
            keys: &self.keys,
        })
    }

    fn params_after_brake<'a>(&'a self, dialect: &'a Dialect) -> Result<Params<'a>, Error> {
        self.write.params(dialect)
    }
}

/// Prints the SQL of the write with `?` for literals; `{:#}` with the literals.
impl<W: Statement> std::fmt::Display for AtMost<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.ast(), f)
    }
}

/// Prints the SQL of the write with `?` for literals, which may be a subscriber's.
impl<W: Statement> std::fmt::Debug for AtMost<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AtMost({}, {})", self.rows, self.ast())
    }
}

/// The select of the keys of the rows that a write touches, and of one row more
/// than it may touch.
///
/// A write touches a row once, however many joined rows it goes with. So the
/// joined tables stand in a nested query, of which only its being empty counts,
/// and not in the FROM of the select: that would need `distinct`, for which no
/// form is attested and which would count two rows with one key as one.
fn keys<T: Table>(write: StatementRef<'_>, rows: u64) -> Select {
    let (joined, filter): (&[FromItem], _) = match write {
        StatementRef::Update(update) => (&update.from, &update.filter),
        StatementRef::Delete(delete) => (&delete.using, &delete.filter),
        StatementRef::Select(_) | StatementRef::Insert(_) => (&[], &None),
    };
    let alias = unused(write, T::INFO.initials());
    let rename = Rename {
        target: T::INFO.name,
        alias: &alias,
    };
    let mut filter = filter.clone();
    if let Some(filter) = &mut filter {
        rename.in_condition(filter);
    }
    if !joined.is_empty() {
        let mut partners = Select::new(one());
        partners.from = joined.to_vec();
        partners.filter = filter;
        let partners = Expr::Select(Box::new(partners));
        filter = Some(Expr::Op(Op::In, vec![Expr::Number(1.into()), partners]));
    }
    // Every table has a key, and of a longer one the rest counts no other rows.
    let key = T::INFO.key().take(1);
    let items = key.map(|name| Item::from(Expr::column(alias.clone(), name)));
    let mut select = Select::new(Projection::List(items.collect()));
    select.from.push(FromItem {
        source: Source::Table(TableName::known(T::INFO)),
        alias: Some(alias.clone()),
        join: None,
    });
    select.filter = filter;
    select.limit = Some(rows.saturating_add(1));
    select
}

/// `[1]`: a literal among what is selected is in the vendor's own requests.
fn one() -> Projection {
    Projection::List(vec![Expr::Number(1.into()).into()])
}

/// An alias that no table of the statement has and no text of it is spelt like.
fn unused(write: StatementRef<'_>, stem: &'static str) -> Name {
    let mut used: Vec<String> = Vec::new();
    let joined: &[FromItem] = match write {
        StatementRef::Update(update) => &update.from,
        StatementRef::Delete(delete) => &delete.using,
        StatementRef::Select(_) | StatementRef::Insert(_) => &[],
    };
    used.extend(visible(joined));
    used.extend(target::target(write).map(str::to_owned));
    write.selects(&mut |select| collect(select, &mut used));
    write.texts(&mut |_, text| used.push(text.to_owned()));
    let numbered = (2u64..).map(|number| Name::Owned(format!("{stem}{number}")));
    std::iter::once(Name::Borrowed(stem))
        .chain(numbered)
        .find(|name| !used.iter().any(|used| used == name))
        .unwrap_or(Name::Borrowed(stem))
}

fn collect(select: &Select, used: &mut Vec<String>) {
    used.extend(visible(&select.from));
    select.selects(&mut |nested| collect(nested, used));
}

fn visible(from: &[FromItem]) -> impl Iterator<Item = String> {
    from.iter()
        .filter_map(FromItem::visible_name)
        .map(str::to_owned)
}

/// Gives the columns of a write's target the alias that it has in the select.
struct Rename<'a> {
    target: &'a str,
    alias: &'a Name,
}

impl Rename<'_> {
    /// In the write's own condition the target's columns stand bare, or behind
    /// the table's name when it joins others.
    fn in_condition(&self, condition: &mut Expr) {
        condition.deep_mut(&mut |expr| match expr {
            Expr::Column(column) if column.table.is_none() => {
                column.table = Some(self.alias.clone());
            }
            expr => self.qualified(expr),
        });
    }

    /// In a nested query a bare column is one of its own.
    fn in_select(&self, select: &mut Select) {
        let hidden = visible(&select.from).any(|name| name == self.target);
        if !hidden {
            select.roots_mut(&mut |_, root| {
                root.deep_mut(&mut |expr| {
                    if !matches!(expr, Expr::Select(_)) {
                        self.qualified(expr);
                    }
                });
            });
            select.selects_mut(&mut |nested| self.in_select(nested));
        }
    }

    fn qualified(&self, expr: &mut Expr) {
        match expr {
            Expr::Column(Column {
                table: Some(table), ..
            }) if *table == *self.target => {
                *table = self.alias.clone();
            }
            Expr::Select(nested) => self.in_select(nested),
            _ => {}
        }
    }
}
