//! Whole numbers as Python's `int()` reads them: fractions are cut off, and text may hold the
//! decimal digits of any script.

use serde_json::Value;

/// The digit zero of every script that writes decimal numbers (Unicode 15, category Nd); the digits
/// one to nine follow it.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The number, or the largest or smallest there is when it lies beyond; `None` when the value is
/// no number.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => parse(&format!("{:.0}", float.trunc())),
            _ => parse(&number.to_string()),
        },
        Value::String(text) => parse(text),
        _ => None,
    }
}

fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut number = 0_i64;
    // A single underscore between digits is passed over.
    for group in digits.split('_') {
        if group.is_empty() {
            return None;
        }
        for letter in group.chars() {
            number = number.saturating_mul(10).saturating_add(digit(letter)?);
        }
    }
    Some(sign * number)
}

fn digit(letter: char) -> Option<i64> {
    let digit = |zero: u32| {
        let distance = u32::from(letter).checked_sub(zero)?;
        (distance < 10).then_some(i64::from(distance))
    };
    ZEROS.into_iter().find_map(digit)
}
