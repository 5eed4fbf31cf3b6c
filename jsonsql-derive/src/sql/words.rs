//! Words of SQL: which are no names, and what to write instead of those that
//! the typed language does not have.

use proc_macro2::Ident;

/// Words that are no name of a column, table or alias unless behind a dot.
const RESERVED: &[&str] = &[
    "select",
    "from",
    "where",
    "join",
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "on",
    "using",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "as",
    "and",
    "or",
    "not",
    "in",
    "is",
    "like",
    "ilike",
    "between",
    "null",
    "true",
    "false",
    "distinct",
    "set",
    "values",
    "returning",
    "union",
    "except",
    "intersect",
    "window",
    "fetch",
    "for",
    "case",
    "when",
    "then",
    "else",
    "end",
    "with",
    "exists",
    "asc",
    "desc",
    "insert",
    "update",
    "delete",
    "into",
    "default",
    "cast",
    "isnull",
    "notnull",
    "collate",
    "similar",
    "over",
    "filter",
    "all",
    "any",
    "some",
    "array",
    "lateral",
    "outer",
    "only",
];

/// Words that begin or join what the macro reads, for spelling.
const KEYWORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "join",
    "left",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "and",
    "or",
    "not",
    "like",
    "ilike",
    "between",
    "distinct",
    "values",
    "returning",
    "insert",
    "update",
    "delete",
    "into",
    "using",
    "desc",
    "set",
];

pub(super) fn is_reserved(ident: &Ident) -> bool {
    let name = ident.to_string();
    RESERVED.iter().any(|word| word.eq_ignore_ascii_case(&name))
}

/// Returns what to write instead of a word.
pub(super) fn advice(word: &str) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    let known = match lower.as_str() {
        "right" => "there is no right join here: swap the tables and write `left join`",
        "full" => "there is no full join here: send two queries with `left join`",
        "natural" => "there is no natural join: write `join … on a.id = b.id`",
        "union" | "except" | "intersect" => {
            "the protocol has no set operations: send two statements, or use `in (select …)` and `not in (select …)`"
        }
        "with" => "the protocol has no WITH: write the query where it is used, `in (select …)`",
        "case" => {
            "the protocol has no CASE: select the columns and decide in Rust, or use `coalesce`"
        }
        "cast" => "the protocol has no casts: pass a Rust value of the column's type in braces",
        "over" | "window" => {
            "the protocol has no window functions: use `group by`, or compute in Rust"
        }
        "filter" => "the protocol has no FILTER: put the condition into `where`",
        "fetch" => "write `limit 10` instead of `fetch first 10 rows only`",
        "for" => "the protocol has no row locks: leave `for …` out",
        "isnull" => "write `is null`",
        "notnull" => "write `is not null`",
        "similar" | "regexp" | "rlike" => {
            "there are no regular expressions here: write `like` or `ilike`"
        }
        "mod" => "write `%`",
        "div" => "write `/`",
        "xor" => "write `<>` between two conditions",
        "collate" => "the protocol has no COLLATE: leave it out",
        "any" | "some" | "all" => "write `in (…)` or `in {list}`",
        "array" => {
            "there are no arrays: a list is in parentheses, `(1, 2)`, or a Rust list in braces"
        }
        "lateral" | "only" | "tablesample" => "the protocol does not have this: leave it out",
        "nulls" => "write `nulls first` or `nulls last` behind `asc` or `desc`",
        "default" => "leave a column out to give it its default",
        "interval" | "extract" | "position" | "overlay" | "substring" => {
            "the protocol does not have this form: compute the value in Rust and pass it in braces"
        }
        _ => {
            return similar(&lower)
                .map(|keyword| format!("unknown word `{word}`: did you mean `{keyword}`?"));
        }
    };
    Some(known.to_owned())
}

/// Returns what to write instead of a function.
pub(super) fn function_advice(function: &str) -> Option<&'static str> {
    Some(match function {
        "if" | "iif" | "decode" => {
            "the protocol has no CASE: select the columns and decide in Rust, or use `coalesce`"
        }
        "ifnull" | "nvl" => "write `coalesce(a, b)`",
        "concat" => "write `a || b`, and `coalesce(a, \"\")` for one that can be NULL",
        _ => return None,
    })
}

/// Returns what to write instead of a name that is a function without parentheses.
pub(super) fn bare_advice(name: &Ident) -> Option<&'static str> {
    let name = name.to_string().to_ascii_lowercase();
    match name.as_str() {
        "current_timestamp" | "current_date" | "current_time" | "localtimestamp" | "localtime" => {
            Some("write `now::<String>()`, or pass the time from Rust in braces")
        }
        _ => None,
    }
}

/// Returns what to write instead of a sign.
pub(super) fn sign_advice(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "--" => "a comment is `// …` here, not `-- …`",
        "==" => "write `=`: SQL compares with one sign",
        "&&" | "&" => "write `and`",
        "|" => "write `or` between conditions, `||` between texts",
        "!" => "write `not`",
        "::" => "the protocol has no casts: pass a Rust value of the column's type in braces",
        "?" | "$" | ":" | "@" | "#" => "a value is a Rust expression in braces: `{login}`",
        "^" => "there is no power operator: compute it in Rust",
        "~" => "there are no regular expressions here: write `like` or `ilike`",
        "'" => "write a text in double quotes: \"text\", not 'text'",
        ";" => "one statement, without `;`",
        _ => return None,
    })
}

/// The keyword that a misspelt word is nearest to.
fn similar(word: &str) -> Option<&'static str> {
    let near = |keyword: &&&str| {
        let letters: Vec<char> = word.chars().collect();
        let wanted: Vec<char> = keyword.chars().collect();
        letters.len() > 3 && **keyword != word && one_edit(&letters, &wanted)
    };
    KEYWORDS.iter().find(near).copied()
}

/// Returns `true` if one letter is missing, too many, another, or two are swapped.
fn one_edit(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([a0, a1, a @ ..], [b0, b1, b @ ..]) => a0 == b1 && a1 == b0 && a == b,
        _ => false,
    }
}
