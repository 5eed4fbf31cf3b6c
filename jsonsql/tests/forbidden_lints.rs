//! The derives in a program that forbids every lint: what they generate cannot
//! `allow` any, and sets none off.

#![forbid(warnings)]
#![forbid(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    single_use_lifetimes,
    trivial_casts,
    unreachable_pub,
    unsafe_code,
    unused_lifetimes,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]

use jsonsql::prelude::*;
// In scope, so that a path to them could be shorter.
use jsonsql::query::SelectionOf;
use jsonsql::row::{Decode, Row as ReadRow};

/// Tables of a library: nobody in this crate uses all of it.
pub mod tables {
    use super::{Row, SqlType, Table};

    /// The id of an account.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, SqlType)]
    pub struct AccountId(pub i64);

    /// What an account is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, SqlType)]
    #[sql(rename_all = "snake_case")]
    pub enum Kind {
        /// Pays.
        Paying,
        /// Does not pay any more.
        #[deprecated = "nobody is"]
        Free,
    }

    /// An account.
    #[derive(Debug, Table)]
    pub struct Account {
        /// Its id.
        #[column(key, generated)]
        pub id: AccountId,
        /// Its login.
        pub login: String,
        /// What it is.
        pub kind: Kind,
        /// Its telephone.
        #[deprecated = "the server forgets it"]
        pub phone: Option<String>,
        secret: Option<String>,
    }

    impl Account {
        /// Its secret.
        #[must_use]
        pub fn secret(&self) -> Option<&str> {
            self.secret.as_deref()
        }
    }

    /// Part of an account.
    #[derive(Debug, Row)]
    #[row(table = Account)]
    pub struct Brief {
        /// Its id.
        #[row(key)]
        pub id: AccountId,
        /// Its login.
        #[deprecated = "use the id"]
        pub login: String,
        /// Whether somebody has looked at it.
        #[row(skip)]
        pub seen: bool,
    }
}

/// A table that only this program knows, and of which it uses little.
#[derive(Debug, Table)]
struct Journal {
    #[column(key)]
    number: i64,
    entry: Option<String>,
}

#[derive(Debug, Insertable)]
#[insertable(table = Journal)]
struct Entry<'a> {
    number: i64,
    entry: &'a str,
}

#[derive(Debug, Default, Changeset)]
#[changeset(table = Journal)]
struct Correction {
    entry: Change<String>,
}

#[derive(Debug, Row)]
struct Counted<T> {
    what: T,
    #[row(default)]
    times: i64,
}

fn selects<R>(selection: &impl SelectionOf<'static, R>) -> usize {
    selection.count()
}

const fn reads<R: for<'de> ReadRow<'de>>() -> usize {
    R::WIDTH
}

#[test]
fn derived_code_sets_off_no_lint() {
    use tables::{Account, AccountId, Brief};

    let _ = (AccountId::EXPECTED, reads::<Account>());
    let query = Account::filter(|a| a.login.eq("x"));
    assert_eq!(
        query.to_string(),
        "SELECT a.id, a.login, a.kind, a.phone, a.secret FROM account AS a WHERE a.login = ?"
    );
    let brief = select(|mut q| {
        let a = q.from(Account);
        let brief = Brief::of(a);
        q.select(brief)
    });
    assert_eq!(brief.to_string(), "SELECT a.id, a.login FROM account AS a");
    assert_eq!(selects::<i64>(&1_i64), 1);

    let entry = Entry {
        number: 1,
        entry: "x",
    };
    assert_eq!(
        insert(&entry).to_string(),
        "INSERT INTO journal (number, entry) VALUES (?, ?) RETURNING number"
    );
    let correction = Correction {
        entry: Change::Null,
    };
    let update = Journal::update(|j| j.number.eq(entry.number)).set_changes(&correction);
    assert_eq!(
        update.to_string(),
        "UPDATE journal SET entry = NULL WHERE number = ? RETURNING number"
    );
    let counted = select(|mut q| {
        let j = q.from(Journal);
        q.group_by(j.entry);
        q.select(CountedSelection {
            what: j.entry,
            times: max(j.number),
        })
    });
    let _: &Select<Counted<Option<String>>> = &counted;
    let rows: Vec<Counted<Option<String>>> = jsonsql::row::decode(br#"[["x", null]]"#).unwrap();
    assert_eq!((rows[0].what.as_deref(), rows[0].times), (Some("x"), 0));
    let rows: Vec<Journal> = jsonsql::row::decode(b"[[1, null]]").unwrap();
    assert_eq!((rows[0].number, rows[0].entry.as_deref()), (1, None));
}

/// An alias that nothing uses, a table without an alias, and a statement
/// without clauses are no bindings that a lint would speak of.
#[test]
fn statements_in_sql_set_off_no_lint() {
    let number = 5;
    let query = sql! {
        select as Counted j.entry as what, max(j.number) as times
        from Journal as j, Journal as unused left join Journal on Journal.number = unused.number
        where j.number in (select (j.number + 1) from Journal as j)
          and exists (select 1 from Journal as J where not (J.number = {number}))
        group by j.entry order by j.entry limit 5
    };
    let _: &Select<Counted<Option<String>>> = &query;
    assert!(query.to_json().is_ok());
    assert_eq!(sql! { select 1 }.to_string(), "SELECT ?");
    let insert = sql! {
        insert into Journal (number, entry) values ({number}, null), (2, "x") returning number
    };
    assert_eq!(
        insert.to_string(),
        "INSERT INTO journal (number, entry) VALUES (?, NULL), (?, ?) RETURNING number"
    );
    let copy = sql! { insert into Journal (number, entry) select j.number, j.entry from Journal j };
    assert!(copy.to_json().is_ok());
    let update = sql! {
        update Journal as unused set entry = {"x"}
        where number = {{ let one = 1; one + 1 }} returning unused.number, entry
    };
    assert!(update.to_json().is_ok());
    let delete = sql! {
        delete from Journal as j using Journal as unused where j.number = {number}
    };
    assert!(delete.to_json().is_ok());
}
