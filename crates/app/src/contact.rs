//! Logging that somebody was in touch with a client.

use crate::actor::Actor;
use crate::clients::PageRequest;
use crate::error::{Error, Field, FieldProblem, Problem, Result};
use crate::references::missing;
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientTask, Db, NewTask, Reader, TaskEdit, TaskOrder, Tx, Viewer};

/// An activity as somebody logs it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a client task")]
pub struct TaskDraft {
    pub client: ClientId,
    pub stage: Option<StageId>,
    pub notes: Option<String>,
    pub reminder_date: Option<Timestamp>,
}

/// What is to change in an activity; what is `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a client task")]
pub struct TaskChange {
    pub client: Option<ClientId>,
    pub stage: Option<Option<StageId>>,
    pub notes: Option<Option<String>>,
    pub reminder_date: Option<Option<Timestamp>>,
}

/// A page of activities.
#[derive(Clone, Debug, Default)]
pub struct TaskPage {
    /// How many there are on all pages.
    pub count: i64,
    /// Those of this page.
    pub tasks: Vec<ClientTask>,
}

/// Logs an activity: from now on the client counts as contacted. Only who may see the client can;
/// a sweep that takes it at the same moment comes first or comes too late, never both.
pub async fn create_task(
    db: &Db,
    actor: &Actor,
    draft: &TaskDraft,
    now: Timestamp,
) -> Result<ClientTask> {
    actor.require_subscription()?;
    let Some((company, viewer)) = actor.sight() else {
        return Err(no_such_client(draft.client));
    };
    let mut tx = db.begin().await?;
    if !tx
        .tenant_tx(company)
        .touch_client(draft.client, viewer, now)
        .await?
    {
        return Err(no_such_client(draft.client));
    }
    check_stage(&mut tx, company, draft.stage).await?;
    let new = NewTask {
        client: draft.client,
        stage: draft.stage,
        notes: draft.notes.as_deref(),
        reminder_date: draft.reminder_date,
        created_by: actor.author(),
        at: now,
    };
    let id = tx.tenant_tx(company).create_task(new).await?;
    let task = require_task(&mut tx, company, id, Viewer::Everything).await?;
    tx.commit().await?;
    Ok(task)
}

/// A page of the activities on clients that the person may see.
pub async fn list_tasks(
    db: &Db,
    actor: &Actor,
    words: &[String],
    order: &[(TaskOrder, bool)],
    page: PageRequest,
) -> Result<TaskPage> {
    actor.require_subscription()?;
    let mut reader = db.read().await?;
    let Some((company, viewer)) = actor.sight() else {
        page.require_within(0)?;
        return Ok(TaskPage::default());
    };
    let mut tenant = reader.tenant(company);
    let rows = tenant.count_tasks(viewer, words).await?;
    let tasks = tenant
        .tasks(viewer, words, order, page.offset(), page.size)
        .await?;
    let count = page.count(rows, tasks.len())?;
    Ok(TaskPage { count, tasks })
}

/// One activity on a client that the person may see.
pub async fn read_task(db: &Db, actor: &Actor, id: ClientTaskId) -> Result<ClientTask> {
    actor.require_subscription()?;
    let (company, viewer) = actor.require_sight("ClientTask")?;
    let mut reader = db.read().await?;
    let task = reader.tenant(company).task(id, viewer).await?;
    task.ok_or(Error::NotFound("ClientTask"))
}

/// Changes an activity. It does not count as contact.
pub async fn edit_task(
    db: &Db,
    actor: &Actor,
    id: ClientTaskId,
    change: TaskChange,
    now: Timestamp,
) -> Result<ClientTask> {
    actor.require_subscription()?;
    let (company, viewer) = actor.require_sight("ClientTask")?;
    let mut tx = db.begin().await?;
    let before = require_task(&mut tx, company, id, viewer).await?;
    let client = change.client.unwrap_or(before.client_id);
    if tx.tenant(company).client(client, viewer).await?.is_none() {
        return Err(no_such_client(client));
    }
    check_stage(&mut tx, company, change.stage.flatten()).await?;
    let notes = change.notes.unwrap_or(before.notes);
    let edit = TaskEdit {
        client,
        stage: change.stage.unwrap_or(before.stage_id),
        notes: notes.as_deref(),
        reminder_date: change.reminder_date.unwrap_or(before.reminder_date),
        updated_at: now,
    };
    tx.tenant_tx(company).save_task(id, edit).await?;
    let after = require_task(&mut tx, company, id, Viewer::Everything).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes an activity. The contact stays.
pub async fn delete_task(db: &Db, actor: &Actor, id: ClientTaskId) -> Result<()> {
    actor.require_subscription()?;
    let (company, viewer) = actor.require_sight("ClientTask")?;
    let mut tx = db.begin().await?;
    require_task(&mut tx, company, id, viewer).await?;
    tx.tenant_tx(company).delete_task(id).await?;
    tx.commit().await?;
    Ok(())
}

/// What a request about an activity refers to in vain, for an answer that lists everything that is
/// wrong with it.
pub async fn check_task_references(
    db: &Db,
    actor: &Actor,
    client: Option<ClientId>,
    stage: Option<StageId>,
) -> Result<Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut reader = db.read().await?;
    let sight = actor.sight();
    if let Some(client) = client {
        let seen = match sight {
            Some((company, viewer)) => reader.tenant(company).client(client, viewer).await?,
            None => None,
        };
        if seen.is_none() {
            problems.push(no_such(Field::Client, client.get()));
        }
    }
    if let (Some((company, _)), Some(stage)) = (sight, stage) {
        problems.extend(problem_of_stage(&mut reader, company, stage).await?);
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
    task.ok_or(Error::NotFound("ClientTask"))
}

async fn check_stage(tx: &mut Tx, company: CompanyId, stage: Option<StageId>) -> Result<()> {
    let Some(stage) = stage else { return Ok(()) };
    match problem_of_stage(tx, company, stage).await? {
        None => Ok(()),
        Some(problem) => Err(Error::Invalid(vec![problem])),
    }
}

async fn problem_of_stage(
    reader: &mut Reader,
    company: CompanyId,
    stage: StageId,
) -> Result<Option<FieldProblem>> {
    if reader.tenant(company).stage(stage).await?.is_some() {
        return Ok(None);
    }
    let elsewhere = reader.stage_exists(stage).await?;
    Ok(Some(FieldProblem {
        field: Field::Stage,
        problem: missing(elsewhere, stage.get()),
    }))
}

fn no_such_client(client: ClientId) -> Error {
    Error::Invalid(vec![no_such(Field::Client, client.get())])
}

const fn no_such(field: Field, id: i64) -> FieldProblem {
    FieldProblem {
        field,
        problem: Problem::NoSuchId(id),
    }
}
