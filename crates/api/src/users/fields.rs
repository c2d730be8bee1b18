//! The fields of a person in a request.

use super::form::{PHOTO, SentPhoto};
use crate::wire::failure::{Answer, DetailBody, ErrorBody};
use crate::wire::fields::{FieldErrors, filled_text, new_password, request, text};
use tawzi_app::{BadPhoto, PhotoFile, Problem, Submitted, User, UserChange};
use tawzi_core::id::CompanyId;
use tawzi_core::text::{Email, NamePart, NewPassword, PhoneText, Username};
use tawzi_core::user::Role;
use utoipa::ToSchema;

request! {
    /// A person.
    #[schema(examples(json!({"username": "khaled", "email": "khaled@my.example", "role": "employee",
        "password": "a long pass phrase", "first_name": "Khaled", "phone": "+963944000000"})))]
    pub(crate) struct UserRequest for UserChange {
        /// Letters, digits and `.` `+` `-` `_` only; nobody else has it.
        #[schema(min_length = 1, max_length = 150)]
        required username: String, by text(Username::parse);
        /// Nobody else has it.
        #[schema(min_length = 1, max_length = 254, format = Email)]
        required email: String, by text(Email::parse);
        /// Needed for a new person; empty means none. Another's can be set by administrators.
        #[schema(max_length = 1000)]
        given password: Option<String>, by new_password;
        /// Perhaps empty.
        #[schema(required = false, max_length = 150)]
        optional first_name: String, by text(NamePart::parse);
        /// Perhaps empty.
        #[schema(required = false, max_length = 150)]
        optional last_name: String, by text(NamePart::parse);
        /// Nobody else has it; empty means none.
        #[schema(max_length = 20)]
        nullable phone: Option<String>, by filled_text(PhoneText::parse);
        /// Null or empty removes it; a new one can only come in a form.
        #[schema(pattern = "^$")]
        elsewhere profile_photo: Option<String>;
        required role: Role;
        /// The caller's own, unless a super administrator asks.
        given company_id: Option<CompanyId> => company;
        /// Whether the person may work; new ones may.
        #[schema(required = false)]
        optional is_active: bool;
    }
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

/// Looks at the photo that was sent along.
pub(super) async fn read_photo(user: &mut Submitted<UserChange>, sent: SentPhoto) -> Answer<()> {
    let bad = match sent {
        SentPhoto::Nothing => return Ok(()),
        SentPhoto::None => {
            user.value.photo = Some(None);
            return Ok(());
        }
        SentPhoto::File(content) if content.is_empty() => BadPhoto::Empty,
        SentPhoto::File(content) => match PhotoFile::parse(content).await? {
            Ok(photo) => {
                user.value.photo = Some(Some(photo));
                return Ok(());
            }
            Err(bad) => bad,
        },
        SentPhoto::NoFile => BadPhoto::NoFile,
        SentPhoto::Several => BadPhoto::Several,
    };
    user.problems.push(Problem::Photo(bad).of(PHOTO));
    Ok(())
}

/// Why a password would be easy to guess for somebody who knows its owner.
pub(super) fn weaknesses(password: &str, user: &User) -> Vec<Problem> {
    let mut problems = match NewPassword::parse(password) {
        Err(problems) => problems.into_iter().map(Problem::Text).collect(),
        Ok(_) => Vec::new(),
    };
    if password.chars().all(char::is_numeric) {
        problems.push(Problem::DigitsAlone);
    }
    let names = [
        &user.username,
        &user.email,
        &user.first_name,
        &user.last_name,
    ];
    let same = |name: &&String| !name.is_empty() && name.to_lowercase() == password.to_lowercase();
    if names.iter().any(same) {
        problems.push(Problem::OwnName);
    }
    problems
}
