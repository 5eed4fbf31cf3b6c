//! The shape of a result.

use ::jsonsql::ast::SqlKind;
use ::jsonsql::ast::{Body, Projection, Statement};
use serde_json::Value;

use crate::engine::Rows;
use crate::server_behavior::{ChangeWithoutReturning, MacForm, ServerBehavior};

/// A list of rows when `data` or `returning` was a list, a flat list of values
/// when it was one expression.
pub(super) fn shape(statement: &Statement, rows: Rows, behavior: &ServerBehavior) -> Value {
    let projection = match statement {
        Statement::Select(select) => match &select.body {
            Body::Data(projection) => Some(projection),
            Body::Values(_) => return listed(rows, behavior),
        },
        Statement::Insert(insert) => insert.returning.as_ref(),
        Statement::Update(update) => update.returning.as_ref(),
        Statement::Delete(delete) => delete.returning.as_ref(),
    };
    match projection {
        None => match behavior.change_without_returning {
            ChangeWithoutReturning::EmptyList => Value::Array(Vec::new()),
            ChangeWithoutReturning::Null => Value::Null,
            ChangeWithoutReturning::Count => rows.changed.into(),
        },
        // A bare `"*"` may be any number of columns.
        Some(Projection::Single(_)) if rows.kinds.len() == 1 => {
            let rows = spelled(rows, behavior);
            Value::Array(rows.into_iter().flatten().collect())
        }
        Some(_) => listed(rows, behavior),
    }
}

fn listed(rows: Rows, behavior: &ServerBehavior) -> Value {
    let rows = spelled(rows, behavior);
    Value::Array(rows.into_iter().map(Value::Array).collect())
}

/// The rows, with MAC addresses in the form asked for.
fn spelled(rows: Rows, behavior: &ServerBehavior) -> Vec<Vec<Value>> {
    let Rows {
        mut rows, kinds, ..
    } = rows;
    if behavior.mac_form == MacForm::Dashes {
        for (value, kind) in rows.iter_mut().flat_map(|row| row.iter_mut().zip(&kinds)) {
            if let (Value::String(mac), SqlKind::MacAddr) = (value, kind) {
                *mac = mac.replace(':', "-");
            }
        }
    }
    rows
}
