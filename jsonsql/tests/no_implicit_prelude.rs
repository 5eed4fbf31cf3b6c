//! The derives in a program without the prelude, where every name that the
//! prelude and the language have means something else.

#![no_implicit_prelude]
#![allow(
    non_camel_case_types,
    reason = "the names of primitive types are taken"
)]

use ::jsonsql::{Change, Changeset, Insertable, MacAddr, Row, SqlType, Table};
use ::std::{assert_eq, string::String};

/// Types whose names generated code may not mean.
#[allow(dead_code, reason = "they are there to be in the way")]
mod shadows {
    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Vec;
    pub(crate) struct Result;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) struct bool;
    pub(crate) struct usize;
    pub(crate) struct str;
}

#[allow(unused_imports, reason = "they are there to be in the way")]
use shadows::*;

#[derive(SqlType)]
struct BoxId(::core::primitive::i64);

#[derive(SqlType)]
enum State {
    On,
    Off,
}

#[derive(Table)]
#[allow(dead_code, reason = "nobody reads the others")]
struct SetTopBox {
    #[column(key, generated)]
    id: BoxId,
    #[column(default)]
    on: ::core::primitive::bool,
    mac: MacAddr,
    state: State,
    owner: ::std::option::Option<String>,
    place: ::core::option::Option<String>,
}

#[derive(Row)]
#[row(table = SetTopBox)]
struct Brief {
    #[row(key)]
    id: BoxId,
    #[row(default)]
    owner: String,
    #[row(skip)]
    seen: ::core::primitive::bool,
}

#[derive(Row)]
struct Pair<A, B> {
    first: A,
    second: B,
}

#[derive(Insertable)]
#[insertable(table = SetTopBox)]
struct New<'a> {
    mac: MacAddr,
    state: State,
    owner: &'a ::core::primitive::str,
}

#[derive(Changeset)]
#[changeset(table = SetTopBox)]
struct Move {
    on: ::core::option::Option<::core::primitive::bool>,
    owner: Change<String>,
}

#[test]
fn derived_code_names_everything_by_its_path() {
    use ::jsonsql::query::{insert, select};
    use ::std::string::ToString;

    let query = select(|mut q| {
        let b = q.from(SetTopBox);
        q.select(PairSelection {
            first: Brief::of(b),
            second: b.state,
        })
    });
    let _: &::jsonsql::Select<Pair<Brief, State>> = &query;
    assert_eq!(
        query.to_string(),
        "SELECT stb.id, stb.owner, stb.state FROM set_top_box AS stb"
    );
    let new = New {
        mac: MacAddr([0; 6]),
        state: State::Off,
        owner: "x",
    };
    assert_eq!(
        insert(&new).to_string(),
        "INSERT INTO set_top_box (mac, state, owner) VALUES (?, ?, ?) RETURNING id"
    );
    let change = Move {
        on: ::core::option::Option::Some(true),
        owner: Change::Null,
    };
    let update = SetTopBox::update(|b| b.state.eq(State::On)).set_changes(&change);
    assert_eq!(
        update.to_string(),
        "UPDATE set_top_box SET \"on\" = TRUE, owner = NULL WHERE state = ? RETURNING id"
    );
    let rows: ::std::vec::Vec<Pair<Brief, State>> =
        ::jsonsql::row::decode(br#"[[7, null, "On"]]"#).unwrap();
    assert_eq!(rows[0].first.owner, "");
    assert_eq!(
        rows[0].first.seen,
        <::core::primitive::bool as ::core::default::Default>::default()
    );
    assert_eq!(rows[0].first.id.0, 7);
    ::std::assert!(::std::matches!(rows[0].second, State::On));
    let rows: ::std::vec::Vec<SetTopBox> =
        ::jsonsql::row::decode(br#"[[7, true, "00:00:00:00:00:00", "Off", null, "x"]]"#).unwrap();
    ::std::assert!(rows[0].on);
    assert_eq!(rows[0].mac, MacAddr([0; 6]));
    assert_eq!(rows[0].owner.is_none(), rows[0].place.is_some());
}

#[test]
fn statements_in_sql_name_everything_by_its_path() {
    use ::jsonsql::sql;
    use ::std::string::ToString;

    let query = sql! {
        select as Pair lower(b.owner) as first, count(*) as second from SetTopBox as b
        where "x" = b.owner and b.on is true and b.owner || "a" in ("b", "c")
          and exists (select 1 from SetTopBox as b) group by b.owner
    };
    ::std::assert!(query.to_string().ends_with("GROUP BY stb.owner"));
    let insert = sql! {
        insert into SetTopBox (mac, state, owner) values ({MacAddr([0; 6])}, {State::On}, null)
    };
    assert_eq!(
        insert.to_string(),
        "INSERT INTO set_top_box (mac, state, owner) VALUES (?, ?, NULL) RETURNING id"
    );
    let update = sql! {
        update SetTopBox as b set on = true, place = null where b.owner = {"x"} returning b.on
    };
    assert_eq!(
        update.to_string(),
        "UPDATE set_top_box SET \"on\" = TRUE, place = NULL WHERE owner = ? RETURNING \"on\""
    );
    let moved = sql! {
        update SetTopBox as b set on = c.on from SetTopBox as c where c.owner = b.owner
    };
    ::std::assert!(moved.to_string().starts_with("UPDATE set_top_box"));
}
