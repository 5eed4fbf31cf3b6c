//! Names and types that get in the way of generated code.

#![allow(
    unused_parens,
    unused_qualifications,
    reason = "both are ways to spell a type"
)]

use std::option;

use jsonsql::ast::ColumnInfo;
use jsonsql::prelude::*;
use jsonsql::row::decode;

/// What a library does to declare tables: every part is a fragment of a macro.
macro_rules! table {
    (
        $(#[$struct_meta:meta])* $name:ident, $reserved:literal {
            $($(#[$meta:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        #[derive(Debug, PartialEq, Table)]
        $(#[$struct_meta])*
        #[table(reserved($reserved))]
        struct $name {
            $($(#[$meta])* $field: $type,)*
        }
    };
}

table! {
    #[table(name = "box")] TvBox, "colour" {
        #[column(key, generated)]
        id: i64,
        one: Option<String>,
        two: std::option::Option<i32>,
        three: ::core::option::Option<(MacAddr)>,
        four: (Option<bool>),
        five: String,
    }
}

macro_rules! row {
    ($name:ident, $table:path { $($(#[$meta:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(Debug, PartialEq, Row)]
        #[row(table = $table)]
        struct $name {
            $($(#[$meta])* $field: $type,)*
        }
    };
}

row! {
    BoxRow, TvBox {
        #[row(key)]
        id: i64,
        two: Option<i32>,
        five: String,
    }
}

macro_rules! wrapped {
    ($name:ident, $type:ty) => {
        #[derive(Debug, PartialEq, SqlType)]
        struct $name($type);
    };
}

wrapped!(Colour, String);

macro_rules! writes {
    ($table:ty { $($field:ident: $type:ty = $change:ty,)* }) => {
        #[derive(Insertable)]
        #[insertable(table = $table)]
        struct NewBox<'a> {
            $($field: $type,)*
            five: &'a str,
        }

        #[derive(Default, Changeset)]
        #[changeset(table = $table)]
        struct BoxPatch {
            $($field: $change,)*
            five: Option<String>,
        }
    };
}

writes! {
    TvBox {
        one: Option<String> = Change<String>,
        two: i32 = Change<i32>,
    }
}

#[test]
fn fields_may_come_out_of_a_macro() {
    let new = NewBox {
        one: None,
        two: 2,
        five: "x",
    };
    assert_eq!(
        format!("{:#}", insert(&new)),
        "INSERT INTO box (one, two, five) VALUES (NULL, 2, 'x') RETURNING id"
    );
    let patch = BoxPatch {
        one: Change::Null,
        ..BoxPatch::default()
    };
    assert_eq!(
        TvBox::update(|b| b.id.eq(1))
            .set_changes(&patch)
            .to_string(),
        "UPDATE box SET one = NULL WHERE id = ? RETURNING id"
    );
}

#[test]
fn a_nullable_type_is_seen_through_a_macro() {
    let query = TvBox::filter(|b| {
        let missing = b.one.is_null().and(b.two.is_null());
        missing
            .and(b.three.is_null())
            .and(b.four.is_null())
            .and(b.five.eq("x"))
    });
    assert_eq!(
        query.to_string(),
        "SELECT b.id, b.one, b.two, b.three, b.four, b.five FROM box AS b \
         WHERE b.one IS NULL AND b.two IS NULL AND b.three IS NULL AND b.four IS NULL \
         AND b.five = ?"
    );
    let rows: Vec<TvBox> = decode(br#"[[1, null, null, null, null, "x"]]"#).unwrap();
    assert_eq!(rows[0].four, None);
    let optional: Vec<(Option<BoxRow>,)> =
        decode(br#"[[1, null, "x"], [null, null, null]]"#).unwrap();
    assert_eq!(optional[0].0.as_ref().unwrap().two, None);
    assert_eq!(optional[1].0, None);
    let boxes = select(|mut q| {
        let b = q.from(TvBox);
        q.select(BoxRow::of(b))
    });
    assert_eq!(
        boxes.to_string(),
        "SELECT b.id, b.two, b.five FROM box AS b"
    );
    let colours: Vec<Colour> = decode(br#"["red"]"#).unwrap();
    assert_eq!(colours, [Colour("red".to_owned())]);
}

/// Constants of these names would be patterns where a binding is meant. (Those
/// of `condition`, `build` and `table` would be, in functions whose
/// documentation shows the names of their parameters.)
mod constants {
    #![allow(non_upper_case_globals, dead_code)]

    pub(super) const cells: i32 = 1;
    pub(super) const row: i32 = 2;
    pub(super) const id: i32 = 3;
    pub(super) const columns: i32 = 5;
    pub(super) const qualifier: i32 = 6;
    pub(super) const items: i32 = 7;
    pub(super) const scalar: i32 = 8;
    pub(super) const text: i32 = 9;
}

#[allow(unused_imports, reason = "they are there to be in the way")]
use constants::*;

/// Types of these names would be taken for parameters.
#[derive(Debug, Clone, Copy, PartialEq, SqlType)]
struct N(i32);

#[derive(Debug, Clone, Copy, PartialEq, SqlType)]
struct A(i32);

#[derive(Debug, Clone, Copy, PartialEq, SqlType)]
struct K(i32);

/// Every name that generated code has used for something of its own.
#[derive(Debug, PartialEq, Table)]
struct Crowd {
    #[column(key)]
    id: N,
    cells: A,
    row: K,
    columns: i64,
    qualifier: i64,
    table: i64,
    scalar: Option<i64>,
    items: i64,
    condition: i64,
    build: i64,
    name: i64,
    seq: i64,
    __marker: i64,
    __cells: i64,
    __0: i64,
    r#type: i64,
    r#where: Option<String>,
}

#[derive(Debug, PartialEq, Row)]
#[row(table = Crowd)]
struct Part {
    #[row(key)]
    id: N,
    cells: A,
    row: K,
    items: i64,
    table: i64,
    #[row(rename = "columns")]
    count: i64,
    #[row(rename = "qualifier")]
    push_to: i64,
    __cells: i64,
    r#type: i64,
    #[row(rename = "where")]
    place: Option<String>,
}

#[derive(Insertable)]
#[insertable(table = Crowd)]
struct NewCrowd {
    id: N,
    cells: A,
    row: K,
    columns: i64,
    qualifier: i64,
    table: i64,
    items: i64,
    condition: i64,
    build: i64,
    name: i64,
    seq: i64,
    __marker: i64,
    __cells: i64,
    __0: i64,
    r#type: i64,
}

#[derive(Default, Changeset)]
#[changeset(table = Crowd)]
struct CrowdPatch {
    columns: Option<i64>,
    r#where: Change<String>,
}

#[test]
fn fields_types_and_constants_may_have_any_name() {
    let query =
        Crowd::filter(|c| c.columns.eq(c.qualifier).and(c.row.eq(K(1)))).column(|c| c.r#type);
    assert_eq!(
        query.to_string(),
        "SELECT c.type FROM crowd AS c WHERE c.columns = c.qualifier AND c.row = ?"
    );
    let part = select(|mut q| {
        let c = q.from(Crowd);
        q.select(Part::of(c))
    });
    assert_eq!(
        part.to_string(),
        "SELECT c.id, c.cells, c.row, c.items, c.\"table\", c.columns, c.qualifier, c.__cells, \
         c.type, c.\"where\" FROM crowd AS c"
    );
    let rows: Vec<(Option<Part>,)> = decode(b"[[1, 2, 3, 4, 5, 6, 7, 8, 9, null]]").unwrap();
    let part = rows[0].0.as_ref().unwrap();
    assert_eq!(
        (part.cells, part.items, part.push_to, part.r#type),
        (A(2), 4, 7, 9)
    );

    let rows: Vec<Crowd> =
        decode(b"[[1, 2, 3, 4, 5, 6, null, 8, 9, 10, 11, 12, 13, 14, 15, 16, null]]").unwrap();
    assert_eq!((rows[0].id, rows[0].__marker, rows[0].__0), (N(1), 13, 15));

    let new = NewCrowd {
        id: N(1),
        cells: A(2),
        row: K(3),
        columns: 4,
        qualifier: 5,
        table: 6,
        items: 8,
        condition: 9,
        build: 10,
        name: 11,
        seq: 12,
        __marker: 13,
        __cells: 14,
        __0: 15,
        r#type: 16,
    };
    assert_eq!(
        format!("{:#}", insert(&new)),
        "INSERT INTO crowd (id, cells, row, columns, qualifier, \"table\", items, condition, build, \
         name, seq, __marker, __cells, __0, type) \
         VALUES (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16) RETURNING id"
    );
    let patch = CrowdPatch {
        columns: Some(1),
        r#where: Change::Null,
    };
    assert_eq!(
        Crowd::update(|c| c.id.eq(N(1)))
            .set_changes(&patch)
            .to_string(),
        "UPDATE crowd SET columns = ?, \"where\" = NULL WHERE id = ? RETURNING id"
    );
}

/// A struct and a type parameter of raw names, and a private one in a path.
mod inner {
    use super::*;

    #[derive(Debug, PartialEq, Table)]
    #[allow(non_camel_case_types)]
    pub(in crate::hygiene) struct r#match {
        #[column(key)]
        pub(in crate::hygiene) r#match: i64,
        pub(super) r#fn: Option<String>,
        private: bool,
    }

    pub(super) fn private() -> Select<r#match> {
        r#match::filter(|m| m.private.eq(true))
    }
}

#[derive(Debug, PartialEq, Row)]
struct Of<r#Type> {
    r#in: r#Type,
}

#[test]
fn raw_names_go_without_their_mark() {
    let names = inner::private().column(|m| m.r#fn);
    assert_eq!(
        names.to_string(),
        "SELECT m.fn FROM match AS m WHERE m.private = TRUE"
    );
    let query = select(|mut q| {
        let m = q.from(inner::r#match);
        q.select(OfSelection { r#in: m.r#match })
    });
    let _: &Select<Of<i64>> = &query;
    let error = decode::<Of<i64>>(br#"["x"]"#).unwrap_err();
    assert_eq!(error.column(), Some("in"));
}

/// Parameters with bounds and defaults, in either place.
#[derive(Debug, PartialEq, Row)]
struct Page<T, U = Option<i64>>
where
    T: Clone,
{
    first: (T, i64),
    second: Option<U>,
    #[row(skip)]
    seen: bool,
}

/// One that a left join may leave empty.
#[derive(Debug, PartialEq, Row)]
struct Keyed<T> {
    #[row(key)]
    id: i64,
    what: T,
    #[row(default)]
    times: T,
    #[row(skip)]
    since: T,
}

#[derive(Insertable)]
#[insertable(table = Crowded)]
struct NewCrowded<
    'a,
    S: jsonsql::schema::Value<String, NotNull> = &'static str,
    const SIZE: usize = 3,
> where
    S: Clone,
{
    id: &'a i64,
    name: S,
}

#[derive(Changeset)]
#[changeset(table = Crowded)]
struct Renamed<S>
where
    Option<S>: jsonsql::schema::ChangeFor<String, NotNull>,
{
    name: Option<S>,
}

#[derive(Debug, PartialEq, Table)]
struct Crowded {
    #[column(key)]
    id: i64,
    name: String,
}

#[test]
fn generic_structs_are_rows_selections_and_values() {
    let page = select(|mut q| {
        let c = q.from(Crowded);
        let d = q.left_join(Crowded, |d| d.id.eq(c.id));
        q.select(PageSelection {
            first: (c.name, c.id),
            second: d.id,
        })
    });
    let _: &Select<Page<String, i64>> = &page;
    assert_eq!(
        page.to_string(),
        "SELECT c.name, c.id, c2.id FROM crowded AS c LEFT JOIN crowded AS c2 ON c2.id = c.id"
    );
    let rows: Vec<Page<String, i64>> = decode(br#"[["x", 1, null]]"#).unwrap();
    assert_eq!(rows[0].first, ("x".to_owned(), 1));

    let keyed: Vec<(Option<Keyed<i64>>,)> = decode(b"[[1, 2, null], [null, null, null]]").unwrap();
    let first = keyed[0].0.as_ref().unwrap();
    assert_eq!((first.what, first.times, first.since), (2, 0, 0));
    assert_eq!(keyed[1].0, None);

    let new: NewCrowded<'_> = NewCrowded { id: &1, name: "x" };
    assert_eq!(
        format!("{:#}", insert(&new)),
        "INSERT INTO crowded (id, name) VALUES (1, 'x') RETURNING id"
    );
    let renamed = Renamed { name: Some("y") };
    assert_eq!(
        format!(
            "{:#}",
            Crowded::update(|c| c.id.eq(1)).set_changes(&renamed)
        ),
        "UPDATE crowded SET name = 'y' WHERE id = 1 RETURNING id"
    );
}

/// The derive adds a field of its own to the columns, under a name that is free.
#[derive(Debug, Table)]
#[expect(dead_code, reason = "no row of it is read")]
struct Marked {
    #[column(key)]
    id: N,
    __marker: i64,
    __marker_: i64,
    __marker__: i64,
}

/// `Option` by each of its paths.
#[derive(Debug, Table)]
#[expect(dead_code, reason = "no row of it is read")]
struct Written {
    #[column(key)]
    id: N,
    plain: Option<i64>,
    short: option::Option<i64>,
    of_std: std::option::Option<i64>,
    of_core: ::core::option::Option<i64>,
    there: i64,
}

#[test]
fn columns_are_named_and_nullable_as_they_are_written() {
    let marked = Marked::filter(|m| m.__marker.eq(m.__marker_).and(m.__marker__.gt(1)));
    assert_eq!(
        marked.column(|m| m.id).to_string(),
        "SELECT m.id FROM marked AS m WHERE m.__marker = m.__marker_ AND m.__marker__ > ?"
    );
    let nullable = |column: &ColumnInfo| column.nullable.then_some(column.name);
    let optional: Vec<_> = Written::INFO.columns.iter().filter_map(nullable).collect();
    assert_eq!(optional, ["plain", "short", "of_std", "of_core"]);
    let missing = Written::filter(|w| w.short.is_null().or(w.short.eq(w.of_std)));
    assert_eq!(
        missing.column(|w| w.there).to_string(),
        "SELECT w.there FROM written AS w WHERE w.short IS NULL OR w.short = w.of_std"
    );
}
