//! Exact numbers, to tell which of two literals is the greater one.

use std::cmp::Ordering;

/// A number of up to 38 digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    digits: i128,
    /// How many of the digits stand behind the point.
    scale: u32,
}

impl Decimal {
    /// Reads a number in plain notation; `None` of any other text, and of one
    /// with too many digits.
    pub(super) fn parse(text: &str) -> Option<Decimal> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(Decimal {
            digits: if text.starts_with('-') {
                -digits
            } else {
                digits
            },
            scale: u32::try_from(fraction.len()).ok()?,
        })
    }

    pub(super) fn is_whole(self) -> bool {
        // Zeros behind the point have been cut.
        self.scale == 0
    }

    /// The greatest whole number that is not greater.
    pub(super) fn floor(self) -> Option<i128> {
        let unit = 10_i128.checked_pow(self.scale)?;
        Some(self.digits.div_euclid(unit))
    }

    /// The order of two numbers; `None` if it takes too many digits to tell.
    pub(super) fn order(self, other: Decimal) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        let scaled = |number: Decimal| {
            let factor = 10_i128.checked_pow(scale - number.scale)?;
            number.digits.checked_mul(factor)
        };
        Some(scaled(self)?.cmp(&scaled(other)?))
    }
}
