//! What is sent about a person: a JSON object, or a form as of an HTML page (`multipart/form-data`),
//! which alone can bring a photo (contract, section 1.3).

use crate::wire::body::{self, Declared as _, Object, essence, media_type};
use crate::wire::failure::{Answer, DetailBody, ErrorBody, Failure};
use crate::wire::fields::{Demand, FieldErrors, filled_text, new_password, request, text};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::convert::Infallible;
use tawzi_app::{
    Actor, App, BadPhoto, Error, MAX_PHOTO_BYTES, PhotoFile, Problem, Submitted, UserChange,
    begin_upload,
};
use tawzi_core::id::CompanyId;
use tawzi_core::text::{Email, NamePart, PhoneText, Username};
use tawzi_core::user::Role;
use tawzi_web::MAX_BODY_BYTES;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The longest body of a request that may bring a photo.
pub(crate) const MAX_FORM_BYTES: usize = MAX_PHOTO_BYTES + 1024 * 1024;

/// The name of the one field that is a file.
const PHOTO: &str = "profile_photo";

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
        #[schema(max_length = 1024)]
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

/// What is sent about a person, of which nothing was read yet.
#[derive(Debug)]
pub(crate) struct SentForm(Request);

/// The fields of a person, and their photo.
#[derive(Debug)]
struct UserForm {
    fields: Map<String, Value>,
    photo: SentPhoto,
}

/// A person, as a page's form sends them: the fields of the JSON object, and a photo.
pub(crate) struct UserFormRequest;

impl ToSchema for UserFormRequest {
    fn name() -> Cow<'static, str> {
        "UserFormRequest".into()
    }
}

impl PartialSchema for UserFormRequest {
    fn schema() -> RefOr<Schema> {
        let mut schema = UserRequest::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let photo = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
                .description(Some(
                    "A PNG, JPEG, WebP or GIF image of 10 MiB at most, which is made smaller when it is large; an \
                     empty text removes the photo.",
                ));
            object.properties.insert(PHOTO.to_owned(), photo.into());
            object.description = Some("A person, as a page's form sends them.".to_owned());
            object.examples.clear();
        }
        schema
    }
}

/// What is said about the photo.
#[derive(Debug)]
enum SentPhoto {
    /// Nothing: it stays.
    Nothing,
    /// There is to be none.
    None,
    /// A file; of one that is too large only the beginning.
    File(Vec<u8>),
    /// Something else than a file.
    NoFile,
    /// More than one.
    Several,
}

impl SentPhoto {
    /// The photo there is to be, if any is; `None` when it stays.
    async fn read(self) -> Answer<Result<Option<Option<PhotoFile>>, BadPhoto>> {
        Ok(match self {
            Self::Nothing => Ok(None),
            Self::None => Ok(Some(None)),
            Self::File(content) if content.is_empty() => Err(BadPhoto::Empty),
            Self::File(content) => PhotoFile::parse(content)
                .await?
                .map(|photo| Some(Some(photo))),
            Self::NoFile => Err(BadPhoto::NoFile),
            Self::Several => Err(BadPhoto::Several),
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for SentForm {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(request))
    }
}

impl SentForm {
    /// What is said about the person. There is not always room for another photo.
    pub(crate) async fn read(
        self,
        app: &App,
        actor: &Actor,
        demand: Demand,
    ) -> Answer<Submitted<UserChange>> {
        let mut request = self.0;
        let media_type = media_type(request.headers());
        if !essence(&media_type).eq_ignore_ascii_case("multipart/form-data") {
            // Only a photo needs more.
            DefaultBodyLimit::max(MAX_BODY_BYTES).apply(&mut request);
            let Object(fields, ..) = Object::<UserRequest>::from_request(request, &()).await?;
            return UserForm::of_object(fields).read(demand).await;
        }
        let form = body::form(request).await?;
        let _upload = begin_upload(app, actor)?;
        UserForm::of_parts(form).await?.read(demand).await
    }
}

impl UserForm {
    /// What is said about the person.
    async fn read(self, demand: Demand) -> Answer<Submitted<UserChange>> {
        let mut user = UserRequest::read(self.fields, demand);
        match self.photo.read().await? {
            Ok(photo) => user.value.photo = photo,
            Err(bad) => user.problems.push(Problem::Photo(bad).of(PHOTO)),
        }
        Ok(user)
    }

    async fn of_parts(mut form: Multipart) -> Answer<Self> {
        let mut read = Self {
            fields: Map::new(),
            photo: SentPhoto::Nothing,
        };
        while let Some(field) = form.next_field().await.map_err(|error| failed(&error))? {
            read.add(field).await?;
        }
        Ok(read)
    }

    fn of_object(mut fields: Map<String, Value>) -> Self {
        let photo = match fields.remove(PHOTO) {
            None => SentPhoto::Nothing,
            Some(value) if value.is_null() || value == "" => SentPhoto::None,
            Some(_) => SentPhoto::NoFile,
        };
        Self { fields, photo }
    }

    async fn add(&mut self, field: Field<'_>) -> Answer<()> {
        let Some(name) = field.name().map(str::to_owned) else {
            return Ok(());
        };
        let is_file = field.file_name().is_some();
        // A form whose file was not chosen sends one without a name.
        if field.file_name() == Some("") {
            return Ok(());
        }
        if !UserRequest::FIELDS.contains(&&*name) {
            return Ok(());
        }
        if name != PHOTO {
            let text = String::from_utf8(short(field).await?).ok();
            // What is no text is refused as the value of its field.
            let value = text
                .filter(|_| !is_file)
                .map_or(Value::Bool(false), Value::String);
            self.fields.insert(name, value);
            return Ok(());
        }
        let content = beginning(field).await?;
        self.photo = match self.photo {
            SentPhoto::Nothing if is_file => SentPhoto::File(content),
            SentPhoto::Nothing if content.is_empty() => SentPhoto::None,
            SentPhoto::Nothing => SentPhoto::NoFile,
            _ => SentPhoto::Several,
        };
        Ok(())
    }
}

/// The content of a field that is as short as the body of any other request.
async fn short(mut field: Field<'_>) -> Answer<Vec<u8>> {
    let mut content = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| failed(&error))? {
        content.extend_from_slice(&chunk);
        if content.len() > MAX_BODY_BYTES {
            return Err(body::unreadable(StatusCode::PAYLOAD_TOO_LARGE));
        }
    }
    Ok(content)
}

/// The content of a field up to where it is too long for a photo; the rest is read, too, so that the
/// browser hears the answer.
async fn beginning(mut field: Field<'_>) -> Answer<Vec<u8>> {
    let mut content = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| failed(&error))? {
        if content.len() <= MAX_PHOTO_BYTES {
            content.extend_from_slice(&chunk);
        }
    }
    Ok(content)
}

/// Nothing but a photo makes a form longer than a request may be.
fn failed(error: &MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let problem = Problem::Photo(BadPhoto::TooLarge);
            Error::Invalid(vec![problem.of(PHOTO)]).into()
        }
        _ => body::bad_form(&error.body_text()),
    }
}
