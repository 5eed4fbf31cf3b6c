//! The derives in a program that knows this crate by another name, and another
//! crate by this name.

extern crate core as jsonsql;
extern crate jsonsql as language;

use language::prelude::*;

mod tables {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, SqlType)]
    #[sql(crate = language)]
    pub(crate) struct Id(pub i64);

    #[derive(Debug, Clone, Copy, PartialEq, SqlType)]
    #[sql(crate = "language", rename_all = "lowercase")]
    pub(crate) enum State {
        On,
        #[sql(rename = "")]
        Unknown,
    }

    #[derive(Debug, PartialEq, Table)]
    #[table(crate = ::language)]
    pub(crate) struct SetTopBox {
        #[column(key, generated)]
        pub id: Id,
        pub state: State,
        pub owner: Option<String>,
    }
}

use tables::{Id, SetTopBox, State};

#[derive(Row)]
#[row(table = SetTopBox, crate = "language")]
struct Brief {
    #[row(key)]
    id: Id,
    state: State,
}

#[derive(Insertable)]
#[insertable(table = SetTopBox, crate = language)]
struct New {
    state: State,
}

#[derive(Changeset)]
#[changeset(table = SetTopBox, crate = "::language")]
struct Switch {
    state: Option<State>,
}

#[test]
fn the_crate_goes_by_the_name_it_is_given() {
    let brief = select(|mut q| {
        let b = q.from(SetTopBox);
        q.select(Brief::of(b))
    });
    assert_eq!(
        brief.to_string(),
        "SELECT stb.id, stb.state FROM set_top_box AS stb"
    );
    let new = insert(&New {
        state: State::Unknown,
    });
    assert_eq!(
        format!("{new:#}"),
        "INSERT INTO set_top_box (state) VALUES ('') RETURNING id"
    );
    let switch = Switch {
        state: Some(State::On),
    };
    let update = SetTopBox::update(|b| b.owner.is_null()).set_changes(&switch);
    assert_eq!(
        format!("{update:#}"),
        "UPDATE set_top_box SET state = 'on' WHERE owner IS NULL RETURNING id"
    );
    let rows: Vec<Brief> = language::row::decode(br#"[[7, ""]]"#).unwrap();
    assert_eq!((rows[0].id, rows[0].state), (Id(7), State::Unknown));
    let rows: Vec<SetTopBox> = language::row::decode(br#"[[7, "on", null]]"#).unwrap();
    let on = SetTopBox {
        id: Id(7),
        state: State::On,
        owner: None,
    };
    assert_eq!(rows, [on]);
}

#[test]
fn a_statement_in_sql_is_told_the_name() {
    let query = sql! {
        crate = language;
        select b.id from SetTopBox as b where b.state = {State::On} and lower(b.owner) = "x"
    };
    assert_eq!(
        format!("{query:#}"),
        "SELECT stb.id FROM set_top_box AS stb WHERE stb.state = 'on' AND lower(stb.owner) = 'x'"
    );
    let insert = sql! { crate = ::language; insert into SetTopBox (state) values ({State::On}) };
    assert_eq!(
        format!("{insert:#}"),
        "INSERT INTO set_top_box (state) VALUES ('on') RETURNING id"
    );
}
