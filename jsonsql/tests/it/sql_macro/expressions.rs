//! Operators, functions and values.

use jsonsql::prelude::*;

use super::{reads_as, same};
use crate::tables::*;

/// One condition on a channel, written three ways.
macro_rules! condition {
    ($($name:ident: [$($sql:tt)*], |$m:ident| $by_hand:expr, $text:literal;)*) => {$(
        #[test]
        fn $name() {
            let by_macro = sql! { select m.id from Media as m where $($sql)* };
            let by_hand = select(|mut q| {
                let $m = q.from(Media);
                q.filter($by_hand);
                q.select($m.id)
            });
            let text = concat!("SELECT m.id FROM media AS m WHERE ", $text);
            same(&by_macro, &by_hand, if $text.is_empty() { "" } else { text });
        }
    )*};
}

condition! {
    equal: [m.name = "a"], |m| m.name.eq("a"), "m.name = 'a'";
    unequal: [m.name <> "a"], |m| m.name.neq("a"), "m.name <> 'a'";
    unequal_in_other_words: [m.name != "a"], |m| m.name.neq("a"), "m.name != 'a'";
    less: [m.port < 80], |m| m.port.lt(80), "m.port < 80";
    greater_or_equal: [m.port >= 80], |m| m.port.gte(80), "m.port >= 80";
    greater: [m.port > 80], |m| m.port.gt(80), "m.port > 80";
    less_or_equal: [m.port<=80], |m| m.port.lte(80), "m.port <= 80";
    a_sign_behind_an_operator: [m.port=-1], |m| m.port.eq(-1), "m.port = -1";
    less_than_a_negative: [m.port<-1], |m| m.port.lt(-1), "m.port < -1";
    a_value_first: [80 < m.port], |m| literal(80).lt(m.port), "80 < m.port";
    a_text_first: ["a" = m.name], |m| literal("a".to_owned()).eq(m.name), "'a' = m.name";
    a_bare_column: [port = 80], |m| m.port.eq(80), "m.port = 80";
    two_columns: [m.name = m.protocol], |m| m.name.eq(m.protocol), "m.name = m.protocol";
    and_binds_more: [m.is_tv or m.id = 1 and m.id = 2],
        |m| m.is_tv.or(m.id.eq(1).and(m.id.eq(2))), "m.is_tv OR m.id = 1 AND m.id = 2";
    parentheses: [(m.is_tv or m.id = 1) and m.id = 2],
        |m| m.is_tv.or(m.id.eq(1)).and(m.id.eq(2)), "(m.is_tv OR m.id = 1) AND m.id = 2";
    several_ands: [m.is_tv and m.id = 1 and m.id = 2 and (m.id = 3 and m.id = 4)],
        |m| m.is_tv.and(m.id.eq(1)).and(m.id.eq(2)).and(m.id.eq(3).and(m.id.eq(4))),
        "m.is_tv AND m.id = 1 AND m.id = 2 AND m.id = 3 AND m.id = 4";
    not_is_above_and: [not m.is_tv and m.id = 1], |m| (!m.is_tv).and(m.id.eq(1)),
        "NOT m.is_tv AND m.id = 1";
    not_is_below_a_comparison: [not m.id = 1], |m| !m.id.eq(1), "NOT m.id = 1";
    not_twice: [not not m.is_tv], |m| !!m.is_tv, "NOT NOT m.is_tv";
    keywords_in_any_case: [NOT m.is_tv AnD m.id In (1)], |m| (!m.is_tv).and(m.id.is_in([1])),
        "NOT m.is_tv AND m.id IN (1)";
    truth: [m.is_tv is true], |m| m.is_tv.is(true), "m.is_tv IS TRUE";
    no_truth: [m.is_tv is not false], |m| m.is_tv.is_not(false), "m.is_tv IS NOT FALSE";
    is_below_a_comparison: [m.port = 1 is not true], |m| m.port.eq(1).is_not(true),
        "m.port = 1 IS NOT TRUE";
    null_test: [m.port is null], |m| m.port.is_null(), "m.port IS NULL";
    not_null_test: [m.port is not null], |m| m.port.is_not_null(), "m.port IS NOT NULL";
    between: [m.port between 1 and 1023 and m.is_tv],
        |m| m.port.between(1, 1023).and(m.is_tv), "m.port BETWEEN 1 AND 1023 AND m.is_tv";
    not_between: [m.port not between 1 and 2], |m| m.port.not_between(1, 2), "";
    between_sums: [m.id between m.id - 1 and m.id + 1],
        |m| m.id.between(m.id - 1, m.id + 1), "m.id BETWEEN m.id - 1 AND m.id + 1";
    between_of_an_expression: [m.id + 1 between 2 and 3],
        |m| (m.id + 1).gte(2).and((m.id + 1).lte(3)), "m.id + 1 BETWEEN 2 AND 3";
    not_between_of_a_function: [lower(m.name) not between "a" and "b"],
        |m| function::<String>("lower", (m.name,)).lt("a")
            .or(function::<String>("lower", (m.name,)).gt("b")),
        "lower(m.name) NOT BETWEEN 'a' AND 'b'";
    between_within_between: [(m.id + 1 between 2 and 3) is true and m.id * 2 between 4 and m.id * 3],
        |m| (m.id + 1).gte(2).and((m.id + 1).lte(3)).is(true)
            .and((m.id * 2).gte(4)).and((m.id * 2).lte(m.id * 3)),
        "(m.id + 1 BETWEEN 2 AND 3) IS TRUE AND m.id * 2 BETWEEN 4 AND m.id * 3";
    distinct_from_a_value: [m.port is distinct from 80], |m| m.port.is_distinct_from(80),
        "m.port IS DISTINCT FROM 80";
    not_distinct_from_a_value: ["a" is not distinct from m.name],
        |m| m.name.is_not_distinct_from("a"), "m.name IS NOT DISTINCT FROM 'a'";
    distinct_from_a_column: [m.path is distinct from m.name],
        |m| m.path.is_distinct_from(m.name), "m.path IS DISTINCT FROM m.name";
    not_distinct_from_a_column: [m.path is not distinct from m.name and m.is_tv],
        |m| m.path.is_not_distinct_from(m.name).and(m.is_tv),
        "m.path IS NOT DISTINCT FROM m.name AND m.is_tv";
    distinct_from_null: [m.port is distinct from null], |m| m.port.is_not_null(),
        "m.port IS DISTINCT FROM NULL";
    not_distinct_from_null: [m.port is not distinct from null], |m| m.port.is_null(),
        "m.port IS NOT DISTINCT FROM NULL";
    distinct_from_what_may_be_missing: [m.port is distinct from {None::<i32>} and m.port is not distinct from {Some(1)}],
        |m| m.port.is_not_null().and(m.port.eq(1).is(true)),
        "m.port IS DISTINCT FROM NULL AND m.port IS NOT DISTINCT FROM 1";
    like: [m.name like "a%"], |m| m.name.like("a%"), "m.name LIKE 'a%'";
    ilike: [m.name ilike "a%"], |m| m.name.ilike("a%"), "m.name ILIKE 'a%'";
    not_like: [m.name not like "a%"], |m| m.name.not_like("a%"), "m.name NOT LIKE 'a%'";
    not_ilike: [m.name not ilike "a%"], |m| m.name.not_ilike("a%"), "m.name NOT ILIKE 'a%'";
    a_list: [m.id in (1, 2, -3)], |m| m.id.is_in([1, 2, -3]), "m.id IN (1, 2, -3)";
    no_list: [m.name not in ("a", "b")], |m| m.name.not_in(["a", "b"]), "m.name NOT IN ('a', 'b')";
    a_list_of_columns: [m.name in (m.protocol, "a")],
        |m| m.name.is_in([m.protocol.built(), literal("a".to_owned())]),
        "m.name IN (m.protocol, 'a')";
    sums: [m.id + 1 - 2 = 3], |m| (m.id + 1 - 2).eq(3), "m.id + 1 - 2 = 3";
    products_bind_more: [m.id + 2 * m.id = 3], |m| (m.id + literal(2) * m.id).eq(3),
        "m.id + 2 * m.id = 3";
    remainder: [m.id % 2 = 0], |m| (m.id % 2).eq(0), "m.id % 2 = 0";
    quotient: [(m.id + 1) / 2 = 0], |m| ((m.id + 1) / 2).eq(0), "(m.id + 1) / 2 = 0";
    minus_a_negative: [m.id - -1 = 0], |m| (m.id - -1).eq(0), "m.id - -1 = 0";
    a_minus_before_a_column: [-m.id = 1], |m| (-m.id).eq(1), "-m.id = 1";
    concatenation: [m.protocol || "://" || m.name = "a"],
        |m| concat((m.protocol, "://", m.name)).eq("a"), "m.protocol || '://' || m.name = 'a'";
    concatenation_is_below_a_sum: [m.name || m.id + 1 = "a"],
        |m| concat((m.name, m.id + 1)).eq("a"), "m.name || m.id + 1 = 'a'";
    coalesced: [coalesce(m.port, 80) = 80], |m| coalesce(m.port, 80).eq(80),
        "COALESCE(m.port, 80) = 80";
    coalesced_twice: [Coalesce(m.path, m.name, "a") = "a"],
        |m| coalesce(coalesce(m.path, m.name), "a").eq("a"), "COALESCE(m.path, m.name, 'a') = 'a'";
    a_known_function: [lower(m.name) = "a"],
        |m| function::<String>("lower", (m.name,)).eq("a"), "lower(m.name) = 'a'";
    another_function: [left_pad::<String>(m.name, 5) = "a"],
        |m| function::<String>("left_pad", (m.name, 5)).eq("a"), "left_pad(m.name, 5) = 'a'";
    a_replacement: [regexp_replace(m.name, "a", "b") = "c"],
        |m| regexp_replace(m.name, "a", "b").eq("c"), "regexp_replace(m.name, 'a', 'b') = 'c'";
    a_truth_alone: [true], |_m| true, "TRUE";
}

#[test]
fn a_function_of_nothing() {
    let by_macro = sql! { select now::<String>() from Media as m };
    let by_hand = select(|mut q| {
        let _ = q.from(Media);
        q.select(function::<String>("now", [0; 0]))
    });
    same(&by_macro, &by_hand, "SELECT now() FROM media AS m");
}

#[test]
fn long_chains_are_flat() {
    let by_macro = sql! {
        select m.name || "1" || "2" || "3" || "4" || "5" || "6" || "7" || "8" || "9" || "10" || "11" || "12" || m.path
        from Media as m
    };
    let expected = "SELECT m.name || '1' || '2' || '3' || '4' || '5' || '6' || '7' || '8' || '9' || '10' || '11' || '12' || m.path FROM media AS m";
    assert_eq!(format!("{by_macro:#}"), expected);
    reads_as(&[], &by_macro, expected);
    let _: &Select<Option<String>> = &by_macro;
}

/// A text stays a text and a name a column. One written in the statement does
/// not compile; one from the program is refused as everywhere.
#[test]
fn a_text_that_is_a_column_is_refused_as_everywhere() {
    let query = || sql! { select s.id from Subscriber as s where s.username = {"email"} };
    assert!(query().to_json().is_err());
    assert!(query().split_ambiguous_text().to_json().is_ok());
}
