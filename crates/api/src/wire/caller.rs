//! Who asks, and about which thing: what a request's head proves before its body is read.

use crate::Shared;
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::Whole;
use crate::wire::under_way::Asker;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use tawzi_app::{Actor, Error, Thing};
use tawzi_core::id::{
    ApiKeyId, ChannelId, ClientEventId, ClientId, ClientTaskId, CompanyId, StageId, StatusId,
    SweepId, UserId,
};
use tawzi_web::{Visitor, authenticated};

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
        let actor = authenticated(&state.app, &parts.headers).await?;
        if let (Some(asker), Some(company)) = (parts.extensions.get::<Asker>(), actor.company()) {
            asker.is_of(company);
        }
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        let address = state.sign_in_limits.address_of(visitor);
        Ok(Self(actor.at_address(address)))
    }
}

/// Declares callers who may do more than others.
macro_rules! callers {
    ($($(#[$doc:meta])+ $caller:ident: a $wider:ident by $require:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Debug)]
        pub(crate) struct $caller(pub(crate) Actor);

        impl FromRequestParts<Shared> for $caller {
            type Rejection = Failure;

            async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Answer<Self> {
                let $wider(actor) = $wider::from_request_parts(parts, state).await?;
                actor.$require()?;
                Ok(Self(actor))
            }
        }
    )+};
}

callers! {
    /// A caller whose company may use the system.
    Subscriber: a Caller by require_subscription;
    /// A caller that is a person: for what no API key may do.
    SignedInUser: a Caller by require_user;
    /// A subscriber who sees everything of their company: its administrator, or an API key of it.
    Overseer: a Subscriber by require_full_sight;
    /// A super administrator.
    SuperAdministrator: a Caller by require_superuser;
    /// A super administrator, or somebody who administers their company.
    AnyAdministrator: a Caller by require_any_admin;
    /// A subscriber who administers their company, in person.
    Administrator: a Subscriber by require_admin;
}

/// The id in a path, of a thing of that kind; 404 when what stands there can be no id. The reference tells a number
/// that is nobody's from what is no number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathId<I>(pub(crate) I);

/// The ids that stand in paths.
pub(crate) trait IdInPath {
    /// Whose ids they are.
    const THING: Thing;

    /// The id with that number.
    fn of(number: i64) -> Self;
}

macro_rules! ids_in_paths {
    ($($id:ident of a $thing:ident,)+) => {$(
        impl IdInPath for $id {
            const THING: Thing = Thing::$thing;

            fn of(number: i64) -> Self {
                Self::new(number)
            }
        }
    )+};
}

ids_in_paths! {
    ApiKeyId of a ApiKey,
    ChannelId of a Channel,
    ClientEventId of a ClientEvent,
    ClientId of a Client,
    ClientTaskId of a ClientTask,
    CompanyId of a Company,
    StageId of a Stage,
    StatusId of a Status,
    SweepId of a Sweep,
    UserId of a User,
}

impl<I: IdInPath> FromRequestParts<Shared> for PathId<I> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Answer<Self> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        let Ok(Path(text)) = segment else {
            return Err(Failure::not_found());
        };
        match Whole::parse(&text) {
            // Digits alone: `+1` is nobody's id.
            Some(Whole::Fits(number)) if number > 0 && text.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(Self(I::of(number)))
            }
            Some(_) => Err(Error::NotFound(I::THING).into()),
            None => Err(Failure::not_found()),
        }
    }
}
