//! The types of columns.

use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal;)*) => {
        /// The PostgreSQL type of a column or an expression.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum SqlKind {
            $($(#[$doc])* $kind,)*
        }

        impl SqlKind {
            /// All types.
            pub const ALL: &'static [SqlKind] = &[$(SqlKind::$kind),*];

            /// The type's name as PostgreSQL's messages have it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(SqlKind::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// `boolean`.
    Bool = "boolean";
    /// `smallint`, 16 bits.
    SmallInt = "smallint";
    /// `integer`, 32 bits.
    Int = "integer";
    /// `bigint`, 64 bits.
    BigInt = "bigint";
    /// `numeric`: exact decimals.
    Numeric = "numeric";
    /// `double precision`.
    Float = "double precision";
    /// `text`.
    Text = "text";
    /// `date`.
    Date = "date";
    /// `time`, without a time zone.
    Time = "time without time zone";
    /// `timestamp`, without a time zone.
    Timestamp = "timestamp without time zone";
    /// `timestamptz`: a moment.
    TimestampTz = "timestamp with time zone";
    /// `interval`.
    Interval = "interval";
    /// `inet`: a network address, with a mask or without.
    Inet = "inet";
    /// `macaddr`.
    MacAddr = "macaddr";
    /// `uuid`.
    Uuid = "uuid";
}

impl fmt::Display for SqlKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
