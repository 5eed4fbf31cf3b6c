//! Queries as operands: the right side of `in`, and a value.

use super::{Select, Subquery};
use crate::ast::{self, Op};
use crate::expr::{Built, Candidates, Null, RowsOf};
use crate::types::SqlType;

impl<T: SqlType> RowsOf<'_, T> for Select<T> {
    fn into_built(self) -> Built {
        Built::measured(ast::Expr::Select(Box::new(self.into_ast())))
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> RowsOf<'_, T> for Select<Option<T>> {
    fn into_built(self) -> Built {
        Built::measured(ast::Expr::Select(Box::new(self.into_ast())))
    }
}

#[diagnostic::do_not_recommend]
impl<'q, T: SqlType> RowsOf<'q, T> for Subquery<'q, T> {
    fn into_built(self) -> Built {
        Built::measured(ast::Expr::Select(Box::new(self.into_ast())))
    }
}

#[diagnostic::do_not_recommend]
impl<'q, T: SqlType> RowsOf<'q, T> for Subquery<'q, Option<T>> {
    fn into_built(self) -> Built {
        Built::measured(ast::Expr::Select(Box::new(self.into_ast())))
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Candidates<'_, T> for Select<T> {
    type Null = Null;

    fn into_membership(self, op: Op, value: Built) -> Built {
        Built::binary(op, value, RowsOf::<T>::into_built(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Candidates<'_, T> for Select<Option<T>> {
    type Null = Null;

    fn into_membership(self, op: Op, value: Built) -> Built {
        Built::binary(op, value, RowsOf::<T>::into_built(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'q, T: SqlType> Candidates<'q, T> for Subquery<'q, T> {
    type Null = Null;

    fn into_membership(self, op: Op, value: Built) -> Built {
        Built::binary(op, value, RowsOf::<T>::into_built(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'q, T: SqlType> Candidates<'q, T> for Subquery<'q, Option<T>> {
    type Null = Null;

    fn into_membership(self, op: Op, value: Built) -> Built {
        Built::binary(op, value, RowsOf::<T>::into_built(self))
    }
}
