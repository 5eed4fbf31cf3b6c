//! `tv_program_category`.

use jsonsql::prelude::*;

use super::{CategoryId, ProgramId};

/// A category that a programme is in; it has no other columns (B).
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "tv_program_category")]
pub struct TvProgramCategory {
    /// The programme (B).
    #[column(key)]
    pub program_id: ProgramId,
    /// The category (B).
    #[column(key)]
    pub category_id: CategoryId,
}
