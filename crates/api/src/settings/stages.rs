//! The stages of a company's activities on clients.

use super::{GREY, MAX_COLOR, MAX_NAME, refusal};
use crate::Shared;
use crate::body::Object;
use crate::caller::{Administrator, PathId, Subscriber};
use crate::failure::Answer;
use crate::fields::{Demand, FieldErrors, Fields, any_text, flag, key, short_text, small_integer};
use crate::list::{ListQuery, Listed, PageQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{Actor, Stage, StageChange, StageDraft};
use tawzi_core::id::{CompanyId, StageId};
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// The fields, in the order of the reference's serializer.
const FIELDS: [&str; 8] = [
    "name",
    "description",
    "color",
    "required",
    "auto_advance",
    "order",
    "company",
    "is_active",
];

/// A stage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageBody {
    id: StageId,
    name: String,
    #[schema(required)]
    description: Option<String>,
    color: String,
    required: bool,
    auto_advance: bool,
    /// Its place among the others.
    order: i64,
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

/// A stage.
#[derive(ToSchema)]
#[schema(examples(json!({"name": "First call", "color": "#2563eb", "company": 1})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct StageRequest {
    /// No other stage of the company has it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    description: Option<String>,
    #[schema(required = false, min_length = 1, max_length = 7, default = "#808080")]
    color: String,
    #[schema(required = false, default = false)]
    required: bool,
    #[schema(required = false, default = false)]
    auto_advance: bool,
    /// Its place; a new one comes last.
    #[schema(required = false, minimum = -2_147_483_648, maximum = 2_147_483_647)]
    order: i64,
    /// The caller's own.
    company: CompanyId,
    #[schema(required = false, default = true)]
    is_active: bool,
}

/// Lists the stages of the company.
#[utoipa::path(
    get,
    path = "/api/settings/stages/",
    tag = "stages",
    params(PageQuery),
    responses((status = 200, body = Listed<StageBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<StageBody>>> {
    let fetch = |page| tawzi_app::list_stages(&state.app, &actor, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let stages = found.stages.into_iter();
    let rows = stages.map(|stage| StageBody::row(&actor, stage)).collect();
    Ok(query.answer(page, found.count, rows))
}

/// Creates a stage. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/settings/stages/",
    tag = "stages",
    request_body = StageRequest,
    responses((status = 201, body = StageBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    Object(body): Object,
) -> Answer<(StatusCode, Json<StageBody>)> {
    let (change, errors) = read_fields(body, Demand::Required);
    let company = change.company;
    let Some(draft) = draft(change).filter(|_| errors.is_empty()) else {
        return Err(refusal(&state, &actor, company, errors, &FIELDS).await);
    };
    let stage = tawzi_app::create_stage(&state.app, &actor, &draft).await?;
    let body = StageBody::detail(&actor, stage);
    Ok((StatusCode::CREATED, Json(body)))
}

/// Shows a stage.
#[utoipa::path(
    get,
    path = "/api/settings/stages/{id}/",
    tag = "stages",
    responses((status = 200, body = StageBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<StageBody>> {
    let id = StageId::new(id.number("LeadStage")?);
    let stage = tawzi_app::read_stage(&state.app, &actor, id).await?;
    Ok(Json(StageBody::detail(&actor, stage)))
}

/// Deletes a stage. Only administrators may.
#[utoipa::path(
    delete,
    path = "/api/settings/stages/{id}/",
    tag = "stages",
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
) -> Answer<StatusCode> {
    let id = StageId::new(id.number("LeadStage")?);
    tawzi_app::delete_stage(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a stage. Only administrators may.
#[utoipa::path(
    method(put, patch),
    path = "/api/settings/stages/{id}/",
    tag = "stages",
    request_body = StageRequest,
    responses((status = 200, body = StageBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<StageBody>> {
    let id = StageId::new(id.number("LeadStage")?);
    let (change, errors) = read_fields(body, demand);
    if errors.is_empty() {
        let stage = tawzi_app::edit_stage(&state.app, &actor, id, change).await?;
        return Ok(Json(StageBody::detail(&actor, stage)));
    }
    // What cannot be seen is not there, whatever the request says about it.
    tawzi_app::read_stage(&state.app, &actor, id).await?;
    Err(refusal(&state, &actor, change.company, errors, &FIELDS).await)
}

fn read_fields(body: Map<String, Value>, demand: Demand) -> (StageChange, FieldErrors) {
    let mut fields = Fields::new(body, demand);
    let change = StageChange {
        name: fields.required("name", short_text(MAX_NAME)),
        description: fields.nullable("description", any_text(usize::MAX)),
        color: fields.optional("color", short_text(MAX_COLOR)),
        required: fields.optional("required", flag),
        auto_advance: fields.optional("auto_advance", flag),
        position: fields.optional("order", small_integer),
        company: fields.required("company", key).map(CompanyId::new),
        is_active: fields.optional("is_active", flag),
    };
    (change, fields.into_errors())
}

/// The new stage, unless something that it must have is missing. Its place is behind all others,
/// whatever it is said to be.
fn draft(change: StageChange) -> Option<StageDraft> {
    Some(StageDraft {
        company: change.company?,
        name: change.name?,
        description: change.description.flatten(),
        color: change.color.unwrap_or_else(|| GREY.to_owned()),
        required: change.required.unwrap_or(false),
        auto_advance: change.auto_advance.unwrap_or(false),
        is_active: change.is_active.unwrap_or(true),
    })
}

impl StageBody {
    fn row(actor: &Actor, stage: Stage) -> Self {
        Self {
            updated_at: None,
            ..Self::detail(actor, stage)
        }
    }

    fn detail(actor: &Actor, stage: Stage) -> Self {
        Self {
            id: stage.id,
            name: stage.name,
            description: stage.description,
            color: stage.color,
            required: stage.required,
            auto_advance: stage.auto_advance,
            order: stage.position,
            company: stage.company_id,
            company_name: actor.company_name().map(str::to_owned),
            is_active: stage.is_active,
            created_at: stage.created_at,
            updated_at: Some(stage.updated_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_field() {
        assert_eq!(crate::openapi::properties::<StageRequest>(), FIELDS);
    }
}
