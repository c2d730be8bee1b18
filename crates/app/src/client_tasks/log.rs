//! One batch of activities, in a transaction that holds the locks of their companies.

use super::{no_such_client, problems};
use crate::clock::Clock;
use crate::company_batches::CompanyWork;
use crate::error::{Error, Result, Thing};
use std::collections::{BTreeSet, HashMap};
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId};
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, ClientTask, Company, NewTask, TouchedClient, Tx, Viewer};

/// The work of logging activities.
#[derive(Clone, Debug)]
pub(crate) struct TaskLog(pub(crate) Clock);

/// One activity on its way to being written.
#[derive(Debug)]
pub(crate) struct LogRequest {
    pub(super) company: CompanyId,
    pub(super) viewer: Viewer,
    pub(super) client: ClientId,
    pub(super) stage: Option<StageId>,
    pub(super) notes: Option<String>,
    pub(super) reminder_date: Option<Timestamp>,
    pub(super) author: Author,
    /// The user name of the person who logs it.
    pub(super) username: Option<String>,
    /// The name of the key with which it is logged.
    pub(super) key_name: Option<String>,
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
