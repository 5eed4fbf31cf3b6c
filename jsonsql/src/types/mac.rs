//! Hardware addresses of set-top boxes.

use std::fmt;
use std::str::FromStr;

use super::SqlType;
use crate::ast;
use crate::ast::SqlKind;
use crate::row::{Decode, Mismatch, Scalar};

/// A MAC address, read in any usual spelling and compared as a number.
///
/// `Display`, `Debug` and requests write it as the vendor's script does,
/// `11-22-33-44-55-66`, with capital letters. Which form the server's column
/// holds is unknown: a `macaddr` column takes every form, a text column only
/// the one it was filled with.
///
/// ```
/// use jsonsql::MacAddr;
///
/// let mac: MacAddr = "00:1a:79:0c:bb:01".parse()?;
/// assert_eq!(mac.to_string(), "00-1A-79-0C-BB-01");
/// assert_eq!(format!("{mac:?}"), "00-1A-79-0C-BB-01");
/// assert_eq!("001A.790C.BB01".parse(), Ok(mac));
/// assert!("00:1a:79".parse::<MacAddr>().is_err());
/// # Ok::<(), jsonsql::ParseMacError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr(pub [u8; 6]);

/// A text that is not a MAC address: it does not have twelve hexadecimal
/// digits, or something other than `:`, `-` and `.` between them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a MAC address of 12 hexadecimal digits, such as 00-1A-79-0C-BB-01")]
pub struct ParseMacError(());

impl FromStr for MacAddr {
    type Err = ParseMacError;

    fn from_str(text: &str) -> Result<MacAddr, ParseMacError> {
        let mut bytes = [0u8; 6];
        let mut digits = 0;
        for character in text.trim().chars() {
            match character.to_digit(16) {
                // Two digits a byte; a digit past the twelfth has no place.
                Some(digit) => {
                    let byte = bytes.get_mut(digits / 2).ok_or(ParseMacError(()))?;
                    *byte = *byte << 4 | digit as u8;
                    digits += 1;
                }
                None if matches!(character, ':' | '-' | '.') && digits > 0 && digits % 2 == 0 => {}
                None => return Err(ParseMacError(())),
            }
        }
        match digits {
            12 => Ok(MacAddr(bytes)),
            _ => Err(ParseMacError(())),
        }
    }
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02X}-{b:02X}-{c:02X}-{d:02X}-{e:02X}-{g:02X}")
    }
}

/// The same text: twelve numbers in a list would be no address to whoever reads a
/// log.
impl fmt::Debug for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl SqlType for MacAddr {
    const KIND: SqlKind = SqlKind::MacAddr;

    fn literal(&self) -> ast::Expr {
        ast::Expr::text(self.to_string())
    }
}

impl<'de> Decode<'de> for MacAddr {
    const EXPECTED: &'static str = "a MAC address";

    #[inline]
    fn decode(scalar: Scalar<'de>) -> Result<MacAddr, Mismatch> {
        match &scalar {
            Scalar::Text(text) => text.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| Mismatch::new::<MacAddr>(&scalar))
    }
}
