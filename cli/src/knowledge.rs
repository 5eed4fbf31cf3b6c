//! The tables that are known without asking a server.

use jsonsql::ast::SqlKind;
use jsonsql::ast::Statement;
use jsonsql::ast::TableInfo;
use jsonsql::resolve::{Column, Finding, FindingKind, Schema, Table, validate};
use jsonsql::schema::Table as _;
use jsonsql_client::schema::{self, full};

/// The tables of IPTVPORTAL, as far as the vendor's documents and scripts show them.
pub(crate) const TABLES: &[&TableInfo] = &[
    full::Domain::INFO,
    schema::Key::INFO,
    full::Media::INFO,
    full::Package::INFO,
    schema::Playlist::INFO,
    schema::PlayerProfile::INFO,
    schema::Profile::INFO,
    schema::Service::INFO,
    schema::Subscriber::INFO,
    schema::SubscriberInetaddr::INFO,
    full::SubscriberPackage::INFO,
    schema::SystemProfile::INFO,
    full::Terminal::INFO,
    schema::TerminalPlaylog::INFO,
    schema::TvCategory::INFO,
    schema::TvChannel::INFO,
    schema::TvProgram::INFO,
    schema::TvProgramCategory::INFO,
    schema::User::INFO,
];

/// Returns the known tables. Columns that a server's table is only said to have
/// are among them, since a text that is spelt like one may be read as it.
pub(crate) fn known() -> Schema {
    Schema::new(TABLES.iter().map(|info| {
        let mut table = Table::from(*info);
        let reserved = info.reserved.iter();
        table
            .columns
            .extend(reserved.map(|name| Column::nullable(*name, SqlKind::Text)));
        table
    }))
}

/// Finds what does not fit the known tables. A table that is not among them is
/// no mistake: a server has more than is publicly known.
pub(crate) fn findings(statement: &Statement, schema: &Schema) -> Vec<Finding> {
    validate(statement, schema)
}

/// Returns `true` if a statement with this finding is not sent without being told to.
/// A server has more tables than are publicly known, a read of every row is harmless,
/// and a comparison of two types is refused by PostgreSQL itself.
pub(crate) fn is_grave(finding: &Finding) -> bool {
    !matches!(
        finding.kind,
        FindingKind::UnknownTable | FindingKind::AlwaysTrue | FindingKind::MixedTypes
    )
}
