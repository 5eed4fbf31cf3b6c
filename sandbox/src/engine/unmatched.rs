//! The constructs that the embedded engine refuses, since its answer would differ
//! from PostgreSQL's.

use super::sqlite;

/// A kind of statement that the embedded engine refuses. Whatever refuses one
/// names its kind, so that none is missing in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmatched {
    Function,
    ArgumentType,
    Arithmetic,
    Spelling,
    Type,
    LongNumeric,
    DistinctNumerics,
    DistinctOn,
    GroupByConstant,
    FullJoin,
    StarOfTwins,
    Returning,
    InsertSource,
    Regex,
    TooBig,
}

impl Unmatched {
    const ALL: [Unmatched; 15] = [
        Unmatched::Function,
        Unmatched::ArgumentType,
        Unmatched::Arithmetic,
        Unmatched::Spelling,
        Unmatched::Type,
        Unmatched::LongNumeric,
        Unmatched::DistinctNumerics,
        Unmatched::DistinctOn,
        Unmatched::GroupByConstant,
        Unmatched::FullJoin,
        Unmatched::StarOfTwins,
        Unmatched::Returning,
        Unmatched::InsertSource,
        Unmatched::Regex,
        Unmatched::TooBig,
    ];

    fn description(self) -> String {
        let text = match self {
            Unmatched::Function => {
                let known: Vec<_> = sqlite::KNOWN.split(", ").collect();
                return format!("functions other than `{}`", known.join("`, `"));
            }
            Unmatched::ArgumentType => {
                "`abs` and `date` of a text; `min`, `max`, `sum` and `avg` of addresses and intervals"
            }
            Unmatched::Arithmetic => {
                "arithmetic with timestamps, intervals and addresses; the order of intervals"
            }
            Unmatched::Spelling => {
                "spellings of timestamps (`yesterday`), intervals, network and MAC addresses that \
                 only PostgreSQL reads"
            }
            Unmatched::Type => "values of types that no known table has: `time`, `uuid`",
            Unmatched::LongNumeric => "numerics of more than 38 digits, `NaN` and `Infinity`",
            Unmatched::DistinctNumerics => {
                "DISTINCT, GROUP BY, and `sum` or `avg` of distinct values, over numerics"
            }
            Unmatched::DistinctOn => "DISTINCT ON",
            Unmatched::GroupByConstant => "GROUP BY a constant",
            Unmatched::FullJoin => "FULL JOIN on anything but an equality of both sides",
            Unmatched::StarOfTwins => "`*` over a sub-select with two columns of one name",
            Unmatched::Returning => "RETURNING with columns of joined tables or with a sub-select",
            Unmatched::InsertSource => "an insert from a select whose rows cannot be numbered",
            Unmatched::Regex => {
                "regular expressions that POSIX reads differently, their flags and replacements"
            }
            Unmatched::TooBig => "what is too big or too deep for SQLite",
        };
        text.to_owned()
    }
}

/// The kinds of statements that the embedded engine refuses with an error that
/// begins with "needs PostgreSQL", one sentence each.
///
/// ```
/// let refused = jsonsql_sandbox::refused_statements();
/// assert!(refused.iter().any(|kind| kind == "DISTINCT ON"));
/// ```
pub fn refused_statements() -> Vec<String> {
    Unmatched::ALL.map(Unmatched::description).into()
}
