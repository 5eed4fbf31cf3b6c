//! The nullability of an expression, as a type.

/// An expression that is never NULL.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

/// An expression that may be NULL: a nullable column, or any column of a
/// left-joined table.
#[derive(Debug, Clone, Copy)]
pub enum Null {}

/// [`NotNull`] or [`Null`].
pub trait Nullability: sealed::Sealed + Copy + 'static {
    /// The nullability of an operator's result for this and another operand: it is
    /// NULL if either is.
    type Or<M: Nullability>: Nullability;
    /// The nullability of `coalesce` of this and a fallback: it is NULL only if both are.
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

/// A nullability that can be NULL, and so be tested with `is null`: [`Null`] only.
#[diagnostic::on_unimplemented(
    message = "a `{T}` here is never NULL: leave the test for NULL out",
    label = "never NULL",
    note = "if the column can be NULL, its field in the struct is an `Option<{T}>`"
)]
pub trait CanBeNull<T>: Nullability {}

impl<T> CanBeNull<T> for Null {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NotNull {}
    impl Sealed for super::Null {}
}
