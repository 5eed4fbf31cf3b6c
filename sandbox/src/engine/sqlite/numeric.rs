//! PostgreSQL's `numeric`, as far as 38 digits go.

use std::fmt;

use crate::engine::{Fault, Unmatched};

/// An exact decimal: `mantissa / 10^scale`. The scale is remembered, since
/// PostgreSQL prints `1.50` and `1.5` differently and compares them equal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

fn too_long() -> Fault {
    Fault::needs_postgres(Unmatched::LongNumeric, "a numeric of more than 38 digits")
}

fn power(exponent: u32) -> Result<i128, Fault> {
    10_i128.checked_pow(exponent).ok_or_else(too_long)
}

impl Decimal {
    pub(super) fn from_int(value: i64) -> Decimal {
        Decimal {
            mantissa: i128::from(value),
            scale: 0,
        }
    }

    /// Reads what PostgreSQL reads, except NaN and infinities.
    pub(super) fn parse(text: &str) -> Result<Decimal, Fault> {
        let invalid =
            || Fault::statement(format!("invalid input syntax for type numeric: \"{text}\""));
        let trimmed = text.trim_ascii();
        let (negative, unsigned) = match trimmed.as_bytes().first() {
            Some(b'-') => (true, &trimmed[1..]),
            Some(b'+') => (false, &trimmed[1..]),
            _ => (false, trimmed),
        };
        let lower = unsigned.to_ascii_lowercase();
        if ["nan", "inf", "infinity"].contains(&lower.as_str()) {
            return Err(Fault::needs_postgres(
                Unmatched::LongNumeric,
                "numerics that are not finite",
            ));
        }
        let (digits, exponent) = match lower.split_once('e') {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().map_err(|_| invalid())?),
            None => (lower.as_str(), 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = [whole, fraction].concat();
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid());
        }
        let mut mantissa = all.trim_start_matches('0').parse::<i128>().or_else(|_| {
            if all.bytes().all(|b| b == b'0') {
                Ok(0)
            } else {
                Err(too_long())
            }
        })?;
        if negative {
            mantissa = -mantissa;
        }
        let scale = i64::try_from(fraction.len()).map_err(|_| too_long())? - i64::from(exponent);
        if scale >= 0 {
            let scale = u32::try_from(scale).map_err(|_| too_long())?;
            if scale > 1000 {
                return Err(too_long());
            }
            return Ok(Decimal { mantissa, scale });
        }
        let factor = power(u32::try_from(-scale).map_err(|_| too_long())?)?;
        let mantissa = mantissa.checked_mul(factor).ok_or_else(too_long)?;
        Ok(Decimal { mantissa, scale: 0 })
    }

    fn aligned(self, other: Decimal) -> Result<(i128, i128, u32), Fault> {
        let scale = self.scale.max(other.scale);
        Ok((self.at_scale(scale)?, other.at_scale(scale)?, scale))
    }

    /// The mantissa at a scale not smaller than its own.
    fn at_scale(self, scale: u32) -> Result<i128, Fault> {
        self.mantissa
            .checked_mul(power(scale - self.scale)?)
            .ok_or_else(too_long)
    }

    pub(super) fn add(self, other: Decimal) -> Result<Decimal, Fault> {
        let (a, b, scale) = self.aligned(other)?;
        let mantissa = a.checked_add(b).ok_or_else(too_long)?;
        Ok(Decimal { mantissa, scale })
    }

    pub(super) fn sub(self, other: Decimal) -> Result<Decimal, Fault> {
        let mantissa = -other.mantissa;
        self.add(Decimal { mantissa, ..other })
    }

    pub(super) fn mul(self, other: Decimal) -> Result<Decimal, Fault> {
        let mantissa = self.mantissa.checked_mul(other.mantissa);
        Ok(Decimal {
            mantissa: mantissa.ok_or_else(too_long)?,
            scale: self.scale + other.scale,
        })
    }

    pub(super) fn div(self, other: Decimal) -> Result<Decimal, Fault> {
        if other.mantissa == 0 {
            return Err(Fault::statement("division by zero"));
        }
        let scale = self.quotient_scale(other);
        let shift = i64::from(scale) + i64::from(other.scale) - i64::from(self.scale);
        let (mut dividend, mut divisor) = (self.mantissa, other.mantissa);
        let factor = power(u32::try_from(shift.abs()).map_err(|_| too_long())?)?;
        let scaled = if shift >= 0 {
            &mut dividend
        } else {
            &mut divisor
        };
        *scaled = scaled.checked_mul(factor).ok_or_else(too_long)?;
        let mantissa = divide_rounding(dividend, divisor);
        Ok(Decimal { mantissa, scale })
    }

    pub(super) fn rem(self, other: Decimal) -> Result<Decimal, Fault> {
        if other.mantissa == 0 {
            return Err(Fault::statement("division by zero"));
        }
        let (a, b, scale) = self.aligned(other)?;
        Ok(Decimal {
            mantissa: a % b,
            scale,
        })
    }

    pub(super) fn abs(self) -> Decimal {
        Decimal {
            mantissa: self.mantissa.abs(),
            ..self
        }
    }

    /// The nearest integer, halves away from zero.
    pub(super) fn round(self) -> Result<i128, Fault> {
        Ok(divide_rounding(self.mantissa, power(self.scale)?))
    }

    /// Returns the number of digits that PostgreSQL gives a quotient: at least 16
    /// significant ones, counted in its digits of base 10000
    /// (`select_div_scale`).
    fn quotient_scale(self, other: Decimal) -> u32 {
        let (weight, first) = self.leading();
        let (other_weight, other_first) = other.leading();
        let mut quotient_weight = weight - other_weight;
        if first <= other_first {
            quotient_weight -= 1;
        }
        let scale = (16 - quotient_weight * 4).clamp(0, 1000);
        u32::try_from(scale)
            .unwrap_or(0)
            .max(self.scale)
            .max(other.scale)
    }

    /// The weight of the leading digit of base 10000, and that digit.
    fn leading(self) -> (i64, u128) {
        if self.mantissa == 0 {
            return (0, 0);
        }
        let digits = self.mantissa.unsigned_abs().to_string();
        // 10^position is the value of the leading decimal digit.
        let position = digits.len() as i64 - 1 - i64::from(self.scale);
        let weight = position.div_euclid(4);
        let taken = usize::try_from(position.rem_euclid(4)).unwrap_or(0) + 1;
        let mut first = digits.chars().take(taken).collect::<String>();
        while first.len() < taken {
            first.push('0');
        }
        (weight, first.parse().unwrap_or(0))
    }

    /// A text that sorts as the number does; equal numbers have equal keys.
    pub(super) fn key(self) -> String {
        if self.mantissa == 0 {
            return "1".to_owned();
        }
        let digits = self.mantissa.unsigned_abs().to_string();
        let exponent = digits.len() as i64 - i64::from(self.scale) + 50_000;
        let key = format!("{exponent:05}{}", digits.trim_end_matches('0'));
        if self.mantissa > 0 {
            return format!("2{key}");
        }
        let complement = key.bytes().map(|digit| char::from(b'0' + b'9' - digit));
        // Among negative numbers the one with more digits is the smaller.
        format!("0{}~", complement.collect::<String>())
    }
}

fn divide_rounding(dividend: i128, divisor: i128) -> i128 {
    let quotient = dividend / divisor;
    let rest = (dividend % divisor).unsigned_abs();
    if rest < divisor.unsigned_abs() - rest {
        quotient
    } else if (dividend < 0) == (divisor < 0) {
        quotient + 1
    } else {
        quotient - 1
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    // Expectations from PostgreSQL 15.
    #[test]
    fn arithmetic_keeps_postgresql_scales() {
        assert_eq!(d("1.5").add(d("1")).unwrap().to_string(), "2.5");
        assert_eq!(d("1.50").mul(d("1.5")).unwrap().to_string(), "2.250");
        assert_eq!(
            d("1.0").div(d("3")).unwrap().to_string(),
            "0.33333333333333333333"
        );
        assert_eq!(
            d("10").div(d("4.0")).unwrap().to_string(),
            "2.5000000000000000"
        );
        assert_eq!(
            d("1").div(d("1")).unwrap().to_string(),
            "1.00000000000000000000"
        );
        assert_eq!(
            d("100000000000000000000.5")
                .div(d("3"))
                .unwrap()
                .to_string(),
            "33333333333333333333.5"
        );
        assert_eq!(d("7.5").rem(d("2")).unwrap().to_string(), "1.5");
        assert_eq!(d("1e3").to_string(), "1000");
        assert_eq!(d("-.5").to_string(), "-0.5");
    }

    #[test]
    fn keys_sort_as_numbers_do() {
        let sorted = [
            "-100", "-10.5", "-10", "-1.01", "-1", "-0.1", "0", "0.05", "0.1", "1", "1.01", "9",
            "10", "10.5", "100",
        ];
        for pair in sorted.windows(2) {
            assert!(d(pair[0]).key() < d(pair[1]).key(), "{pair:?}");
        }
        assert_eq!(d("1.50").key(), d("1.5").key());
        assert_eq!(d("-0.0").key(), d("0").key());
    }
}
