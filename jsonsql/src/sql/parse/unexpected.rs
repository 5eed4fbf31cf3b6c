//! The place where sqlparser stopped, in words about what was written there.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Word};

use super::error::Refusal;

/// Words that a slip of the keyboard makes names of.
const WORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "join",
    "inner",
    "left",
    "cross",
    "returning",
    "values",
    "into",
    "between",
    "exists",
    "distinct",
    "using",
];

/// Says where sqlparser stopped, and what it expected there.
pub(super) fn unexpected(message: &str, tokens: &[TokenWithSpan]) -> Refusal {
    let end = tokens
        .last()
        .map_or(Location::new(1, 1), |token| token.span.end);
    let place = message.rsplit_once(" at Line: ").and_then(|(_, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some(Location::new(line.parse().ok()?, column.parse().ok()?))
    });
    let place = place.unwrap_or(end);
    let significant: Vec<&TokenWithSpan> = tokens
        .iter()
        .filter(|token| !matches!(token.token, Token::Whitespace(_)))
        .collect();
    let here = significant.partition_point(|token| token.span.start < place);
    if let Some(refusal) = misspelt(&significant, here) {
        return refusal;
    }
    if let Some(at) = dangling_comma(&significant) {
        return Refusal::new(at, "expected another expression behind this comma");
    }
    if message.starts_with("Expected: )") && lists_begin_with_a_query(&significant) {
        let message = "a list whose first value is a sub-select cannot be read: \
                       write another value first";
        return Refusal::new(place, message);
    }
    if let Some(message) = hint(&significant, here) {
        return Refusal::new(place, message);
    }
    // What it found may be a text with a secret in it.
    let expected = message
        .strip_prefix("Expected: ")
        .and_then(|rest| rest.split_once(", found: "))
        .map(|(expected, _)| expected.trim_end());
    match expected {
        Some("end of statement") => {
            Refusal::new(place, "the statement should have ended before this")
        }
        Some(expected) => Refusal::new(place, format!("expected {expected}")),
        None => Refusal::new(place, "this cannot be read as SQL"),
    }
}

/// A word before or at the place that looks like another one.
fn misspelt(tokens: &[&TokenWithSpan], here: usize) -> Option<Refusal> {
    let last = (here + 1).min(tokens.len());
    tokens[last.saturating_sub(3)..last]
        .iter()
        .find_map(|token| {
            let word = plain_word(token)?.value.to_ascii_lowercase();
            let meant = WORDS.iter().find(|known| {
                **known != word && word.len() > 2 && strsim::damerau_levenshtein(known, &word) == 1
            })?;
            let message = format!("is `{}` meant here?", meant.to_ascii_uppercase());
            Some(Refusal::new(token.span.start, message))
        })
}

fn plain_word(token: &TokenWithSpan) -> Option<&Word> {
    match &token.token {
        Token::Word(word) if word.quote_style.is_none() => Some(word),
        _ => None,
    }
}

/// Returns what to write instead of what sqlparser cannot read.
fn hint(tokens: &[&TokenWithSpan], here: usize) -> Option<&'static str> {
    let back = |count: usize| here.checked_sub(count).and_then(|index| tokens.get(index));
    let keyword = |token: Option<&&TokenWithSpan>| {
        token
            .and_then(|token| plain_word(token))
            .map(|word| word.keyword)
    };
    let is = |token: Option<&&TokenWithSpan>, sign: &Token| {
        token.is_some_and(|token| token.token == *sign)
    };
    let now = tokens.get(here);
    let word = |token: Option<&&TokenWithSpan>| {
        token
            .and_then(|token| plain_word(token))
            .map(|word| word.value.to_ascii_lowercase())
    };
    let statement = keyword(tokens.first());
    let write = matches!(statement, Some(Keyword::UPDATE | Keyword::DELETE));
    if write && matches!(keyword(now), Some(Keyword::ORDER | Keyword::LIMIT)) {
        return Some(super::write::LIMITED);
    }
    let set = [now, back(1)].map(keyword).contains(&Some(Keyword::SET));
    if statement == Some(Keyword::INSERT) && set {
        return Some("PostgreSQL inserts with `INSERT INTO t (columns) VALUES (…)` or `SELECT …`");
    }
    if word(now).as_deref() == Some("isnull") {
        return Some("write `IS NULL`");
    }
    if matches!(word(back(1)).as_deref(), Some("symmetric" | "asymmetric")) {
        return Some("SYMMETRIC has no form in the protocol: write the smaller bound first");
    }
    if is(now, &Token::RParen)
        && is(back(1), &Token::LParen)
        && keyword(back(2)) == Some(Keyword::IN)
    {
        return Some("expected at least one value in the list");
    }
    if is(now, &Token::Comma) && keyword(back(2)) == Some(Keyword::LIMIT) {
        return Some("write `LIMIT n OFFSET m`");
    }
    let comma = |token: Option<&&TokenWithSpan>| is(token, &Token::Comma);
    if comma(now) && comma(back(1)) {
        return Some("one comma is enough");
    }
    None
}

/// The first comma behind which a clause begins or a list ends.
fn dangling_comma(tokens: &[&TokenWithSpan]) -> Option<Location> {
    tokens.windows(2).find_map(|pair| {
        let [comma, next] = pair else { return None };
        let ends = next.token == Token::RParen
            || plain_word(next).is_some_and(|word| {
                matches!(
                    word.keyword,
                    Keyword::FROM | Keyword::WHERE | Keyword::RETURNING | Keyword::GROUP
                )
            });
        (comma.token == Token::Comma && ends).then_some(comma.span.start)
    })
}

/// Returns `true` of `IN ((SELECT …`, which sqlparser takes for a query.
fn lists_begin_with_a_query(tokens: &[&TokenWithSpan]) -> bool {
    tokens.windows(4).any(|four| {
        let [first, second, third, fourth] = four else {
            return false;
        };
        let keyword = |token| plain_word(token).map(|word| word.keyword);
        keyword(first) == Some(Keyword::IN)
            && second.token == Token::LParen
            && third.token == Token::LParen
            && keyword(fourth) == Some(Keyword::SELECT)
    })
}
