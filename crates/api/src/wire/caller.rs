//! Who asks, and about which thing: what a request's head proves before its body is read.

use crate::state::Shared;
use crate::wire::failure::{Answer, Failure};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use std::convert::Infallible;
use tawzi_app::{Actor, Error, Thing};
use tawzi_web::authenticated;

/// Who may come in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// Everybody.
    Anyone,
    /// Whoever has a token or an API key.
    SignedIn,
    /// Whoever has one of a company with a subscription.
    Subscribed,
}

/// A person with a good access token, or a program with a good API key.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) Actor);

impl FromRequestParts<Shared> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Answer<Self> {
        Ok(Self(authenticated(&state.app, &parts.headers).await?))
    }
}

/// A caller whose company may use the system.
#[derive(Debug)]
pub(crate) struct Subscriber(pub(crate) Actor);

impl FromRequestParts<Shared> for Subscriber {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Answer<Self> {
        let Caller(actor) = Caller::from_request_parts(parts, state).await?;
        actor.require_subscription()?;
        Ok(Self(actor))
    }
}

/// A caller that is a person: for what no API key may do.
#[derive(Debug)]
pub(crate) struct SignedIn(pub(crate) Actor);

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Answer<Self> {
        let Caller(actor) = Caller::from_request_parts(parts, state).await?;
        actor.require_user()?;
        Ok(Self(actor))
    }
}

/// A subscriber who sees everything of their company: its administrator, or an API key of it.
#[derive(Debug)]
pub(crate) struct Overseer(pub(crate) Actor);

impl FromRequestParts<Shared> for Overseer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Answer<Self> {
        let Subscriber(actor) = Subscriber::from_request_parts(parts, state).await?;
        actor.require_full_sight()?;
        Ok(Self(actor))
    }
}

/// A subscriber who administers their company, in person.
#[derive(Debug)]
pub(crate) struct Administrator(pub(crate) Actor);

impl FromRequestParts<Shared> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Answer<Self> {
        let Subscriber(actor) = Subscriber::from_request_parts(parts, state).await?;
        actor.require_admin()?;
        Ok(Self(actor))
    }
}

/// The id in a path; `None` when what stands there can be nobody's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathId(Option<i64>);

impl PathId {
    /// The number, or the answer that there is no such thing.
    pub(crate) fn number(self, thing: Thing) -> Answer<i64> {
        self.0.ok_or_else(|| Error::NotFound(thing).into())
    }
}

impl FromRequestParts<Shared> for PathId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Infallible> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        // Digits alone: `+1` is nobody's id.
        let digits = segment
            .ok()
            .filter(|Path(text)| text.bytes().all(|b| b.is_ascii_digit()));
        let number = digits.and_then(|Path(text)| text.parse().ok());
        Ok(Self(number.filter(|&number| number > 0)))
    }
}
