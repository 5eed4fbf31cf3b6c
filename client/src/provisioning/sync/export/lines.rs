//! A text line by line, so that it is known which line a record ends on.

use std::io::{self, BufRead, Read};

/// Gives each call at the most one line. The reader of CSV counts ends of lines
/// in a way that is one line off after `\r\n` and after empty lines.
#[derive(Debug)]
pub(super) struct Lines<R> {
    source: R,
    line: Vec<u8>,
    given: usize,
    count: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(source: R) -> Lines<R> {
        Lines {
            source,
            line: Vec::new(),
            given: 0,
            count: 0,
        }
    }

    /// Returns the number of the line that was given last, counted from 1.
    pub(super) fn count(&self) -> u64 {
        let is_only_peeked_at = self.given == 0 && !self.line.is_empty();
        self.count - u64::from(is_only_peeked_at)
    }

    /// Returns `true` if the line that was given last has no end.
    pub(super) fn is_unterminated(&self) -> bool {
        self.line.last().is_some_and(|last| *last != b'\n')
    }

    /// Returns the rest of the line that comes next, without giving it.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        if self.given == self.line.len() {
            let mut next = Vec::new();
            if self.source.read_until(b'\n', &mut next)? > 0 {
                self.line = next;
                self.given = 0;
                self.count += 1;
            }
        }
        Ok(&self.line[self.given..])
    }

    /// Passes over the line that comes next.
    pub(super) fn skip(&mut self) {
        self.given = self.line.len();
    }
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.peek()?.read(buffer)?;
        self.given += count;
        Ok(count)
    }
}
