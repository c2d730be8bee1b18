//! What is wrong with a request, by field.

use serde::{Serialize, Serializer};
use serde_json::json;
use tawzi_app::{Field, FieldProblem, Problem};
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Sentences by field, in the order in which they are answered.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<(&'static str, Vec<String>)>);

impl FieldErrors {
    /// The company has another one of that name.
    pub(crate) fn name_taken() -> Self {
        let mut errors = Self::default();
        let sentence = "The fields name, company must make a unique set.";
        errors.add("non_field_errors", sentence);
        errors
    }

    /// Whether nothing is wrong.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One more sentence about a field.
    pub(crate) fn add(&mut self, name: &'static str, sentence: impl Into<String>) {
        let sentence = sentence.into();
        match self.0.iter_mut().find(|(field, _)| *field == name) {
            Some((_, sentences)) => sentences.push(sentence),
            None => self.0.push((name, vec![sentence])),
        }
    }

    /// References that lead nowhere. That something belongs to another company is only said when
    /// nothing else is wrong: the reference looks at the request as a whole last.
    pub(crate) fn add_problems(&mut self, problems: &[FieldProblem]) {
        for FieldProblem { field, problem } in problems {
            match problem {
                Problem::NoSuchId(id) => self.add(field.name(), invalid_pk(id)),
                Problem::Taken => self.add(field.name(), taken(*field)),
                Problem::Refused(sentence) => self.add(field.name(), *sentence),
                Problem::OtherCompany => {}
            }
        }
        if !self.is_empty() {
            return;
        }
        for FieldProblem { field, problem } in problems {
            if *problem == Problem::OtherCompany {
                let sentence = format!(
                    "{} must belong to the same company as the client.",
                    label(*field)
                );
                self.add(field.name(), sentence);
            }
        }
    }

    /// The same, in the order of the reference's serializer.
    pub(crate) fn in_order_of(mut self, names: &[&str]) -> Self {
        let place = |name| names.iter().position(|other| *other == name);
        self.0.sort_by_key(|(name, _)| place(*name));
        self
    }

    /// Each sentence with the name of its field before it.
    pub(crate) fn into_sentences(self) -> impl Iterator<Item = String> {
        self.0.into_iter().flat_map(|(name, sentences)| {
            sentences
                .into_iter()
                .map(move |sentence| format!("{name}: {sentence}"))
        })
    }
}

impl From<Vec<FieldProblem>> for FieldErrors {
    fn from(problems: Vec<FieldProblem>) -> Self {
        let mut errors = Self::default();
        errors.add_problems(&problems);
        errors
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, sentences)| (name, sentences)))
    }
}

impl ToSchema for FieldErrors {}

impl PartialSchema for FieldErrors {
    fn schema() -> RefOr<Schema> {
        let sentence = Object::with_type(Type::String);
        ObjectBuilder::new()
            .description(Some(
                "Sentences by field; what is about no single one stands under `non_field_errors`.",
            ))
            .min_properties(Some(1))
            .additional_properties(Some(ArrayBuilder::new().items(sentence).min_items(Some(1))))
            .examples([json!({"name": ["This field is required."]})])
            .into()
    }
}

/// The sentence about an id that is nobody's.
pub(crate) fn invalid_pk(id: impl std::fmt::Display) -> String {
    format!("Invalid pk \"{id}\" - object does not exist.")
}

const fn label(field: Field) -> &'static str {
    match field {
        Field::Company => "Company",
        Field::Client => "Client",
        Field::CommunicationWay => "Communication way",
        Field::Status => "Status",
        Field::Stage => "Stage",
        Field::AssignedTo => "Assignee",
        other => other.name(),
    }
}

/// The sentence about what only one can have.
fn taken(field: Field) -> String {
    match field {
        Field::Username => "A user with that username already exists.".to_owned(),
        Field::Domain => "company with this domain already exists.".to_owned(),
        other => format!("user with this {} already exists.", other.name()),
    }
}
