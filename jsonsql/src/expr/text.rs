//! Operators on texts.

use super::{Built, Expr, Node, Nullability, Operand, function};
use crate::ast::{self, Op};
use crate::types::TextType;

/// Operators on texts.
impl<'q, T: TextType, N: Nullability, K: Node> Expr<'q, T, N, K> {
    /// `self LIKE pattern`, case-sensitive: `%` is any text, `_` any one
    /// character, `\` makes the next one plain. For a text that somebody typed
    /// there are [`contains`](Self::contains) and [`starts_with`](Self::starts_with).
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.like("123%")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username LIKE '123%'"
    /// );
    /// ```
    pub fn like<R: Operand<'q, String>>(self, pattern: R) -> Expr<'q, bool, N::Or<R::Null>> {
        Expr::binary(Op::Like, self.into_built(), pattern.into_built())
    }

    /// `self ILIKE pattern`, case-insensitive.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.ilike("office-%")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username ILIKE 'office-%'"
    /// );
    /// ```
    pub fn ilike<R: Operand<'q, String>>(self, pattern: R) -> Expr<'q, bool, N::Or<R::Null>> {
        Expr::binary(Op::Ilike, self.into_built(), pattern.into_built())
    }

    /// `NOT (self LIKE pattern)`: SQL's `NOT LIKE`, for which the protocol has
    /// no operator. NULL of a NULL, as [`like`](Self::like).
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.not_like("test%")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE NOT (s.username LIKE 'test%')"
    /// );
    /// ```
    pub fn not_like<R: Operand<'q, String>>(self, pattern: R) -> Expr<'q, bool, N::Or<R::Null>> {
        !self.like(pattern)
    }

    /// `NOT (self ILIKE pattern)`: SQL's `NOT ILIKE`.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.not_ilike("test%")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE NOT (s.username ILIKE 'test%')"
    /// );
    /// ```
    pub fn not_ilike<R: Operand<'q, String>>(self, pattern: R) -> Expr<'q, bool, N::Or<R::Null>> {
        !self.ilike(pattern)
    }

    /// Returns `true` if it contains this text, as it is: `%`, `_` and `\` are
    /// escaped.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.contains("100%")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username LIKE '%100\\%%'"
    /// );
    /// ```
    pub fn contains(self, text: &str) -> Expr<'q, bool, N> {
        self.matches_escaped(Op::Like, "%", text, "%")
    }

    /// Returns `true` if it begins with this text, as it is.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.starts_with("12")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username LIKE '12%'"
    /// );
    /// ```
    pub fn starts_with(self, text: &str) -> Expr<'q, bool, N> {
        self.matches_escaped(Op::Like, "", text, "%")
    }

    /// Returns `true` if it ends with this text, as it is.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.ends_with("45")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username LIKE '%45'"
    /// );
    /// ```
    pub fn ends_with(self, text: &str) -> Expr<'q, bool, N> {
        self.matches_escaped(Op::Like, "%", text, "")
    }

    /// Returns `true` if it contains this text in any letter case: `%`, `_` and
    /// `\` are escaped.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.contains_ignore_case("office")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username ILIKE '%office%'"
    /// );
    /// ```
    pub fn contains_ignore_case(self, text: &str) -> Expr<'q, bool, N> {
        self.matches_escaped(Op::Ilike, "%", text, "%")
    }

    /// Returns `true` if it begins with this text in any letter case: what a
    /// search field usually means.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.starts_with_ignore_case("office")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username ILIKE 'office%'"
    /// );
    /// ```
    pub fn starts_with_ignore_case(self, text: &str) -> Expr<'q, bool, N> {
        self.matches_escaped(Op::Ilike, "", text, "%")
    }

    /// Returns `true` if it ends with this text in any letter case.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::filter(|s| s.username.ends_with_ignore_case("-1")).column(|s| s.id);
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.username ILIKE '%-1'"
    /// );
    /// ```
    pub fn ends_with_ignore_case(self, text: &str) -> Expr<'q, bool, N> {
        self.matches_escaped(Op::Ilike, "%", text, "")
    }

    fn matches_escaped(self, op: Op, before: &str, text: &str, after: &str) -> Expr<'q, bool, N> {
        let pattern = format!("{before}{}{after}", function::escaped(text));
        Expr::binary(op, self.into_built(), Built::leaf(ast::Expr::text(pattern)))
    }
}
