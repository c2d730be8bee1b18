//! Logging that somebody was in touch with a client. Activities of all requests are written as clients are,
//! those of free companies together, in one transaction (`log.rs`).

mod log;

pub(crate) use log::TaskLog;

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::missing;
use crate::error::{FieldProblem, Problem, Result, Submitted, Thing};
use crate::page::{Page, PageRequest};
use crate::patch::{needed, set, set_or_clear};
use crate::repetition::Repetition;
use log::{Activity, LogRequest};
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientTask, Reader, TaskOrder, Tx, Viewer};

/// What is said about an activity; what is `None` stays, or is nothing in a new one.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a client task")]
pub struct TaskChange {
    pub client: Option<ClientId>,
    pub stage: Option<Option<StageId>>,
    pub notes: Option<Option<String>>,
    pub reminder_date: Option<Option<Timestamp>>,
}

/// Logs an activity: from now on the client counts as contacted. Only who may see the client can;
/// a sweep that takes it at the same moment comes first or comes too late, never both. A request that is repeated
/// within its window gives the activity that is already there.
pub async fn log_task(
    app: &App,
    actor: &Actor,
    task: impl Into<Submitted<TaskChange>>,
    idempotency_key: Option<&str>,
) -> Result<ClientTask> {
    let task = task.into();
    actor.require_subscription()?;
    let found = if task.problems.is_empty() && actor.sight().is_some() {
        Vec::new()
    } else {
        let mut reader = app.db.read().await?;
        let (client, stage) = (task.value.client, task.value.stage.flatten());
        problems(&mut reader, actor.sight(), client, stage).await?
    };
    let task = task.require(found)?;
    let (company, viewer) = actor.require_sight(Thing::Client)?;
    let activity = Activity {
        client: needed("client", task.client)?,
        stage: task.stage.flatten(),
        notes: task.notes.flatten(),
        reminder_date: task.reminder_date.flatten(),
    };
    let author = actor.author();
    let request = LogRequest {
        company,
        viewer,
        repetition: Repetition::of(author, &activity, idempotency_key, app.now()),
        activity,
        author,
        username: actor.user().map(|user| user.username.clone()),
        key_name: actor.key().map(|key| key.name.clone()),
    };
    app.task_log.ask(request).await
}

/// A page of the activities on clients that the person may see.
pub async fn list_tasks(
    app: &App,
    actor: &Actor,
    words: &[String],
    order: &[(TaskOrder, bool)],
    page: PageRequest,
) -> Result<Page<ClientTask>> {
    actor.require_subscription()?;
    let mut reader = app.read_list(actor).await?;
    let Some((company, viewer)) = actor.sight() else {
        return page.of_nothing();
    };
    let mut tenant = reader.tenant(company);
    let count = tenant.count_tasks_so_far(viewer, words, page.counting);
    let rows = page.counted(count).await?;
    let mut tasks = Vec::new();
    if rows.is_any() {
        tasks = tenant
            .tasks(viewer, words, order, page.start(), page.size)
            .await?;
    }
    page.placed(rows, tasks, |task| task.position(order))
}

/// One activity on a client that the person may see.
pub async fn read_task(app: &App, actor: &Actor, id: ClientTaskId) -> Result<ClientTask> {
    let (company, viewer) = actor.require_sight(Thing::ClientTask)?;
    let mut reader = app.db.read().await?;
    let task = reader.tenant(company).task(id, viewer).await?;
    Ok(task.ok_or(Thing::ClientTask)?)
}

/// Changes an activity. It does not count as contact.
pub async fn edit_task(
    app: &App,
    actor: &Actor,
    id: ClientTaskId,
    change: impl Into<Submitted<TaskChange>>,
) -> Result<ClientTask> {
    let change = change.into();
    let now = app.now();
    let (company, viewer) = actor.require_sight(Thing::ClientTask)?;
    let mut tx = app.db.begin().await?;
    // What is saved is the whole row, as it is while nobody else changes it.
    tx.lock_company(company).await?;
    let mut task = require_task(&mut tx, company, id, viewer).await?;
    let (client, stage) = (change.value.client, change.value.stage.flatten());
    let found = problems(&mut tx, Some((company, viewer)), client, stage).await?;
    let change = change.require(found)?;
    set(&mut task.client_id, change.client);
    set_or_clear(&mut task.stage_id, change.stage);
    set_or_clear(&mut task.notes, change.notes);
    set_or_clear(&mut task.reminder_date, change.reminder_date);
    task.updated_at = now;
    tx.tenant_tx(company).save_task(&task).await?;
    let after = require_task(&mut tx, company, id, Viewer::Everything).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes an activity. The contact stays.
pub async fn delete_task(app: &App, actor: &Actor, id: ClientTaskId) -> Result<()> {
    let (company, viewer) = actor.require_sight(Thing::ClientTask)?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    require_task(&mut tx, company, id, viewer).await?;
    tx.tenant_tx(company).delete_task(id).await?;
    tx.commit().await?;
    Ok(())
}

/// What a request about an activity refers to in vain.
async fn problems(
    reader: &mut Reader,
    sight: Option<(CompanyId, Viewer)>,
    client: Option<ClientId>,
    stage: Option<StageId>,
) -> Result<Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if let Some(client) = client {
        let seen = match sight {
            Some((company, viewer)) => reader.tenant(company).client(client, viewer).await?,
            None => None,
        };
        problems.extend(seen.is_none().then(|| no_such_client(client)));
    }
    if let (Some((company, _)), Some(stage)) = (sight, stage)
        && reader.tenant(company).stage(stage).await?.is_none()
    {
        let given = reader.stage_id_given(stage).await?;
        problems.push(missing(given, stage.get()).of("stage"));
    }
    Ok(problems)
}

async fn require_task(
    tx: &mut Tx,
    company: CompanyId,
    id: ClientTaskId,
    viewer: Viewer,
) -> Result<ClientTask> {
    let task = tx.tenant(company).task(id, viewer).await?;
    Ok(task.ok_or(Thing::ClientTask)?)
}

fn no_such_client(client: ClientId) -> FieldProblem {
    Problem::no_such(client.get()).of("client")
}
