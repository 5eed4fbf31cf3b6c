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
/// A comma goes before every member and element, so there is nothing to remember;
/// the bracket that closes an object or list turns the first one into the bracket
/// that opens it.
pub(crate) struct Writer<'a> {
    out: &'a mut Vec<u8>,
    pub(super) dialect: &'a Dialect,
}

/// The place where an object or list begins.
#[must_use = "it has to be closed"]
pub(super) struct Opened<const OPEN: u8, const CLOSE: u8>(usize);

/// Begins a member whose name is a constant without anything to escape, which
/// is appended together with its punctuation.
macro_rules! member {
    ($writer:expr, $name:literal) => {
        $writer.punctuated(concat!(",\"", $name, "\":").as_bytes())
    };
}
pub(super) use member;

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, dialect: &'a Dialect) -> Writer<'a> {
        Writer { out, dialect }
    }

    #[inline(always)]
    pub(super) fn open_object(&self) -> Opened<b'{', b'}'> {
        Opened(self.out.len())
    }

    #[inline(always)]
    pub(super) fn open_list(&self) -> Opened<b'[', b']'> {
        Opened(self.out.len())
    }

    #[inline(always)]
    pub(super) fn close<const OPEN: u8, const CLOSE: u8>(&mut self, opened: Opened<OPEN, CLOSE>) {
        match self.out.get_mut(opened.0) {
            Some(comma) => *comma = OPEN,
            None => self.out.push(OPEN),
        }
        self.out.push(CLOSE);
    }

    /// Begins a member of any name; of a constant one, [`member`] does.
    #[inline(always)]
    pub(super) fn member(&mut self, name: &str) {
        text::write_name(b',', name, self.out);
    }

    /// Appends a constant.
    #[inline(always)]
    pub(super) fn punctuated(&mut self, member: &'static [u8]) {
        self.out.extend_from_slice(member);
    }

    /// Begins an element of a list.
    #[inline(always)]
    pub(super) fn element(&mut self) {
        self.out.push(b',');
    }

    #[inline(always)]
    pub(super) fn text(&mut self, text: &str) {
        text::write(text, self.out);
    }

    /// Appends a column of an alias, an object of one member.
    #[inline(never)]
    pub(super) fn column(&mut self, table: &str, name: &str) {
        text::write_name(b'{', table, self.out);
        text::write(name, self.out);
        self.out.push(b'}');
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
        let list = self.open_list();
        for element in elements {
            self.element();
            element.write(self)?;
        }
        self.close(list);
        Ok(())
    }

    /// Appends the value of a member that says which rows are meant.
    ///
    /// NULL is none: no source says whether a server takes `"where": null` for
    /// a condition that is true of no row, or for no condition.
    #[inline]
    pub(super) fn condition(
        &mut self,
        name: &'static str,
        condition: &Expr,
    ) -> Result<(), WriteError> {
        refuse_null(condition, name)?;
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
