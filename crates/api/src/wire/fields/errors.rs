//! What is wrong with a request, by field.

use serde::{Serialize, Serializer};
use serde_json::json;
use tawzi_app::{BadPhoto, FieldProblem, MAX_PHOTO_BYTES, MAX_PHOTO_SIDE, Problem, Refusal};
use tawzi_core::money::BadBudget;
use tawzi_core::text::TextProblem;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Sentences by field, in the order in which they are answered.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<(&'static str, Vec<String>)>);

impl FieldErrors {
    /// One sentence about a field.
    pub(crate) fn of(name: &'static str, sentence: impl Into<String>) -> Self {
        Self(vec![(name, vec![sentence.into()])])
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
}

impl From<Vec<FieldProblem>> for FieldErrors {
    /// That something belongs to another company is only said when nothing else is wrong: the reference looks at
    /// the request as a whole last.
    fn from(mut problems: Vec<FieldProblem>) -> Self {
        let by_itself = |found: &FieldProblem| found.problem != Problem::OtherCompany;
        if problems.iter().any(by_itself) {
            problems.retain(by_itself);
        }
        let mut errors = Self::default();
        for FieldProblem { field, problem } in problems {
            errors.add(field, sentence(field, &problem));
        }
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

/// The reference's sentence about a field.
pub(crate) fn sentence(field: &str, problem: &Problem) -> String {
    match problem {
        Problem::Missing => "This field is required.".to_owned(),
        Problem::Null => "This field may not be null.".to_owned(),
        Problem::NotText => "Not a valid string.".to_owned(),
        Problem::Text(problem) => about_text(*problem),
        Problem::NotAChoice(word) => format!("\"{word}\" is not a valid choice."),
        Problem::NotAFlag => "Must be a valid boolean.".to_owned(),
        Problem::NotWhole => "A valid integer is required.".to_owned(),
        Problem::LessThan(least) => {
            format!("Ensure this value is greater than or equal to {least}.")
        }
        Problem::MoreThan(most) => format!("Ensure this value is less than or equal to {most}."),
        Problem::NumberTooLong => "String value too large.".to_owned(),
        Problem::Budget(bad) => about_budget(*bad).to_owned(),
        Problem::NotAMoment => "Datetime has wrong format. Use one of these formats instead: \
                                YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
            .to_owned(),
        Problem::Hours(bad) => bad.to_string(),
        Problem::HoursNotWhole => "re_assign_hours must be a valid integer.".to_owned(),
        Problem::Region(bad) => bad.to_string(),
        Problem::NotAnId(given) => {
            format!("Incorrect type. Expected pk value, received {given}.")
        }
        Problem::NoSuchId(id) => format!("Invalid pk \"{id}\" - object does not exist."),
        Problem::Inactive(name) => format!("{name} is inactive."),
        Problem::OtherCompany => {
            let label = label(field);
            format!("{label} must belong to the same company as the client.")
        }
        Problem::Taken => taken(field),
        Problem::Refused(refusal) => refused(*refusal),
        Problem::NotAList(given) => {
            format!("Expected a list of items but got type \"{given}\".")
        }
        Problem::TooMany { most } => format!("A client can have at most {most} phone numbers."),
        Problem::NotAnObject { place, given } => {
            format!("Phone number {place}: Expected an object, but got {given}.")
        }
        Problem::InEntry { place, problem } => {
            let FieldProblem { field, problem } = &**problem;
            let sentence = sentence(field, problem);
            format!("Phone number {place}: {field}: {sentence}")
        }
        Problem::Twice(number) => format!("Phone number \"{number}\" is listed twice."),
        Problem::Photo(bad) => about_photo(*bad),
        Problem::Differs => "New password and confirm password do not match.".to_owned(),
        Problem::OwnName => "Use something else than your own name or address.".to_owned(),
    }
}

/// The sentence about what cannot be done as things are.
pub(crate) fn refused(refusal: Refusal) -> String {
    let sentence = match refusal {
        Refusal::OwnPassword => {
            "Change your own password with your current one, at /api/users/change_password/."
        }
        Refusal::OwnRole => "Nobody can change their own role.",
        Refusal::OwnerStaysAdmin => {
            "The owner of a company stays its administrator; the owner can hand the company over."
        }
        Refusal::ChangesOwner => "Nobody but the owner of the company can change this.",
        Refusal::DeactivatesSelf => "Nobody can deactivate themselves.",
        Refusal::DeactivatesOwner => "The owner of a company cannot be deactivated.",
        Refusal::DeactivatesAdmin => "Only employees can be deactivated.",
        Refusal::DeletesSelf => "Nobody can delete themselves; ask another administrator.",
        Refusal::DeletesOwner => {
            "The owner of a company cannot be deleted; make somebody else the owner first."
        }
        Refusal::UserInOtherRecords => {
            "This person stands in the records of another company and cannot be deleted; \
             deactivate them."
        }
        Refusal::CompanyInOtherRecords => {
            "Somebody of this company stands in the records of another one, so it cannot be \
             deleted."
        }
        Refusal::OwnerOfNewCompany => {
            "Create the company first, then an administrator for it: the first one becomes its \
             owner."
        }
        Refusal::ReAssignOff => {
            "Re-assignment is switched off for your company; switch it on first."
        }
        Refusal::TooManyApiKeys { most } => {
            return format!(
                "A company can have {most} API keys; revoke one that is not needed any more."
            );
        }
        Refusal::TooManyMails => {
            "Enough mails were sent today; use the code from the last one, or try again tomorrow."
        }
        Refusal::TooManyNames => {
            "You have asked too often for what somebody else has. Try again in ten minutes."
        }
        Refusal::NotOwnEmail => "You can only request verification for your own email.",
        Refusal::NewUserWithoutPassword => "Password is required when creating a user.",
        Refusal::DemoNeedsEmptyDatabase => return refusal.to_string(),
    };
    sentence.to_owned()
}

fn about_text(problem: TextProblem) -> String {
    match problem {
        TextProblem::Blank => "This field may not be blank.".to_owned(),
        TextProblem::TooLong { longest } => {
            format!("Ensure this field has no more than {longest} characters.")
        }
        TextProblem::TooShort { least } => format!("Use at least {least} characters."),
        TextProblem::TooCommon => "This password is too common.".to_owned(),
        TextProblem::DigitsAlone => "Use more than digits alone.".to_owned(),
        TextProblem::NullCharacter => "Null characters are not allowed.".to_owned(),
        TextProblem::LineBreak => "Line breaks are not allowed.".to_owned(),
        TextProblem::ControlCharacter => "Control characters are not allowed.".to_owned(),
        TextProblem::TurnsDirection => {
            "Characters that turn the direction of writing are not allowed.".to_owned()
        }
        TextProblem::OfTimelines => {
            "Timelines use this name themselves. Use another one.".to_owned()
        }
        TextProblem::NotAUsername => {
            "Enter a valid username: letters, digits and . + - _ only.".to_owned()
        }
        TextProblem::NotAnEmail => "Enter a valid email address.".to_owned(),
        TextProblem::Shortened => {
            "A spreadsheet has shortened this number; enter all of its digits.".to_owned()
        }
        TextProblem::NoNumber => {
            "This is what a spreadsheet or a program writes instead of a number; enter the number, or leave it empty."
                .to_owned()
        }
    }
}

const fn about_budget(bad: BadBudget) -> &'static str {
    match bad {
        BadBudget::NotANumber => "A valid number is required.",
        BadBudget::TooManyDigits => "Ensure that there are no more than 12 digits in total.",
        BadBudget::TooManyDecimals => "Ensure that there are no more than 2 decimal places.",
        BadBudget::TooManyWholeDigits => {
            "Ensure that there are no more than 10 digits before the decimal point."
        }
    }
}

fn about_photo(bad: BadPhoto) -> String {
    match bad {
        BadPhoto::TooLarge => {
            let megabytes = MAX_PHOTO_BYTES / 1024 / 1024;
            format!("Use an image of at most {megabytes} MB.")
        }
        BadPhoto::NoImage => "Upload a PNG, JPEG, WebP or GIF image. This file is something else, \
                              or damaged."
            .to_owned(),
        BadPhoto::TooManyPixels => {
            format!("Use an image of at most {MAX_PHOTO_SIDE} by {MAX_PHOTO_SIDE} pixels.")
        }
        BadPhoto::TooManyScans => {
            "Save the image as an ordinary JPEG. This file would take too long to decode."
                .to_owned()
        }
        BadPhoto::Empty => "The submitted file is empty.".to_owned(),
        BadPhoto::NoFile => {
            "The submitted data was not a file. Check the encoding type on the form.".to_owned()
        }
        BadPhoto::Several => "Send one photo.".to_owned(),
    }
}

/// What the reference calls a field when it belongs to another company.
fn label(field: &str) -> &str {
    match field {
        "communication_way" => "Communication way",
        "status" => "Status",
        "stage" => "Stage",
        other => other,
    }
}

/// The sentence about what only one can have.
fn taken(field: &str) -> String {
    match field {
        "username" => "A user with that username already exists.".to_owned(),
        "domain" | "company_domain" => "company with this domain already exists.".to_owned(),
        other => format!("user with this {other} already exists."),
    }
}
