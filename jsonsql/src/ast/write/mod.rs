//! From the grammar to the bytes that are sent.

use super::{Expr, Number};
use crate::Dialect;

mod text;

/// The reason why a statement has no form on the wire: an output name on a bare
/// column or a literal, NULL for a condition, a row that is not as long as the
/// columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WriteError(Box<str>);

impl WriteError {
    #[cold]
    pub(super) fn new(problem: impl Into<Box<str>>) -> WriteError {
        WriteError(problem.into())
    }
}

/// A node of the grammar that has a form on the wire.
pub(crate) trait Write {
    /// Appends the node, in the writer's dialect. After an error the text is
    /// unfinished.
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError>;
}

impl<T: Write> Write for &T {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        T::write(self, w)
    }
}

/// JSON text that grows, byte for byte as `serde_json` would write it.
///
/// A comma goes before whatever does not follow an opening bracket, so there is
/// nothing to remember.
pub(crate) struct Writer<'a> {
    out: &'a mut Vec<u8>,
    pub(super) dialect: &'a Dialect,
}

/// Begins a member whose name is a constant without anything to escape, which
/// is appended together with its punctuation.
macro_rules! member {
    ($writer:expr, $name:literal) => {
        $writer.punctuated(concat!(",\"", $name, "\":"))
    };
}
pub(super) use member;

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, dialect: &'a Dialect) -> Writer<'a> {
        Writer { out, dialect }
    }

    #[inline(always)]
    pub(super) fn open_object(&mut self) {
        self.out.push(b'{');
    }

    #[inline(always)]
    pub(super) fn close_object(&mut self) {
        self.out.push(b'}');
    }

    #[inline(always)]
    pub(super) fn open_list(&mut self) {
        self.out.push(b'[');
    }

    #[inline(always)]
    pub(super) fn close_list(&mut self) {
        self.out.push(b']');
    }

    /// Begins a member of any name; of a constant one, [`member`] does.
    #[inline(always)]
    pub(super) fn member(&mut self, name: &str) {
        self.separate(b'{');
        text::write::<true>(name, self.out);
    }

    /// Appends a constant that begins with a comma, which a first member has not.
    #[inline(always)]
    pub(super) fn punctuated(&mut self, member: &'static str) {
        let from = usize::from(self.out.last() == Some(&b'{'));
        self.out.extend_from_slice(&member.as_bytes()[from..]);
    }

    /// Begins an element of a list.
    #[inline(always)]
    pub(super) fn element(&mut self) {
        self.separate(b'[');
    }

    #[inline(always)]
    fn separate(&mut self, opened: u8) {
        if self.out.last() != Some(&opened) {
            self.out.push(b',');
        }
    }

    #[inline(always)]
    pub(super) fn text(&mut self, text: &str) {
        text::write::<false>(text, self.out);
    }

    /// Appends a column of an alias.
    #[inline]
    pub(super) fn column(&mut self, table: &str, name: &str) {
        text::write_column(table, name, self.out);
    }

    pub(super) fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    pub(super) fn bool(&mut self, value: bool) {
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(word);
    }

    pub(super) fn number(&mut self, number: &Number) {
        number.write_to(self.out);
    }

    /// Appends the elements of a list.
    #[inline]
    pub(super) fn list<'n, T: Write + 'n>(
        &mut self,
        elements: impl IntoIterator<Item = &'n T>,
    ) -> Result<(), WriteError> {
        self.open_list();
        let mut elements = elements.into_iter();
        if let Some(first) = elements.next() {
            first.write(self)?;
        }
        for element in elements {
            self.out.push(b',');
            element.write(self)?;
        }
        self.close_list();
        Ok(())
    }

    /// Appends a member that says which rows are meant.
    ///
    /// NULL is none: no source says whether a server takes `"where": null` for
    /// a condition that is true of no row, or for no condition.
    // In line, so that the name is a constant for its writer.
    #[inline(always)]
    pub(super) fn condition(
        &mut self,
        name: &'static str,
        condition: &Expr,
    ) -> Result<(), WriteError> {
        refuse_null(condition, name)?;
        self.member(name);
        condition.write(self)
    }
}

/// Refuses NULL where it stands alone in a clause.
#[inline]
pub(super) fn refuse_null(expr: &Expr, name: &'static str) -> Result<(), WriteError> {
    if matches!(expr, Expr::Null) {
        return Err(WriteError::new(format!(
            "`{name}` is NULL, which a server may take for no `{name}`"
        )));
    }
    Ok(())
}
