//! Client tasks: the activities that people log on their clients (contract, section 2.10).

use crate::api_keys::author_name;
use crate::fields::{Demand, FieldErrors, Fields, any_text, key, moment};
use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::{Answer, Failure};
use crate::wire::list::{ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{
    Actor, ClientTask, Error, FieldProblem, TaskChange, TaskDraft, TaskOrder, check_task_references,
};
use tawzi_core::id::{ClientId, ClientTaskId, StageId, UserId};
use tawzi_core::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

/// The fields, in the order of the reference's serializer.
const FIELDS: [&str; 4] = ["client", "stage", "notes", "reminder_date"];

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

/// An activity.
#[derive(ToSchema)]
#[schema(examples(json!({"client": 1, "notes": "Called; wants to see the flat",
    "reminder_date": "2025-12-25T10:30:00Z"})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct TaskRequest {
    /// One that the caller may see.
    client: ClientId,
    /// One of the company.
    stage: Option<StageId>,
    notes: Option<String>,
    /// One without a zone is UTC.
    reminder_date: Option<Timestamp>,
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
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.tasks.into_iter().map(TaskBody::row).collect();
    Ok(query.answer(page, found.count, rows))
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
    let (change, errors) = read_fields(body, Demand::Required);
    let wanted = (change.client, change.stage.flatten());
    let known = match draft(change, &errors) {
        None => Vec::new(),
        Some(draft) => match tawzi_app::log_task(&state.app, &actor, draft).await {
            Err(Error::Invalid(problems)) => problems,
            created => return Ok((StatusCode::CREATED, Json(TaskBody::detail(created?)))),
        },
    };
    Err(refusal(&state, &actor, wanted, errors, known).await)
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
    let id = ClientTaskId::new(id.number("ClientTask")?);
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
    let id = ClientTaskId::new(id.number("ClientTask")?);
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
    let id = ClientTaskId::new(id.number("ClientTask")?);
    let (change, errors) = read_fields(body, demand);
    let wanted = (change.client, change.stage.flatten());
    let mut known = Vec::new();
    if errors.is_empty() {
        match tawzi_app::edit_task(&state.app, &actor, id, change).await {
            Err(Error::Invalid(problems)) => known = problems,
            edited => return Ok(Json(TaskBody::detail(edited?))),
        }
    }
    // What cannot be seen is not there, whatever the request says about it.
    tawzi_app::read_task(&state.app, &actor, id).await?;
    Err(refusal(&state, &actor, wanted, errors, known).await)
}

fn read_fields(body: Map<String, Value>, demand: Demand) -> (TaskChange, FieldErrors) {
    let mut fields = Fields::new(body, demand);
    let change = TaskChange {
        client: fields.required("client", key).map(ClientId::new),
        stage: fields
            .nullable("stage", key)
            .map(|stage| stage.map(StageId::new)),
        notes: fields.nullable("notes", any_text(usize::MAX)),
        reminder_date: fields.nullable("reminder_date", moment),
    };
    (change, fields.into_errors())
}

/// The activity, unless something is wrong with it.
fn draft(change: TaskChange, errors: &FieldErrors) -> Option<TaskDraft> {
    let client = change.client.filter(|_| errors.is_empty())?;
    Some(TaskDraft {
        client,
        stage: change.stage.flatten(),
        notes: change.notes.flatten(),
        reminder_date: change.reminder_date.flatten(),
    })
}

/// Everything that is wrong with a request: its fields, and what they refer to in vain.
async fn refusal(
    state: &Shared,
    actor: &Actor,
    (client, stage): (Option<ClientId>, Option<StageId>),
    mut errors: FieldErrors,
    known: Vec<FieldProblem>,
) -> Failure {
    match check_task_references(&state.app, actor, client, stage).await {
        Err(error) => error.into(),
        Ok(found) => {
            errors.add_problems(if found.is_empty() { &known } else { &found });
            Failure::Fields(errors.in_order_of(&FIELDS))
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_field() {
        assert_eq!(crate::wire::openapi::properties::<TaskRequest>(), FIELDS);
    }
}
