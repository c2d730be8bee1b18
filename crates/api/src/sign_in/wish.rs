//! Who wants a mail, and in which language, where nothing is counted: they have proved who they are.

use super::code::language;
use crate::Shared;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use tawzi_app::MailWish;
use tawzi_web::Visitor;

/// How a request wants the mail that comes of it.
pub(crate) struct Wish(pub(crate) MailWish);

impl FromRequestParts<Shared> for Wish {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Infallible> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        Ok(Self(MailWish {
            asker: state.sign_in_limits.asker(visitor),
            language: language(&parts.headers),
        }))
    }
}
