//! INSERT, UPDATE, DELETE.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{
    Body, Column, Delete, Expr, FromItem, Insert, InsertSource, Item, Name, Number, Op, Projection,
    Select, Source, Statement, Update,
};
use jsonsql::resolve::{Relation, Scope};

use super::assign::assign;
use super::select::{assigned, projected};
use super::typed::call;
use super::{Done, Lowered, Lowering, Role, kinds};
use crate::engine::sqlite::row_security::{self, Checks};
use crate::engine::sqlite::sequence::NEXT;
use crate::engine::{Fault, Unmatched};
use crate::schema::{Filled, Owner, Table};

impl Lowering<'_> {
    pub(super) fn insert(&mut self, insert: &Insert) -> Done<Lowered> {
        let table = self.table(&insert.into)?;
        let mut source = match &insert.source {
            InsertSource::Values(rows) => {
                let nothing = &Scope::new(&[], None);
                let rows = rows
                    .iter()
                    .map(|row| assigned(self.exprs(row, nothing)?, table, &insert.columns))
                    .collect::<Done<_>>()?;
                InsertSource::Values(rows)
            }
            InsertSource::Select(select) => {
                let role = Role::Source(table, &insert.columns);
                let (select, _) = self.select(select, None, role)?;
                InsertSource::Select(Box::new(select))
            }
        };
        let mut columns = insert.columns.clone();
        let owner = match self.catalog.owner(table) {
            Owner::Column(owner) if self.reach.is_client() => Some(owner),
            _ => None,
        };
        let key = table.key().map(|key| &key.name);
        let key = key.filter(|key| !columns.contains(key));
        // A domain's own number is looked at before it is used.
        let looked_at = key.is_some() && key == owner;
        if let Some(key) = key
            && (looked_at || is_numbered_as_inserted(&source))
        {
            // Last, as ORDER BY and GROUP BY name outputs by position.
            columns.push(key.clone());
            let next = call(NEXT, [Expr::Text(table.name.clone())]);
            each_row(&mut source, |row| row.push(next.clone()))?;
        }
        let generates = key.is_some();
        let numbered = key
            .filter(|key| !columns.contains(key))
            .map(|_| table.name.clone());
        if let Some(owner) = owner
            && let Some(index) = columns.iter().position(|column| column == owner)
        {
            each_row(&mut source, |row| {
                let given = std::mem::replace(&mut row[index], Expr::Null);
                row[index] = row_security::asserted(given, self.domain, table);
            })?;
        }
        for column in &table.columns {
            // Clients never send their domain; the server knows it.
            if column.filled == Filled::Domain && !columns.contains(&column.name) {
                columns.push(column.name.clone());
                let domain = Expr::Number(Number::from(self.domain));
                each_row(&mut source, |row| row.push(domain.clone()))?;
            }
        }
        let written: Vec<&Name> = insert.columns.iter().collect();
        let checks = self.checks(table, &written);
        let target = [self.target(&insert.into)?];
        let (returning, kinds) = self.returning(insert.returning.as_ref(), &target, &checks)?;
        let statement = Statement::Insert(Insert {
            into: insert.into.clone(),
            columns,
            source,
            returning,
        });
        Ok(Lowered {
            statement,
            kinds,
            checks,
            constants: Vec::new(),
            generates,
            numbered,
        })
    }

    pub(super) fn update(&mut self, update: &Update) -> Done<Lowered> {
        let table = self.table(&update.table)?;
        let target = self.target(&update.table)?;
        let (from, relations) = self.from(&update.from, vec![target], None)?;
        let scope = &Scope::new(&relations, None);
        let mut set = Vec::new();
        for (name, value) in &update.set {
            let value = self.expr(value, scope)?;
            let column = table.column(name).ok_or_else(|| {
                Fault::Statement(format!(
                    "column \"{name}\" of relation \"{}\" does not exist",
                    table.name
                ))
            })?;
            let mut value = assign(value, column, table)?;
            if let Owner::Column(owner) = self.catalog.owner(table)
                && self.reach.is_client()
                && owner == name
            {
                value = row_security::asserted(value, self.domain, table);
            }
            set.push((name.clone(), value));
        }
        let filter = match &update.filter {
            Some(filter) => Some(self.condition(filter, "WHERE", scope)?),
            None => None,
        };
        let filter = self.own(table, filter);
        let written: Vec<&Name> = update.set.iter().map(|(name, _)| name).collect();
        let checks = self.checks(table, &written);
        let (returning, kinds) = self.returning(update.returning.as_ref(), &relations, &checks)?;
        let statement = Statement::Update(Update {
            table: update.table.clone(),
            set,
            from,
            filter,
            returning,
        });
        Ok(Lowered {
            statement,
            kinds,
            checks,
            constants: Vec::new(),
            generates: false,
            numbered: None,
        })
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Done<Lowered> {
        let target = self.target(&delete.from)?;
        let (using, relations) = self.from(&delete.using, vec![target], None)?;
        let scope = &Scope::new(&relations, None);
        let mut filter = match &delete.filter {
            Some(filter) => Some(self.condition(filter, "WHERE", scope)?),
            None => None,
        };
        filter = self.own(self.table(&delete.from)?, filter);
        if !using.is_empty() {
            filter = Some(through_rowid(delete, using, filter));
        }
        let checks = Checks::default();
        let (returning, kinds) = self.returning(delete.returning.as_ref(), &relations, &checks)?;
        let statement = Statement::Delete(Delete {
            from: delete.from.clone(),
            using: Vec::new(),
            filter,
            returning,
        });
        Ok(Lowered {
            statement,
            kinds,
            checks,
            constants: Vec::new(),
            generates: false,
            numbered: None,
        })
    }

    /// The target's rows that the session may change, and among them those of
    /// the filter.
    fn own(&self, table: &Table, filter: Option<Expr>) -> Option<Expr> {
        let own = match self.reach.is_narrowed() {
            true => row_security::visible(self.catalog, table, self.domain),
            false => None,
        };
        // Own rows first: a filter that fails on another's row would tell of it.
        match (own, filter) {
            (Some(own), Some(filter)) => Some(Expr::Op(Op::And, vec![own, filter])),
            (own, filter) => own.or(filter),
        }
    }

    fn checks(&self, table: &Table, written: &[&Name]) -> Checks {
        match self.reach.is_client() {
            true => Checks::new(self.catalog, table, written, self.domain),
            false => Checks::default(),
        }
    }

    /// Lowers the RETURNING clause of a change: the target is the first of the
    /// relations.
    fn returning(
        &mut self,
        returning: Option<&Projection>,
        relations: &[Relation],
        checks: &Checks,
    ) -> Done<(Option<Projection>, Vec<SqlKind>)> {
        let rowid = (!checks.is_empty()).then(|| {
            Item::from(Expr::Column(Column {
                table: None,
                name: "rowid".into(),
            }))
        });
        let Some(projection) = returning else {
            let only = rowid.map(|rowid| Projection::List(vec![rowid]));
            return Ok((only, Vec::new()));
        };
        let stars = projection
            .items()
            .iter()
            .any(|item| item.expr == Expr::Star);
        if relations.len() > 1 && (stars || !is_of_target(projection, relations)) {
            return Err(Fault::needs_postgres(
                Unmatched::Returning,
                "RETURNING columns of joined tables",
            ));
        }
        if projection
            .items()
            .iter()
            .any(|item| contains_select(&item.expr))
        {
            return Err(Fault::needs_postgres(
                Unmatched::Returning,
                "a sub-select in RETURNING",
            ));
        }
        self.returning = true;
        let outputs = self.outputs(projection, &Scope::new(&relations[..1], None));
        self.returning = false;
        let (body, fields) = projected(outputs?, Role::Top)?;
        let Body::Data(Projection::List(mut items)) = body else {
            return Ok((None, Vec::new()));
        };
        items.extend(rowid);
        Ok((Some(Projection::List(items)), kinds(&fields)))
    }
}

/// `rowid IN (SELECT target.rowid FROM target, using WHERE filter)`: SQLite has
/// no USING.
fn through_rowid(delete: &Delete, using: Vec<FromItem>, filter: Option<Expr>) -> Expr {
    let rowid = Expr::column(delete.from.to_string(), "rowid");
    let mut select = Select::new(Projection::List(vec![Item::from(rowid.clone())]));
    select.from = vec![FromItem {
        source: Source::Table(delete.from.clone()),
        alias: None,
        join: None,
    }];
    select.from.extend(using);
    select.filter = filter;
    Expr::Op(Op::In, vec![rowid, Expr::Select(Box::new(select))])
}

/// Returns `true` if a value for each row can be a call: a DISTINCT would find no
/// two rows alike, and sorted rows are numbered before they are sorted.
fn is_numbered_as_inserted(source: &InsertSource) -> bool {
    match source {
        InsertSource::Values(_) => true,
        InsertSource::Select(select) => select.distinct.is_none() && select.order_by.is_empty(),
    }
}

/// Changes every row of an insert's source, or of a select's output.
fn each_row(source: &mut InsertSource, mut change: impl FnMut(&mut Vec<Expr>)) -> Done<()> {
    let select = match source {
        InsertSource::Values(rows) => {
            rows.iter_mut().for_each(change);
            return Ok(());
        }
        InsertSource::Select(select) => select,
    };
    match &mut select.body {
        // Neither a constant column nor a check changes which rows are distinct.
        Body::Data(Projection::List(items)) => {
            let mut row = items.drain(..).map(|item| item.expr).collect();
            change(&mut row);
            *items = row.into_iter().map(Item::from).collect();
        }
        Body::Data(Projection::Single(_)) => {
            return Err(Fault::needs_postgres(
                Unmatched::InsertSource,
                "this source of an insert",
            ));
        }
        Body::Values(rows) => rows.iter_mut().for_each(change),
    }
    Ok(())
}

fn contains_select(expr: &Expr) -> bool {
    match expr {
        Expr::Select(_) | Expr::Values(_) => true,
        Expr::Op(_, args) | Expr::Call { args, .. } => args.iter().any(contains_select),
        _ => false,
    }
}

/// Returns `true` if every column is one of the target's.
fn is_of_target(projection: &Projection, relations: &[Relation]) -> bool {
    fn within(expr: &Expr, target: &Scope<'_>) -> bool {
        match expr {
            Expr::Column(column) => {
                let lookup = match &column.table {
                    Some(table) => target.qualified(table, &column.name),
                    None => target.column(&column.name),
                };
                matches!(lookup, jsonsql::resolve::Lookup::Found { .. })
            }
            Expr::Op(_, args) | Expr::Call { args, .. } => {
                args.iter().all(|arg| within(arg, target))
            }
            _ => true,
        }
    }
    let target = &Scope::new(&relations[..1], None);
    projection
        .items()
        .iter()
        .all(|item| within(&item.expr, target))
}
