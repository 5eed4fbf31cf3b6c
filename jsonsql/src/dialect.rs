//! What the protocol's documents leave open, as settings.

/// The spellings to use where the vendor's documents name a thing without
/// showing its form.
///
/// The defaults are the best-attested guesses. Whoever learns the truth from a
/// live server changes a setting here, not the library. On input every
/// spelling is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Dialect {
    /// How a descending order is written.
    pub descending: Descending,
}

impl Dialect {
    /// The best-attested guesses, which are also the defaults.
    pub const BEST_GUESS: Dialect = Dialect {
        descending: Descending::Pair,
    };
}

/// How a descending order is written. No vendor or production example exists
/// of any form; evidence grade C or less for all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Descending {
    /// `["name", "DESC"]`, the form in a public client's notes (grade C).
    #[default]
    Pair,
    /// `{"desc": "name"}`, by analogy with the operators (no evidence).
    Operator,
    /// `"name DESC"`, by analogy with `"id ASC"` in a public client's code
    /// (grade C); a qualified column falls back to [`Descending::Pair`].
    Suffix,
}
