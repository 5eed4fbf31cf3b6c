//! Whether an expression can be NULL, as a type.

/// An expression that is never NULL.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

/// An expression that may be NULL: a nullable column, or any column of a
/// left-joined table.
#[derive(Debug, Clone, Copy)]
pub enum Null {}

/// [`NotNull`] or [`Null`].
pub trait Nullability: sealed::Sealed + Copy + 'static {
    /// What an operator yields of this and another operand: NULL if either is.
    type Or<M: Nullability>: Nullability;
    /// What `coalesce` yields of this and a fallback: NULL only if both are.
    type And<M: Nullability>: Nullability;
    /// The Rust type of a value: `T`, or `Option<T>`.
    type Value<T>;
}

impl Nullability for NotNull {
    type Or<M: Nullability> = M;
    type And<M: Nullability> = NotNull;
    type Value<T> = T;
}

impl Nullability for Null {
    type Or<M: Nullability> = Null;
    type And<M: Nullability> = M;
    type Value<T> = Option<T>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NotNull {}
    impl Sealed for super::Null {}
}
