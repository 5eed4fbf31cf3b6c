//! Answers that are not JSON-RPC.

/// An answer that is not a JSON-RPC answer to the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// Not JSON, such as a proxy's error page, or JSON with garbage in it.
    #[error("the answer is not JSON (line {line}, column {column})")]
    NotJson {
        /// Where JSON ends, counted from 1.
        line: usize,
        /// Where in the line, in bytes.
        column: usize,
    },
    /// JSON that ends before its end.
    #[error("the answer is cut off")]
    CutOff,
    /// JSON, but `null`, a text, a list …
    #[error("the answer is {found}, where {expected} was expected")]
    Shape {
        /// What it is.
        found: &'static str,
        /// What a server should have sent.
        expected: &'static str,
    },
    /// `result` is not a list of rows, or for a login not an object with a `session_id`.
    #[error("`result` is {found}, where {expected} was expected")]
    Result {
        /// What it is.
        found: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A field of a REST interface's answer is not as documented.
    #[error("`{field}` in the answer: expected {expected}")]
    Field {
        /// Where: `data[3].start`.
        field: Box<str>,
        /// What was expected there.
        expected: Box<str>,
    },
    /// Neither `result` nor `error`.
    #[error("the answer has neither `result` nor `error`")]
    NoResult,
    /// `result` is null, and there is no `error`.
    #[error("`result` is null, and there is no `error`")]
    NullResult,
    /// `error` and `result` are both there: one of them is wrong.
    #[error("the answer has both `result` and `error`")]
    Both,
    /// A member is there twice, and only one of them can be meant.
    #[error("the answer has `{member}` more than once")]
    Repeated {
        /// Its name.
        member: &'static str,
    },
    /// The answer names no call, so that nothing shows that it is the server's.
    #[error("the answer has no `id`")]
    NoId,
    /// The answer is to another call.
    #[error("the answer's `id` is not the call's")]
    ForeignId,
    /// A batch's answer leaves this call out.
    #[error("the batch's answer has no answer to this call")]
    Unanswered,
    /// A batch's answer answers this call more than once.
    #[error("the batch's answer has more than one answer to this call")]
    AnsweredTwice,
}
