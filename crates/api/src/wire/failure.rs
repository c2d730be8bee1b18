//! Every answer that is no success: the one place that turns what went wrong with a verb into the
//! reference's words (contract, section 2.1).

mod bodies;
mod files;

pub(crate) use bodies::{
    DetailBody, ErrorBody, ForbiddenBody, PhoneTakenBody, Refused, Unauthenticated,
};
pub(crate) use files::{LinesBody, NotImportedBody};

use crate::wire::fields::{FieldErrors, refused};
use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use tawzi_app::{BadMailCode, CodeRefusal, Denied, Error, Full, Refusal, StoreError, Thing};
use tawzi_web::{NotAuthenticated, TooMany, Trouble};

/// What a handler gives.
pub(crate) type Answer<T> = Result<T, Failure>;

/// After how many seconds to try again when the server cannot do it now.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// The web client signs out whoever is told this, and must not be told so for another reason.
const NO_SUBSCRIPTION: &str = "Your subscription is not active. Please contact support or \
                               complete your payment to access the system.";

/// Why a request was not carried out, as the client is told it.
#[derive(Debug)]
pub(crate) struct Failure(Box<Response>);

impl Failure {
    /// That status with that body.
    pub(crate) fn new(status: StatusCode, body: impl Serialize) -> Self {
        Self(Box::new((status, Json(body)).into_response()))
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers_mut().insert(name, value);
        self
    }

    /// `{"detail": sentence}`
    pub(crate) fn detail(status: StatusCode, sentence: impl Into<Cow<'static, str>>) -> Self {
        let detail = sentence.into();
        Self::new(status, DetailBody { detail })
    }

    /// `{"error": sentence}`
    pub(crate) fn error(status: StatusCode, sentence: impl Into<Cow<'static, str>>) -> Self {
        let error = sentence.into();
        Self::new(status, ErrorBody { error })
    }

    /// 400 with sentences for each field.
    pub(crate) fn fields(errors: impl Into<FieldErrors>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, errors.into())
    }

    /// 404 for an address that is nothing.
    pub(crate) fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    /// 400 with a sentence under `detail`.
    pub(crate) fn bad_request(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::BAD_REQUEST, sentence)
    }

    /// 400 with a sentence under `error`.
    pub(crate) fn refused(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::error(StatusCode::BAD_REQUEST, sentence)
    }

    /// 500, without a word about why.
    pub(crate) fn internal() -> Self {
        Self::detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error.")
    }

    /// 503 with a sentence: worth trying again soon.
    fn unavailable(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::SERVICE_UNAVAILABLE, sentence).with(RETRY_AFTER, RETRY_SECONDS)
    }

    /// 401.
    fn unauthenticated(body: Unauthenticated) -> Self {
        let challenge = HeaderValue::from_static("Bearer realm=\"api\"");
        Self::new(StatusCode::UNAUTHORIZED, body).with(WWW_AUTHENTICATE, challenge)
    }

    /// 429 for whoever asks for a code: the web client shows other sentences as a wrong name or password where it begins
    /// to sign in.
    pub(crate) fn unable_to_sign_in(TooMany { seconds }: TooMany) -> Self {
        Self::too_many("Unable to log in now: too many attempts.", seconds)
    }

    fn too_many(sentence: &str, seconds: u64) -> Self {
        let sentence = format!("{sentence} Try again in {seconds} seconds.");
        Self::detail(StatusCode::TOO_MANY_REQUESTS, sentence)
            .with(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The answer to an error: `sentence`, under `error`, when only administrators may do this.
    pub(crate) fn unless_admin(error: Error, sentence: &'static str) -> Self {
        match error {
            Error::Denied(Denied::NotAdmin) => Self::error(StatusCode::FORBIDDEN, sentence),
            error => error.into(),
        }
    }

    /// The answer to an error about a token that came in the body.
    pub(crate) fn of_token(error: Error) -> Self {
        match error {
            Error::BadToken(bad) => Self::unauthenticated(Unauthenticated::of_body(bad)),
            error => error.into(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(thing) => Self::detail(StatusCode::NOT_FOUND, not_found(thing)),
            Error::Denied(denied) => Self::detail(StatusCode::FORBIDDEN, forbidden(denied)),
            Error::Invalid(problems) => Self::fields(problems),
            Error::PhoneTaken { number, client } => {
                let body = PhoneTakenBody::new(&number, client);
                Self::new(StatusCode::BAD_REQUEST, body)
            }
            Error::NotTheirsAnyMore => Self::detail(
                StatusCode::CONFLICT,
                "It was created before, and its client is somebody else's by now.",
            ),
            Error::KeyUsedBefore => Self::detail(
                StatusCode::UNPROCESSABLE_ENTITY,
                "This Idempotency-Key was used for another request; send each one with a key of its own.",
            ),
            Error::NameTaken => {
                // The first stands under the field in a form; the second is what the reference says.
                let sentence = "Your company has another one with this name already.";
                let mut errors = FieldErrors::of("name", sentence);
                let sentence = "The fields name, company must make a unique set.";
                errors.add("non_field_errors", sentence);
                Self::fields(errors)
            }
            Error::BadCredentials => Self::unauthenticated(Unauthenticated::BAD_CREDENTIALS),
            Error::BadToken(bad) => Self::unauthenticated(Unauthenticated::of_access(bad)),
            Error::Code(refusal) => refusal.into(),
            Error::BadMailCode(bad) => Self::refused(match bad {
                BadMailCode::Wrong => "Invalid or expired verification code.",
                BadMailCode::Expired => "Verification code has expired. Please request a new one.",
            }),
            Error::Refused(refusal @ (Refusal::TooManyMails | Refusal::TooManyNames)) => {
                Self::detail(StatusCode::TOO_MANY_REQUESTS, refused(refusal))
            }
            Error::Refused(refusal @ Refusal::NotOwnEmail) => {
                Self::error(StatusCode::FORBIDDEN, refused(refusal))
            }
            Error::Refused(refusal @ Refusal::NewUserWithoutPassword) => {
                let body = BTreeMap::from([("password", refused(refusal))]);
                Self::new(StatusCode::BAD_REQUEST, body)
            }
            Error::Refused(refusal) => Self::refused(refused(refusal)),
            Error::TookTooLong => Trouble::TookTooLong.into(),
            Error::QueueFull => {
                Self::unavailable("Too many are waiting already; try again in a moment.")
            }
            Error::Full(full) => Self::unavailable(no_room(full)),
            Error::Stopping => Self::unavailable("The server is stopping; try again in a moment."),
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
        let body = match reason {
            NotAuthenticated::Missing => Unauthenticated::MISSING,
            NotAuthenticated::Malformed => Unauthenticated::BAD_HEADER,
            NotAuthenticated::Refused(error) => return error.into(),
        };
        Self::unauthenticated(body)
    }
}

impl From<TooMany> for Failure {
    fn from(TooMany { seconds }: TooMany) -> Self {
        Self::too_many("Too many attempts.", seconds)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::TookTooLong => Self::detail(
                trouble.status(),
                "The request took too long; try again in a moment.",
            ),
            Trouble::Panicked => Self::internal(),
        }
    }
}

impl From<CodeRefusal> for Failure {
    fn from(refusal: CodeRefusal) -> Self {
        let field = |name, sentence: &str| Self::fields(FieldErrors::of(name, sentence));
        let forbidden = |error, code, subscription| {
            let body = ForbiddenBody {
                error,
                code,
                subscription,
            };
            Self::new(StatusCode::FORBIDDEN, body)
        };
        match refusal {
            CodeRefusal::NoUser => field("username", "User not found."),
            CodeRefusal::Inactive => field("username", "User account is inactive."),
            CodeRefusal::WrongPassword => {
                Self::error(StatusCode::UNAUTHORIZED, "Invalid credentials.")
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
                Self::unavailable("The database is busy; try again in a moment.")
            }
            StoreError::Lost(_) => {
                Self::unavailable("The database cannot be reached; try again in a moment.")
            }
            StoreError::TookTooLong(_) => Trouble::TookTooLong.into(),
            StoreError::Conflict(_) => Self::detail(
                StatusCode::CONFLICT,
                "Something that this request refers to has just changed; look again, then repeat \
                 it.",
            ),
            _ => Self::internal(),
        }
    }
}

/// Why something is not begun.
const fn no_room(full: Full) -> &'static str {
    match full {
        Full::All => "The server has too much to do; try again in a moment.",
        Full::Share => "Too many of your requests are under way; try again in a moment.",
    }
}

/// Why somebody may not do something.
const fn forbidden(denied: Denied) -> &'static str {
    match denied {
        Denied::NoSubscription => NO_SUBSCRIPTION,
        Denied::NoPerson => "An API key cannot do this; a person has to sign in for it.",
        Denied::NotAdmin | Denied::NoCompany => {
            "You do not have permission to perform this action."
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
