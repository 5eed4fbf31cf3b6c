//! Rust expressions in a statement.

use jsonsql::prelude::*;

use super::{reads_as, same, same_beside};
use crate::tables::*;

/// A local of an alias's name is the local in braces and the alias outside.
#[test]
fn aliases_are_not_seen_in_braces() {
    let (t, s, q) = (5, "a", 3);
    let by_macro = sql! {
        select t.id from Terminal as t join Subscriber as s on s.id = t.subscriber_id
        where t.id = {t} and s.username = {s} limit {q}
    };
    let by_hand = select(|mut q| {
        let t = q.from(Terminal);
        let s = q.join(Subscriber, |s| s.id.eq(t.subscriber_id));
        q.filter(t.id.eq(5).and(s.username.eq("a")));
        q.limit(3);
        q.select(t.id)
    });
    same(&by_macro, &by_hand, "");
}

#[test]
fn evaluated_once_and_in_order() {
    let mut seen = Vec::new();
    let mut next = |number: i64| {
        seen.push(number);
        number
    };
    let query = sql! {
        select m.id from Media as m where m.id between {next(1)} and {next(2)} or {next(3)} > m.id
    };
    assert_eq!(
        format!("{query:#}"),
        "SELECT m.id FROM media AS m WHERE m.id >= 1 AND m.id <= 2 OR m.id < 3"
    );
    let text = "SELECT m.id FROM media m WHERE m.id BETWEEN 1 AND 2 OR m.id < 3";
    reads_as(&[], &query, text);
    assert_eq!(seen, [1, 2, 3]);
}

#[test]
fn question_marks_temporaries_and_blocks() -> Result<(), std::num::ParseIntError> {
    let number = "7";
    let query = sql! {
        select m.id from Media as m
        where m.id = {number.parse::<i64>()?} and m.name = {&format!("a{number}")}
          and m.id in {vec![1, 2]} and m.id < {let a = 1; a + 1} and m.id not in {std::iter::once(9)}
    };
    assert_eq!(
        format!("{query:#}"),
        "SELECT m.id FROM media AS m WHERE m.id = 7 AND m.name = 'a7' AND m.id IN (1, 2) \
         AND m.id < 2 AND m.id NOT IN (9)"
    );
    reads_as(&[], &query, &format!("{query:#}"));
    Ok(())
}

#[test]
fn a_value_goes_on_the_other_side() {
    let name = "a";
    let query = sql! { select m.id from Media as m where {name} = m.name and {5} <= m.id };
    assert_eq!(
        format!("{query:#}"),
        "SELECT m.id FROM media AS m WHERE m.name = 'a' AND m.id >= 5"
    );
    reads_as(&[], &query, &format!("{query:#}"));
}

#[test]
fn an_empty_list_is_found_nowhere() {
    let none: [i64; 0] = [];
    let query = sql! { select m.id from Media as m where m.id in {none} };
    same(
        &query,
        &Media::filter(|m| m.id.is_in([0; 0])).column(|m| m.id),
        "",
    );
}

#[test]
fn a_query_of_the_program_in_a_list() {
    let owners = || Terminal::filter(|t| t.registered.eq(true)).column(|t| t.subscriber_id);
    let by_macro = sql! {
        select s.username from Subscriber as s where s.id in {owners()} and s.id not in {owners()}
    };
    let by_hand = Subscriber::filter(|s| s.id.in_query(owners()).and(s.id.not_in_query(owners())))
        .column(|s| s.username);
    same(
        &by_macro,
        &by_hand,
        "SELECT s.username FROM subscriber AS s \
         WHERE s.id IN (SELECT t.subscriber_id FROM terminal AS t WHERE t.registered = TRUE) \
         AND s.id NOT IN (SELECT t2.subscriber_id FROM terminal AS t2 WHERE t2.registered = TRUE)",
    );
    // One that selects what may be NULL.
    let ports = Media::filter(|m| m.id.gt(5)).column(|m| m.port);
    let by_macro = sql! { delete from Media where port in {ports} };
    assert_eq!(
        format!("{by_macro:#}"),
        "DELETE FROM media WHERE port IN (SELECT m.port FROM media AS m WHERE m.id > 5) RETURNING id"
    );
}

/// What a macro of the user's puts into the statement.
#[test]
fn within_a_macro_of_the_users() {
    macro_rules! one {
        ($table:ident, $column:ident, $value:expr) => {
            sql! { select x.id from $table as x where x.$column = $value }
        };
    }
    let query = one!(Media, name, "a".to_owned() + "b");
    same(
        &query,
        &Media::filter(|m| m.name.eq("ab")).column(|m| m.id),
        "",
    );
}

/// Columns with names of Rust's and SQL's.
#[test]
fn names_that_are_keywords() {
    use jsonsql::schema::Table as _;

    #[derive(Table)]
    #[expect(dead_code, reason = "only its columns are used")]
    struct Odd {
        #[column(key)]
        order: i64,
        r#type: String,
        r#where: bool,
    }
    let by_macro = sql! {
        select o.order, o.type from Odd as o where o.where and o.r#type = "a" order by o.order
    };
    let by_hand = select(|mut q| {
        let o = q.from(Odd);
        q.filter(o.r#where.and(o.r#type.eq("a")));
        q.order_by(o.order.asc());
        q.select((o.order, o.r#type))
    });
    same_beside(&[Odd::INFO], &by_macro, &by_hand, "");
    let update = sql! { update Odd set type = "b" where order_of_no_one::<i64>() = 1 };
    assert!(format!("{update:#}").starts_with("UPDATE odd SET type = 'b'"));
}
