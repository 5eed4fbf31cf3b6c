//! Column types with arithmetic.

use super::SqlType;

/// A column type with arithmetic.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number: there is no arithmetic on it",
    label = "not a number"
)]
pub trait Numeric: SqlType {
    /// The type of a sum of such values: PostgreSQL widens integers.
    type Sum: SqlType;
    /// The type that the mean of such values is read as.
    type Mean: SqlType;
}

macro_rules! numeric {
    ($($type:ty => $sum:ty;)*) => {$(
        impl Numeric for $type {
            type Sum = $sum;
            type Mean = f64;
        }
    )*};
}

numeric! {
    i16 => i64;
    i32 => i64;
    i64 => i64;
    u16 => u64;
    u32 => u64;
    u64 => u64;
    f64 => f64;
}
