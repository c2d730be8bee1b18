//! Setting a new password with a code from a mail (contract, section 1.4).

use super::code::language;
use super::email::{DoneBody, IN_THE_LOG};
use super::{counted, shown_code};
use crate::Shared;
use crate::wire::body::Object;
use crate::wire::failure::Answer;
use crate::wire::fields::{Demand, filled_text, request, said, valid};
use crate::wire::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use tawzi_app::{MailWish, Problem};
use tawzi_core::text::{Email, FilledText, NewPassword};
use tawzi_web::{SignInStep, Visitor};
use utoipa::ToSchema;

/// A code is on its way, if the address is anybody's.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForgottenBody {
    message: &'static str,
    /// Whether codes go out by mail; otherwise they are in the log of the server.
    sent: bool,
}

request! {
    /// Who does not know their password any more.
    #[schema(examples(json!({"email": "salma@my.example"})))]
    pub(crate) struct ForgottenRequest for Forgotten {
        #[schema(min_length = 1, max_length = 254)]
        required email: Email;
    }
}

/// Who does not know their password any more.
#[derive(Default)]
pub(crate) struct Forgotten {
    email: Option<Email>,
}

request! {
    /// A new password, and the code from the mail in either form.
    #[schema(examples(json!({"email": "salma@my.example", "code": "123456",
        "new_password": "a long pass phrase", "confirm_password": "a long pass phrase"})))]
    pub(crate) struct ResetRequest for Reset {
        /// The address it was mailed to.
        #[schema(min_length = 1, max_length = 4096)]
        required email: FilledText;
        /// The short code, where it was asked for.
        given code: Option<String>, by filled_text(FilledText::parse);
        /// The long code, in the place of the short one.
        given token: Option<String>, by filled_text(FilledText::parse);
        /// More than digits, and none that many people choose.
        #[schema(min_length = 8, max_length = 1024)]
        required new_password: NewPassword;
        /// The same again.
        #[schema(min_length = 1, max_length = 4096)]
        required confirm_password: FilledText;
    }
}

/// A new password, and what allows it.
#[derive(Default)]
pub(crate) struct Reset {
    email: Option<FilledText>,
    code: Option<String>,
    token: Option<String>,
    new_password: Option<NewPassword>,
    confirm_password: Option<FilledText>,
}

/// Mails a code to set a new password with to an address, if it is anybody's; the answer does not tell.
///
/// The code is good for an hour, once.
#[utoipa::path(
    post,
    path = "/api/auth/forgot-password/",
    tag = "auth",
    params(("Accept-Language" = Option<String>, Header,
        description = "The language of the mail: Arabic unless English is asked for", example = "en")),
    request_body = ForgottenRequest,
    responses((status = 200, body = ForgottenBody), TooManyAttempts)
)]
pub(crate) async fn forgot_password(
    State(state): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Object(body, ..): Object<ForgottenRequest>,
) -> Answer<Json<ForgottenBody>> {
    let forgotten = valid(ForgottenRequest::read(body, Demand::Required))?;
    let email = said(forgotten.email);
    let (asker, account) = counted(&state, visitor, SignInStep::Code, &email).await?;
    let language = language(&headers);
    let wish = MailWish { asker, language };
    let sent = tawzi_app::forgot_password(&state.app, account, wish).await?;
    let message = if sent {
        "If somebody has this address here, a code to set a new password is on its way to it."
    } else {
        IN_THE_LOG
    };
    Ok(Json(ForgottenBody { message, sent }))
}

/// Sets a new password with a code from a mail, and signs its owner out everywhere.
#[utoipa::path(
    post,
    path = "/api/auth/reset-password/",
    tag = "auth",
    request_body = ResetRequest,
    responses((status = 200, body = DoneBody), TooManyAttempts)
)]
pub(crate) async fn reset_password(
    State(state): State<Shared>,
    visitor: Visitor,
    Object(body, ..): Object<ResetRequest>,
) -> Answer<Json<DoneBody>> {
    let mut sent = ResetRequest::read(body, Demand::Required);
    let (new, again) = (&sent.value.new_password, &sent.value.confirm_password);
    if let (Some(new), Some(again)) = (new, again)
        && new.as_str() != again.as_str()
    {
        sent.problems.push(Problem::Differs.of("confirm_password"));
    }
    let sent = valid(sent)?;
    let email = said(sent.email);
    let (asker, account) = counted(&state, visitor, SignInStep::Password, &email).await?;
    let code = shown_code(asker, sent.code.as_ref(), sent.token.as_ref())?;
    if let Some(new) = &sent.new_password {
        tawzi_app::reset_password(&state.app, account, code, new).await?;
    }
    let message = "Password has been reset successfully.";
    Ok(Json(DoneBody { message }))
}
