//! An insert of the columns that are given and of no others: what a server
//! puts where nothing is said is its own business.

use jsonsql::ast;
use jsonsql::prelude::*;

use super::wanted::Changes;
use crate::schema::{self, SubscriberId};

/// A new subscriber; answers with the key.
pub(super) struct Insertion(ast::Statement);

impl Insertion {
    /// With this login and what is changed of a row with nothing but defaults.
    pub(super) fn new(login: &str, changes: &Changes) -> Insertion {
        let update = schema::Subscriber::update(|s| s.id.eq(SubscriberId(0)))
            .set(|s| s.username.to(login.to_owned()))
            .set(|_| changes.assignments());
        let ast::Statement::Update(update) = update.ast() else {
            unreachable!("an Update holds an update");
        };
        let (columns, values) = update.set.iter().cloned().unzip();
        Insertion(ast::Statement::Insert(ast::Insert {
            into: update.table.clone(),
            columns,
            source: ast::InsertSource::Values(vec![values]),
            returning: update.returning.clone(),
        }))
    }
}

impl Statement for Insertion {
    type Row = SubscriberId;

    fn ast(&self) -> &ast::Statement {
        &self.0
    }
}
