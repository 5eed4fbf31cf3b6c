//! The text of a server, made fit to be shown.
//!
//! Servers repeat what they were sent: PostgreSQL quotes the text it could not
//! read and the row it could not insert, a login page the name it did not know.
//!
//! - A text of eight characters or more that was sent appears as `?`, in whatever
//!   letter case, escaped for JSON, addresses, forms or HTML, in base64 or in
//!   hexadecimal digits; encoded twice it is not found.
//! - A shorter one is not searched for by itself: to replace the word `user` in
//!   `wrong user or password` would tell that it is the password. Only a value of
//!   a row that stands between quotation marks appears as `?`.
//! - A message that quotes the request is withheld as a whole. It does so if it
//!   has two different texts that were sent, or [`LONG_RUN`] bytes in a row of a
//!   longer one.
//! - Rows that PostgreSQL quotes appear as `(?)`, sent or not.
//! - What does not show is escaped: see [`Printable`].
//!
//! The work is linear in the message, of which only the beginning is kept, and in
//! the texts, of which only those that can be in it are searched for.

mod printable;
mod short;
mod view;

use std::collections::HashSet;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use jsonsql::ast::StatementRef;
use jsonsql::resolve::{Schema, resolve};
use jsonsql::sql::{Flavor, Sql};

pub use self::printable::Printable;
use self::short::short_ones;
use self::view::{View, small, views};

/// The number of bytes of a message that are kept. PostgreSQL's errors are shorter.
const LONGEST: usize = 1000;

/// The number of bytes looked at beyond, so that a secret that goes past the end is known
/// by its beginning: a long run, in the longest of the escapes.
const MARGIN: usize = LONG_RUN * 6 * 2;

/// The shortest text that is searched for.
pub(crate) const SHORTEST: usize = 8;

/// The number of consecutive bytes of a text that are a quotation of it.
const LONG_RUN: usize = 32;

/// More than this many places to hide leave nothing to read.
const MOST_PLACES: usize = 10_000;

const WITHHELD: &str = "(withheld: the message quotes the request)";

/// Texts that must not be shown.
pub(crate) struct Secrets<'a> {
    /// Passwords and session ids.
    pub(crate) keys: &'a [&'a str],
    /// Texts of a request that is no statement.
    pub(crate) values: &'a [&'a str],
    /// Statements, whose texts are not shown.
    pub(crate) statements: &'a [StatementRef<'a>],
}

impl Secrets<'_> {
    /// The message without them, fit for a terminal.
    pub(crate) fn hide(&self, message: &str) -> String {
        let beginning = cut(message, LONGEST + MARGIN);
        let is_cut = beginning.len() < message.len();
        let beginning = without_values(beginning);
        // Of what goes beyond the margin, only the beginning was looked at.
        let margin = if is_cut { MARGIN } else { 0 };
        let kept = beginning.len().saturating_sub(margin).min(LONGEST);
        let owned = |texts: &[&str]| -> Vec<String> {
            let texts = texts.iter();
            texts.map(|text| small((*text).to_owned())).collect()
        };
        let statements = self.statements.iter().copied().flat_map(texts);
        let mut texts = owned(self.values);
        texts.extend(statements.map(small));
        let rows = texts.len();
        texts.extend(owned(self.keys));
        match hidden(&beginning, kept, &texts, rows) {
            Some(shown) if kept < beginning.len() => format!("{}…", Printable(shown)),
            Some(shown) => Printable(shown).to_string(),
            None => WITHHELD.to_owned(),
        }
    }
}

/// The beginning of a text of a stranger, fit for a terminal.
pub(crate) fn excerpt(text: &str, longest: usize) -> String {
    let kept = cut(text, longest);
    let more = if kept.len() < text.len() { "…" } else { "" };
    format!("{}{more}", Printable(kept))
}

/// As many bytes as whole characters take.
fn cut(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The texts of a statement. Those of one that was parsed, not
/// built, cannot be told from columns: to a schema without any they are all texts.
fn texts(statement: StatementRef<'_>) -> Vec<String> {
    let sql = Sql::new(statement, Flavor::Postgres).or_else(|_| {
        let mut decided = statement.to_statement();
        // What is missed of a schema without tables is every table.
        let _ = resolve(&mut decided, &Schema::new([]));
        Sql::new(&decided, Flavor::Postgres)
    });
    sql.map_or_else(|_| Vec::new(), |sql| sql.parameters)
}

/// The first bytes of a message with `?` for every text, or nothing if it quotes
/// them. The first of the texts are values of rows, as many as `rows` says.
fn hidden(message: &str, kept: usize, texts: &[String], rows: usize) -> Option<String> {
    let views = views(message);
    let mut places = places(&views, texts)?;
    let short = short_ones(&views[0], texts, &texts[..rows]);
    if short.different + places.different > 1 {
        return None;
    }
    places.covered.extend(short.covered);
    join(&mut places.covered);
    if has_long_run(&views[0], &places.covered, texts) {
        return None;
    }
    let kept = cut(message, kept).len();
    let mut shown = String::with_capacity(kept);
    let mut end = 0;
    for place in places.covered.iter().filter(|place| place.start < kept) {
        shown.push_str(&message[end..place.start]);
        shown.push('?');
        end = place.end;
    }
    shown.push_str(message.get(end..kept).unwrap_or_default());
    Some(shown)
}

/// The places of texts in the message.
struct Places {
    /// In order, apart from each other.
    covered: Vec<Range<usize>>,
    /// The number of different texts they are of.
    different: usize,
}

fn places(views: &[View], texts: &[String]) -> Option<Places> {
    // A text that is in a view begins and ends with eight bytes of it.
    let windows: HashSet<&[u8]> = views
        .iter()
        .flat_map(|view| view.text.windows(SHORTEST))
        .collect();
    let candidates: HashSet<&str> = texts
        .iter()
        .filter(|text| {
            let bytes = text.as_bytes();
            bytes.len() >= SHORTEST
                && windows.contains(&bytes[..SHORTEST])
                && windows.contains(&bytes[bytes.len() - SHORTEST..])
                && text.chars().count() >= SHORTEST
        })
        .map(String::as_str)
        .collect();
    let mut covered = Vec::new();
    let mut different = HashSet::new();
    if !candidates.is_empty() {
        // It is refused for more texts than a request can have.
        let automaton = AhoCorasick::new(&candidates).ok()?;
        for view in views {
            for found in automaton.find_overlapping_iter(&view.text) {
                covered.push(view.origin(found.range()));
                different.insert(found.pattern());
                if covered.len() > MOST_PLACES {
                    return None;
                }
            }
        }
    }
    join(&mut covered);
    Some(Places {
        covered,
        different: different.len(),
    })
}

/// Puts places in order, and those that touch together.
fn join(places: &mut Vec<Range<usize>>) {
    places.sort_unstable_by_key(|place| (place.start, place.end));
    places.dedup_by(|next, place| {
        let touches = next.start <= place.end;
        if touches {
            place.end = place.end.max(next.end);
        }
        touches
    });
}

/// Returns `true` if the message, beside what is covered, has many bytes in a row
/// of one of the texts.
///
/// The message is cut into pieces of which every long run has a whole one, and
/// the pieces are searched for in the texts.
fn has_long_run(plain: &View, covered: &[Range<usize>], texts: &[String]) -> bool {
    const PIECE: usize = LONG_RUN / 2;
    let is_covered = |at: usize| {
        let origin = plain.origin(at..at + PIECE);
        let next = covered.partition_point(|place| place.end <= origin.start);
        covered
            .get(next)
            .is_some_and(|place| place.start < origin.end)
    };
    let pieces: Vec<usize> = (0..plain.text.len())
        .step_by(PIECE)
        .filter(|at| at + PIECE <= plain.text.len() && !is_covered(*at))
        .collect();
    if pieces.is_empty() {
        return false;
    }
    let Ok(automaton) = AhoCorasick::new(pieces.iter().map(|at| &plain.text[*at..at + PIECE]))
    else {
        return true;
    };
    let long = texts.iter().filter(|text| text.len() >= LONG_RUN);
    for text in long.map(String::as_bytes) {
        for found in automaton.find_overlapping_iter(text) {
            let at = pieces[found.pattern().as_usize()];
            let same = |(one, other): &(&u8, &u8)| one == other;
            let before = (plain.text[..at].iter().rev())
                .zip(text[..found.start()].iter().rev())
                .take(LONG_RUN)
                .take_while(same);
            let after = (plain.text[at..].iter())
                .zip(&text[found.start()..])
                .take(LONG_RUN)
                .take_while(same);
            if before.count() + after.count() >= LONG_RUN {
                return true;
            }
        }
    }
    false
}

/// Takes out the rows PostgreSQL quotes: `Key (a, b)=(1, x) already exists`,
/// `Failing row contains (1, x)`.
fn without_values(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    for line in message.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        let opening = [")=(", "contains ("]
            .iter()
            .filter_map(|opening| Some(text.find(opening)? + opening.len()))
            .min();
        // To the line's last parenthesis, for a value may have one in it.
        match opening {
            Some(start) => {
                let end = text[start..]
                    .rfind(')')
                    .map_or(text.len(), |end| start + end);
                shown.push_str(&text[..start]);
                shown.push('?');
                shown.push_str(&line[end..]);
            }
            None => shown.push_str(line),
        }
    }
    shown
}

#[cfg(test)]
mod tests;
