//! `uuid`, with the feature of that name.

use uuid::Uuid;

use super::SqlType;
use crate::ast;
use crate::ast::SqlKind;
use crate::row::{Decode, Mismatch, Scalar};

/// Read in every spelling that PostgreSQL takes, written as it prints:
/// `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`.
impl SqlType for Uuid {
    const KIND: SqlKind = SqlKind::Uuid;

    fn literal(&self) -> ast::Expr {
        ast::Expr::text(self.hyphenated().to_string())
    }
}

impl<'de> Decode<'de> for Uuid {
    const EXPECTED: &'static str = "a UUID";

    fn decode(scalar: Scalar<'de>) -> Result<Uuid, Mismatch> {
        match &scalar {
            Scalar::Text(text) => Uuid::try_parse(text).ok(),
            _ => None,
        }
        .ok_or_else(|| Mismatch::new::<Uuid>(&scalar))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::decode;

    #[test]
    fn spellings() {
        let same: Vec<Uuid> = decode(
            br#"["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC999C0B4EF8BB6D6BB9BD380A11",
                 "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"]"#,
        )
        .unwrap();
        let text = ast::Expr::text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assert!(same.iter().all(|uuid| uuid.literal() == text));
        assert_eq!(
            decode::<Uuid>(br#"["a0eebc99"]"#).unwrap_err().to_string(),
            "row 0, value 0: expected a UUID, found a text"
        );
    }
}
