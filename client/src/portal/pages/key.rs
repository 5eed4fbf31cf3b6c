//! A row together with its key, as it is sent back for the next page.

use jsonsql::Table;
use jsonsql::ast::{Expr, Number};
use jsonsql::row::{Cells, Decode, Mismatch, Row, Scalar, SeqAccess};

pub(super) struct Keyed<T> {
    pub(super) row: T,
    /// The key's values, as literals.
    pub(super) key: Vec<Expr>,
}

impl<'de, T: Table> Row<'de> for Keyed<T> {
    const WIDTH: usize = T::WIDTH + 1;

    fn decode<A: SeqAccess<'de>>(cells: &mut Cells<'_, A>) -> Result<Self, A::Error> {
        let row = T::decode(cells)?;
        let key = T::INFO.key().map(|name| {
            let KeyValue(value) = cells.required(name)?;
            Ok(value)
        });
        Ok(Keyed {
            row,
            key: key.collect::<Result<_, A::Error>>()?,
        })
    }
}

/// A value by which rows have an order that server and client agree on.
struct KeyValue(Expr);

impl<'de> Decode<'de> for KeyValue {
    const EXPECTED: &'static str = "a key, a whole number or a text";

    fn decode(scalar: Scalar<'de>) -> Result<KeyValue, Mismatch> {
        let literal = match &scalar {
            Scalar::Number(digits) => digits
                .parse()
                .ok()
                .filter(Number::is_whole)
                .map(Expr::Number),
            Scalar::Text(text) => Some(Expr::text(text.clone().into_owned())),
            _ => None,
        };
        literal
            .map(KeyValue)
            .ok_or_else(|| Mismatch::new::<KeyValue>(&scalar))
    }
}
