//! Quotes that are not where a cell begins and ends.

use std::io::{self, BufRead, Read};

use super::lines::Lines;

/// Reads lines for the reader of CSV, which takes any quote for something: of
/// `"ООО "Ромашка""` it makes another name, and of a quoted cell after a blank one with
/// the quotes in it.
#[derive(Debug)]
pub(super) struct Quotes<R> {
    lines: Lines<R>,
    separator: u8,
    at: At,
    cell: usize,
    doubt: Option<usize>,
}

/// The place within a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Begin,
    /// Behind blanks at the beginning.
    Blank,
    Plain,
    Quoted,
    /// Behind a quote that ends the cell, or is the first of two that mean one.
    Quote,
    /// Behind blanks after the end.
    End,
}

impl<R: BufRead> Quotes<R> {
    pub(super) fn new(lines: Lines<R>, separator: u8) -> Quotes<R> {
        Quotes {
            lines,
            separator,
            at: At::Begin,
            cell: 0,
            doubt: None,
        }
    }

    pub(super) fn lines(&self) -> &Lines<R> {
        &self.lines
    }

    /// Returns the first doubtful cell since the last call, by its place in its record.
    pub(super) fn take_doubt(&mut self) -> Option<usize> {
        self.doubt.take()
    }

    fn pass(&mut self, byte: u8) {
        let is_blank = byte == b' ' || byte == b'\t';
        self.at = match (self.at, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) | (At::Quote, b'"') => At::Quoted,
            (_, b'\n' | b'\r') => {
                self.cell = 0;
                At::Begin
            }
            (_, byte) if byte == self.separator => {
                self.cell += 1;
                At::Begin
            }
            (At::Begin, b'"') => At::Quoted,
            (At::Begin | At::Blank, _) if is_blank => At::Blank,
            (At::Quote | At::End, _) if is_blank => At::End,
            (At::Blank, b'"') | (At::Quote | At::End, _) => {
                self.doubt.get_or_insert(self.cell);
                At::Plain
            }
            (At::Begin | At::Blank | At::Plain, _) => At::Plain,
        };
    }
}

impl<R: BufRead> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.lines.read(buffer)?;
        buffer[..count].iter().for_each(|byte| self.pass(*byte));
        Ok(count)
    }
}
