//! The number of rows that a call answers with.

use crate::error::{Error, Result};

/// The result that a call makes of its rows: see [`All`], [`One`], [`Optional`].
pub trait Cardinality<R>: sealed::Cardinality {
    /// The result of the call.
    type Output: Send;

    #[doc(hidden)]
    fn from_rows(rows: Vec<R>) -> Result<Self::Output>;
}

/// All rows.
#[derive(Debug)]
pub enum All {}

/// The one row there is.
#[derive(Debug)]
pub enum One {}

/// The one row there is, or none.
#[derive(Debug)]
pub enum Optional {}

impl<R: Send> Cardinality<R> for All {
    type Output = Vec<R>;

    fn from_rows(rows: Vec<R>) -> Result<Vec<R>> {
        Ok(rows)
    }
}

impl<R: Send> Cardinality<R> for One {
    type Output = R;

    fn from_rows(rows: Vec<R>) -> Result<R> {
        Optional::from_rows(rows)?.ok_or(Error::NoRow { place: None })
    }
}

impl<R: Send> Cardinality<R> for Optional {
    type Output = Option<R>;

    fn from_rows(mut rows: Vec<R>) -> Result<Option<R>> {
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            found => Err(Error::ManyRows { found, place: None }),
        }
    }
}

mod sealed {
    pub trait Cardinality {}

    impl Cardinality for super::All {}
    impl Cardinality for super::One {}
    impl Cardinality for super::Optional {}
}
