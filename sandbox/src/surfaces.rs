//! The surfaces beside JSONSQL.

use crate::ministra::Ministra;
use crate::tvip::Tvip;

/// The surfaces beside JSONSQL.
#[derive(Clone)]
pub(crate) struct Surfaces {
    pub(crate) ministra: Ministra,
    pub(crate) tvip: Tvip,
}
