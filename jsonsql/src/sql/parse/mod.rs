//! SQL text to the grammar: [`parse`], and [`Prepared`] for text with parameters.
//!
//! The text is cut into words and looked over ([`tokens`]), read by sqlparser,
//! and translated ([`reader`] and the files of the clauses). sqlparser's structures
//! are taken apart field by field, and in the end every name and literal of the
//! text has to have been used: what is not known is refused, never dropped.

use std::thread;

use sqlparser::ast as sp;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, TokenWithSpan};

use crate::ast::Statement;

mod alias;
mod condition;
mod error;
mod expr;
mod from;
mod function;
mod literal;
mod place;
mod prepared;
mod query;
mod reader;
mod refused;
mod select;
mod tokens;
mod unexpected;
mod with;
mod write;

pub use error::ParseError;
pub use prepared::{Argument, BindError, Parameter, Prepared};

use error::{Read, Refusal, refuse};
use prepared::Arguments;
use reader::Reader;
use tokens::{MAX_NESTING, Places, Survey};

/// The longest text that is read, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// The stack that one level of nesting takes, in the most wasteful build.
const STACK_PER_LEVEL: usize = 512 << 10;

/// Statements that nest at most so deep are read on the caller's stack. Without
/// optimisation sqlparser needs up to 200 KiB for a level, and then none are.
const SHALLOW: Option<usize> = if cfg!(debug_assertions) {
    None
} else {
    Some(3)
};

/// Reads a statement from SQL text, PostgreSQL's dialect.
///
/// The text has no parameters; one with parameters is read by [`Prepared`].
/// Nothing is known of the tables: names are checked by
/// [`resolve`](crate::resolve::resolve) and [`validate`](crate::resolve::validate).
///
/// The language is PostgreSQL's, as far as the protocol can say it. Each
/// construct is sent as it is, or rewritten to one that is equal, or refused
/// with its place and what to write instead. Nothing is left out.
///
/// ```
/// use jsonsql::sql::parse;
///
/// let statement = parse("SELECT s.id FROM subscriber s WHERE s.max_terminal BETWEEN 2 AND 5")?;
/// assert_eq!(
///     serde_json::to_string(&statement)?,
///     r#"{"data":[{"s":"id"}],"from":{"table":"subscriber","as":"s"},"where":{"and":[{"gte":[{"s":"max_terminal"},2]},{"lte":[{"s":"max_terminal"},5]}]}}"#
/// );
///
/// let refused = parse("SELECT id FROM media\nWHERE port::text = '80'").unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "the protocol has no casts: a text takes the type of the column that it meets, so write \
///      the literal alone, at line 2, column 11\n  | WHERE port::text = ****\n  |           ^"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is told apart
///
/// A literal in single quotes is a text and a name is a column, also where a
/// server is sent a JSON string for either. A text that is also a name in the
/// same statement is refused, because a server takes it for the column
/// (as in a typed statement; see
/// [`validate`](crate::resolve::validate) for texts that are columns by the schema).
/// Names without quotes are folded to lower case, as PostgreSQL does.
///
/// # What is rewritten
///
/// | SQL | sent as |
/// |---|---|
/// | `a != b`, `a NOTNULL`, `a IS UNKNOWN` | `a <> b`, `a IS NOT NULL`, `a IS NULL` |
/// | `a BETWEEN x AND y`, `NOT BETWEEN` | `a >= x AND a <= y`, `a < x OR a > y`; of a function refused, since it would be called twice |
/// | `a NOT LIKE b`, `a LIKE b ESCAPE 'c'` | `NOT (a LIKE b)`, the pattern with `\` |
/// | `a IS NOT DISTINCT FROM b` | `(a = b) IS TRUE OR a IS NULL AND b IS NULL` |
/// | `EXISTS (SELECT …)` | `1 IN (SELECT 1 …)` |
/// | `a = ANY (ARRAY[…])`, `a <> ALL (…)` | `a IN (…)`, `a NOT IN (…)` |
/// | `-a`, `+a` | `0 - a`, `a` |
/// | `TRIM(BOTH x FROM a)`, `POSITION(x IN a)`, `SUBSTRING(a FROM x FOR y)`, `CURRENT_TIMESTAMP` | `btrim(a, x)`, `strpos(a, x)`, `substring(a, x, y)`, `now()` |
/// | `ORDER BY 1`, `ORDER BY output_name`, `GROUP BY 1` | the expression that is selected |
/// | `t.*` of the only table | `*` |
/// | `a AS n` of a column without table, `1 AS n` | `t.a AS n`, `COALESCE(1) AS n` |
/// | `UPDATE t AS x … x.a`, `DELETE FROM t AS x` | `a`, or `t.a` where tables are joined or in a sub-select |
/// | `FETCH FIRST n ROWS ONLY`, `LIMIT ALL` | `LIMIT n`, no limit |
/// | `NULLS LAST` of ascending, `NULLS FIRST` of descending order | left out: PostgreSQL's default |
/// | `DEFAULT` of a column in all rows of an insert | the column is left out |
/// | `WITH q AS (…)`, used once in FROM | a sub-select in FROM |
///
/// Refused are casts, CASE, UNION, window functions, `ON CONFLICT`, USING,
/// LATERAL, and everything else that the protocol has no form for.
///
/// # Errors
///
/// When the text is not one statement of SQL, says what the protocol has no
/// form for, is longer than [`MAX_TEXT`], or nests deeper than
/// [`MAX_DEPTH`](crate::ast::MAX_DEPTH) levels of JSON.
pub fn parse(text: &str) -> Result<Statement, ParseError> {
    let (tokens, nesting) = cut(text)?;
    let (read, tokens) = on_stack_for(nesting, move || {
        let (parsed, tokens) = sqlparser_reads(tokens, nesting);
        let places = Places::new(tokens);
        let read = parsed
            .and_then(|statement| Reader::new(&places, &Arguments::None).statement(&statement));
        (read, places.into_tokens())
    })
    .unwrap_or_else(|refusal| (Err(refusal), Vec::new()));
    match read {
        Ok((statement, _)) => Ok(statement),
        Err(refusal) => Err(refusal.into_error(text, &tokens)),
    }
}

/// Cuts a text into words and signs, and says how deep they nest.
fn cut(text: &str) -> Result<(Vec<TokenWithSpan>, usize), ParseError> {
    let mut tokens = Vec::new();
    if text.len() > MAX_TEXT {
        let message = format!("a statement is at most {MAX_TEXT} bytes long");
        return Err(Refusal::new(Location::new(1, 1), message).into_error("", &tokens));
    }
    match tokens::cut(text, &mut tokens).and_then(|()| tokens::survey(&tokens)) {
        Ok(Survey { nesting }) => Ok((tokens, nesting)),
        Err(refusal) => Err(refusal.into_error(text, &tokens)),
    }
}

/// A statement as sqlparser has it, and the words it was read from.
pub(super) struct Source {
    /// There until it is dropped.
    statement: Option<sp::Statement>,
    places: Places,
    nesting: usize,
}

impl Source {
    fn read(text: &str) -> Result<Source, ParseError> {
        let (tokens, nesting) = cut(text)?;
        let (parsed, tokens) = on_stack_for(nesting, move || sqlparser_reads(tokens, nesting))
            .unwrap_or_else(|refusal| (Err(refusal), Vec::new()));
        match parsed {
            Ok(statement) => Ok(Source {
                statement: Some(statement),
                places: Places::new(tokens),
                nesting,
            }),
            Err(refusal) => Err(refusal.into_error(text, &tokens)),
        }
    }

    fn translate(
        &self,
        text: &str,
        arguments: &Arguments<'_>,
    ) -> Result<(Statement, Vec<Parameter>), ParseError> {
        on_stack_for(self.nesting, || {
            let reader = Reader::new(&self.places, arguments);
            match &self.statement {
                Some(statement) => reader.statement(statement),
                None => refuse(Location::new(1, 1), "there is no statement here"),
            }
        })
        .and_then(|read| read)
        .map_err(|refusal| refusal.into_error(text, self.places.tokens()))
    }
}

impl Drop for Source {
    /// A tree is freed by recursion: on a stack that is large enough.
    fn drop(&mut self) {
        let statement = self.statement.take();
        let _ = on_stack_for(self.nesting, move || drop(statement));
    }
}

fn sqlparser_reads(
    tokens: Vec<TokenWithSpan>,
    nesting: usize,
) -> (Read<sp::Statement>, Vec<TokenWithSpan>) {
    // Each level of parentheses is several of the parser's.
    let mut parser = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(16 + 8 * nesting)
        .with_tokens_with_locations(tokens);
    let parsed = parser.parse_statements();
    let tokens = parser.into_tokens();
    let read = match parsed {
        Ok(mut statements) => match (statements.pop(), statements.is_empty()) {
            (Some(statement), true) => Ok(statement),
            _ => refuse(Location::new(1, 1), "one statement at a time"),
        },
        Err(ParserError::RecursionLimitExceeded) => refuse(
            Location::new(1, 1),
            format!("nested deeper than {MAX_NESTING} levels"),
        ),
        Err(ParserError::ParserError(message) | ParserError::TokenizerError(message)) => {
            Err(unexpected::unexpected(&message, &tokens))
        }
    };
    (read, tokens)
}

/// Does it on a stack for this nesting: the caller's, or that of a thread.
fn on_stack_for<T: Send>(nesting: usize, work: impl FnOnce() -> T + Send) -> Read<T> {
    let nowhere_else = cfg!(target_family = "wasm") && nesting <= MAX_NESTING / 8;
    if nowhere_else || SHALLOW.is_some_and(|shallow| nesting <= shallow) {
        return Ok(work());
    }
    let size = (nesting + 4) * STACK_PER_LEVEL;
    thread::scope(|scope| {
        let spawned = thread::Builder::new()
            .stack_size(size)
            .spawn_scoped(scope, work);
        match spawned {
            Ok(thread) => match thread.join() {
                Ok(done) => Ok(done),
                Err(panic) => std::panic::resume_unwind(panic),
            },
            // Where there are no threads.
            Err(_) => refuse(
                Location::new(1, 1),
                "the statement nests too deep to be read here",
            ),
        }
    })
}
