//! EXISTS, which the protocol has no word for.

use super::{Body, Expr, FromItem, Number, Op, Projection, Select, Source};

/// The name of the sub-select in FROM that a select with groups becomes.
const ALIAS: &str = "found";

impl Expr {
    /// Returns the condition that a select has a row, `1 IN (SELECT 1 …)`.
    ///
    /// Neither another select list nor an order changes whether there is a
    /// row, so both are left out. Where the list decides which rows there are
    /// (an aggregate, groups, DISTINCT), the whole select stands in FROM instead.
    pub fn exists(mut select: Select) -> Expr {
        select.order_by.clear();
        if select.has_row_per_row() {
            select.body = Body::Data(one());
        } else {
            let mut around = Select::new(one());
            around.from = vec![FromItem {
                source: Source::Select(Box::new(select)),
                alias: Some(ALIAS.into()),
                join: None,
            }];
            select = around;
        }
        let one = Expr::Number(Number::from(1));
        Expr::Op(Op::In, vec![one, Expr::Select(Box::new(select))])
    }
}

fn one() -> Projection {
    Projection::List(vec![Expr::Number(Number::from(1)).into()])
}

impl Select {
    /// Returns `true` if it has a row for each row of FROM that the condition
    /// keeps, whatever is selected of it.
    fn has_row_per_row(&self) -> bool {
        let Body::Data(projection) = &self.body else {
            return false;
        };
        let mut plain = true;
        for item in projection.items() {
            // A function may make one row of many, or many of one; so may an
            // aggregate of this select within a sub-select.
            let mut look = |expr: &Expr| {
                plain &= !matches!(expr, Expr::Call { .. } | Expr::Select(_));
            };
            item.expr.deep(&mut look);
        }
        plain && self.distinct.is_none() && self.group_by.is_empty() && self.having.is_none()
    }
}

#[cfg(test)]
mod tests {
    use crate::ast::{Expr, Method, Statement};

    #[track_caller]
    fn exists(json: &str) -> String {
        let statement = Statement::from_json(Method::Select, json.as_bytes()).unwrap();
        let Statement::Select(select) = statement else {
            unreachable!("it was read as one")
        };
        format!("{:#}", Expr::exists(select))
    }

    /// An aggregate without groups has a row even of no rows.
    #[test]
    fn what_decides_about_rows_is_kept() {
        assert_eq!(
            exists(r#"{"data": [{"t": "id"}], "from": "t", "order_by": {"t": "id"}, "offset": 1}"#),
            "1 IN (SELECT 1 FROM t OFFSET 1)"
        );
        for (json, inner) in [
            (
                r#"{"data": [{"function": "count", "args": ["*"]}], "from": "t"}"#,
                "SELECT count(*) FROM t",
            ),
            (
                r#"{"distinct": true, "data": [{"t": "a"}], "from": "t", "offset": 1}"#,
                "SELECT DISTINCT t.a FROM t OFFSET 1",
            ),
            (
                r#"{"data": [{"t": "a"}], "from": "t", "group_by": {"t": "a"}, "offset": 1}"#,
                "SELECT t.a FROM t GROUP BY t.a OFFSET 1",
            ),
            (
                r#"{"data": [true], "from": "t", "having": true}"#,
                "SELECT TRUE FROM t HAVING TRUE",
            ),
            (r#"{"values": [[1]]}"#, "VALUES (1)"),
        ] {
            assert_eq!(
                exists(json),
                format!("1 IN (SELECT 1 FROM ({inner}) AS found)")
            );
        }
    }
}
