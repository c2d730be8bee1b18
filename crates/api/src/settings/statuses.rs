//! The statuses of a company's clients.

use super::{GREY, MAX_COLOR, MAX_NAME, refusal};
use crate::Shared;
use crate::body::Object;
use crate::caller::{Administrator, PathId, Subscriber};
use crate::failure::Answer;
use crate::fields::{Demand, FieldErrors, Fields, any_text, choice, flag, key, short_text};
use crate::list::{ListQuery, Listed, PageQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{Actor, Status, StatusChange, StatusDraft};
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// The fields, in the order of the reference's serializer.
const FIELDS: [&str; 8] = [
    "name",
    "description",
    "category",
    "color",
    "is_default",
    "is_hidden",
    "company",
    "is_active",
];

/// A status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusBody {
    id: StatusId,
    name: String,
    #[schema(required)]
    description: Option<String>,
    category: StatusCategory,
    color: String,
    /// Whether new clients have it.
    is_default: bool,
    is_hidden: bool,
    company: CompanyId,
    #[schema(required)]
    company_name: Option<String>,
    is_active: bool,
    created_at: Timestamp,
    /// Lists go without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    updated_at: Option<Timestamp>,
}

/// A status.
#[derive(ToSchema)]
#[schema(examples(json!({"name": "Interested", "category": "active", "company": 1})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct StatusRequest {
    /// No other status of the company has it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    description: Option<String>,
    category: StatusCategory,
    #[schema(required = false, min_length = 1, max_length = 7, default = "#808080")]
    color: String,
    /// Whether new clients have it; one of the company's statuses can.
    #[schema(required = false, default = false)]
    is_default: bool,
    #[schema(required = false, default = false)]
    is_hidden: bool,
    /// The caller's own.
    company: CompanyId,
    #[schema(required = false, default = true)]
    is_active: bool,
}

/// Lists the statuses of the company.
#[utoipa::path(
    get,
    path = "/api/settings/statuses/",
    tag = "statuses",
    params(PageQuery),
    responses((status = 200, body = Listed<StatusBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<StatusBody>>> {
    let fetch = |page| tawzi_app::list_statuses(&state.app, &actor, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let statuses = found.statuses.into_iter();
    let rows = statuses
        .map(|status| StatusBody::row(&actor, status))
        .collect();
    Ok(query.answer(page, found.count, rows))
}

/// Creates a status. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/settings/statuses/",
    tag = "statuses",
    request_body = StatusRequest,
    responses((status = 201, body = StatusBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    Object(body): Object,
) -> Answer<(StatusCode, Json<StatusBody>)> {
    let (change, errors) = read_fields(body, Demand::Required);
    let company = change.company;
    let Some(draft) = draft(change).filter(|_| errors.is_empty()) else {
        return Err(refusal(&state, &actor, company, errors, &FIELDS).await);
    };
    let status = tawzi_app::create_status(&state.app, &actor, &draft).await?;
    let body = StatusBody::detail(&actor, status);
    Ok((StatusCode::CREATED, Json(body)))
}

/// Shows a status.
#[utoipa::path(
    get,
    path = "/api/settings/statuses/{id}/",
    tag = "statuses",
    responses((status = 200, body = StatusBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<StatusBody>> {
    let id = StatusId::new(id.number("LeadStatus")?);
    let status = tawzi_app::read_status(&state.app, &actor, id).await?;
    Ok(Json(StatusBody::detail(&actor, status)))
}

/// Deletes a status. Only administrators may.
#[utoipa::path(
    delete,
    path = "/api/settings/statuses/{id}/",
    tag = "statuses",
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
) -> Answer<StatusCode> {
    let id = StatusId::new(id.number("LeadStatus")?);
    tawzi_app::delete_status(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a status. Only administrators may.
#[utoipa::path(
    method(put, patch),
    path = "/api/settings/statuses/{id}/",
    tag = "statuses",
    request_body = StatusRequest,
    responses((status = 200, body = StatusBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<StatusBody>> {
    let id = StatusId::new(id.number("LeadStatus")?);
    let (change, errors) = read_fields(body, demand);
    if errors.is_empty() {
        let status = tawzi_app::edit_status(&state.app, &actor, id, change).await?;
        return Ok(Json(StatusBody::detail(&actor, status)));
    }
    // What cannot be seen is not there, whatever the request says about it.
    tawzi_app::read_status(&state.app, &actor, id).await?;
    Err(refusal(&state, &actor, change.company, errors, &FIELDS).await)
}

fn read_fields(body: Map<String, Value>, demand: Demand) -> (StatusChange, FieldErrors) {
    let mut fields = Fields::new(body, demand);
    let change = StatusChange {
        name: fields.required("name", short_text(MAX_NAME)),
        description: fields.nullable("description", any_text(usize::MAX)),
        category: fields.required("category", choice(category)),
        color: fields.optional("color", short_text(MAX_COLOR)),
        is_default: fields.optional("is_default", flag),
        is_hidden: fields.optional("is_hidden", flag),
        company: fields.required("company", key).map(CompanyId::new),
        is_active: fields.optional("is_active", flag),
    };
    (change, fields.into_errors())
}

/// The new status, unless something that it must have is missing.
fn draft(change: StatusChange) -> Option<StatusDraft> {
    Some(StatusDraft {
        company: change.company?,
        name: change.name?,
        description: change.description.flatten(),
        category: change.category?,
        color: change.color.unwrap_or_else(|| GREY.to_owned()),
        is_default: change.is_default.unwrap_or(false),
        is_hidden: change.is_hidden.unwrap_or(false),
        is_active: change.is_active.unwrap_or(true),
    })
}

/// The category of a word; a status cannot have that of clients without one.
fn category(word: &str) -> Option<StatusCategory> {
    StatusCategory::parse(word).filter(|category| *category != StatusCategory::None)
}

impl StatusBody {
    fn row(actor: &Actor, status: Status) -> Self {
        Self {
            updated_at: None,
            ..Self::detail(actor, status)
        }
    }

    fn detail(actor: &Actor, status: Status) -> Self {
        Self {
            id: status.id,
            name: status.name,
            description: status.description,
            category: status.category,
            color: status.color,
            is_default: status.is_default,
            is_hidden: status.is_hidden,
            company: status.company_id,
            company_name: actor.company_name().map(str::to_owned),
            is_active: status.is_active,
            created_at: status.created_at,
            updated_at: Some(status.updated_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_field() {
        assert_eq!(crate::openapi::properties::<StatusRequest>(), FIELDS);
    }
}
