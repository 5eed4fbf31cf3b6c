//! The types of columns.

use std::fmt;

/// The PostgreSQL type of a column or an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SqlKind {
    /// `boolean`.
    Bool,
    /// `smallint`, 16 bits.
    SmallInt,
    /// `integer`, 32 bits.
    Int,
    /// `bigint`, 64 bits.
    BigInt,
    /// `numeric`: exact decimals.
    Numeric,
    /// `double precision`.
    Float,
    /// `text`.
    Text,
    /// `date`.
    Date,
    /// `time`, without a time zone.
    Time,
    /// `timestamp`, without a time zone.
    Timestamp,
    /// `timestamptz`: a moment.
    TimestampTz,
    /// `interval`.
    Interval,
    /// `inet`: a network address, with a mask or without.
    Inet,
    /// `macaddr`.
    MacAddr,
    /// `uuid`.
    Uuid,
}

impl SqlKind {
    /// The type's name as PostgreSQL's messages have it.
    pub fn as_str(self) -> &'static str {
        match self {
            SqlKind::Bool => "boolean",
            SqlKind::SmallInt => "smallint",
            SqlKind::Int => "integer",
            SqlKind::BigInt => "bigint",
            SqlKind::Numeric => "numeric",
            SqlKind::Float => "double precision",
            SqlKind::Text => "text",
            SqlKind::Date => "date",
            SqlKind::Time => "time without time zone",
            SqlKind::Timestamp => "timestamp without time zone",
            SqlKind::TimestampTz => "timestamp with time zone",
            SqlKind::Interval => "interval",
            SqlKind::Inet => "inet",
            SqlKind::MacAddr => "macaddr",
            SqlKind::Uuid => "uuid",
        }
    }
}

impl fmt::Display for SqlKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
