//! What a Ministra starts with.

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
    /// JSON with `tariffs`, `packages`, `package_in_tariff`, `channels`,
    /// `radio`, `videos`, `users` and `resellers`, as
    /// [`Ministra::state`](super::Ministra::state) writes it.
    Json(String),
}

impl MinistraSeed {
    pub(super) fn state(&self) -> Result<State, Error> {
        let json = match self {
            MinistraSeed::Demo => include_str!("demo.json"),
            MinistraSeed::Empty => "{}",
            MinistraSeed::Json(json) => json,
        };
        State::from_json(json).map_err(|error| Error::MinistraSeed(error.to_string()))
    }
}
