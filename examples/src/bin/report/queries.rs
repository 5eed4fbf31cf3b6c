//! What is asked. Every figure is counted by the server, which answers with the
//! few rows that are printed.
//!
//! The vendor's document names `group_by` without showing it: `{:#}` of a query
//! says what is asked, and the first run on a real server whether it is taken.

use jsonsql::prelude::*;
use jsonsql_client::schema::{
    Package, Subscriber, SubscriberPackage, Terminal, TerminalPlaylog, TvChannel,
};
use serde::Serialize;

/// A package and how many have it.
#[derive(Debug, Default, Row, Serialize)]
pub(crate) struct PackageLine {
    package: String,
    paid: bool,
    subscribers: i64,
}

/// Packages by the number of subscribers that have them in force; those that
/// nobody has are listed too.
pub(crate) fn packages(top: u64) -> Select<PackageLine> {
    select(|mut q| {
        let p = q.from(Package);
        let sp = q.left_join(SubscriberPackage, |sp| {
            all([sp.package_id.eq(p.id), sp.enabled.eq(true)])
        });
        let subscribers = count(sp.subscriber_id);
        q.group_by((p.id, p.name, p.paid));
        q.order_by([subscribers.clone().desc(), p.name.asc()]);
        q.limit(top);
        q.select(PackageLineSelection {
            package: p.name,
            paid: p.paid,
            subscribers,
        })
    })
}

/// How many subscribers have so many boxes.
#[derive(Debug, Default, Row, Serialize)]
pub(crate) struct BoxesLine {
    boxes: i64,
    subscribers: i64,
}

/// How the boxes are distributed: none, one, two … of a subscriber.
pub(crate) fn boxes(top: u64) -> Select<BoxesLine> {
    select(|mut q| {
        let boxes = q.from_select(|mut q| {
            let s = q.from(Subscriber);
            let t = q.left_join(Terminal, |t| t.subscriber_id.eq(s.id));
            q.group_by(s.id);
            q.select(count(t.id))
        });
        q.group_by(boxes).order_by(boxes.asc()).limit(top);
        q.select(BoxesLineSelection {
            boxes,
            subscribers: count_rows(),
        })
    })
}

/// A channel, how often it was played, and on how many boxes.
#[derive(Debug, Default, Row, Serialize)]
pub(crate) struct ChannelLine {
    channel: String,
    plays: i64,
    boxes: i64,
}

/// The channels most played, by the boxes' own log.
pub(crate) fn channels(top: u64) -> Select<ChannelLine> {
    select(|mut q| {
        let tp = q.from(TerminalPlaylog);
        let tc = q.join(TvChannel, |tc| tc.id.eq(tp.channel_id));
        let plays = count_rows();
        q.group_by((tc.id, tc.name));
        q.order_by([plays.clone().desc(), tc.name.asc()]);
        q.limit(top);
        q.select(ChannelLineSelection {
            channel: tc.name,
            plays,
            boxes: count_distinct(tp.mac_addr),
        })
    })
}
