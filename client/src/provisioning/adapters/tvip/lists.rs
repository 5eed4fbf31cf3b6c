//! Tariffs, as the server lists them.

use super::load::odd_part;
use super::rows::OddPart;
use crate::tvip::{Listed, Tarif};

/// The list of tariffs.
#[derive(Debug, Clone, Default)]
pub struct TvipLists {
    tarifs: Vec<Tarif>,
    /// Rows that cannot be read, by their numbers.
    odd: Vec<(i64, OddPart)>,
}

impl TvipLists {
    /// Creates the lists from the server's records.
    pub fn new(tarifs: Vec<Tarif>) -> TvipLists {
        TvipLists {
            tarifs,
            odd: Vec::new(),
        }
    }

    /// Takes the rows of the list. One without a number is no package.
    pub(super) fn of_rows(rows: Vec<Listed<Tarif>>) -> TvipLists {
        let mut lists = TvipLists::default();
        for row in rows {
            match row {
                Listed::Read(tarif) => lists.tarifs.push(tarif),
                Listed::Odd(odd) => {
                    let part = odd_part(&odd, false);
                    lists.odd.extend(odd.id.map(|id| (id, part)));
                }
            }
        }
        lists
    }

    /// Returns the tariffs that can be read.
    pub(super) fn tarifs(&self) -> &[Tarif] {
        &self.tarifs
    }

    /// Returns the row with this number, or what is odd about it.
    pub(super) fn find(&self, number: i64) -> Option<Result<&Tarif, &OddPart>> {
        let read = self.tarifs.iter().find(|tarif| tarif.id.0 == number);
        let odd = || self.odd.iter().find(|(id, _)| *id == number);
        read.map(Ok).or_else(|| Some(Err(&odd()?.1)))
    }
}
