//! The fields of a person in a request.

use super::form::SentPhoto;
use crate::fields::{Demand, FieldErrors, Fields, Read, any_text, choice, flag, key, short_text};
use crate::wire::failure::{Answer, DetailBody, ErrorBody, Failure};
use serde_json::{Map, Value};
use tawzi_app::{
    BadPhoto, MAX_PHOTO_BYTES, MAX_PHOTO_SIDE, MIN_PASSWORD_LENGTH, PhotoFile, User, UserChange,
    UserDraft, is_email, is_username,
};
use tawzi_core::id::CompanyId;
use tawzi_core::user::Role;
use utoipa::ToSchema;

/// The fields, in the order of the reference's serializer.
const FIELDS: [&str; 10] = [
    "username",
    "email",
    "password",
    "first_name",
    "last_name",
    "phone",
    "profile_photo",
    "role",
    "company_id",
    "is_active",
];

/// A person.
#[derive(ToSchema)]
#[schema(examples(json!({"username": "khaled", "email": "khaled@my.example", "role": "employee",
    "password": "a long pass phrase", "first_name": "Khaled", "phone": "+963944000000"})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
pub(crate) struct UserRequest {
    /// Letters, digits and `.` `+` `-` `_` only; nobody else has it.
    #[schema(min_length = 1, max_length = 150)]
    username: String,
    /// Nobody else has it.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// Needed for a new person; empty means none. Another's can be set by administrators.
    #[schema(max_length = 1000)]
    password: Option<String>,
    /// Perhaps empty.
    #[schema(required = false, max_length = 150)]
    first_name: String,
    /// Perhaps empty.
    #[schema(required = false, max_length = 150)]
    last_name: String,
    /// Nobody else has it; empty means none.
    #[schema(max_length = 20)]
    phone: Option<String>,
    /// Null or empty removes it; a new one can only come in a form.
    #[schema(pattern = "^$")]
    profile_photo: Option<String>,
    role: Role,
    /// The caller's own, unless a super administrator asks.
    company_id: Option<CompanyId>,
    /// Whether the person may work; new ones may.
    #[schema(required = false)]
    is_active: bool,
}

/// Why a person was not created.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes the answer for the document")]
pub(crate) enum NotCreated {
    ByFields(FieldErrors),
    AsAWhole(DetailBody),
    Refused(ErrorBody),
    /// The password is missing, and nothing else is wrong.
    WithoutPassword {
        password: String,
    },
}

/// What a request says about a person.
#[derive(Debug)]
pub(crate) struct UserFields {
    change: UserChange,
    errors: FieldErrors,
}

impl UserFields {
    /// Takes the body apart; keys that nobody may set are ignored.
    pub(crate) fn read(body: Map<String, Value>, demand: Demand) -> Self {
        let mut fields = Fields::new(body, demand);
        let change = UserChange {
            username: fields.required("username", username),
            email: fields.required("email", email),
            role: fields.required("role", choice(role)),
            first_name: fields.optional("first_name", any_text(150)),
            last_name: fields.optional("last_name", any_text(150)),
            phone: fields.nullable("phone", phone),
            company: fields
                .nullable("company_id", key)
                .flatten()
                .map(CompanyId::new),
            is_active: fields.optional("is_active", flag),
            password: fields.nullable("password", password).flatten(),
            photo: None,
        };
        Self {
            change,
            errors: fields.into_errors(),
        }
    }

    /// Looks at the photo that was sent along.
    pub(super) async fn read_photo(&mut self, sent: SentPhoto) -> Answer<()> {
        let sentence = match sent {
            SentPhoto::Nothing => return Ok(()),
            SentPhoto::None => {
                self.change.photo = Some(None);
                return Ok(());
            }
            SentPhoto::File(content) if content.is_empty() => {
                "The submitted file is empty.".to_owned()
            }
            SentPhoto::File(content) => match PhotoFile::parse(content).await? {
                Ok(photo) => {
                    self.change.photo = Some(Some(photo));
                    return Ok(());
                }
                Err(bad) => no_photo(bad),
            },
            SentPhoto::NoFile => {
                "The submitted data was not a file. Check the encoding type on the form.".to_owned()
            }
            SentPhoto::Several => "Send one photo.".to_owned(),
        };
        self.errors.add("profile_photo", sentence);
        Ok(())
    }

    /// The person to be created.
    pub(crate) fn into_draft(mut self) -> Answer<UserDraft> {
        self.check_password();
        let change = self.change;
        let (Some(username), Some(email), Some(role), true) = (
            change.username,
            change.email,
            change.role,
            self.errors.is_empty(),
        ) else {
            return Err(Failure::Fields(self.errors.in_order_of(&FIELDS)));
        };
        let password = change.password.ok_or(Failure::Field(
            "password",
            "Password is required when creating a user.",
        ))?;
        Ok(UserDraft {
            company: change.company,
            username,
            email,
            first_name: change.first_name.unwrap_or_default(),
            last_name: change.last_name.unwrap_or_default(),
            phone: change.phone.flatten(),
            role,
            password,
            photo: change.photo.flatten(),
        })
    }

    /// What is to change about a person.
    pub(crate) fn into_change(mut self) -> Answer<UserChange> {
        self.check_password();
        if self.errors.is_empty() {
            Ok(self.change)
        } else {
            Err(Failure::Fields(self.errors.in_order_of(&FIELDS)))
        }
    }

    fn check_password(&mut self) {
        let short = |password: &String| password.chars().count() < MIN_PASSWORD_LENGTH;
        if self.change.password.as_ref().is_some_and(short) {
            self.errors.add("password", too_short());
        }
    }
}

/// Why a password would be easy to guess for somebody who knows its owner.
pub(super) fn weaknesses(password: &str, user: &User) -> Vec<String> {
    let mut sentences = Vec::new();
    if password.chars().count() < MIN_PASSWORD_LENGTH {
        sentences.push(too_short());
    }
    if password.chars().all(char::is_numeric) {
        sentences.push("Use more than digits alone.".to_owned());
    }
    let names = [
        &user.username,
        &user.email,
        &user.first_name,
        &user.last_name,
    ];
    let same = |name: &&String| !name.is_empty() && name.to_lowercase() == password.to_lowercase();
    if names.iter().any(same) {
        sentences.push("Use something else than your own name or address.".to_owned());
    }
    sentences
}

/// What is said about a photo that is larger than a whole request may be.
pub(super) fn photo_too_large() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add("profile_photo", no_photo(BadPhoto::TooLarge));
    errors
}

fn no_photo(bad: BadPhoto) -> String {
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
    }
}

fn too_short() -> String {
    format!("Use at least {MIN_PASSWORD_LENGTH} characters.")
}

fn username(value: &Value) -> Read<String> {
    let name = short_text(150)(value)?;
    match name {
        Some(name) if !is_username(&name) => Err(vec![
            "Enter a valid username: letters, digits and . + - _ only.".to_owned(),
        ]),
        name => Ok(name),
    }
}

fn email(value: &Value) -> Read<String> {
    let address = short_text(254)(value)?;
    match address {
        Some(address) if !is_email(&address) => {
            Err(vec!["Enter a valid email address.".to_owned()])
        }
        address => Ok(address),
    }
}

/// Empty text counts as null.
fn phone(value: &Value) -> Read<String> {
    Ok(any_text(20)(value)?.filter(|number| !number.is_empty()))
}

/// Empty text counts as none: forms send their empty fields as well.
fn password(value: &Value) -> Read<String> {
    Ok(any_text(1_000)(value)?.filter(|password| !password.is_empty()))
}

fn role(word: &str) -> Option<Role> {
    match word {
        "admin" => Some(Role::Admin),
        "employee" => Some(Role::Employee),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_field() {
        assert_eq!(crate::wire::openapi::properties::<UserRequest>(), FIELDS);
    }
}
