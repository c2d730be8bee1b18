//! Companies, and their settings for distributing clients (contract, section 2.6).

mod fields;
mod whole_number;

use crate::fields::{Demand, flag};
use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{Caller, PathId};
use crate::wire::failure::{Answer, ErrorBody, Failure, Refused};
use crate::wire::list::{ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fields::{CompanyFields, CompanyRequest};
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{Actor, Company, Error, SettingsChange};
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

/// What is to change about how clients are distributed. Null is as good as nothing.
#[derive(ToSchema)]
#[schema(examples(json!({"auto_assign_enabled": true, "re_assign_enabled": true,
    "re_assign_hours": 24})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct AssignmentSettingsRequest {
    /// Whether each new client goes to the least busy employee.
    auto_assign_enabled: Option<bool>,
    /// Whether neglected clients move on.
    re_assign_enabled: Option<bool>,
    re_assign_hours: Option<ReAssignHours>,
    /// Whether a phone number can belong to one client only.
    unique_phones: Option<bool>,
    /// The two letters of the country of phone numbers that are written without one; none when empty.
    #[schema(example = "SA")]
    phone_region: Option<String>,
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
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.companies.into_iter().map(CompanyRow::from).collect();
    Ok(query.answer(page, found.count, rows))
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
    require_superuser(&actor)?;
    let draft = CompanyFields::read(body, Demand::Required).into_draft()?;
    let company = tawzi_app::register_company(&state.app, &actor, &draft).await?;
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
    let id = CompanyId::new(id.number("Company")?);
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
    let id = CompanyId::new(id.number("Company")?);
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
    let id = CompanyId::new(id.number("Company")?);
    // What is not there is not there, whatever the request says about it.
    tawzi_app::read_company(&state.app, &actor, id).await?;
    let update = CompanyFields::read(body, demand).into_update()?;
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
    let id = CompanyId::new(id.number("Company")?);
    // The values are looked at once it is known that the person may change them.
    let change = || settings(body).map_err(Error::Refused);
    let company = tawzi_app::update_assignment_settings(&state.app, &actor, id, change)
        .await
        .map_err(|error| {
            let sentence = "You do not have permission to update these settings.";
            Failure::unless_admin(error, sentence)
        })?;
    Ok(Json(company.into()))
}

/// What the body changes, or a sentence about the first value that makes no sense.
fn settings(mut body: Map<String, Value>) -> Result<SettingsChange, String> {
    let mut given = |name| body.remove(name).filter(|value| !value.is_null());
    let switch = |name: &str, value: Option<Value>| match value.as_ref().map(flag) {
        None => Ok(None),
        Some(Ok(flag)) => Ok(flag),
        Some(Err(_)) => Err(format!("{name} must be true or false.")),
    };
    Ok(SettingsChange {
        auto_assign_enabled: switch("auto_assign_enabled", given("auto_assign_enabled"))?,
        re_assign_enabled: switch("re_assign_enabled", given("re_assign_enabled"))?,
        re_assign_hours: given("re_assign_hours").as_ref().map(hours).transpose()?,
        unique_phones: switch("unique_phones", given("unique_phones"))?,
        phone_region: given("phone_region").as_ref().map(region).transpose()?,
    })
}

/// The country of phone numbers that are written without one; none when the text is empty.
fn region(value: &Value) -> Result<Option<PhoneRegion>, String> {
    match value.as_str() {
        Some("") => Ok(None),
        text => PhoneRegion::parse(text.unwrap_or_default())
            .map(Some)
            .map_err(|bad| bad.to_string()),
    }
}

/// The hours after which neglected clients move.
fn hours(value: &Value) -> Result<ReAssignHours, String> {
    let number = whole_number(value).ok_or("re_assign_hours must be a valid integer.")?;
    ReAssignHours::parse(number).map_err(|bad| bad.to_string())
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
