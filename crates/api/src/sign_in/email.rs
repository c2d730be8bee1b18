//! Confirming an e-mail address with a code from a mail (contract, section 1.4).

use super::code::language;
use super::{counted, shown_code};
use crate::Shared;
use crate::wire::body::Object;
use crate::wire::caller::SignedInUser;
use crate::wire::failure::{Answer, DetailBody, ErrorBody, Failure};
use crate::wire::fields::{Demand, filled_text, request, said, valid};
use crate::wire::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use tawzi_app::{MailWish, VerificationMail};
use tawzi_core::text::FilledText;
use tawzi_core::time::Timestamp;
use tawzi_web::{SignInStep, Visitor};
use utoipa::ToSchema;

/// What is said where a code is not mailed.
pub(crate) const IN_THE_LOG: &str =
    "Mail is not set up here; the code is in the log of the server.";

/// A sentence about what was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoneBody {
    pub(crate) message: &'static str,
}

/// A code is on its way, or none is needed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationBody {
    message: &'static str,
    /// Whether the code goes out by mail; otherwise it is in the log of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sent: Option<bool>,
    /// From when it is good for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    expires_at: Option<Timestamp>,
}

request! {
    /// The code from a mail, in either form.
    #[schema(examples(json!({"email": "salma@my.example", "code": "123456"})))]
    pub(crate) struct ConfirmationRequest for Confirmation {
        /// The address it was mailed to.
        #[schema(min_length = 1, max_length = 4096)]
        required email: FilledText;
        /// The short code, where it was asked for.
        given code: Option<String>, by filled_text(FilledText::parse);
        /// The long code, in the place of the short one.
        given token: Option<String>, by filled_text(FilledText::parse);
    }
}

/// The code from a mail, and where that was sent.
#[derive(Default)]
pub(crate) struct Confirmation {
    email: Option<FilledText>,
    code: Option<String>,
    token: Option<String>,
}

request! {
    /// Whose address is to be confirmed.
    #[schema(examples(json!({"email": "salma@my.example"})))]
    pub(crate) struct VerificationRequest for Verification {
        /// The caller's address, or the new one that they have asked for.
        #[schema(max_length = 4096)]
        given email: Option<String>, by filled_text(FilledText::parse);
    }
}

/// Whose address is to be confirmed.
#[derive(Default)]
pub(crate) struct Verification {
    email: Option<String>,
}

/// Confirms an e-mail address with the code that was mailed to it: from then on it is its owner's.
#[utoipa::path(
    post,
    path = "/api/auth/verify-email/",
    tag = "auth",
    operation_id = "verify_email",
    request_body = ConfirmationRequest,
    responses((status = 200, body = DoneBody), TooManyAttempts)
)]
pub(crate) async fn verify(
    State(state): State<Shared>,
    visitor: Visitor,
    Object(body, ..): Object<ConfirmationRequest>,
) -> Answer<Json<DoneBody>> {
    let sent = valid(ConfirmationRequest::read(body, Demand::Required))?;
    let email = said(sent.email);
    let (asker, _) = counted(&state, visitor, SignInStep::Password, &email).await?;
    let code = shown_code(asker, sent.code.as_ref(), sent.token.as_ref())?;
    tawzi_app::confirm_email(&state.app, &email, code).await?;
    let message = "Email verified successfully.";
    Ok(Json(DoneBody { message }))
}

/// Mails the caller another code to confirm their e-mail address with.
#[utoipa::path(
    post,
    path = "/api/auth/resend-verification/",
    tag = "auth",
    params(("Accept-Language" = Option<String>, Header,
        description = "The language of the mail: Arabic unless English is asked for", example = "en")),
    request_body = VerificationRequest,
    responses(
        (status = 200, body = VerificationBody),
        (status = 403, body = inline(NotOwnAddress), description = "It is not the caller's address."),
        TooManyAttempts,
    )
)]
pub(crate) async fn resend_verification(
    State(state): State<Shared>,
    visitor: Visitor,
    SignedInUser(actor): SignedInUser,
    headers: HeaderMap,
    Object(body, ..): Object<VerificationRequest>,
) -> Answer<Json<VerificationBody>> {
    let sent = valid(VerificationRequest::read(body, Demand::Nothing))?;
    let email = sent.email;
    let email = email.ok_or_else(|| Failure::refused("Email is required."))?;
    let (asker, _) = counted(&state, visitor, SignInStep::Code, &email).await?;
    let language = language(&headers);
    let wish = MailWish { asker, language };
    let mail = tawzi_app::resend_verification(&state.app, &actor, &email, wish).await?;
    Ok(Json(match mail {
        VerificationMail::AlreadyVerified => VerificationBody {
            message: "Email is already verified.",
            sent: None,
            expires_at: None,
        },
        VerificationMail::Requested { sent, expires_at } => VerificationBody {
            message: if sent {
                "Verification code sent successfully."
            } else {
                IN_THE_LOG
            },
            sent: Some(sent),
            expires_at: Some(expires_at),
        },
    }))
}

/// The body of a 403: the caller may not, or it is somebody else's address.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes the answer for the document")]
enum NotOwnAddress {
    Denied(DetailBody),
    SomebodyElses(ErrorBody),
}
