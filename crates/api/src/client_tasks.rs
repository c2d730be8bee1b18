//! Client tasks: the activities that people log on their clients (contract, section 2.10).

use crate::api_keys::author_name;
use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use crate::wire::fields::{Demand, request, text};
use crate::wire::list::{ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_app::{ClientTask, TaskChange, TaskOrder, Thing};
use tawzi_core::id::{ClientId, ClientTaskId, StageId, UserId};
use tawzi_core::text::Notes;
use tawzi_core::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

/// An activity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskBody {
    id: ClientTaskId,
    client: ClientId,
    client_name: String,
    #[schema(required)]
    stage: Option<StageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    stage_name: Option<String>,
    #[schema(required)]
    notes: Option<String>,
    /// When somebody wants to be reminded of it.
    #[schema(required)]
    reminder_date: Option<Timestamp>,
    /// Who logged it.
    #[schema(required)]
    created_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    created_by_username: Option<String>,
    created_at: Timestamp,
    /// Lists go without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    updated_at: Option<Timestamp>,
}

request! {
    /// An activity.
    #[schema(examples(json!({"client": 1, "notes": "Called; wants to see the flat",
        "reminder_date": "2025-12-25T10:30:00Z"})))]
    struct TaskRequest for TaskChange {
        /// One that the caller may see.
        required client: ClientId;
        /// One of the company.
        nullable stage: Option<StageId>;
        nullable notes: Option<String>, by text(Notes::parse);
        /// One without a zone is UTC.
        nullable reminder_date: Option<Timestamp>;
    }
}

/// In which order activities come.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
struct TaskOrderQuery {
    /// `created_at`, `reminder_date`, `stage__name`; several with commas, `-` before one reverses it.
    #[param(required = false, example = "reminder_date")]
    ordering: String,
}

/// Lists activities: all of the company for its administrators, those on their own clients for
/// employees.
#[utoipa::path(
    get,
    path = "/api/client-tasks/",
    tag = "client_tasks",
    params(PageQuery, SearchQuery, TaskOrderQuery),
    responses((status = 200, body = Listed<TaskBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<TaskBody>>> {
    let words = query.words()?;
    let order = query.order(|name| match name {
        "created_at" => Some(TaskOrder::CreatedAt),
        "reminder_date" => Some(TaskOrder::ReminderDate),
        "stage__name" => Some(TaskOrder::StageName),
        _ => None,
    });
    let fetch = |page| tawzi_app::list_tasks(&state.app, &actor, &words, &order, page);
    query.list(fetch, TaskBody::row).await
}

/// Logs an activity on a client, who counts as contacted now.
#[utoipa::path(
    post,
    path = "/api/client-tasks/",
    tag = "client_tasks",
    request_body = TaskRequest,
    responses((status = 201, body = TaskBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    Object(body): Object,
) -> Answer<(StatusCode, Json<TaskBody>)> {
    let task = TaskRequest::read(body, Demand::Required);
    let task = tawzi_app::log_task(&state.app, &actor, task).await?;
    Ok((StatusCode::CREATED, Json(TaskBody::detail(task))))
}

/// Shows an activity.
#[utoipa::path(
    get,
    path = "/api/client-tasks/{id}/",
    tag = "client_tasks",
    responses((status = 200, body = TaskBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<TaskBody>> {
    let id = ClientTaskId::new(id.number(Thing::ClientTask)?);
    let task = tawzi_app::read_task(&state.app, &actor, id).await?;
    Ok(Json(TaskBody::detail(task)))
}

/// Deletes an activity.
#[utoipa::path(
    delete,
    path = "/api/client-tasks/{id}/",
    tag = "client_tasks",
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<StatusCode> {
    let id = ClientTaskId::new(id.number(Thing::ClientTask)?);
    tawzi_app::delete_task(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes an activity.
#[utoipa::path(
    method(put, patch),
    path = "/api/client-tasks/{id}/",
    tag = "client_tasks",
    request_body = TaskRequest,
    responses((status = 200, body = TaskBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<TaskBody>> {
    let id = ClientTaskId::new(id.number(Thing::ClientTask)?);
    let change = TaskRequest::read(body, demand);
    let task = tawzi_app::edit_task(&state.app, &actor, id, change).await?;
    Ok(Json(TaskBody::detail(task)))
}

impl TaskBody {
    fn row(task: ClientTask) -> Self {
        Self {
            updated_at: None,
            ..Self::detail(task)
        }
    }

    fn detail(task: ClientTask) -> Self {
        Self {
            id: task.id,
            client: task.client_id,
            client_name: task.client_name,
            stage: task.stage_id,
            stage_name: task.stage_name,
            notes: task.notes,
            reminder_date: task.reminder_date,
            created_by: task.created_by,
            created_by_username: author_name(task.created_by_username, task.api_key_name),
            created_at: task.created_at,
            updated_at: Some(task.updated_at),
        }
    }
}
