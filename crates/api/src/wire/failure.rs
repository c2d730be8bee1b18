//! Every answer that is no success: the one place that turns what went wrong with a verb into the
//! reference's words (contract, section 2.1).

mod bodies;

pub(crate) use bodies::{
    DetailBody, ErrorBody, ForbiddenBody, PhoneTakenBody, Refused, Unauthenticated,
};

use crate::wire::fields::{FieldErrors, refused};
use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use tawzi_app::{CodeRefusal, Denied, Error, Refusal, StoreError, Thing};
use tawzi_core::id::ClientId;
use tawzi_web::{NoBearer, NotAuthenticated, TooMany, Trouble};

/// What a handler gives.
pub(crate) type Answer<T> = Result<T, Failure>;

/// After how many seconds to try again when the server cannot do it now.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// The web client signs out whoever is told this, and must not be told so for another reason.
const NO_SUBSCRIPTION: &str = "Your subscription is not active. Please contact support or \
                               complete your payment to access the system.";

/// What a program is told that asks for what only people may do.
const NO_PERSON: &str = "An API key cannot do this; a person has to sign in for it.";

/// Why a request was not carried out, in the shape that the client expects.
#[derive(Debug)]
pub(crate) enum Failure {
    /// `{"detail": sentence}`
    Detail(StatusCode, Cow<'static, str>),
    /// `{"error": sentence}`
    Error(StatusCode, Cow<'static, str>),
    /// 400 with sentences for each field.
    Fields(FieldErrors),
    /// 400 with a field and its only sentence.
    Field(&'static str, &'static str),
    /// 400 with a sentence and the client that has the phone number already.
    PhoneTaken {
        /// The number, as it was sent.
        number: String,
        /// The client.
        client: ClientId,
    },
    /// 401.
    Unauthenticated(Unauthenticated),
    /// 403 with a word by which the web client knows what to show.
    Forbidden(ForbiddenBody),
    /// 429.
    TooMany(TooMany),
    /// 503 with a sentence: worth trying again soon.
    Unavailable(&'static str),
}

impl Failure {
    /// 404 for an address that is nothing.
    pub(crate) const fn not_found() -> Self {
        Self::Detail(StatusCode::NOT_FOUND, Cow::Borrowed("Not found."))
    }

    /// 400 with a sentence under `detail`.
    pub(crate) fn bad_request(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Detail(StatusCode::BAD_REQUEST, sentence.into())
    }

    /// 400 with a sentence under `error`.
    pub(crate) fn refused(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Error(StatusCode::BAD_REQUEST, sentence.into())
    }

    /// 500, without a word about why.
    pub(crate) const fn internal() -> Self {
        Self::Detail(
            StatusCode::INTERNAL_SERVER_ERROR,
            Cow::Borrowed("Internal server error."),
        )
    }

    /// The answer to an error: `sentence`, under `error`, when only administrators may do this.
    pub(crate) fn unless_admin(error: Error, sentence: &'static str) -> Self {
        match error {
            Error::Denied(Denied::NotAdmin) => Self::Error(StatusCode::FORBIDDEN, sentence.into()),
            error => error.into(),
        }
    }

    /// The answer to an error about a token that came in the body.
    pub(crate) fn of_token(error: Error) -> Self {
        match error {
            Error::BadToken(bad) => Self::Unauthenticated(Unauthenticated::of_body(bad)),
            error => error.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(thing) => Self::Detail(StatusCode::NOT_FOUND, not_found(thing).into()),
            Error::Denied(Denied::NoSubscription) => {
                Self::Detail(StatusCode::FORBIDDEN, NO_SUBSCRIPTION.into())
            }
            Error::Denied(Denied::NoPerson) => {
                Self::Detail(StatusCode::FORBIDDEN, NO_PERSON.into())
            }
            Error::Denied(Denied::NotAdmin | Denied::NoCompany) => Self::Detail(
                StatusCode::FORBIDDEN,
                "You do not have permission to perform this action.".into(),
            ),
            Error::Invalid(problems) => Self::Fields(problems.into()),
            Error::PhoneTaken { number, client } => Self::PhoneTaken { number, client },
            Error::NotTheirsAnyMore => Self::Detail(
                StatusCode::CONFLICT,
                "This client was created before, and is somebody else's by now.".into(),
            ),
            Error::NameTaken => Self::Fields(FieldErrors::name_taken()),
            Error::BadCredentials => Self::Unauthenticated(Unauthenticated::BAD_CREDENTIALS),
            Error::BadToken(bad) => Self::Unauthenticated(Unauthenticated::of_access(bad)),
            Error::Code(refusal) => refusal.into(),
            Error::Refused(Refusal::NewUserWithoutPassword) => {
                Self::Field("password", "Password is required when creating a user.")
            }
            Error::Refused(refusal) => Self::refused(refused(refusal)),
            Error::TookTooLong => Trouble::TookTooLong.into(),
            Error::Stopping => Self::Unavailable("The server is stopping; try again in a moment."),
            Error::Store(error) => error.into(),
            Error::Mail(_) | Error::Internal(_) => {
                log(&error);
                Self::internal()
            }
        }
    }
}

impl From<NotAuthenticated> for Failure {
    fn from(reason: NotAuthenticated) -> Self {
        match reason {
            NotAuthenticated::NoBearer(NoBearer::Missing) => {
                Self::Unauthenticated(Unauthenticated::MISSING)
            }
            NotAuthenticated::NoBearer(NoBearer::Malformed) => {
                Self::Unauthenticated(Unauthenticated::BAD_HEADER)
            }
            NotAuthenticated::Refused(error) => error.into(),
        }
    }
}

impl From<TooMany> for Failure {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany(too_many)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::TookTooLong => Self::Detail(
                trouble.status(),
                "The request took too long; try again in a moment.".into(),
            ),
            Trouble::Panicked => Self::internal(),
        }
    }
}

impl From<CodeRefusal> for Failure {
    fn from(refusal: CodeRefusal) -> Self {
        let field = |name, sentence: &str| {
            let mut errors = FieldErrors::default();
            errors.add(name, sentence);
            Self::Fields(errors)
        };
        let forbidden = |error, code, subscription| {
            Self::Forbidden(ForbiddenBody::new(error, code, subscription))
        };
        match refusal {
            CodeRefusal::NoUser => field("username", "User not found."),
            CodeRefusal::Inactive => field("username", "User account is inactive."),
            CodeRefusal::WrongPassword => {
                Self::Error(StatusCode::UNAUTHORIZED, "Invalid credentials.".into())
            }
            CodeRefusal::NothingSent => field("code", "Either code or token must be provided."),
            CodeRefusal::TokenAlone => field("code", "This field is required."),
            CodeRefusal::WrongCode => Self::refused("Invalid or expired 2FA code."),
            CodeRefusal::Expired => {
                Self::refused("2FA code has expired. Please request a new one.")
            }
            CodeRefusal::EmployeeUnsubscribed => forbidden(
                "Your account is temporarily inactive",
                "ACCOUNT_TEMPORARILY_INACTIVE",
                None,
            ),
            CodeRefusal::Unsubscribed { subscription } => {
                forbidden(NO_SUBSCRIPTION, "SUBSCRIPTION_INACTIVE", subscription)
            }
            CodeRefusal::NoCompany => {
                forbidden("Your account belongs to no company.", "NO_COMPANY", None)
            }
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        log(&error);
        match error {
            StoreError::Busy(_) => {
                Self::Unavailable("The database is busy; try again in a moment.")
            }
            StoreError::Lost(_) => {
                Self::Unavailable("The database cannot be reached; try again in a moment.")
            }
            StoreError::Conflict(_) => Self::Detail(
                StatusCode::CONFLICT,
                "Something that this request refers to has just changed; look again, then repeat \
                 it."
                .into(),
            ),
            _ => Self::internal(),
        }
    }
}

/// The reference's sentence about what is not there.
const fn not_found(thing: Thing) -> &'static str {
    match thing {
        Thing::ApiKey => "No ApiKey matches the given query.",
        Thing::Channel => "No Channel matches the given query.",
        Thing::Client => "No Client matches the given query.",
        Thing::ClientEvent => "No ClientEvent matches the given query.",
        Thing::ClientTask => "No ClientTask matches the given query.",
        Thing::Company => "No Company matches the given query.",
        Thing::Page => "Invalid page.",
        Thing::Photo => "No Photo matches the given query.",
        Thing::Stage => "No LeadStage matches the given query.",
        Thing::Status => "No LeadStatus matches the given query.",
        Thing::Sweep => "No Sweep matches the given query.",
        Thing::User => "No User matches the given query.",
    }
}

/// The only place that logs why a request failed; the client is not told.
fn log(error: &(dyn StdError + 'static)) {
    tracing::error!(error, "a request failed");
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Detail(status, detail) => (status, Json(DetailBody { detail })).into_response(),
            Self::Error(status, error) => (status, Json(ErrorBody { error })).into_response(),
            Self::Fields(errors) => (StatusCode::BAD_REQUEST, Json(errors)).into_response(),
            Self::Field(name, sentence) => {
                let body = BTreeMap::from([(name, sentence)]);
                (StatusCode::BAD_REQUEST, Json(body)).into_response()
            }
            Self::PhoneTaken { number, client } => {
                let body = PhoneTakenBody {
                    phone_number: [format!(
                        "A client with the phone number {number} already exists."
                    )],
                    code: "phone_taken",
                    existing_client: client,
                };
                (StatusCode::BAD_REQUEST, Json(body)).into_response()
            }
            Self::Unauthenticated(body) => {
                let challenge = HeaderValue::from_static("Bearer realm=\"api\"");
                let headers = [(WWW_AUTHENTICATE, challenge)];
                (StatusCode::UNAUTHORIZED, headers, Json(body)).into_response()
            }
            Self::Forbidden(body) => (StatusCode::FORBIDDEN, Json(body)).into_response(),
            Self::TooMany(TooMany { seconds }) => {
                let detail = format!("Too many attempts. Try again in {seconds} seconds.").into();
                let headers = [(RETRY_AFTER, HeaderValue::from(seconds))];
                let status = StatusCode::TOO_MANY_REQUESTS;
                (status, headers, Json(DetailBody { detail })).into_response()
            }
            Self::Unavailable(sentence) => {
                let detail = sentence.into();
                let headers = [(RETRY_AFTER, RETRY_SECONDS)];
                let status = StatusCode::SERVICE_UNAVAILABLE;
                (status, headers, Json(DetailBody { detail })).into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn answer(error: StoreError) -> (StatusCode, Option<HeaderValue>, String) {
        let response = Failure::from(Error::Store(error)).into_response();
        let status = response.status();
        let retry = response.headers().get(RETRY_AFTER).cloned();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, retry, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_database_that_is_busy_or_gone_is_worth_another_try() {
        for error in [StoreError::Busy, StoreError::Lost] {
            let (status, retry, body) = answer(error(sqlx::Error::PoolTimedOut.into())).await;

            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(retry, Some(RETRY_SECONDS));
            assert!(body.contains("try again"), "{body}");
        }
    }

    #[tokio::test]
    async fn the_client_is_not_told_what_the_database_says() {
        let secret = sqlx::Error::Protocol("table client, column name".to_owned());

        let (status, _, body) = answer(StoreError::Database(secret)).await;

        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(body, r#"{"detail":"Internal server error."}"#);
    }
}
