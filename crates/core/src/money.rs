//! Amounts of money.

use serde::{Serialize, Serializer};
use std::fmt;

/// An amount of money with two decimals, exact: a whole number of hundredths.
///
/// It displays as `1500.00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Budget(i64);

/// Why a text is no budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBudget {
    /// It is not a decimal number.
    #[error("is no number")]
    NotANumber,
    /// It has more than 12 digits.
    #[error("has too many digits")]
    TooManyDigits,
    /// It has more than 2 decimals.
    #[error("has more than 2 decimals")]
    TooManyDecimals,
    /// It has more than 10 digits before the point.
    #[error("has too many digits")]
    TooManyWholeDigits,
}

impl Budget {
    /// That many hundredths.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The amount in hundredths.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Reads a decimal number such as `1500`, `-0.5` or `1.5e3`: at most 12 digits, 2 of them after
    /// the point (`DecimalField(max_digits=12, decimal_places=2)` of the reference).
    pub fn parse(text: &str) -> Result<Self, BadBudget> {
        let text = text.trim();
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (-1, unsigned),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (digits, exponent) =
            Self::digits_and_exponent(unsigned).ok_or(BadBudget::NotANumber)?;

        let after_point = usize::try_from(-exponent).unwrap_or(0);
        let trailing = usize::try_from(exponent).unwrap_or(0);
        let all = digits.len().max(after_point) + trailing;
        let whole = all - after_point;
        if all > 12 {
            return Err(BadBudget::TooManyDigits);
        }
        if after_point > 2 {
            return Err(BadBudget::TooManyDecimals);
        }
        if whole > 10 {
            return Err(BadBudget::TooManyWholeDigits);
        }
        // At most twelve digits, so it always is one.
        let value: i64 = digits.parse().map_err(|_| BadBudget::NotANumber)?;
        let scale = (0..trailing + 2 - after_point).fold(1_i64, |scale, _| scale * 10);
        Ok(Self(sign * value * scale))
    }

    /// The significant digits (leading zeros dropped) and the power of ten they are multiplied by.
    fn digits_and_exponent(text: &str) -> Option<(String, i64)> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent = exponent.parse::<i64>().ok()?.clamp(-1000, 1000);
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, decimals].concat();
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let zeros = digits.len() - digits.trim_start_matches('0').len();
        let significant = digits[zeros.min(digits.len() - 1)..].to_owned();
        Some((significant, exponent - i64::try_from(decimals.len()).ok()?))
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let hundredths = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl Serialize for Budget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
