//! What one JSON value means for a field, in the words of Django REST framework.

use super::errors::invalid_pk;
use serde_json::{Number, Value};
use tawzi_core::client::{BadBudget, Budget};
use tawzi_core::time::Timestamp;

/// The value of a field, `None` when it counts as null, or what is wrong with it.
pub(crate) type Read<T> = Result<Option<T>, Vec<String>>;

/// The longest text that is looked at as a number.
const MAX_DECIMAL_CHARACTERS: usize = 1000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Blank {
    Allowed,
    Refused,
}

/// Text that says something.
pub(crate) fn filled_text(value: &Value) -> Read<String> {
    text(value, Blank::Refused, usize::MAX)
}

/// Text that says something in at most `longest` characters.
pub(crate) fn short_text(longest: usize) -> impl Fn(&Value) -> Read<String> {
    move |value| text(value, Blank::Refused, longest)
}

/// Text, perhaps empty, of at most `longest` characters.
pub(crate) fn any_text(longest: usize) -> impl Fn(&Value) -> Read<String> {
    move |value| text(value, Blank::Allowed, longest)
}

fn text(value: &Value, blank: Blank, longest: usize) -> Read<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number_text(number),
        _ => return wrong("Not a valid string."),
    };
    let text = text.trim();
    if text.is_empty() && blank == Blank::Refused {
        return wrong("This field may not be blank.");
    }
    let mut problems = Vec::new();
    if text.chars().count() > longest {
        problems.push(format!(
            "Ensure this field has no more than {longest} characters."
        ));
    }
    if text.contains('\0') {
        problems.push("Null characters are not allowed.".to_owned());
    }
    if problems.is_empty() {
        Ok(Some(text.to_owned()))
    } else {
        Err(problems)
    }
}

/// A whole number in ASCII digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// One that can be an id.
    Fits(i64),
    /// The digits of one that is too large for an id.
    TooLarge(String),
}

impl Whole {
    /// The number that a text says; `None` when it says none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let number = text.parse().map(Self::Fits);
        Some(number.unwrap_or_else(|_| Self::TooLarge(text.to_owned())))
    }

    /// The number that a value is; `None` when it is none.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text),
            // To JSON, as to Python, 1.0 is as whole as 1.
            Value::Number(number) => match number.as_f64() {
                Some(float) if number.is_f64() && float.fract() == 0.0 => {
                    Self::parse(&format!("{float:.0}"))
                }
                _ => Self::parse(&number.to_string()),
            },
            _ => None,
        }
    }
}

/// A whole number of 32 bits.
pub(crate) fn small_integer(value: &Value) -> Read<i64> {
    let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX));
    let below = match Whole::of(value) {
        None => return wrong("A valid integer is required."),
        Some(Whole::Fits(number)) if (least..=most).contains(&number) => return Ok(Some(number)),
        Some(Whole::Fits(number)) => number < 0,
        Some(Whole::TooLarge(digits)) => digits.starts_with('-'),
    };
    wrong(if below {
        format!("Ensure this value is greater than or equal to {least}.")
    } else {
        format!("Ensure this value is less than or equal to {most}.")
    })
}

/// One of a few words.
pub(crate) fn choice<T>(parse: fn(&str) -> Option<T>) -> impl Fn(&Value) -> Read<T> {
    move |value| {
        let word = match value {
            Value::String(word) => word.clone(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            other => other.to_string(),
        };
        match parse(&word) {
            Some(chosen) => Ok(Some(chosen)),
            None => wrong(format!("\"{word}\" is not a valid choice.")),
        }
    }
}

/// Yes or no.
pub(crate) fn flag(value: &Value) -> Read<bool> {
    let word = match value {
        Value::Bool(flag) => return Ok(Some(*flag)),
        Value::String(word) => word.trim().to_lowercase(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    match word.as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => Ok(Some(true)),
        "false" | "f" | "no" | "n" | "off" | "0" => Ok(Some(false)),
        _ => wrong("Must be a valid boolean."),
    }
}

/// An amount of money; empty text counts as null.
pub(crate) fn decimal(value: &Value) -> Read<Budget> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number_text(number),
        _ => return wrong("A valid number is required."),
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > MAX_DECIMAL_CHARACTERS {
        return wrong("String value too large.");
    }
    match Budget::parse(text) {
        Ok(budget) => Ok(Some(budget)),
        Err(BadBudget::NotANumber) => wrong("A valid number is required."),
        Err(BadBudget::TooManyDigits) => {
            wrong("Ensure that there are no more than 12 digits in total.")
        }
        Err(BadBudget::TooManyDecimals) => {
            wrong("Ensure that there are no more than 2 decimal places.")
        }
        Err(BadBudget::TooManyWholeDigits) => {
            wrong("Ensure that there are no more than 10 digits before the decimal point.")
        }
    }
}

/// The id of something; empty text counts as null. Whether it is there is the verb's to say, but
/// a number that cannot be an id is refused in the same words.
pub(crate) fn key(value: &Value) -> Read<i64> {
    if *value == "" {
        return Ok(None);
    }
    match Whole::of(value) {
        Some(Whole::Fits(id)) => Ok(Some(id)),
        Some(Whole::TooLarge(digits)) => wrong(invalid_pk(digits)),
        None => {
            let given = python_type(value);
            wrong(format!(
                "Incorrect type. Expected pk value, received {given}."
            ))
        }
    }
}

/// The same, but 0 counts as null: the web client sends 0 for nobody.
pub(crate) fn key_or_zero(value: &Value) -> Read<i64> {
    Ok(key(value)?.filter(|&id| id != 0))
}

/// A moment; one without a zone is UTC.
pub(crate) fn moment(value: &Value) -> Read<Timestamp> {
    match Timestamp::parse(value.as_str().unwrap_or_default()) {
        Ok(moment) => Ok(Some(moment)),
        Err(_) => wrong(
            "Datetime has wrong format. Use one of these formats instead: \
             YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
        ),
    }
}

/// What Python calls the type of a value.
pub(crate) fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if Whole::parse(&number_text(number)).is_some() => "int",
        Value::Number(_) => "float",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// A number as text; one beyond 64 bits, which was read as a floating one, without an exponent.
fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.abs() >= 1e18 => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

fn wrong<T>(sentence: impl Into<String>) -> Read<T> {
    Err(vec![sentence.into()])
}
