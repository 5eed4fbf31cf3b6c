//! Comparisons and messages while the program is compiled.

use super::{Table, TableOf};
use crate::ast::TableInfo;

/// Used by `sql!`: the table of a struct's constant.
#[doc(hidden)]
pub const fn info_of<T: Table>(_table: TableOf<T>) -> &'static TableInfo {
    T::INFO
}

/// Used by `sql!`: stops the compiler at a text that a server would read as a
/// column of one of these tables. What else a text could be read as is looked
/// for when the statement is sent.
#[doc(hidden)]
#[track_caller] // The compiler then shows the text, and nothing of this file.
pub const fn assert_no_column(text: &str, tables: &[&TableInfo]) {
    let mut index = 0;
    while index < tables.len() {
        let table = tables[index];
        // Most texts are told from all names by their length.
        if table.name_lengths().contain(text) && names(table, text) {
            refuse(text, table.name);
        }
        index += 1;
    }
}

/// Returns `true` if the table has a column of this name.
const fn names(table: &TableInfo, text: &str) -> bool {
    let mut column = 0;
    while column < table.columns.len() {
        if same(table.columns[column].name, text) {
            return true;
        }
        column += 1;
    }
    contains(table.reserved, text)
}

#[track_caller]
const fn refuse(text: &str, table: &str) -> ! {
    panic_with(&[
        "the text \"",
        text,
        "\" would be read as the column of that name in `",
        table,
        "`: write it in braces, and `.split_ambiguous_text()` behind the statement",
    ])
}

/// A panic message in a constant may be one string only, so it is put together
/// by hand.
#[track_caller]
pub(super) const fn panic_with(parts: &[&str]) -> ! {
    let mut message = [b' '; 256];
    let mut length = 0;
    let mut part = 0;
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut byte = 0;
        while byte < bytes.len() && length < message.len() {
            message[length] = bytes[byte];
            length += 1;
            byte += 1;
        }
        part += 1;
    }
    let (message, _) = message.split_at(length);
    match std::str::from_utf8(message) {
        Ok(message) => panic!("{}", message),
        Err(_) => panic!("a name in this statement is too long"),
    }
}

pub(super) const fn contains(names: &[&str], name: &str) -> bool {
    let mut index = 0;
    while index < names.len() {
        if same(names[index], name) {
            return true;
        }
        index += 1;
    }
    false
}

pub(super) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}
