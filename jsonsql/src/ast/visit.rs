//! Walking over the expressions of a statement.
//!
//! Each step is written once for shared and once for exclusive references, by
//! the same macro. Nested selects are shown, not entered: who walks decides.

use super::{Body, Delete, Distinct, Expr, FromItem, Insert, InsertSource, Projection, Select};
use super::{Statement, StatementMut, StatementRef, Update};

/// A part of a statement that holds expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clause {
    /// The selection, `data`.
    Data,
    /// A join's condition, `on`.
    On,
    /// `where`.
    Where,
    /// `group_by`.
    GroupBy,
    /// `having`.
    Having,
    /// `order_by`.
    OrderBy,
    /// `distinct`.
    Distinct,
    /// `values`.
    Values,
    /// `set`.
    Set,
    /// `returning`.
    Returning,
}

impl Clause {
    /// The member's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Clause::Data => "data",
            Clause::On => "on",
            Clause::Where => "where",
            Clause::GroupBy => "group_by",
            Clause::Having => "having",
            Clause::OrderBy => "order_by",
            Clause::Distinct => "distinct",
            Clause::Values => "values",
            Clause::Set => "set",
            Clause::Returning => "returning",
        }
    }
}

macro_rules! walkers {
    ($statement:ident, $roots:ident, $deep:ident, $selects:ident, $iter:ident, $as_ref:ident, $items:ident $(, $mut:tt)?) => {
        impl Expr {
            /// Visits this expression and its operands, outermost first.
            pub(crate) fn $deep<F: ?Sized + FnMut(&$($mut)? Expr)>(&$($mut)? self, visit: &mut F) {
                visit(self);
                match self {
                    Expr::Op(_, args) | Expr::Call { args, .. } => {
                        args.$iter().for_each(|arg| arg.$deep(visit));
                    }
                    Expr::Values(rows) => {
                        for row in rows {
                            row.$iter().for_each(|cell| cell.$deep(visit));
                        }
                    }
                    _ => {}
                }
            }
        }

        impl Select {
            /// Visits the expressions of every clause, not their operands.
            pub(crate) fn $roots<F: ?Sized + FnMut(Clause, &$($mut)? Expr)>(&$($mut)? self, visit: &mut F) {
                if let Some(Distinct::On(on)) = &$($mut)? self.distinct {
                    on.$iter().for_each(|expr| visit(Clause::Distinct, expr));
                }
                match &$($mut)? self.body {
                    Body::Data(data) => {
                        data.$items().$iter().for_each(|item| visit(Clause::Data, &$($mut)? item.expr));
                    }
                    Body::Values(rows) => {
                        for row in rows {
                            row.$iter().for_each(|cell| visit(Clause::Values, cell));
                        }
                    }
                }
                self.from.$iter().for_each(|item| item.$roots(visit));
                self.filter.$iter().for_each(|expr| visit(Clause::Where, expr));
                self.group_by.$iter().for_each(|expr| visit(Clause::GroupBy, expr));
                self.having.$iter().for_each(|expr| visit(Clause::Having, expr));
                self.order_by.$iter().for_each(|term| visit(Clause::OrderBy, &$($mut)? term.expr));
            }

            /// Visits the selects nested directly in this one.
            pub(crate) fn $selects<F: ?Sized + FnMut(&$($mut)? Select)>(&$($mut)? self, visit: &mut F) {
                for item in &$($mut)? self.from {
                    if let super::Source::Select(select) = &$($mut)? item.source {
                        visit(select);
                    }
                }
                self.$roots(&mut |_, root| root.$deep(&mut |expr| {
                    if let Expr::Select(select) = expr {
                        visit(select);
                    }
                }));
            }
        }

        impl FromItem {
            fn $roots<F: ?Sized + FnMut(Clause, &$($mut)? Expr)>(&$($mut)? self, visit: &mut F) {
                if let Some(join) = &$($mut)? self.join {
                    join.on.$iter().for_each(|expr| visit(Clause::On, expr));
                }
            }
        }

        impl Insert {
            fn $roots<F: ?Sized + FnMut(Clause, &$($mut)? Expr)>(&$($mut)? self, visit: &mut F) {
                if let InsertSource::Values(rows) = &$($mut)? self.source {
                    for row in rows {
                        row.$iter().for_each(|cell| visit(Clause::Values, cell));
                    }
                }
                returning(self.returning.$as_ref(), &mut |projection: &$($mut)? Projection| {
                    projection.$items().$iter().for_each(|item| visit(Clause::Returning, &$($mut)? item.expr));
                });
            }
        }

        impl Update {
            fn $roots<F: ?Sized + FnMut(Clause, &$($mut)? Expr)>(&$($mut)? self, visit: &mut F) {
                for (_, value) in &$($mut)? self.set {
                    visit(Clause::Set, value);
                }
                self.from.$iter().for_each(|item| item.$roots(visit));
                self.filter.$iter().for_each(|expr| visit(Clause::Where, expr));
                returning(self.returning.$as_ref(), &mut |projection: &$($mut)? Projection| {
                    projection.$items().$iter().for_each(|item| visit(Clause::Returning, &$($mut)? item.expr));
                });
            }
        }

        impl Delete {
            fn $roots<F: ?Sized + FnMut(Clause, &$($mut)? Expr)>(&$($mut)? self, visit: &mut F) {
                self.using.$iter().for_each(|item| item.$roots(visit));
                self.filter.$iter().for_each(|expr| visit(Clause::Where, expr));
                returning(self.returning.$as_ref(), &mut |projection: &$($mut)? Projection| {
                    projection.$items().$iter().for_each(|item| visit(Clause::Returning, &$($mut)? item.expr));
                });
            }
        }

        impl $statement<'_> {
            /// Visits the expressions of every clause, not their operands.
            pub(crate) fn $roots<F: ?Sized + FnMut(Clause, &$($mut)? Expr)>(&$($mut)? self, visit: &mut F) {
                match self {
                    $statement::Select(select) => select.$roots(visit),
                    $statement::Insert(insert) => insert.$roots(visit),
                    $statement::Update(update) => update.$roots(visit),
                    $statement::Delete(delete) => delete.$roots(visit),
                }
            }

            /// Visits the outermost selects.
            pub(crate) fn $selects<F: ?Sized + FnMut(&$($mut)? Select)>(&$($mut)? self, visit: &mut F) {
                let from = match self {
                    $statement::Select(select) => return visit(select),
                    $statement::Insert(insert) => {
                        if let InsertSource::Select(select) = &$($mut)? insert.source {
                            visit(select);
                        }
                        None
                    }
                    $statement::Update(update) => Some(&$($mut)? update.from),
                    $statement::Delete(delete) => Some(&$($mut)? delete.using),
                };
                for item in from.into_iter().flatten() {
                    if let super::Source::Select(select) = &$($mut)? item.source {
                        visit(select);
                    }
                }
                self.$roots(&mut |_, root| root.$deep(&mut |expr| {
                    if let Expr::Select(select) = expr {
                        visit(select);
                    }
                }));
            }
        }
    };
}

impl Statement {
    /// Visits the name of every function called, in nested selects too: for
    /// servers that do not let clients call everything their engine has.
    pub fn functions(&self, visit: &mut dyn FnMut(&str)) {
        StatementRef::from(self).everything(&mut |_, expr| {
            if let Expr::Call { function, .. } = expr {
                visit(function);
            }
        });
    }
}

impl StatementRef<'_> {
    /// Visits every text literal, in nested selects too.
    pub(crate) fn texts<F: FnMut(Clause, &str)>(&self, visit: &mut F) {
        self.everything(&mut |clause, expr| {
            if let Expr::Text(text) = expr {
                visit(clause, text);
            }
        });
    }

    /// Visits every expression with its clause, in nested selects too.
    pub(crate) fn everything(&self, visit: &mut dyn FnMut(Clause, &Expr)) {
        self.every_root(&mut |clause, root| root.deep(&mut |expr| visit(clause, expr)));
    }

    /// Visits the expressions of every clause, not their operands, in nested
    /// selects too.
    pub(crate) fn every_root(&self, visit: &mut dyn FnMut(Clause, &Expr)) {
        if !matches!(self, StatementRef::Select(_)) {
            self.roots(visit);
        }
        self.selects(&mut |select| select.every_root(visit));
    }
}

impl Select {
    fn every_root(&self, visit: &mut dyn FnMut(Clause, &Expr)) {
        self.roots(visit);
        self.selects(&mut |nested| nested.every_root(visit));
    }
}

fn returning<P>(projection: Option<P>, visit: &mut dyn FnMut(P)) {
    if let Some(projection) = projection {
        visit(projection);
    }
}

walkers!(StatementRef, roots, deep, selects, iter, as_ref, items);
walkers!(
    StatementMut,
    roots_mut,
    deep_mut,
    selects_mut,
    iter_mut,
    as_mut,
    items_mut,
    mut
);
