//! Whether names and numbers are free, for a form that asks while it is filled in (contract, section 1.4).

use super::counted;
use crate::Shared;
use crate::wire::body::Object;
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{Demand, FieldErrors, filled_text, request};
use crate::wire::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tawzi_app::{Error, WantedNames};
use tawzi_core::text::{Domain, Email, PhoneText, Username};
use tawzi_web::{SignInStep, Visitor};
use utoipa::{IntoParams, ToSchema};

/// Whether it is free.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AvailableBody {
    available: bool,
}

/// What is not free, or cannot be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnavailableBody {
    available: bool,
    errors: FieldErrors,
}

request! {
    /// What somebody would like to have; one thing at least.
    #[schema(examples(json!({"username": "salma"})))]
    pub(crate) struct AvailabilityRequest for WantedNames {
        given company_domain: Option<String>, by filled_text(Domain::parse);
        given email: Option<String>, by filled_text(Email::parse);
        given username: Option<String>, by filled_text(Username::parse);
        given phone: Option<String>, by filled_text(PhoneText::parse);
    }
}

/// The same in a query.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
struct AvailabilityQuery {
    company_domain: Option<String>,
    email: Option<String>,
    username: Option<String>,
    phone: Option<String>,
}

/// Says whether nobody has that name, address, number or domain yet.
#[utoipa::path(
    post,
    path = "/api/auth/check-availability/",
    tag = "auth",
    operation_id = "check_availability",
    request_body = AvailabilityRequest,
    responses(
        (status = 200, body = AvailableBody),
        (status = 400, body = UnavailableBody, description = "Somebody has it, or nobody can have it."),
        TooManyAttempts,
    )
)]
pub(crate) async fn check(
    State(state): State<Shared>,
    visitor: Visitor,
    Object(body, ..): Object<AvailabilityRequest>,
) -> Answer<Json<AvailableBody>> {
    answer(&state, visitor, body).await
}

/// Says whether nobody has that name, address, number or domain yet.
#[utoipa::path(
    get,
    path = "/api/auth/check-availability/",
    tag = "auth",
    operation_id = "read_availability",
    params(AvailabilityQuery),
    responses(
        (status = 200, body = AvailableBody),
        (status = 400, body = UnavailableBody, description = "Somebody has it, or nobody can have it."),
        TooManyAttempts,
    )
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    visitor: Visitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Answer<Json<AvailableBody>> {
    let query = query
        .into_iter()
        .map(|(name, text)| (name, Value::String(text)));
    answer(&state, visitor, query.collect()).await
}

async fn answer(
    state: &Shared,
    visitor: Visitor,
    asked: Map<String, Value>,
) -> Answer<Json<AvailableBody>> {
    let asked = AvailabilityRequest::read(asked, Demand::Nothing);
    if !asked.problems.is_empty() {
        return Err(unavailable(asked.problems));
    }
    let wanted = asked.value;
    let named = [
        &wanted.username,
        &wanted.email,
        &wanted.phone,
        &wanted.company_domain,
    ];
    let Some(name) = named.into_iter().flatten().next() else {
        let sentence = "Provide at least one field to check.";
        return Err(unavailable(FieldErrors::of("non_field_errors", sentence)));
    };
    counted(state, visitor, SignInStep::Password, name).await?;
    match tawzi_app::require_available(&state.app, &wanted).await {
        Err(Error::Invalid(problems)) => Err(unavailable(problems)),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(Json(AvailableBody { available: true })),
    }
}

fn unavailable(errors: impl Into<FieldErrors>) -> Failure {
    let body = UnavailableBody {
        available: false,
        errors: errors.into(),
    };
    Failure::new(StatusCode::BAD_REQUEST, body)
}
