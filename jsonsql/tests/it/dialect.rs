//! One setting of the dialect changed, and what it changes.

use jsonsql::ast::{Method, Statement as Ast};
use jsonsql::prelude::*;
use jsonsql::{
    Chain, Descending, Dialect, DistinctRows, GroupBy, Having, Joined, NotIn, NotOperand,
};

use crate::tables::*;

const GUESS: Dialect = Dialect::BEST_GUESS;

/// The statement in this dialect, without what stands before and after; and
/// every spelling is read as the same.
#[track_caller]
fn written<S: Statement>(statement: &S, dialect: Dialect, before: &str, after: &str) -> String {
    let read = |dialect: &Dialect| {
        let json = serde_json::to_string(&statement.params(dialect).unwrap()).unwrap();
        let read = Ast::from_json(statement.method(), json.as_bytes()).unwrap();
        (json, read)
    };
    let (json, parsed) = read(&dialect);
    assert_eq!(parsed, read(&GUESS).1);
    let middle = json
        .strip_prefix(before)
        .and_then(|json| json.strip_suffix(after));
    middle.unwrap_or_else(|| panic!("{json}")).to_owned()
}

#[test]
fn distinct_rows() {
    let names = select(|mut q| {
        let m = q.from(Media);
        q.distinct();
        q.select((m.name, m.port.named("port")))
    });
    let rest = r#","from":{"table":"media","as":"m"}}"#;
    let form = |distinct| written(&names, Dialect { distinct, ..GUESS }, "{", rest);
    assert_eq!(
        form(DistinctRows::Flag),
        r#""distinct":true,"data":[{"m":"name"},{"m":"port","as":"port"}]"#
    );
    assert_eq!(
        form(DistinctRows::List),
        r#""distinct":[{"m":"name"},{"m":"port"}],"data":[{"m":"name"},{"m":"port","as":"port"}]"#
    );
    assert_eq!(
        form(DistinctRows::Call),
        r#""data":[{"function":"distinct","args":{"m":"name"}},{"m":"port","as":"port"}]"#
    );
}

/// What cannot be listed or called is flagged.
#[test]
fn distinct_of_everything_is_a_flag() {
    let all = Ast::from_json(
        Method::Select,
        br#"{"distinct":true,"data":["*"],"from":"media"}"#,
    )
    .unwrap();
    for distinct in [DistinctRows::List, DistinctRows::Call] {
        let dialect = Dialect { distinct, ..GUESS };
        assert_eq!(
            serde_json::to_string(&all.in_dialect(&dialect)).unwrap(),
            r#"{"distinct":true,"data":["*"],"from":"media"}"#
        );
    }
}

/// A list with `*` in it is one of columns that nobody counted.
#[test]
fn distinct_of_everything_and_more_is_a_flag() {
    let params = r#"{"distinct":true,"data":["id","*"],"from":"media"}"#;
    let all = Ast::from_json(Method::Select, params.as_bytes()).unwrap();
    for distinct in [DistinctRows::List, DistinctRows::Call] {
        let dialect = Dialect { distinct, ..GUESS };
        let written = serde_json::to_string(&all.in_dialect(&dialect)).unwrap();
        assert_eq!(written, params);
    }
}

/// Only a call of one value makes rows distinct, and only if what it is called
/// of could carry its output name.
#[test]
fn calls_that_make_no_rows_distinct_stay() {
    for call in [
        r#"{"function":"distinct","args":["*"]}"#,
        r#"{"function":"distinct","args":["name","port"]}"#,
        r#"{"function":"distinct","args":"name","as":"n"}"#,
        r#"{"function":"lower","args":"name"}"#,
        r#"{"function":"lower","args":{"m":"name"},"as":"n"}"#,
    ] {
        let params = format!(r#"{{"data":[{call}],"from":{{"table":"media","as":"m"}}}}"#);
        let read = Ast::from_json(Method::Select, params.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), params);
    }
    let called = r#"{"data":[{"function":"distinct","args":{"m":"name"},"as":"n"}],"from":"m"}"#;
    let flagged = r#"{"distinct":true,"data":[{"m":"name","as":"n"}],"from":"m"}"#;
    let read = |params: &str| Ast::from_json(Method::Select, params.as_bytes()).unwrap();
    assert_eq!(read(called), read(flagged));
}

#[test]
fn groups() {
    let crowded = select(|mut q| {
        let t = q.from(Terminal);
        q.group_by(t.subscriber_id).having(count(t.id).gt(3));
        q.select(t.subscriber_id)
    });
    let before = r#"{"data":[{"t":"subscriber_id"}],"from":{"table":"terminal","as":"t"},"#;
    let count = r#"{"gt":[{"function":"count","args":{"t":"id"}},3]}"#;
    let group_by = |group_by| {
        let after = format!(r#","having":{count}}}"#);
        written(&crowded, Dialect { group_by, ..GUESS }, before, &after)
    };
    assert_eq!(
        group_by(GroupBy::Alone),
        r#""group_by":{"t":"subscriber_id"}"#
    );
    assert_eq!(
        group_by(GroupBy::List),
        r#""group_by":[{"t":"subscriber_id"}]"#
    );
    let having = |having| {
        let before = format!(r#"{before}"group_by":{{"t":"subscriber_id"}},"#);
        written(&crowded, Dialect { having, ..GUESS }, &before, "}")
    };
    assert_eq!(having(Having::Condition), format!(r#""having":{count}"#));
    assert_eq!(having(Having::List), format!(r#""having":[{count}]"#));
}

#[test]
fn descending_order() {
    let last = select(|mut q| {
        let s = q.from(Subscriber);
        q.order_by(s.id.desc());
        q.select(s.id)
    });
    let before = r#"{"data":[{"s":"id"}],"from":{"table":"subscriber","as":"s"},"order_by":"#;
    let form = |descending| {
        written(
            &last,
            Dialect {
                descending,
                ..GUESS
            },
            before,
            "}",
        )
    };
    assert_eq!(form(Descending::Pair), r#"[{"s":"id"},"DESC"]"#);
    assert_eq!(form(Descending::Operator), r#"{"desc":{"s":"id"}}"#);
    assert_eq!(form(Descending::Suffix), r#"[{"s":"id"},"DESC"]"#);
    let short = last.unqualified();
    let dialect = Dialect {
        descending: Descending::Suffix,
        ..GUESS
    };
    assert_eq!(
        serde_json::to_string(&short.in_dialect(&dialect)).unwrap(),
        r#"{"data":["id"],"from":"subscriber","order_by":"id DESC"}"#
    );
    // A blank in a name could be taken for the one before the direction.
    let blank = r#"{"data":["id"],"from":"subscriber","order_by":["id ","DESC"]}"#;
    let statement = Ast::from_json(Method::Select, blank.as_bytes()).unwrap();
    let suffixed = serde_json::to_string(&statement.in_dialect(&dialect)).unwrap();
    let read = Ast::from_json(Method::Select, suffixed.as_bytes()).unwrap();
    assert_eq!(read, statement);
}

#[test]
fn tables_that_a_write_joins() {
    let delete = Terminal::delete_using(|q, t| {
        let s = q.from(Subscriber);
        q.filter(t.subscriber_id.eq(s.id))
            .filter(s.disabled.eq(true));
    });
    let after = r#","where":{"and":[{"eq":[{"terminal":"subscriber_id"},{"s":"id"}]},{"eq":[{"s":"disabled"},true]}]},"returning":{"terminal":"id"}}"#;
    let form = |using| {
        let before = r#"{"from":"terminal","using":"#;
        written(&delete, Dialect { using, ..GUESS }, before, after)
    };
    assert_eq!(form(Joined::LikeFrom), r#"{"table":"subscriber","as":"s"}"#);
    assert_eq!(form(Joined::List), r#"[{"table":"subscriber","as":"s"}]"#);

    let update = Terminal::update_from(|q, t| {
        let s = q.from(Subscriber);
        q.filter(t.subscriber_id.eq(s.id))
            .filter(s.disabled.eq(true));
        vec![t.registered.to(false)]
    });
    let form = |update_from| {
        let before = r#"{"table":"terminal","set":{"registered":false},"from":"#;
        written(
            &update,
            Dialect {
                update_from,
                ..GUESS
            },
            before,
            after,
        )
    };
    assert_eq!(form(Joined::LikeFrom), r#"{"table":"subscriber","as":"s"}"#);
    assert_eq!(form(Joined::List), r#"[{"table":"subscriber","as":"s"}]"#);
}

#[test]
fn not_in() {
    let others = Package::delete(|p| p.name.not_in(["movie", "sports"]));
    let form = |not_in| {
        let before = r#"{"from":"package","where":"#;
        written(
            &others,
            Dialect { not_in, ..GUESS },
            before,
            r#","returning":"id"}"#,
        )
    };
    assert_eq!(
        form(NotIn::Operator),
        r#"{"not_in":["name","movie","sports"]}"#
    );
    assert_eq!(
        form(NotIn::Negated),
        r#"{"not":{"in":["name","movie","sports"]}}"#
    );
}

/// `{"not": op}` of the scripts, `{"not": [op]}` of the document.
#[test]
fn the_operand_of_not() {
    let free = Package::delete(|p| !p.paid.eq(true));
    let others = Package::delete(|p| p.name.not_in(["movie", "sports"]));
    let form = |statement, not, not_in| {
        let dialect = Dialect {
            not,
            not_in,
            ..GUESS
        };
        let before = r#"{"from":"package","where":"#;
        written(statement, dialect, before, r#","returning":"id"}"#)
    };
    assert_eq!(
        form(&free, NotOperand::Bare, NotIn::Operator),
        r#"{"not":{"eq":["paid",true]}}"#
    );
    assert_eq!(
        form(&free, NotOperand::List, NotIn::Operator),
        r#"{"not":[{"eq":["paid",true]}]}"#
    );
    assert_eq!(
        form(&others, NotOperand::List, NotIn::Negated),
        r#"{"not":[{"in":["name","movie","sports"]}]}"#
    );
}

#[test]
fn sums_and_products() {
    let ports = Media::delete(|m| (m.port + 1 + 2 + 3).eq(m.port * 4 * 5));
    let form = |arithmetic| {
        let before = r#"{"from":"media","where":{"eq":"#;
        let dialect = Dialect {
            arithmetic,
            ..GUESS
        };
        written(&ports, dialect, before, r#"},"returning":"id"}"#)
    };
    assert_eq!(
        form(Chain::Flat),
        r#"[{"add":["port",1,2,3]},{"mul":["port",4,5]}]"#
    );
    assert_eq!(
        form(Chain::Pairs),
        r#"[{"add":[{"add":[{"add":["port",1]},2]},3]},{"mul":[{"mul":["port",4]},5]}]"#
    );
}
