//! Orders of one term and of several.

use jsonsql::ast::StatementRef;
use jsonsql::expr::Order;
use jsonsql::prelude::*;

use crate::tables::*;

#[test]
fn terms_come_alone_in_tuples_and_in_lists() {
    let query = select(|mut q| {
        let s = q.from(Subscriber);
        let more: Vec<Order<'_>> = vec![s.max_terminal.asc()];
        q.order_by((s.disabled.desc(), s.username.asc()))
            .order_by(more)
            .order_by([s.password.desc()])
            .order_by((s.id.asc(), (s.id.desc(), [s.id.asc()])));
        q.select(s.id)
    });
    assert_eq!(
        query.to_string(),
        "SELECT s.id FROM subscriber AS s ORDER BY s.disabled DESC, s.username, s.max_terminal, \
         s.password DESC, s.id, s.id DESC, s.id"
    );
    let query = Subscriber::all()
        .order_by(|s| s.disabled.desc())
        .order_by(|s| coalesce(s.max_terminal, 0).asc());
    let StatementRef::Select(select) = query.ast() else {
        panic!("a select is one");
    };
    assert_eq!(select.order_by.len(), 2);
}

/// What is put together at run time comes in a list, and means the same as a tuple.
#[test]
fn groups_and_arguments_come_in_lists_too() {
    let query = select(|mut q| {
        let s = q.from(Subscriber);
        q.group_by(vec![s.username]);
        q.select((s.username, count(s.id)))
    });
    assert_eq!(
        query.to_string(),
        "SELECT s.username, count(s.id) FROM subscriber AS s GROUP BY s.username"
    );
    let query = Subscriber::filter(|s| {
        let parts = vec![s.username, s.username];
        concat(parts.clone()).eq(function::<String>("least", parts))
    });
    assert_eq!(
        query.column(|s| s.id).to_string(),
        "SELECT s.id FROM subscriber AS s WHERE s.username || s.username = least(s.username, s.username)"
    );
    // Nothing put together is the empty text.
    let query = Subscriber::filter(|s| s.username.neq(concat(Vec::<Expr<'_, String>>::new())));
    assert_eq!(
        format!("{:#}", query.column(|s| s.id)),
        "SELECT s.id FROM subscriber AS s WHERE s.username <> ''"
    );
}

/// What is ordered by may hold what a user has typed.
#[test]
fn an_order_hides_its_literals() {
    let order = |s: TableRef<'static, Subscriber>| s.username.eq("secret").desc();
    let mut shown = String::new();
    let _ = Subscriber::update(|s| s.disabled.eq(true)).set(|s| {
        shown = format!("{:?}", order(s));
        s.disabled.to(false)
    });
    assert_eq!(shown, "Expr(username = ? DESC)");
}
