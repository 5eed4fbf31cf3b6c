//! The number of rows that a call answers with.

use crate::error::{Error, Result};

/// The result that a call makes of its rows: see [`All`], [`One`], [`Optional`].
pub trait Shape<R>: sealed::Shape {
    /// The result of the call.
    type Output: Send;

    #[doc(hidden)]
    fn shape(rows: Vec<R>) -> Result<Self::Output>;
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

impl<R: Send> Shape<R> for All {
    type Output = Vec<R>;

    fn shape(rows: Vec<R>) -> Result<Vec<R>> {
        Ok(rows)
    }
}

impl<R: Send> Shape<R> for One {
    type Output = R;

    fn shape(rows: Vec<R>) -> Result<R> {
        Optional::shape(rows)?.ok_or(Error::NoRow { place: None })
    }
}

impl<R: Send> Shape<R> for Optional {
    type Output = Option<R>;

    fn shape(mut rows: Vec<R>) -> Result<Option<R>> {
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            found => Err(Error::ManyRows { found, place: None }),
        }
    }
}

mod sealed {
    pub trait Shape {}

    impl Shape for super::All {}
    impl Shape for super::One {}
    impl Shape for super::Optional {}
}
