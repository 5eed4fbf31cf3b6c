//! The text cut into words and signs, and what can be refused at sight of them.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer, Word};

use super::error::{Read, refuse};

/// The maximum number of operators that one expression may chain: a tree of
/// operators is as deep as its longest chain, and is freed by recursion.
const MAX_CHAIN: usize = 1000;

/// The maximum nesting depth of parentheses and prefixes.
pub(super) const MAX_NESTING: usize = 96;

/// The words of the clauses and operators that are read; every other word has
/// to be a name.
const GRAMMAR: &[Keyword] = &[
    Keyword::ALL,
    Keyword::AND,
    Keyword::ANY,
    Keyword::ARRAY,
    Keyword::AS,
    Keyword::ASC,
    Keyword::BETWEEN,
    Keyword::BOTH,
    Keyword::BY,
    Keyword::CROSS,
    Keyword::DEFAULT,
    Keyword::DELETE,
    Keyword::DESC,
    Keyword::DISTINCT,
    Keyword::ESCAPE,
    Keyword::EXISTS,
    Keyword::FALSE,
    Keyword::FETCH,
    Keyword::FIRST,
    Keyword::FOR,
    Keyword::FROM,
    Keyword::FULL,
    Keyword::GROUP,
    Keyword::HAVING,
    Keyword::ILIKE,
    Keyword::IN,
    Keyword::INNER,
    Keyword::INSERT,
    Keyword::INTO,
    Keyword::IS,
    Keyword::JOIN,
    Keyword::LAST,
    Keyword::LEADING,
    Keyword::LEFT,
    Keyword::LIKE,
    Keyword::LIMIT,
    Keyword::NEXT,
    Keyword::NOT,
    Keyword::NOTNULL,
    Keyword::NULL,
    Keyword::NULLS,
    Keyword::OFFSET,
    Keyword::ON,
    Keyword::ONLY,
    Keyword::OR,
    Keyword::ORDER,
    Keyword::OUTER,
    Keyword::RETURNING,
    Keyword::RIGHT,
    Keyword::ROW,
    Keyword::ROWS,
    Keyword::SELECT,
    Keyword::SET,
    Keyword::SOME,
    Keyword::TRAILING,
    Keyword::TRUE,
    Keyword::UNKNOWN,
    Keyword::UPDATE,
    Keyword::USING,
    Keyword::VALUES,
    Keyword::WHERE,
    Keyword::WITH,
    // Functions that have words between their arguments.
    Keyword::CEIL,
    Keyword::FLOOR,
    Keyword::POSITION,
    Keyword::SUBSTR,
    Keyword::SUBSTRING,
    Keyword::TRIM,
];

/// Cuts a text into tokens; what was cut before an error is left in `tokens`.
pub(super) fn cut(text: &str, tokens: &mut Vec<TokenWithSpan>) -> Read<()> {
    let cut = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location_into_buf(tokens);
    if let Err(error) = cut {
        // Its message may quote the text.
        let message = if error.message.contains("nterminated") {
            "a text or a quoted name that begins here has no end, or a wrong escape in it"
        } else if error.message.contains("comment") {
            "a comment before this has no end"
        } else {
            "this cannot be read as SQL"
        };
        return refuse(error.location, message);
    }
    if tokens.iter().any(|token| sign_of(&token.token).is_some()) {
        *tokens = std::mem::take(tokens)
            .into_iter()
            .flat_map(without_sign)
            .collect();
    }
    Ok(())
}

/// The operator before the sign that it ends in, `>=` of `a>=-1`: to
/// PostgreSQL they are two, unless a character of another kind is among them;
/// sqlparser takes them for one.
fn sign_of(token: &Token) -> Option<(Token, Token)> {
    let Token::CustomBinaryOperator(operator) = token else {
        return None;
    };
    let sign = match operator.chars().last()? {
        '-' => Token::Minus,
        '+' => Token::Plus,
        _ => return None,
    };
    let before = match &operator[..operator.len() - 1] {
        ">=" => Token::GtEq,
        "<=" => Token::LtEq,
        "<>" => Token::Neq,
        _ => return None,
    };
    Some((before, sign))
}

fn without_sign(token: TokenWithSpan) -> impl Iterator<Item = TokenWithSpan> {
    let TokenWithSpan { token, span } = token;
    let (first, second) = match sign_of(&token) {
        None => (TokenWithSpan { token, span }, None),
        Some((before, sign)) => {
            let mut middle = span.end;
            middle.column -= 1;
            let sign = TokenWithSpan::new(sign, Span::new(middle, span.end));
            let before = TokenWithSpan::new(before, Span::new(span.start, middle));
            (before, Some(sign))
        }
    };
    std::iter::once(first).chain(second)
}

/// The properties of a statement that its tokens show.
pub(super) struct Survey {
    /// The nesting depth of parentheses and prefixes.
    pub(super) nesting: usize,
}

/// Refuses words and signs that no statement can have, several statements,
/// and what nests or chains so far that reading it would be dangerous.
pub(super) fn survey(tokens: &[TokenWithSpan]) -> Read<Survey> {
    let mut significant = tokens.iter().filter(|token| !is_space(&token.token));
    let mut previous: Option<&TokenWithSpan> = None;
    let mut ended: Option<Location> = None;
    // Operators so far, at each level of parentheses.
    let mut chains = vec![0];
    let mut chained = 0;
    let mut prefixes = 0;
    let mut nesting = 0;
    let first = significant.clone().next();
    if let Some(first) = first {
        begins(first)?;
    } else {
        return refuse(Location::new(1, 1), "there is no statement here");
    }
    for current in significant.by_ref() {
        let TokenWithSpan { token, span } = current;
        let at = span.start;
        if let Some(end) = ended {
            return match token {
                Token::SemiColon => refuse(at, "one `;` at the end is enough"),
                _ => refuse(end, "one statement at a time: take them apart at this `;`"),
            };
        }
        if let Some(message) = refused(token) {
            return refuse(at, message);
        }
        if let Some(TokenWithSpan {
            token: Token::Number(..),
            span: number,
        }) = previous
            && matches!(token, Token::Word(_) | Token::Number(..))
            && number.end == at
        {
            return refuse(
                number.start,
                "a number has digits, one `.` and an exponent, and ends before the next word",
            );
        }
        match token {
            Token::SemiColon => ended = Some(at),
            Token::LParen | Token::LBracket | Token::LBrace => chains.push(0),
            Token::RParen | Token::RBracket | Token::RBrace => {
                chained -= chains.pop().unwrap_or_default();
                if chains.is_empty() {
                    return refuse(at, "there is no parenthesis that this one closes");
                }
            }
            Token::Comma => {
                if let Some(here) = chains.last_mut() {
                    chained -= std::mem::take(here);
                }
            }
            _ if is_operator(token) => {
                chained += 1;
                if let Some(here) = chains.last_mut() {
                    *here += 1;
                }
            }
            _ => {}
        }
        if chained > MAX_CHAIN {
            return refuse(
                at,
                format!("more than {MAX_CHAIN} operators in a row: write a list, `x IN (…)`"),
            );
        }
        prefixes = if is_prefix(token) { prefixes + 1 } else { 0 };
        nesting = nesting.max(chains.len() - 1 + prefixes);
        if nesting > MAX_NESTING {
            return refuse(at, format!("nested deeper than {MAX_NESTING} levels"));
        }
        previous = Some(current);
    }
    Ok(Survey { nesting })
}

/// Refuses statements of other kinds by their first word.
fn begins(first: &TokenWithSpan) -> Read<()> {
    const KNOWN: [&str; 6] = ["select", "insert", "update", "delete", "values", "with"];
    let at = first.span.start;
    let other = "a statement is a SELECT, INSERT, UPDATE or DELETE: the protocol has no other";
    let word = match &first.token {
        Token::LParen => return Ok(()),
        Token::Word(word) if word.quote_style.is_none() => word.value.to_ascii_lowercase(),
        _ => return refuse(at, other),
    };
    if KNOWN.contains(&word.as_str()) {
        return Ok(());
    }
    let meant = KNOWN
        .into_iter()
        .find(|known| strsim::damerau_levenshtein(known, &word) <= 2);
    match meant {
        Some(meant) => {
            let message = format!(
                "no statement begins so: is `{}` meant?",
                meant.to_uppercase()
            );
            refuse(at, message)
        }
        None => refuse(at, other),
    }
}

/// Says why a token cannot be in any statement, and what to write instead.
fn refused(token: &Token) -> Option<&'static str> {
    Some(match token {
        Token::DoubleEq => "write `=`: SQL compares with one sign",
        Token::Assignment => "write `=`",
        Token::Spaceship => "write `IS NOT DISTINCT FROM`",
        Token::Caret => "the protocol has no power: multiply, `a * a`",
        Token::DuckIntDiv => "write `/`, which of two integers is an integer",
        Token::DoubleColon => {
            "the protocol has no casts: a text takes the type of the column that it meets, \
             so write the literal alone"
        }
        Token::Tilde
        | Token::TildeAsterisk
        | Token::ExclamationMarkTilde
        | Token::ExclamationMarkTildeAsterisk => {
            "the protocol does not compare with regular expressions: write LIKE or ILIKE"
        }
        Token::DoubleTilde => "write LIKE",
        Token::DoubleTildeAsterisk => "write ILIKE",
        Token::ExclamationMarkDoubleTilde => "write NOT LIKE",
        Token::ExclamationMarkDoubleTildeAsterisk => "write NOT ILIKE",
        Token::CaretAt => "write LIKE with a pattern that ends in `%`",
        Token::ExclamationMark | Token::DoubleExclamationMark => "write NOT, or `<>`",
        Token::Ampersand
        | Token::Pipe
        | Token::Sharp
        | Token::ShiftLeft
        | Token::ShiftRight
        | Token::PGSquareRoot
        | Token::PGCubeRoot
        | Token::AtDashAt => {
            "the protocol has `+ - * / %` and no other operators on numbers: compute it in the program"
        }
        Token::RArrow => "the protocol has no named arguments: write them in their order",
        Token::Question | Token::AtSign => "a parameter is `$1` or `:name`",
        Token::Backslash | Token::LBrace | Token::RBrace => "this is not part of SQL",
        Token::Char('`') => "a name is in double quotes, or in none",
        Token::Char(_) => "this is not part of SQL",
        Token::NationalStringLiteral(_)
        | Token::QuoteDelimitedStringLiteral(_)
        | Token::NationalQuoteDelimitedStringLiteral(_)
        | Token::TripleSingleQuotedString(_)
        | Token::TripleDoubleQuotedString(_)
        | Token::DoubleQuotedString(_)
        | Token::SingleQuotedRawStringLiteral(_)
        | Token::DoubleQuotedRawStringLiteral(_)
        | Token::TripleSingleQuotedRawStringLiteral(_)
        | Token::TripleDoubleQuotedRawStringLiteral(_) => "write the text as `'…'`",
        Token::HexStringLiteral(_)
        | Token::SingleQuotedByteStringLiteral(_)
        | Token::DoubleQuotedByteStringLiteral(_)
        | Token::TripleSingleQuotedByteStringLiteral(_)
        | Token::TripleDoubleQuotedByteStringLiteral(_) => {
            "the protocol has no bits and no bytes: write a decimal number or a text"
        }
        Token::Arrow
        | Token::LongArrow
        | Token::HashArrow
        | Token::HashLongArrow
        | Token::HashMinus
        | Token::AtArrow
        | Token::ArrowAt
        | Token::AtQuestion
        | Token::AtAt
        | Token::QuestionAnd
        | Token::QuestionPipe
        | Token::Overlap
        | Token::QuestionMarkDash
        | Token::AmpersandLeftAngleBracket
        | Token::AmpersandRightAngleBracket
        | Token::AmpersandLeftAngleBracketVerticalBar
        | Token::VerticalBarAmpersandRightAngleBracket
        | Token::VerticalBarRightAngleBracket
        | Token::TwoWayArrow
        | Token::LeftAngleBracketCaret
        | Token::RightAngleBracketCaret
        | Token::QuestionMarkSharp
        | Token::QuestionMarkDashVerticalBar
        | Token::QuestionMarkDoubleVerticalBar
        | Token::TildeEqual
        | Token::ShiftLeftVerticalBar
        | Token::VerticalBarShiftRight
        | Token::DoubleSharp => {
            "the protocol has no operators on JSON, arrays, ranges and shapes: \
             select the column and look into it in the program"
        }
        Token::CustomBinaryOperator(_) => {
            "PostgreSQL has no such operator: put a space between an operator and a sign"
        }
        Token::EOF
        | Token::Word(_)
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::DollarQuotedString(_)
        | Token::EscapedStringLiteral(_)
        | Token::UnicodeStringLiteral(_)
        | Token::Comma
        | Token::Whitespace(_)
        | Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::Gt
        | Token::LtEq
        | Token::GtEq
        | Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::Mod
        | Token::StringConcat
        | Token::LParen
        | Token::RParen
        | Token::Period
        | Token::Colon
        | Token::SemiColon
        | Token::LBracket
        | Token::RBracket
        | Token::Placeholder(_) => return None,
    })
}

/// Returns `true` if a tree may be one level deeper because of this token.
fn is_operator(token: &Token) -> bool {
    match token {
        Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::Gt
        | Token::LtEq
        | Token::GtEq
        | Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::Mod
        | Token::StringConcat
        | Token::LBracket => true,
        // Words between operands: AND, IS, COLLATE, UNION and others.
        Token::Word(Word {
            keyword,
            quote_style: None,
            ..
        }) => *keyword != Keyword::NoKeyword,
        _ => false,
    }
}

/// Returns `true` if what follows may stand one level deeper.
fn is_prefix(token: &Token) -> bool {
    match token {
        Token::Plus | Token::Minus => true,
        // `IS NOT TRUE AND` stands between operands; `INTERVAL` and others before one.
        Token::Word(word) => {
            word.quote_style.is_none()
                && word.keyword != Keyword::NoKeyword
                && (word.keyword == Keyword::NOT || !GRAMMAR.contains(&word.keyword))
        }
        _ => false,
    }
}

fn is_space(token: &Token) -> bool {
    matches!(token, Token::Whitespace(_))
}

/// The words and signs of a text that was read, to look places up.
pub(super) struct Places(Vec<TokenWithSpan>);

impl Places {
    pub(super) fn new(tokens: Vec<TokenWithSpan>) -> Places {
        Places(tokens)
    }

    pub(super) fn into_tokens(self) -> Vec<TokenWithSpan> {
        self.0
    }

    pub(super) fn tokens(&self) -> &[TokenWithSpan] {
        &self.0
    }

    /// The first place of one of these words at or after a place, or else that place.
    pub(super) fn word(&self, from: Location, keywords: &[Keyword]) -> Location {
        let start = self.0.partition_point(|token| token.span.start < from);
        let found = self.0[start..].iter().find(|token| {
            matches!(&token.token, Token::Word(word)
                if word.quote_style.is_none() && keywords.contains(&word.keyword))
        });
        found.map_or(from, |token| token.span.start)
    }

    /// Refuses the first name or literal that is not among these places, which
    /// are in order.
    pub(super) fn all_seen(&self, seen: &[Location]) -> Read<()> {
        for TokenWithSpan { token, span } in &self.0 {
            let names = match token {
                Token::Word(word) => word.quote_style.is_some() || !GRAMMAR.contains(&word.keyword),
                Token::Number(..)
                | Token::SingleQuotedString(_)
                | Token::DollarQuotedString(_)
                | Token::EscapedStringLiteral(_)
                | Token::UnicodeStringLiteral(_)
                | Token::Placeholder(_) => true,
                _ => false,
            };
            if names && seen.binary_search(&span.start).is_err() {
                return refuse(
                    span.start,
                    "this has no meaning in PostgreSQL's SQL, or none that can be sent: leave it out",
                );
            }
        }
        Ok(())
    }

    /// Returns `true` if the word before a name is AS.
    pub(super) fn follows_as(&self, name: Span) -> bool {
        let end = self
            .0
            .partition_point(|token| token.span.start < name.start);
        let before = self.0[..end]
            .iter()
            .rev()
            .find(|token| !is_space(&token.token));
        before.is_some_and(
            |token| matches!(&token.token, Token::Word(word) if word.keyword == Keyword::AS),
        )
    }
}
