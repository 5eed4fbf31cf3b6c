//! Statements as they were written.
//!
//! Between reading and emitting there is a tree, because names can be looked up
//! only when FROM has been read, and nested queries are emitted before the
//! clause that uses them. It is taken apart without `..`: what is read is used.

use proc_macro2::{Ident, Literal, Span, TokenStream};

pub(super) enum Statement {
    Select(Box<Select>),
    Insert(Insert),
    Update(Update),
    Delete(Delete),
}

pub(super) struct Select {
    pub(super) span: Span,
    pub(super) distinct: Option<Distinct>,
    /// The path of the struct behind `as`.
    pub(super) row: Option<Vec<proc_macro2::TokenTree>>,
    pub(super) items: Vec<Item>,
    pub(super) from: Vec<From>,
    pub(super) filter: Option<Clause<Expr>>,
    pub(super) group_by: Option<Clause<Vec<Expr>>>,
    pub(super) having: Option<Clause<Expr>>,
    pub(super) order_by: Option<Clause<Vec<Order>>>,
    pub(super) limit: Option<Clause<Expr>>,
    pub(super) offset: Option<Clause<Expr>>,
}

/// The content of a clause behind its keyword, and its place.
pub(super) struct Clause<T> {
    pub(super) span: Span,
    pub(super) value: T,
}

pub(super) struct Distinct {
    pub(super) span: Span,
    /// The expressions of `distinct on`.
    pub(super) on: Vec<Expr>,
}

pub(super) struct Item {
    pub(super) value: ItemValue,
    pub(super) name: Option<Ident>,
}

pub(super) enum ItemValue {
    Expr(Expr),
    /// `t.*`, or `*`.
    All {
        table: Option<Ident>,
        span: Span,
    },
}

pub(super) struct From {
    pub(super) source: FromSource,
    pub(super) join: Join,
}

pub(super) enum FromSource {
    Table(Table),
    Query { query: Box<Select>, alias: Ident },
}

pub(super) struct Table {
    pub(super) path: TokenStream,
    pub(super) alias: Ident,
}

pub(super) enum Join {
    /// The first one, or behind a comma or `cross join`.
    None,
    On {
        left: bool,
        span: Span,
        condition: Expr,
    },
}

pub(super) struct Order {
    pub(super) expr: Expr,
    pub(super) descending: bool,
    pub(super) span: Span,
}

pub(super) struct Insert {
    pub(super) span: Span,
    pub(super) table: Table,
    pub(super) columns: Vec<Ident>,
    pub(super) source: Source,
    pub(super) returning: Option<Returning>,
}

pub(super) enum Source {
    Values(Vec<Clause<Vec<Expr>>>),
    Select(Box<Select>),
}

pub(super) struct Returning {
    pub(super) span: Span,
    pub(super) row: Option<Vec<proc_macro2::TokenTree>>,
    pub(super) items: Vec<Item>,
}

pub(super) struct Update {
    pub(super) span: Span,
    pub(super) table: Table,
    pub(super) set: Clause<Vec<Assignment>>,
    pub(super) from: Vec<From>,
    pub(super) filter: Option<Clause<Expr>>,
    pub(super) returning: Option<Returning>,
}

pub(super) struct Assignment {
    /// The table before a dot, which has to be the one that is updated.
    pub(super) table: Option<Ident>,
    pub(super) column: Ident,
    pub(super) span: Span,
    pub(super) value: Expr,
}

pub(super) struct Delete {
    pub(super) span: Span,
    pub(super) table: Table,
    pub(super) using: Vec<From>,
    pub(super) filter: Option<Clause<Expr>>,
    pub(super) returning: Option<Returning>,
}

pub(super) enum Expr {
    Column(Column),
    /// A number or text; a number may have a sign before it.
    Literal {
        literal: Literal,
        minus: Option<Span>,
    },
    Bool {
        value: bool,
        span: Span,
    },
    Null(Span),
    /// The Rust expression of this number.
    Hole {
        index: usize,
        span: Span,
    },
    Not {
        span: Span,
        operand: Box<Expr>,
    },
    Negative {
        span: Span,
        operand: Box<Expr>,
    },
    Arithmetic {
        sign: char,
        span: Span,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Compare {
        method: &'static str,
        span: Span,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `and`, `or`: the first operand, and the others with their word.
    Chain {
        method: &'static str,
        first: Box<Expr>,
        rest: Vec<(Span, Expr)>,
    },
    Concat {
        span: Span,
        parts: Vec<Expr>,
    },
    Between {
        span: Span,
        not: bool,
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    Like {
        method: &'static str,
        span: Span,
        value: Box<Expr>,
        pattern: Box<Expr>,
    },
    IsNull {
        span: Span,
        not: bool,
        value: Box<Expr>,
    },
    IsBool {
        span: Span,
        not: bool,
        value: Box<Expr>,
        truth: bool,
    },
    Distinct {
        span: Span,
        not: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    In {
        span: Span,
        not: bool,
        value: Box<Expr>,
        among: Among,
    },
    Exists {
        span: Span,
        query: Box<Select>,
    },
    Scalar {
        span: Span,
        query: Box<Select>,
    },
    Call(Call),
}

pub(super) struct Column {
    pub(super) table: Option<Ident>,
    pub(super) name: Ident,
}

pub(super) enum Among {
    List(Vec<Expr>),
    /// The Rust list of this number.
    Hole(usize),
    Query(Box<Select>),
}

pub(super) struct Call {
    pub(super) name: Ident,
    /// The type of the answer, behind `::`.
    pub(super) answer: Option<TokenStream>,
    pub(super) args: Args,
}

pub(super) enum Args {
    Star,
    Distinct(Box<Expr>),
    List(Vec<Expr>),
}
