//! Companies, and their settings for distributing clients (contract, section 2.6).

mod fields;
mod whole_number;

use crate::Shared;
use crate::body::Object;
use crate::caller::{Caller, PathId};
use crate::failure::{Answer, Failure};
use crate::fields::{Demand, flag};
use crate::list::{ListQuery, Listed};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fields::CompanyFields;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{Actor, Company, Error, SettingsChange};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;
use whole_number::whole_number;

/// A company, as its settings are answered.
#[derive(Debug, Serialize)]
pub(crate) struct CompanyBody {
    id: CompanyId,
    name: String,
    domain: String,
    specialization: String,
    owner: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_email: Option<String>,
    auto_assign_enabled: bool,
    re_assign_enabled: bool,
    re_assign_hours: ReAssignHours,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A company in a list.
#[derive(Debug, Serialize)]
pub(crate) struct CompanyRow {
    id: CompanyId,
    name: String,
    domain: String,
    specialization: String,
    owner: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_username: Option<String>,
    created_at: Timestamp,
}

/// `GET /api/companies/`
pub(crate) async fn list(
    State(state): State<Shared>,
    Caller(actor): Caller,
    query: ListQuery,
) -> Answer<Json<Listed<CompanyRow>>> {
    let words = query.words()?;
    let fetch = |page| tawzi_app::list_companies(&state.db, &actor, &words, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.companies.into_iter().map(CompanyRow::from).collect();
    Ok(query.answer(page, found.count, rows))
}

/// `POST /api/companies/`
pub(crate) async fn create(
    State(state): State<Shared>,
    Caller(actor): Caller,
    Object(body): Object,
) -> Answer<(StatusCode, Json<CompanyBody>)> {
    require_superuser(&actor)?;
    let draft = CompanyFields::read(body, Demand::Required).into_draft()?;
    let now = state.clock.now();
    let company = tawzi_app::register_company(&state.db, &actor, &draft, now).await?;
    Ok((StatusCode::CREATED, Json(company.into())))
}

/// `GET /api/companies/{id}/`
pub(crate) async fn read(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
) -> Answer<Json<CompanyBody>> {
    require_superuser(&actor)?;
    let id = CompanyId::new(id.number("Company")?);
    let company = tawzi_app::read_company(&state.db, &actor, id).await?;
    Ok(Json(company.into()))
}

/// `DELETE /api/companies/{id}/`
pub(crate) async fn delete(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
) -> Answer<StatusCode> {
    require_superuser(&actor)?;
    let id = CompanyId::new(id.number("Company")?);
    tawzi_app::delete_company(&state.db, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT` and `PATCH /api/companies/{id}/`
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
    tawzi_app::read_company(&state.db, &actor, id).await?;
    let update = CompanyFields::read(body, demand).into_update()?;
    let now = state.clock.now();
    let company = tawzi_app::edit_company(&state.db, &actor, id, update, now).await?;
    Ok(Json(company.into()))
}

/// Whoever may not do it learns nothing about what is wrong with the request.
fn require_superuser(actor: &Actor) -> Answer<()> {
    Ok(actor.require_superuser()?)
}

/// `PATCH /api/companies/{id}/update_assignment_settings/`
pub(crate) async fn update_assignment_settings(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
    Object(body): Object,
) -> Answer<Json<CompanyBody>> {
    let id = CompanyId::new(id.number("Company")?);
    // The values are looked at once it is known that the person may change them.
    let change = || settings(body).map_err(Error::Refused);
    let company = tawzi_app::update_assignment_settings(&state.db, &actor, id, change)
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
    })
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
            created_at: company.created_at,
            updated_at: company.updated_at,
        }
    }
}
