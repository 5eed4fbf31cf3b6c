//! Rows as tuples, and rows of any width.

use super::{Cells, Row, RowError};

macro_rules! rows {
    ($($($name:ident)+;)*) => {$(
        impl<'de, $($name: Row<'de>),+> Row<'de> for ($($name,)+) {
            const WIDTH: usize = 0 $(+ $name::WIDTH)+;

            #[inline]
            fn decode(cells: &mut Cells<'de>) -> Result<Self, RowError> {
                Ok(($($name::decode(cells)?,)+))
            }
        }
    )*};
}

rows! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
    A B C D E F G H I J K L M; A B C D E F G H I J K L M N; A B C D E F G H I J K L M N O;
    A B C D E F G H I J K L M N O P;
}
