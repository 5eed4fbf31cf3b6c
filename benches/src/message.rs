//! One request, a select with one join and three predicates, in four ways.

use jsonsql::prelude::*;
use sea_query::{Alias, Expr as SeaExpr, ExprTrait, PostgresQueryBuilder, Query as SeaQuery};
use serde::Serialize;
use serde_json::json;

use crate::tables::{Subscriber, Terminal};

/// The question of the request.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The beginning of logins.
    pub prefix: &'a str,
    /// More boxes than this.
    pub boxes: i32,
}

/// Built with the typed API and written.
pub fn typed(question: Question<'_>) -> Vec<u8> {
    let select = select(|mut q| {
        let t = q.from(Terminal);
        let s = q.join(Subscriber, |s| t.subscriber_id.eq(s.id));
        q.filter(s.username.like(question.prefix));
        q.filter(s.disabled.eq(false));
        q.filter(s.max_terminal.gt(question.boxes));
        q.limit(100);
        q.select((t.mac_addr, t.inet_addr, s.username))
    });
    let dialect = jsonsql::Dialect::BEST_GUESS;
    let mut bytes = Vec::with_capacity(512);
    if let Ok(params) = select.params(&dialect) {
        let _ = params.write_to(&mut bytes);
    }
    bytes
}

/// Structs made for this one request.
#[derive(Serialize)]
struct Request<'a> {
    data: [Col; 3],
    from: (Table<'a>, Join<'a>),
    r#where: And<'a>,
    limit: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Col {
    #[serde(rename = "t")]
    T(&'static str),
    #[serde(rename = "s")]
    S(&'static str),
}

#[derive(Serialize)]
struct Table<'a> {
    table: &'a str,
    r#as: &'a str,
}

#[derive(Serialize)]
struct Join<'a> {
    join: &'a str,
    join_type: &'a str,
    r#as: &'a str,
    on: On,
}

#[derive(Serialize)]
struct On {
    eq: (Col, Col),
}

#[derive(Serialize)]
struct And<'a> {
    and: (Like<'a>, Eq, Gt),
}

#[derive(Serialize)]
struct Like<'a> {
    like: (Col, &'a str),
}

#[derive(Serialize)]
struct Eq {
    eq: (Col, bool),
}

#[derive(Serialize)]
struct Gt {
    gt: (Col, i32),
}

/// Written by hand with structs made for this one request: as fast as serde goes.
pub fn by_hand(question: Question<'_>) -> Vec<u8> {
    let request = Request {
        data: [Col::T("mac_addr"), Col::T("inet_addr"), Col::S("username")],
        from: (
            Table {
                table: "terminal",
                r#as: "t",
            },
            Join {
                join: "subscriber",
                join_type: "inner",
                r#as: "s",
                on: On {
                    eq: (Col::T("subscriber_id"), Col::S("id")),
                },
            },
        ),
        r#where: And {
            and: (
                Like {
                    like: (Col::S("username"), question.prefix),
                },
                Eq {
                    eq: (Col::S("disabled"), false),
                },
                Gt {
                    gt: (Col::S("max_terminal"), question.boxes),
                },
            ),
        },
        limit: 100,
    };
    let mut bytes = Vec::with_capacity(512);
    let _ = serde_json::to_writer(&mut bytes, &request);
    bytes
}

/// Builds the message as a program without the library does.
pub fn json_macro(question: Question<'_>) -> Vec<u8> {
    let request = json!({
        "data": [{"t": "mac_addr"}, {"t": "inet_addr"}, {"s": "username"}],
        "from": [
            {"table": "terminal", "as": "t"},
            {
                "join": "subscriber",
                "join_type": "inner",
                "as": "s",
                "on": {"eq": [{"t": "subscriber_id"}, {"s": "id"}]},
            },
        ],
        "where": {"and": [
            {"like": [{"s": "username"}, question.prefix]},
            {"eq": [{"s": "disabled"}, false]},
            {"gt": [{"s": "max_terminal"}, question.boxes]},
        ]},
        "limit": 100,
    });
    let mut bytes = Vec::with_capacity(512);
    let _ = serde_json::to_writer(&mut bytes, &request);
    bytes
}

/// The equivalent SQL by a query builder in wide use.
pub fn sea_query(question: Question<'_>) -> String {
    let column = |table: &'static str, name: &'static str| (Alias::new(table), Alias::new(name));
    SeaQuery::select()
        .column(column("t", "mac_addr"))
        .column(column("t", "inet_addr"))
        .column(column("s", "username"))
        .from_as(Alias::new("terminal"), Alias::new("t"))
        .join_as(
            sea_query::JoinType::InnerJoin,
            Alias::new("subscriber"),
            Alias::new("s"),
            SeaExpr::col(column("t", "subscriber_id")).equals(column("s", "id")),
        )
        .and_where(SeaExpr::col(column("s", "username")).like(question.prefix))
        .and_where(SeaExpr::col(column("s", "disabled")).eq(false))
        .and_where(SeaExpr::col(column("s", "max_terminal")).gt(question.boxes))
        .limit(100)
        .to_string(PostgresQueryBuilder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_say_the_same() {
        let question = Question {
            prefix: "1234%",
            boxes: 2,
        };
        let value = |bytes: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
        assert_eq!(value(typed(question)), value(by_hand(question)));
        assert_eq!(value(typed(question)), value(json_macro(question)));
        assert_eq!(
            String::from_utf8(typed(question)),
            String::from_utf8(by_hand(question))
        );
        assert_eq!(
            sea_query(question),
            r#"SELECT "t"."mac_addr", "t"."inet_addr", "s"."username" FROM "terminal" AS "t" INNER JOIN "subscriber" AS "s" ON "t"."subscriber_id" = "s"."id" WHERE "s"."username" LIKE '1234%' AND "s"."disabled" = FALSE AND "s"."max_terminal" > 2 LIMIT 100"#
        );
    }
}
