//! The initial data of a Ministra.

use super::state::State;
use crate::error::Error;

/// The data a Ministra starts with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MinistraSeed {
    /// A small operator: eight accounts, eight boxes, three plans with eight
    /// packages, ten channels.
    #[default]
    Demo,
    /// Nothing at all.
    Empty,
    /// The account numbers, boxes, plans and packages that the examples of the
    /// vendor's documents use; [`MinistraOptions::documents`] goes with it.
    ///
    /// [`MinistraOptions::documents`]: super::MinistraOptions::documents
    Documents,
    /// JSON with `tariffs`, `packages`, `package_in_tariff`, `channels`,
    /// `radio`, `videos`, `users` (their ids counted from 1) and `resellers`, as
    /// [`Ministra::state`](super::Ministra::state) writes it.
    Json(String),
}

impl MinistraSeed {
    /// Says what is wrong with it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.state().map(drop).map_err(Error::MinistraSeed)
    }

    pub(super) fn state(&self) -> Result<State, String> {
        let json = match self {
            MinistraSeed::Demo => include_str!("demo.json"),
            MinistraSeed::Empty => "{}",
            MinistraSeed::Documents => include_str!("documents.json"),
            MinistraSeed::Json(json) => json,
        };
        State::from_json(json).map_err(|error| error.to_string())
    }
}
