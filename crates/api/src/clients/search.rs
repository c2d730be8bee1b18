//! The conditions in a list's address. Several values stand behind one name, separated by commas.

use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{FieldErrors, FieldValue as _, Read, Whole, sentence};
use crate::wire::list::ListQuery;
use crate::wire::openapi::DayOrMoment;
use serde_json::Value;
use tawzi_app::ClientFilter;
use tawzi_core::id::{StatusId, UserId};
use tawzi_core::time::Timestamp;
use utoipa::IntoParams;

/// How many values one condition can have.
const MAX_VALUES: usize = 100;

/// Which clients are looked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
pub(super) struct ClientQuery {
    /// `fresh`, `cold`; several with commas.
    #[param(required = false, example = "fresh")]
    r#type: String,
    /// `low`, `medium`, `high`; several with commas.
    #[param(required = false, example = "high,medium")]
    priority: String,
    /// Ids of statuses; several with commas.
    #[param(
        required = false,
        pattern = "^ *[0-9]{0,18} *(, *[0-9]{0,18} *)*$",
        example = "1,2"
    )]
    status: String,
    /// Ids of people, or `unassigned`; several with commas.
    #[param(
        required = false,
        pattern = "^ *([0-9]{0,18}|unassigned) *(, *([0-9]{0,18}|unassigned) *)*$",
        example = "unassigned"
    )]
    assigned_to: String,
    /// A moment, or a day for its first moment in UTC.
    #[param(required = false, inline, example = "2025-12-31")]
    created_after: DayOrMoment,
    /// The same; clients that were never contacted are not among them.
    #[param(required = false, inline, example = "2025-12-31T15:00:00Z")]
    contacted_before: DayOrMoment,
    /// Whether they are neglected, so that the next sweep moves them.
    #[param(required = false)]
    stale: bool,
}

/// What is looked for, or what is wrong with it.
pub(super) fn search(query: &ListQuery) -> Answer<ClientFilter> {
    let mut reader = Reader {
        query,
        errors: FieldErrors::default(),
    };
    let search = ClientFilter {
        words: query.words()?,
        types: reader.values("type", |word| Ok(word.to_owned())),
        priorities: reader.values("priority", |word| Ok(word.to_owned())),
        statuses: reader.values("status", |text| id(text).map(StatusId::new)),
        assignees: reader.values("assigned_to", |text| match text {
            "unassigned" => Ok(None),
            text => id(text).map(|id| Some(UserId::new(id))),
        }),
        created_after: reader.value("created_after", day_or_moment),
        contacted_before: reader.value("contacted_before", day_or_moment),
        stale: reader.value("stale", bool::read),
    };
    if reader.errors.is_empty() {
        Ok(search)
    } else {
        Err(Failure::fields(reader.errors))
    }
}

struct Reader<'q> {
    query: &'q ListQuery,
    errors: FieldErrors,
}

impl Reader<'_> {
    fn values<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let text = self.query.parameter(name).unwrap_or_default();
        let texts = text.split(',').map(str::trim);
        let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
        if texts.len() > MAX_VALUES {
            let sentence = format!("Name at most {MAX_VALUES} values.");
            self.errors.add(name, sentence);
            return Vec::new();
        }
        let mut values = Vec::with_capacity(texts.len());
        for text in texts {
            let checked = if text.contains('\0') {
                Err("Null characters are not allowed.".to_owned())
            } else {
                read(text)
            };
            match checked {
                Ok(value) => values.push(value),
                Err(sentence) => self.errors.add(name, sentence),
            }
        }
        values
    }

    fn value<T>(&mut self, name: &'static str, read: fn(&Value) -> Read<T>) -> Option<T> {
        let text = self.query.parameter(name)?.trim();
        if text.is_empty() {
            return None;
        }
        // A plus sign in an address means a space, also the one before a time zone.
        let text = text.replace(' ', "+");
        match read(&Value::String(text)) {
            Ok(value) => value,
            Err(problems) => {
                for problem in problems {
                    self.errors.add(name, sentence(name, &problem));
                }
                None
            }
        }
    }
}

/// A day stands for its first moment, in UTC.
fn day_or_moment(value: &Value) -> Read<Timestamp> {
    match value.as_str() {
        Some(day) if day.len() == "2025-12-31".len() => {
            Timestamp::read(&Value::String(format!("{day}T00:00")))
        }
        _ => Timestamp::read(value),
    }
}

fn id(text: &str) -> Result<i64, String> {
    match Whole::parse(text) {
        Some(Whole::Fits(id)) => Ok(id),
        _ => Err(format!("\"{text}\" is no id.")),
    }
}
