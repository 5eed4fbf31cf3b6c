//! Every spelling of the dialect that is not the default.

use jsonsql::prelude::*;
use jsonsql::{
    Chain, Descending, Dialect, DistinctRows, GroupBy, Having, Joined, NotIn, NotOperand,
    TextColumns,
};

use crate::tables::*;

const GUESS: Dialect = Dialect::BEST_GUESS;

fn protocols() -> Select<(String, Option<i32>)> {
    select(|mut q| {
        let m = q.from(Media);
        q.distinct();
        q.select((m.protocol, m.port))
    })
}

fn crowded() -> Select<SubscriberId> {
    select(|mut q| {
        let t = q.from(Terminal);
        q.group_by(t.subscriber_id).having(count(t.id).gt(3));
        q.select(t.subscriber_id)
    })
}

fn newest() -> Select<(SubscriberId, String)> {
    select(|mut q| {
        let s = q.from(Subscriber);
        q.order_by([s.id.desc(), s.username.asc()]);
        q.select((s.id, s.username))
    })
}

fn others() -> Delete<Package, PackageId> {
    Package::delete(|p| p.name.not_in(["movie", "sports"]))
}

snapshots! {
    distinct_as_a_list in Dialect { distinct: DistinctRows::List, ..GUESS } => protocols();
    distinct_as_a_call in Dialect { distinct: DistinctRows::Call, ..GUESS } => protocols();
    group_by_as_a_list in Dialect { group_by: GroupBy::List, ..GUESS } => crowded();
    having_as_a_list in Dialect { having: Having::List, ..GUESS } => crowded();
    descending_as_an_operator in Dialect { descending: Descending::Operator, ..GUESS } => newest();
    descending_as_a_suffix in Dialect { descending: Descending::Suffix, ..GUESS } => newest();
    using_as_a_list in Dialect { using: Joined::List, ..GUESS } => Terminal::delete_using(|q, t| {
        let s = q.from(Subscriber);
        q.filter(t.subscriber_id.eq(s.id)).filter(s.disabled.eq(true));
    });
    update_from_as_a_list in Dialect { update_from: Joined::List, ..GUESS } => Terminal::update_from(|q, t| {
        let s = q.from(Subscriber);
        q.filter(t.subscriber_id.eq(s.id)).filter(s.disabled.eq(true));
        vec![t.registered.to(false)]
    });
    not_in_as_a_negation in Dialect { not_in: NotIn::Negated, ..GUESS } => others();
    not_in_as_a_negated_list in Dialect { not_in: NotIn::Negated, not: NotOperand::List, ..GUESS } => others();
    not_of_a_list in Dialect { not: NotOperand::List, ..GUESS } =>
        Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(!s.disabled));
    sums_in_pairs in Dialect { arithmetic: Chain::Pairs, ..GUESS } =>
        Media::all().column(|m| m.port + 1 + 2 + m.port * 3 * 4);
    texts_read_as_sql in Dialect { text_columns: TextColumns::AsSql, ..GUESS } =>
        Subscriber::filter(|s| s.username.is_in(["ID", "12345", "S"]))
            .column(|s| s.id)
            .split_ambiguous_text();
}
