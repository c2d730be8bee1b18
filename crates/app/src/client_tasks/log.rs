//! One batch of activities, in a transaction that holds the locks of their companies.

use super::{no_such_client, problems};
use crate::clock::Clock;
use crate::company_batches::CompanyWork;
use crate::error::{Error, Result, Thing};
use crate::repetition::{Repeats, Repetition, Repetitions};
use std::collections::{BTreeSet, HashMap};
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId};
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, ClientTask, Company, NewTask, TouchedClient, Tx, Viewer};

/// The work of logging activities.
#[derive(Clone, Debug)]
pub(crate) struct TaskLog(pub(crate) Clock);

/// An activity as somebody asks for it; every field is valid by itself.
#[derive(Debug, Hash)]
pub(super) struct Activity {
    pub(super) client: ClientId,
    pub(super) stage: Option<StageId>,
    pub(super) notes: Option<String>,
    pub(super) reminder_date: Option<Timestamp>,
}

/// One activity on its way to being written.
#[derive(Debug)]
pub(crate) struct LogRequest {
    pub(super) company: CompanyId,
    pub(super) viewer: Viewer,
    pub(super) activity: Activity,
    pub(super) repetition: Repetition,
    pub(super) author: Author,
    /// The user name of the person who logs it.
    pub(super) username: Option<String>,
    /// The name of the key with which it is logged.
    pub(super) key_name: Option<String>,
}

/// What becomes of a request.
enum Fate<'a> {
    /// It is written, as somebody was in touch with that client.
    Logged(&'a TouchedClient),
    /// It repeats another request.
    Repeats(Repeats<ClientTaskId>),
}

impl CompanyWork for TaskLog {
    type Request = LogRequest;
    type Answer = ClientTask;

    fn company(request: &LogRequest) -> CompanyId {
        request.company
    }

    fn bytes(request: &LogRequest) -> usize {
        request.activity.notes.as_ref().map_or(0, String::len)
    }

    async fn work(
        &self,
        tx: &mut Tx,
        _: &[Company],
        requests: &[&LogRequest],
    ) -> Result<Vec<Result<ClientTask>>> {
        let now = self.0.now();
        let stages = Stages::read(tx, requests).await?;
        let repeated = find_repeated(tx, requests, &stages).await?;
        let touched = {
            let new = requests.iter().zip(&repeated);
            let new = new.filter(|(request, repeated)| {
                matches!(repeated, Ok(None)) && stages.have_that_of(request)
            });
            let clients = new.map(|(r, _)| (r.company, r.activity.client, r.viewer));
            tx.touch_clients(&clients.collect::<Vec<_>>(), now).await?
        };
        let touched: HashMap<_, _> = touched
            .into_iter()
            .map(|client| ((client.company_id, client.id), client))
            .collect();

        let mut fates = Vec::with_capacity(requests.len());
        let mut new = Vec::with_capacity(requests.len());
        for (request, repeated) in requests.iter().zip(repeated) {
            let client = touched.get(&(request.company, request.activity.client));
            let client = client.filter(|client| request.sees(client));
            fates.push(match (repeated, client) {
                (Err(error), _) => Err(error),
                (Ok(Some(repeats)), _) => Ok(Fate::Repeats(repeats)),
                (Ok(None), Some(client)) if stages.have_that_of(request) => {
                    new.push((request.company, request.task(now)));
                    Ok(Fate::Logged(client))
                }
                (Ok(None), _) => Err(request.refusal(tx).await?),
            });
        }
        let mut ids = tx.create_tasks(&new).await?.into_iter();
        let mut answers: Vec<Result<ClientTask>> = Vec::with_capacity(requests.len());
        for (request, fate) in requests.iter().zip(fates) {
            answers.push(match fate {
                Err(error) => Err(error),
                Ok(Fate::Logged(client)) => {
                    let id = ids.next().ok_or(Thing::ClientTask)?;
                    Ok(request.answer(id, client, stages.name_of(request), now))
                }
                Ok(Fate::Repeats(Repeats::Earlier(id))) => request.answer_again(tx, id).await?,
                Ok(Fate::Repeats(Repeats::SameAs(first))) => match answers.get(first) {
                    Some(Ok(task)) => Ok(task.clone()),
                    _ => Err(request.refusal(tx).await?),
                },
            });
        }
        Ok(answers)
    }
}

/// What each of the requests repeats, if it does; an error when its key was used for something else.
async fn find_repeated(
    tx: &mut Tx,
    requests: &[&LogRequest],
    stages: &Stages,
) -> Result<Vec<Result<Option<Repeats<ClientTaskId>>>>> {
    let keys = requests.iter().map(|request| {
        let Repetition { key, since } = request.repetition;
        (request.company, key, since)
    });
    let earlier = tx.earlier_tasks(&keys.collect::<Vec<_>>()).await?;
    let mut repetitions = Repetitions::new(earlier);
    let repeated = requests.iter().enumerate().map(|(place, request)| {
        let key = request.repetition.key;
        let found = repetitions.find(request.company, key);
        // What is refused uses no key up.
        if matches!(found, Ok(None)) && stages.have_that_of(request) {
            repetitions.note(request.company, key, place);
        }
        found
    });
    Ok(repeated.collect())
}

/// The names of the stages that requests refer to.
struct Stages(HashMap<(CompanyId, StageId), String>);

impl Stages {
    async fn read(tx: &mut Tx, requests: &[&LogRequest]) -> Result<Self> {
        let wanted: BTreeSet<_> = requests.iter().filter_map(|r| r.stage()).collect();
        let stages = tx.stages_of(&wanted).await?.into_iter();
        let named = stages.map(|stage| ((stage.company_id, stage.id), stage.name));
        Ok(Self(named.collect()))
    }

    /// Whether the stage that the request refers to, if it does, is one of its company.
    fn have_that_of(&self, request: &LogRequest) -> bool {
        let stage = request.stage();
        stage.is_none_or(|stage| self.0.contains_key(&stage))
    }

    fn name_of(&self, request: &LogRequest) -> Option<String> {
        self.0.get(&request.stage()?).cloned()
    }
}

impl LogRequest {
    fn stage(&self) -> Option<(CompanyId, StageId)> {
        self.activity.stage.map(|stage| (self.company, stage))
    }

    fn sees(&self, client: &TouchedClient) -> bool {
        match self.viewer {
            Viewer::Everything => true,
            Viewer::AssignedTo(user) => client.assigned_to == Some(user),
        }
    }

    fn task(&self, at: Timestamp) -> NewTask<'_> {
        NewTask {
            client: self.activity.client,
            stage: self.activity.stage,
            notes: self.activity.notes.as_deref(),
            reminder_date: self.activity.reminder_date,
            created_by: self.author,
            create_key: Some(self.repetition.key),
            at,
        }
    }

    /// Why it cannot be logged.
    async fn refusal(&self, tx: &mut Tx) -> Result<Error> {
        let (client, stage) = (self.activity.client, self.activity.stage);
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
            stage_id: self.activity.stage,
            stage_name,
            notes: self.activity.notes.clone(),
            reminder_date: self.activity.reminder_date,
            created_by: self.author.user(),
            created_by_username: self.username.clone(),
            api_key_name: self.key_name.clone(),
            created_at: at,
            updated_at: at,
        }
    }

    /// The answer to a request that was carried out before, as far as its client is still for the asker to see.
    async fn answer_again(&self, tx: &mut Tx, id: ClientTaskId) -> Result<Result<ClientTask>> {
        let task = tx.tenant(self.company).task(id, self.viewer).await?;
        Ok(task.ok_or(Error::NotTheirsAnyMore))
    }
}
