//! Client tasks: the activities that people log on their clients (contract, section 2.10).

use crate::Shared;
use crate::api_keys::author_name;
use crate::wire::answer::answer;
use crate::wire::caller::Subscriber;
use crate::wire::failure::Answer;
use crate::wire::fields::{request, text};
use crate::wire::list::{CursorQuery, ListQuery, Listed, PageQuery, SearchQuery};
use crate::wire::operations::operations;
use axum::Json;
use axum::extract::State;
use tawzi_app::{ClientTask, TaskChange, TaskOrder};
use tawzi_core::id::{ClientId, ClientTaskId, StageId, UserId};
use tawzi_core::text::Notes;
use tawzi_core::time::Timestamp;

answer! {
    /// An activity.
    pub(crate) struct TaskBody of task: ClientTask {
        always id: ClientTaskId;
        always client: ClientId = task.client_id;
        always client_name: String;
        nullable stage: StageId = task.stage_id;
        perhaps stage_name: String;
        nullable notes: String;
        /// When somebody wants to be reminded of it.
        nullable reminder_date: Timestamp;
        /// Who logged it.
        nullable created_by: UserId;
        perhaps created_by_username: String =
            author_name(task.created_by_username, task.api_key_name);
        always created_at: Timestamp;
        /// Lists go without it.
        perhaps updated_at: Timestamp = Some(task.updated_at);
    }
}

request! {
    /// An activity.
    #[schema(examples(json!({"client": 1, "notes": "Called; wants to see the flat",
        "reminder_date": "2025-12-25T10:30:00Z"})))]
    pub(crate) struct TaskRequest for TaskChange {
        /// One that the caller may see.
        required client: ClientId;
        /// One of the company.
        nullable stage: Option<StageId>;
        #[schema(max_length = 10_000)]
        nullable notes: Option<String>, by text(Notes::parse);
        /// One without a zone is UTC.
        nullable reminder_date: Option<Timestamp>;
    }
}

/// Lists activities: all of the company for its administrators, those on their own clients for
/// employees.
#[utoipa::path(
    get,
    path = "/api/client-tasks/",
    tag = "client_tasks",
    params(PageQuery, CursorQuery, SearchQuery, ("ordering" = Option<String>, Query, nullable = false,
        description = "`created_at`, `reminder_date`, `stage__name`; several with commas, `-` before one reverses it.",
        example = "reminder_date"), ("client" = Option<String>, Query, nullable = false,
        description = "Means nothing: the CRM whose API this is lets it be sent, and answers all activities.")),
    responses((status = 200, body = Listed<TaskBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<TaskBody>>> {
    let words = query.words()?;
    let order = query.order(&[
        ("created_at", TaskOrder::CreatedAt),
        ("reminder_date", TaskOrder::ReminderDate),
        ("stage__name", TaskOrder::StageName),
    ])?;
    let fetch = |page| tawzi_app::list_tasks(&state.app, &actor, &words, &order, page);
    let row = |task| TaskBody {
        updated_at: None,
        ..TaskBody::new(task)
    };
    query.list(fetch, row).await
}

operations! {
    in "client_tasks", each a ClientTaskId, answering TaskBody by |task, _| TaskBody::new(task);

    /// Logs an activity on a client, who counts as contacted now.
    ///
    /// The same activity sent again by the same person within 10 seconds, or with the same
    /// `Idempotency-Key` within a day, is not logged again: the first answer comes back.
    create_once at "/api/client-tasks/" for Subscriber of TaskRequest calls log_task;
    /// Shows an activity.
    read at "/api/client-tasks/{id}/" for Subscriber calls read_task;
    /// Changes an activity.
    edit at "/api/client-tasks/{id}/" for Subscriber of TaskRequest calls edit_task;
    /// Deletes an activity.
    delete at "/api/client-tasks/{id}/" for Subscriber calls delete_task;
}
