//! Logging that somebody was in touch with a client.

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::missing;
use crate::clock::Clock;
use crate::company_batches::CompanyWork;
use crate::error::{Error, FieldProblem, Problem, Result, Submitted, Thing};
use crate::page::{Page, PageRequest};
use crate::patch::{needed, set, set_or_clear};
use std::collections::{BTreeSet, HashMap};
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId};
use tawzi_core::time::Timestamp;
use tawzi_store::{
    Author, ClientTask, Company, NewTask, Reader, TaskOrder, TouchedClient, Tx, Viewer,
};

/// What is said about an activity; what is `None` stays, or is nothing in a new one.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a client task")]
pub struct TaskChange {
    pub client: Option<ClientId>,
    pub stage: Option<Option<StageId>>,
    pub notes: Option<Option<String>>,
    pub reminder_date: Option<Option<Timestamp>>,
}

/// The work of logging activities.
#[derive(Clone, Debug)]
pub(crate) struct TaskLog(pub(crate) Clock);

/// One activity on its way to being written.
#[derive(Debug)]
pub(crate) struct LogRequest {
    company: CompanyId,
    viewer: Viewer,
    client: ClientId,
    stage: Option<StageId>,
    notes: Option<String>,
    reminder_date: Option<Timestamp>,
    author: Author,
    /// The user name of the person who logs it.
    username: Option<String>,
    /// The name of the key with which it is logged.
    key_name: Option<String>,
}

/// Logs an activity: from now on the client counts as contacted. Only who may see the client can;
/// a sweep that takes it at the same moment comes first or comes too late, never both.
pub async fn log_task(
    app: &App,
    actor: &Actor,
    task: impl Into<Submitted<TaskChange>>,
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
    let request = LogRequest {
        company,
        viewer,
        client: needed("client", task.client)?,
        stage: task.stage.flatten(),
        notes: task.notes.flatten(),
        reminder_date: task.reminder_date.flatten(),
        author: actor.author(),
        username: actor.user().map(|user| user.username.clone()),
        key_name: actor.key().map(|key| key.name.clone()),
    };
    app.task_log.ask(request).await
}

impl CompanyWork for TaskLog {
    type Request = LogRequest;
    type Answer = ClientTask;
    // Nothing would recognise a repetition.
    const REPEATABLE: bool = false;

    fn company(request: &LogRequest) -> CompanyId {
        request.company
    }

    async fn work(
        &self,
        tx: &mut Tx,
        _: &[Company],
        requests: &[&LogRequest],
    ) -> Result<Vec<Result<ClientTask>>> {
        let now = self.0.now();
        let stages: BTreeSet<_> = requests.iter().filter_map(|r| r.stage()).collect();
        let stages = tx.stages_of(&stages).await?;
        let stages: HashMap<_, _> = stages
            .into_iter()
            .map(|stage| ((stage.company_id, stage.id), stage.name))
            .collect();
        let in_order = |request: &LogRequest| {
            let stage = request.stage();
            stage.is_none_or(|stage| stages.contains_key(&stage))
        };
        let clients = requests.iter().filter(|request| in_order(request));
        let clients = clients.map(|r| (r.company, r.client, r.viewer));
        let clients: Vec<_> = clients.collect();
        let touched = tx.touch_clients(&clients, now).await?;
        let touched: HashMap<_, _> = touched
            .into_iter()
            .map(|client| ((client.company_id, client.id), client))
            .collect();

        let mut logged = Vec::with_capacity(requests.len());
        let mut new = Vec::with_capacity(requests.len());
        for request in requests {
            let client = touched.get(&(request.company, request.client));
            logged.push(match client.filter(|client| request.sees(client)) {
                Some(client) if in_order(request) => {
                    new.push((request.company, request.task(now)));
                    Ok(client)
                }
                _ => Err(request.refusal(tx).await?),
            });
        }
        let mut ids = tx.create_tasks(&new).await?.into_iter();
        let mut answers = Vec::with_capacity(requests.len());
        for (request, client) in requests.iter().zip(logged) {
            answers.push(client.and_then(|client| {
                let id = ids.next().ok_or(Thing::ClientTask)?;
                let stage = request.stage().and_then(|stage| stages.get(&stage));
                Ok(request.answer(id, client, stage.cloned(), now))
            }));
        }
        Ok(answers)
    }
}

impl LogRequest {
    fn stage(&self) -> Option<(CompanyId, StageId)> {
        self.stage.map(|stage| (self.company, stage))
    }

    fn sees(&self, client: &TouchedClient) -> bool {
        match self.viewer {
            Viewer::Everything => true,
            Viewer::AssignedTo(user) => client.assigned_to == Some(user),
        }
    }

    fn task(&self, at: Timestamp) -> NewTask<'_> {
        NewTask {
            client: self.client,
            stage: self.stage,
            notes: self.notes.as_deref(),
            reminder_date: self.reminder_date,
            created_by: self.author,
            at,
        }
    }

    /// Why it cannot be logged.
    async fn refusal(&self, tx: &mut Tx) -> Result<Error> {
        let (client, stage) = (self.client, self.stage);
        let sight = Some((self.company, self.viewer));
        let mut problems = problems(tx, sight, Some(client), stage).await?;
        if problems.is_empty() {
            problems.push(no_such_client(client));
        }
        Ok(Error::Invalid(problems))
    }

    fn answer(
        &self,
        id: ClientTaskId,
        client: &TouchedClient,
        stage_name: Option<String>,
        at: Timestamp,
    ) -> ClientTask {
        ClientTask {
            id,
            client_id: client.id,
            client_name: client.name.clone(),
            stage_id: self.stage,
            stage_name,
            notes: self.notes.clone(),
            reminder_date: self.reminder_date,
            created_by: self.author.user(),
            created_by_username: self.username.clone(),
            api_key_name: self.key_name.clone(),
            created_at: at,
            updated_at: at,
        }
    }
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
    let mut reader = app.db.read().await?;
    let Some((company, viewer)) = actor.sight() else {
        return page.of_nothing();
    };
    let mut tenant = reader.tenant(company);
    let rows = tenant.count_tasks(viewer, words).await?;
    let tasks = tenant
        .tasks(viewer, words, order, page.offset(), page.size)
        .await?;
    page.of(rows, tasks)
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
        let elsewhere = reader.stage_exists(stage).await?;
        problems.push(missing(elsewhere, stage.get()).of("stage"));
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
