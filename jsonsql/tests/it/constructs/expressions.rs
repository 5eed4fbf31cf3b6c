//! Operators, functions and literals.

use jsonsql::ast;
use jsonsql::prelude::*;

use crate::tables::*;

/// The ids of the channels for which this is true.
fn channels<N: jsonsql::Nullability, K: jsonsql::expr::Node>(
    condition: impl for<'q> FnOnce(TableRef<'q, Media>) -> Expr<'q, bool, N, K>,
) -> Select<i64> {
    Media::filter(condition).column(|m| m.id)
}

/// What this is of every channel.
fn of_channels<T, N: jsonsql::Nullability, K: jsonsql::expr::Node>(
    column: impl for<'q> FnOnce(TableRef<'q, Media>) -> Expr<'q, T, N, K>,
) -> Select<N::Value<T>> {
    Media::all().column(column)
}

fn disabled() -> Select<SubscriberId> {
    Subscriber::filter(|s| s.disabled.eq(true)).column(|s| s.id)
}

snapshots! {
    eq => channels(|m| m.name.eq("Первый"));
    eq_of_two_columns => channels(|m| m.name.eq(m.protocol));
    neq => channels(|m| m.protocol.neq("udp"));
    lt => channels(|m| m.port.lt(1024));
    gt => channels(|m| m.port.gt(1024));
    lte => channels(|m| m.id.lte(9_007_199_254_740_993_i64));
    gte => channels(|m| m.id.gte(-1));
    is_in => channels(|m| m.protocol.is_in(["udp", "rtp"]));
    is_in_of_one => channels(|m| m.protocol.is_in(["udp"]));
    is_in_of_none => channels(|m| m.protocol.is_in(Vec::<String>::new()));
    in_values => channels(|m| m.name.in_values(["a", "b"]));
    not_in => channels(|m| m.id.not_in([1, 2, 3]));
    not_in_of_none => channels(|m| m.id.not_in(Vec::<i64>::new()));
    in_query => Terminal::filter(|t| t.subscriber_id.in_query(disabled())).column(|t| t.id);
    not_in_query => Terminal::filter(|t| t.subscriber_id.not_in_query(disabled())).column(|t| t.id);
    is_null => channels(|m| m.path.is_null());
    is_not_null => channels(|m| m.path.is_not_null());
    is => channels(|m| m.is_tv.is(true));
    is_not => channels(|m| m.is_tv.is_not(false));
    and => channels(|m| m.is_tv.eq(true).and(m.port.gt(1)).and(m.id.gt(2)));
    or => channels(|m| m.is_tv.eq(true).or(m.port.gt(1)).or(m.id.gt(2)));
    and_within_or => channels(|m| m.is_tv.eq(true).and(m.port.gt(1)).or(m.id.gt(2)));
    or_within_and => channels(|m| m.is_tv.eq(true).and(m.port.gt(1).or(m.id.gt(2))));
    not => channels(|m| !m.is_tv.eq(true).and(m.id.gt(2)));
    all_of_several => channels(|m| all([m.port.gt(1), m.port.lt(9)]));
    all_of_none => channels(|_| all::<Expr<'_, bool>>([]));
    any_of_several => channels(|m| any([m.port.gt(1), m.port.lt(9)]));
    any_of_none => channels(|_| any::<Expr<'_, bool>>([]));
    like => channels(|m| m.name.like("Перв%"));
    ilike => channels(|m| m.name.ilike("перв_й%"));
    not_like => channels(|m| m.path.not_like("/%"));
    not_ilike => channels(|m| m.name.not_ilike("перв_й%"));
    between => channels(|m| m.port.between(1, 1023));
    not_between => channels(|m| m.name.not_between("a", "b"));
    negative => of_channels(|m| -m.port);
    negative_of_a_sum => of_channels(|m| -(m.port + 1));
    exists => select(|mut q| {
        let s = q.from(Subscriber);
        let terminals = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.order_by(t.id.asc()).offset(1);
            q.select((t.id, t.mac_addr))
        });
        q.filter(terminals.exists());
        q.select(s.id)
    });
    exists_of_an_aggregate => select(|mut q| {
        let s = q.from(Subscriber);
        let terminals = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.select(count_rows())
        });
        q.filter(!terminals.exists());
        q.select(s.id)
    });
    scalar_of_a_nullable => select(|mut q| {
        let s = q.from(Subscriber);
        let newest = q.subquery(|mut q| {
            let t = q.from(Terminal);
            q.filter(t.subscriber_id.eq(s.id));
            q.select(max(t.id))
        });
        q.select((s.id, newest.scalar()))
    });
    contains => channels(|m| m.name.contains("100%"));
    starts_with => channels(|m| m.name.starts_with("a_b"));
    ends_with => channels(|m| m.path.ends_with("\\m3u8"));
    contains_ignore_case => channels(|m| m.name.contains_ignore_case("100%"));
    starts_with_ignore_case => channels(|m| m.name.starts_with_ignore_case("a_b"));
    ends_with_ignore_case => channels(|m| m.path.ends_with_ignore_case("\\m3u8"));
    add => of_channels(|m| m.port + 1 + m.port);
    sub => of_channels(|m| m.port - 1 - m.port);
    mul => of_channels(|m| m.port * 2 * m.port);
    div => of_channels(|m| m.port / 2);
    rem => of_channels(|m| m.port % 2);
    precedence => of_channels(|m| (m.port + 1) * (m.port - (m.port - 2)));
    concat_of_columns_and_texts => of_channels(|m| concat((m.protocol, "://", m.inet_addr)));
    coalesce_with_a_fallback => of_channels(|m| coalesce(concat((":", m.port)), ""));
    function_by_name => of_channels(|m| function::<String>("lower", (m.name,)));
    function_of_nothing => of_channels(|_| function::<String>("now", Vec::<&str>::new()));
    regexp_replace_of_a_column => of_channels(|m| regexp_replace(m.name, r"\s\(.*", ""));
    raw_expression => channels(|_| raw::<bool>(ast::Expr::Op(
        ast::Op::Other("soundex".into()),
        vec![ast::Expr::column("m", "name"), ast::Expr::text("Первый")],
    )));
    aggregates => select(|mut q| {
        let m = q.from(Media);
        q.select((
            count_rows(),
            count(m.path),
            count_distinct(m.inet_addr),
            min(m.port),
            max(m.port),
            sum(m.port),
            avg(m.port),
        ))
    });
    literals => select(|q| {
        q.select((
            true,
            -1_i64,
            u64::MAX,
            2.5_f64,
            "O'Neill \"\\\n",
            literal(SubscriberId(7)),
            "00-1A-79-0C-BB-01".parse::<MacAddr>().unwrap(),
        ))
    });
    not_finite => select(|q| q.select((f64::NAN, f64::INFINITY, f64::NEG_INFINITY)));
    named => select(|mut q| {
        let m = q.from(Media);
        q.select((m.name.named("title"), (m.port + 1).named("next"), literal(1_i64).named("one")))
    });
}
