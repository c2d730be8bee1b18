//! Companies, and their settings for distributing clients (contract, section 2.6).

mod fields;
mod whole_number;

use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{Caller, PathId};
use crate::wire::failure::{Answer, ErrorBody, Failure, Refused};
use crate::wire::fields::{Demand, Read, sentence};
use crate::wire::list::{ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fields::{AssignmentSettingsRequest, CompanyRequest};
use serde::Serialize;
use serde_json::Value;
use tawzi_app::{Actor, Company, Error, FieldProblem, Problem, Thing};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::phone::PhoneRegion;
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;
use whole_number::whole_number;

/// A company, as its settings are answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompanyBody {
    id: CompanyId,
    name: String,
    domain: String,
    /// `real_estate`, `services` or `products`.
    specialization: String,
    /// The person it belongs to.
    #[schema(required)]
    owner: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    owner_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    owner_email: Option<String>,
    /// Whether each new client goes to the least busy employee.
    auto_assign_enabled: bool,
    /// Whether neglected clients move on.
    re_assign_enabled: bool,
    re_assign_hours: ReAssignHours,
    unique_phones: bool,
    #[schema(required)]
    phone_region: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A company in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompanyRow {
    id: CompanyId,
    name: String,
    domain: String,
    /// `real_estate`, `services` or `products`.
    specialization: String,
    /// The person it belongs to.
    #[schema(required)]
    owner: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    owner_username: Option<String>,
    created_at: Timestamp,
}

/// Lists the companies. Only super administrators may.
#[utoipa::path(
    get,
    path = "/api/companies/",
    tag = "companies",
    params(PageQuery, SearchQuery),
    responses((status = 200, body = Listed<CompanyRow>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Caller(actor): Caller,
    query: ListQuery,
) -> Answer<Json<Listed<CompanyRow>>> {
    let words = query.words()?;
    let fetch = |page| tawzi_app::list_companies(&state.app, &actor, &words, page);
    query.list(fetch, CompanyRow::from).await
}

/// Creates a company. Only super administrators may.
#[utoipa::path(
    post,
    path = "/api/companies/",
    tag = "companies",
    request_body = CompanyRequest,
    responses((status = 201, body = CompanyBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Caller(actor): Caller,
    Object(body): Object,
) -> Answer<(StatusCode, Json<CompanyBody>)> {
    let new = CompanyRequest::read(body, Demand::Required);
    let company = tawzi_app::register_company(&state.app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(company.into())))
}

/// Shows a company. Only super administrators may.
#[utoipa::path(
    get,
    path = "/api/companies/{id}/",
    tag = "companies",
    responses((status = 200, body = CompanyBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
) -> Answer<Json<CompanyBody>> {
    require_superuser(&actor)?;
    let id = CompanyId::new(id.number(Thing::Company)?);
    let company = tawzi_app::read_company(&state.app, &actor, id).await?;
    Ok(Json(company.into()))
}

/// Deletes a company with everything and everybody of it. Only super administrators may.
#[utoipa::path(
    delete,
    path = "/api/companies/{id}/",
    tag = "companies",
    responses(
        (status = 204),
        (status = 400, body = ErrorBody, description = "The company is still needed."),
    )
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
) -> Answer<StatusCode> {
    require_superuser(&actor)?;
    let id = CompanyId::new(id.number(Thing::Company)?);
    tawzi_app::delete_company(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a company. Only super administrators may.
#[utoipa::path(
    method(put, patch),
    path = "/api/companies/{id}/",
    tag = "companies",
    request_body = CompanyRequest,
    responses((status = 200, body = CompanyBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<CompanyBody>> {
    require_superuser(&actor)?;
    let id = CompanyId::new(id.number(Thing::Company)?);
    let update = CompanyRequest::read(body, demand);
    let company = tawzi_app::edit_company(&state.app, &actor, id, update).await?;
    Ok(Json(company.into()))
}

/// Whoever may not do it learns nothing about what is wrong with the request.
fn require_superuser(actor: &Actor) -> Answer<()> {
    Ok(actor.require_superuser()?)
}

/// Changes a company's settings for distributing clients. Only its administrators may.
#[utoipa::path(
    patch,
    path = "/api/companies/{id}/update_assignment_settings/",
    tag = "companies",
    request_body = AssignmentSettingsRequest,
    responses(
        (status = 200, body = CompanyBody),
        (status = 403, body = inline(Refused), description = "The caller may not change these settings."),
    )
)]
pub(crate) async fn update_assignment_settings(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
    Object(body): Object,
) -> Answer<Json<CompanyBody>> {
    let id = CompanyId::new(id.number(Thing::Company)?);
    let change = AssignmentSettingsRequest::read(body, Demand::Nothing);
    let company = tawzi_app::update_assignment_settings(&state.app, &actor, id, change)
        .await
        .map_err(|error| match error {
            Error::Invalid(problems) => first_problem(&problems),
            error => {
                let sentence = "You do not have permission to update these settings.";
                Failure::unless_admin(error, sentence)
            }
        })?;
    Ok(Json(company.into()))
}

/// A sentence about the first value that makes no sense.
fn first_problem(problems: &[FieldProblem]) -> Failure {
    let sentence = problems.first().map_or(String::new(), |first| {
        let FieldProblem { field, problem } = first;
        match problem {
            Problem::NotAFlag => format!("{field} must be true or false."),
            problem => sentence(field, problem),
        }
    });
    Failure::refused(sentence)
}

/// The country of phone numbers that are written without one; none when the text is empty.
fn region(value: &Value) -> Read<Option<PhoneRegion>> {
    match value.as_str() {
        Some("") => Ok(Some(None)),
        text => match PhoneRegion::parse(text.unwrap_or_default()) {
            Ok(region) => Ok(Some(Some(region))),
            Err(bad) => Err(vec![Problem::Region(bad)]),
        },
    }
}

/// The hours after which neglected clients move.
fn hours(value: &Value) -> Read<ReAssignHours> {
    let Some(number) = whole_number(value) else {
        return Err(vec![Problem::HoursNotWhole]);
    };
    match ReAssignHours::parse(number) {
        Ok(hours) => Ok(Some(hours)),
        Err(bad) => Err(vec![Problem::Hours(bad)]),
    }
}

impl From<Company> for CompanyRow {
    fn from(company: Company) -> Self {
        Self {
            id: company.id,
            name: company.name,
            domain: company.domain,
            specialization: company.specialization,
            owner: company.owner_id,
            owner_username: company.owner_username,
            created_at: company.created_at,
        }
    }
}

impl From<Company> for CompanyBody {
    fn from(company: Company) -> Self {
        Self {
            id: company.id,
            name: company.name,
            domain: company.domain,
            specialization: company.specialization,
            owner: company.owner_id,
            owner_username: company.owner_username,
            owner_email: company.owner_email,
            auto_assign_enabled: company.auto_assign_enabled,
            re_assign_enabled: company.re_assign_enabled,
            re_assign_hours: company.re_assign_hours,
            unique_phones: company.unique_phones,
            phone_region: company
                .phone_region
                .map(|region| region.as_str().to_owned()),
            created_at: company.created_at,
            updated_at: company.updated_at,
        }
    }
}
