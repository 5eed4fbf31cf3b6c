//! The entities of IPTVPORTAL, as far as they are publicly known.
//!
//! Tables and columns come from the vendor's document and scripts and from
//! clients in production. Where a source only names a table, it has `id` and
//! `name`. The columns stand in the order in which a live server was seen to
//! list them, as far as one was: `tv_program` begins with a number, two times, a
//! number and a text. Decisions:
//!
//! - `media.inet_addr` is text. The vendor's script builds `udp://235.10.10.1`
//!   by concatenation, and PostgreSQL's `inet` would print `235.10.10.1/32` there.
//! - `subscriber_package.id`: the vendor's document returns it from a delete.
//!   No other source has it; without it the documented request would echo `"id"`.
//! - The uniqueness of a login is called `subscriber_domain_id_key`, the name a
//!   client in production looks for in error messages.

use jsonsql::ast::SqlKind;

use super::{Column, Filled, Table, Unique};

pub(crate) fn portal() -> Vec<Table> {
    let mut tables = vec![
        table(
            "domain",
            [
                id(),
                text("name").required(),
                boolean("allow_terminal_reg"),
                boolean("allow_terminal_unreg"),
                boolean("allow_anonymous"),
                int("max_terminal_per_subscriber"),
            ],
        ),
        subscriber(),
        table(
            "terminal",
            [
                id(),
                domain_id(),
                int("subscriber_id").to("subscriber"),
                nullable("mac_addr", SqlKind::MacAddr).looked_up(),
                nullable("inet_addr", SqlKind::Inet),
                boolean("registered"),
            ],
        ),
        table(
            "media",
            [
                id(),
                domain_id(),
                text("name").required(),
                text("protocol"),
                text("inet_addr"),
                int("port"),
                text("path"),
                boolean("is_tv"),
                boolean("paid"),
            ],
        ),
        table(
            "package",
            [
                id(),
                domain_id(),
                text("name").required(),
                boolean("paid"),
                nullable("cost", SqlKind::Numeric),
                boolean("disabled"),
            ],
        ),
        table(
            "subscriber_package",
            [
                id(),
                int("subscriber_id").required().to("subscriber"),
                int("package_id").required().to("package"),
                Column {
                    filled: Filled::Bool(true),
                    ..boolean("enabled")
                },
                nullable("expired_on", SqlKind::Timestamp),
            ],
        ),
        table(
            "subscriber_inetaddr",
            [
                id(),
                int("subscriber_id").required().to("subscriber"),
                nullable("inet_addr", SqlKind::Inet).required(),
            ],
        ),
    ];
    tables.extend(television());
    tables.extend(settings());
    tables
}

fn subscriber() -> Table {
    let mut subscriber = table(
        "subscriber",
        [
            id(),
            domain_id(),
            text("username").required().looked_up(),
            text("password"),
            boolean("disabled"),
            text("email"),
            text("phone"),
            text("address"),
            text("first_name"),
            text("middle_name"),
            text("surname"),
            int("max_terminal"),
            text("billing").looked_up(),
            text("type"),
            text("business"),
        ],
    );
    subscriber.unique.push(Unique {
        name: "subscriber_domain_id_key".into(),
        columns: vec!["domain_id".into(), "username".into()],
    });
    subscriber
}

fn television() -> [Table; 5] {
    [
        table("tv_channel", [id(), text("name").required(), text("logo")]),
        table(
            "tv_program",
            [
                id(),
                nullable("start", SqlKind::Timestamp).required(),
                nullable("stop", SqlKind::Timestamp).required(),
                int("channel_id").required().to("tv_channel"),
                text("title"),
                int("epg_provider_id"),
            ],
        ),
        table("tv_category", [id(), text("name").required(), text("logo")]),
        table(
            "tv_program_category",
            [
                int("program_id").required().to("tv_program"),
                int("category_id").required().to("tv_category"),
            ],
        ),
        table(
            "terminal_playlog",
            [
                nullable("start", SqlKind::Timestamp).required(),
                domain_id(),
                nullable("mac_addr", SqlKind::MacAddr).required(),
                int("channel_id").to("tv_channel"),
            ],
        ),
    ]
}

fn settings() -> Vec<Table> {
    let mut tables = vec![table(
        "key",
        [
            id(),
            text("name").required(),
            text("algorithm"),
            text("mode"),
            int("length"),
            nullable("update_period", SqlKind::Interval),
        ],
    )];
    // The document names these and nothing of what is in them.
    for name in [
        "service", "playlist", "profile", "pprofile", "sprofile", "user",
    ] {
        tables.push(table(name, [id(), text("name").required()]));
    }
    tables
}

fn table(name: &'static str, columns: impl IntoIterator<Item = Column>) -> Table {
    Table {
        name: name.into(),
        columns: columns.into_iter().collect(),
        unique: Vec::new(),
    }
}

fn nullable(name: &'static str, kind: SqlKind) -> Column {
    Column {
        name: name.into(),
        kind,
        nullable: true,
        filled: Filled::Not,
        references: None,
        is_looked_up: false,
    }
}

fn id() -> Column {
    Column {
        filled: Filled::Number,
        ..int("id").required()
    }
}

fn domain_id() -> Column {
    Column {
        filled: Filled::Domain,
        ..int("domain_id").required().to("domain")
    }
}

fn int(name: &'static str) -> Column {
    nullable(name, SqlKind::Int)
}

fn text(name: &'static str) -> Column {
    nullable(name, SqlKind::Text)
}

/// False unless an insert says otherwise.
fn boolean(name: &'static str) -> Column {
    Column {
        filled: Filled::Bool(false),
        ..nullable(name, SqlKind::Bool).required()
    }
}

impl Column {
    fn required(self) -> Column {
        Column {
            nullable: false,
            ..self
        }
    }

    fn looked_up(self) -> Column {
        Column {
            is_looked_up: true,
            ..self
        }
    }

    fn to(self, table: &'static str) -> Column {
        Column {
            references: Some(table.into()),
            ..self
        }
    }
}
