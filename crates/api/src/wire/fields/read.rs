//! What one JSON value means for a field, as Django REST framework reads it.

use serde_json::{Number, Value};
use tawzi_app::Problem;
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::company::Specialization;
use tawzi_core::id::{ChannelId, ClientId, CompanyId, PhoneNumberId, StageId, StatusId, UserId};
use tawzi_core::money::{BadBudget, Budget};
use tawzi_core::status::StatusCategory;
use tawzi_core::text::{
    ApiKeyName, ChannelType, Colour, CompanyName, Domain, Email, FilledText, FormPassword,
    NewPassword, Notes, ShortName, ShownPassword, TextProblem,
};
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;

/// The value of a field, `None` when it counts as null, or what is wrong with it.
pub(crate) type Read<T> = Result<Option<T>, Vec<Problem>>;

/// The longest text that is looked at as a number.
const MAX_DECIMAL_CHARACTERS: usize = 1000;

/// What a field can be.
pub(crate) trait FieldValue: Sized {
    /// The value, or what is wrong with it.
    fn read(value: &Value) -> Read<Self>;
}

macro_rules! field_values {
    ($($($type:ty),+: |$value:ident| $read:expr;)+) => {$($(
        impl FieldValue for $type {
            fn read($value: &Value) -> Read<Self> {
                $read
            }
        }
    )+)+};
}

field_values! {
    ApiKeyName, ChannelType, Colour, CompanyName, Domain, Email, FilledText, NewPassword, Notes, ShortName,
    ShownPassword:
        |value| parsed_text(value, Self::parse);
    ChannelId, ClientId, CompanyId, PhoneNumberId, StageId, StatusId, UserId:
        |value| key(value, Self::new);
    Priority, ClientType, PhoneType, Specialization, Role: |value| choice(value, Self::parse);
    // A status cannot have the category of clients without one.
    StatusCategory: |value| choice(value, |word| {
        Self::parse(word).filter(|category| *category != Self::None)
    });
    bool: |value| flag(value);
    i64: |value| small_integer(value);
    Budget: |value| decimal(value);
    Timestamp: |value| moment(value);
}

/// A text that a type of the core takes, as text.
pub(crate) fn text<T: Into<String>>(
    parse: fn(&str) -> Result<T, Vec<TextProblem>>,
) -> impl Fn(&Value) -> Read<String> {
    move |value| Ok(parsed_text(value, parse)?.map(Into::into))
}

/// A text that a type of the core takes, as text; empty text counts as null.
pub(crate) fn filled_text<T: Into<String>>(
    parse: fn(&str) -> Result<T, Vec<TextProblem>>,
) -> impl Fn(&Value) -> Read<String> {
    move |value| Ok(text(parse)(value)?.filter(|text| !text.is_empty()))
}

/// A password that somebody is to have; empty text counts as null, since forms send their empty fields as well.
pub(crate) fn new_password(value: &Value) -> Read<String> {
    let Some(password) = filled_text(FormPassword::parse)(value)? else {
        return Ok(None);
    };
    parsed_text(&Value::String(password.clone()), NewPassword::parse)?;
    Ok(Some(password))
}

/// A text that a type of the core takes.
fn parsed_text<T>(value: &Value, parse: fn(&str) -> Result<T, Vec<TextProblem>>) -> Read<T> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number_text(number),
        _ => return wrong(Problem::NotText),
    };
    let parsed = parse(&text).map_err(|problems| problems.into_iter().map(Problem::Text));
    parsed.map(Some).map_err(Iterator::collect)
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
fn small_integer(value: &Value) -> Read<i64> {
    let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX));
    let below = match Whole::of(value) {
        None => return wrong(Problem::NotWhole),
        Some(Whole::Fits(number)) if (least..=most).contains(&number) => return Ok(Some(number)),
        Some(Whole::Fits(number)) => number < 0,
        Some(Whole::TooLarge(digits)) => digits.starts_with('-'),
    };
    wrong(if below {
        Problem::LessThan(least)
    } else {
        Problem::MoreThan(most)
    })
}

/// One of a few words.
fn choice<T>(value: &Value, parse: impl FnOnce(&str) -> Option<T>) -> Read<T> {
    let word = match value {
        Value::String(word) => word.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    };
    parsed(parse(&word).ok_or(word), Problem::NotAChoice)
}

/// Yes or no.
fn flag(value: &Value) -> Read<bool> {
    let word = match value {
        Value::Bool(flag) => return Ok(Some(*flag)),
        Value::String(word) => word.trim().to_lowercase(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    match word.as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => Ok(Some(true)),
        "false" | "f" | "no" | "n" | "off" | "0" => Ok(Some(false)),
        _ => wrong(Problem::NotAFlag),
    }
}

/// An amount of money; empty text counts as null.
fn decimal(value: &Value) -> Read<Budget> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number_text(number),
        _ => return wrong(BadBudget::NotANumber.into()),
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > MAX_DECIMAL_CHARACTERS {
        return wrong(Problem::NumberTooLong);
    }
    parsed(Budget::parse(text), Problem::Budget)
}

/// The id of something; empty text counts as null. Whether it is there is the verb's to say, but
/// a number that cannot be an id is refused in the same words.
fn key<T>(value: &Value, new: fn(i64) -> T) -> Read<T> {
    if *value == "" {
        return Ok(None);
    }
    match Whole::of(value) {
        Some(Whole::Fits(id)) => Ok(Some(new(id))),
        Some(Whole::TooLarge(digits)) => wrong(Problem::NoSuchId(digits)),
        None => wrong(Problem::NotAnId(python_type(value))),
    }
}

/// The id of a user; 0 counts as null, since the web client sends 0 for nobody.
pub(crate) fn key_or_zero(value: &Value) -> Read<UserId> {
    Ok(UserId::read(value)?.filter(|id| id.get() != 0))
}

/// A moment; one without a zone is UTC.
fn moment(value: &Value) -> Read<Timestamp> {
    let moment = Timestamp::parse(value.as_str().unwrap_or_default());
    parsed(moment, |_| Problem::NotAMoment)
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

/// The value that was parsed, or the problem with it.
pub(crate) fn parsed<T, E>(result: Result<T, E>, problem: impl FnOnce(E) -> Problem) -> Read<T> {
    result.map(Some).map_err(|bad| vec![problem(bad)])
}

fn wrong<T>(problem: Problem) -> Read<T> {
    Err(vec![problem])
}
