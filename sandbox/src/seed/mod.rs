//! What a new sandbox starts with.

/// The rows a new sandbox starts with. A database file that already has its
/// tables keeps what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Seed {
    /// A small operator: a dozen subscribers with terminals and packages, ten
    /// channels, a programme.
    #[default]
    Demo,
    /// One domain and nothing else.
    Empty,
}

impl Seed {
    /// The statements that make the rows.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Seed::Demo => concat!(include_str!("domain.sql"), include_str!("demo.sql")),
            Seed::Empty => include_str!("domain.sql"),
        }
    }
}
