//! The fields of a person in a request.

use crate::failure::{Answer, Failure};
use crate::fields::{Demand, FieldErrors, Fields, Read, any_text, choice, flag, key, short_text};
use serde_json::{Map, Value};
use tawzi_app::{MIN_PASSWORD_LENGTH, User, UserChange, UserDraft, is_email, is_username};
use tawzi_core::id::CompanyId;
use tawzi_core::user::Role;

/// The fields, in the order of the reference's serializer.
const FIELDS: [&str; 9] = [
    "username",
    "email",
    "password",
    "first_name",
    "last_name",
    "phone",
    "role",
    "company_id",
    "is_active",
];

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
            first_name: fields.nullable("first_name", any_text(150)).flatten(),
            last_name: fields.nullable("last_name", any_text(150)).flatten(),
            phone: fields.nullable("phone", phone),
            company: fields
                .nullable("company_id", key)
                .flatten()
                .map(CompanyId::new),
            is_active: fields.nullable("is_active", flag).flatten(),
            password: fields.nullable("password", password).flatten(),
        };
        Self {
            change,
            errors: fields.into_errors(),
        }
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
