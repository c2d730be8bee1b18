//! Writing what was decided for a batch, and answering each request.

use super::Request;
use super::batch::{Choice, Decided, Outcome, Verdict};
use crate::clients::ClientWithPhones;
use crate::error::{Error, Result};
use std::collections::HashMap;
use tawzi_core::assign::Decision;
use tawzi_core::event::{self, EventText};
use tawzi_core::id::{ClientId, CompanyId, PhoneNumberId};
use tawzi_core::phone::PhoneKey;
use tawzi_core::stale;
use tawzi_core::time::Timestamp;
use tawzi_store::{
    Author, Client, ClientPhone, CreateBasis, CreateIds, LoadChange, NewClient, NewEvent, Tx,
};

/// Writes what was decided: clients, phone numbers, events and loads.
pub(super) async fn record(
    tx: &mut Tx,
    requests: &[Request],
    decided: Decided,
    now: Timestamp,
) -> Result<Vec<Outcome>> {
    let rows = Rows::of(requests, &decided, now);
    let mut ids = CreateIds::default();
    if !rows.clients.is_empty() {
        ids = tx.take_create_ids(&rows.clients, rows.told.len()).await?;
        let events = rows.events(&ids, now);
        tx.record_creates(&rows.clients, &ids, &events, &rows.loads)
            .await?;
    }
    let (outcomes, numbers) = outcomes(requests, decided, ids, now);
    let numbers = numbers.iter();
    let numbers = numbers.map(|(company, key, client)| (*company, key, *client));
    tx.insert_phone_keys(&numbers.collect::<Vec<_>>()).await?;
    Ok(outcomes)
}

/// The same for a batch that was decided without locks, if what it was decided by still holds.
pub(super) async fn record_if(
    tx: &mut Tx,
    basis: &CreateBasis,
    requests: &[Request],
    decided: Decided,
    now: Timestamp,
) -> Result<Option<Vec<Outcome>>> {
    let rows = Rows::of(requests, &decided, now);
    let ids = tx.take_create_ids_if(basis, &rows.clients, rows.told.len());
    let Some(ids) = ids.await? else {
        return Ok(None);
    };
    let events = rows.events(&ids, now);
    let recorded = tx
        .record_creates_if(basis, &rows.clients, &ids, &events, &rows.loads)
        .await?;
    Ok(recorded.then(|| outcomes(requests, decided, ids, now).0))
}

/// What is to be written for a batch.
struct Rows<'a> {
    clients: Vec<NewClient<'a>>,
    /// Those of them that get an event, by their places.
    told: Vec<(usize, &'a Request, &'a Choice)>,
    loads: Vec<LoadChange>,
}

impl<'a> Rows<'a> {
    fn of(requests: &'a [Request], decided: &'a Decided, now: Timestamp) -> Self {
        let pairs = requests.iter().zip(&decided.verdicts);
        let chosen = pairs.filter_map(|(request, verdict)| match verdict {
            Verdict::Create(choice) => Some((request, &**choice)),
            _ => None,
        });
        let chosen: Vec<_> = chosen.collect();
        let clients = chosen
            .iter()
            .map(|(request, choice)| new_client(request, choice, now));
        let clients = clients.collect();
        let told = chosen.into_iter().enumerate();
        let told = told.map(|(place, (request, choice))| (place, request, choice));
        Self {
            clients,
            told: told
                .filter(|(_, _, choice)| choice.decision != Decision::AutoAssignOff)
                .collect(),
            loads: decided.ledger.changes(),
        }
    }

    fn events(&self, ids: &CreateIds, now: Timestamp) -> Vec<NewEvent> {
        let events = self.told.iter().filter_map(|(place, request, choice)| {
            let (client, _) = ids.clients.get(*place)?;
            new_event(request, choice, *client, now)
        });
        events.collect()
    }
}

/// The numbers of new clients, where a company wants each to be one client's.
type Numbers = Vec<(CompanyId, PhoneKey, ClientId)>;

fn outcomes(
    requests: &[Request],
    decided: Decided,
    ids: CreateIds,
    now: Timestamp,
) -> (Vec<Outcome>, Numbers) {
    let mut ids = ids.clients.into_iter();
    let mut created_at: HashMap<usize, (CompanyId, ClientId)> = HashMap::new();
    let mut numbers = Vec::new();
    let mut outcomes = Vec::with_capacity(requests.len());
    for (place, (request, verdict)) in requests.iter().zip(decided.verdicts).enumerate() {
        outcomes.push(match verdict {
            Verdict::Create(choice) => {
                let (id, phones) = ids.next().unwrap_or((ClientId::new(0), Vec::new()));
                let company = request.draft.company;
                created_at.insert(place, (company, id));
                let own = decided.phones.of(place).iter();
                numbers.extend(own.map(|number| (company, number.key.clone(), id)));
                Outcome::Created(Box::new(answer(request, *choice, id, &phones, now)))
            }
            Verdict::SameAs(first) => match created_at.get(&first) {
                Some(&(company, id)) => Outcome::Repeated(company, id),
                None => Outcome::Refused(Error::NotFound("Client")),
            },
            Verdict::Repeated(company, id) => Outcome::Repeated(company, id),
            Verdict::PhoneOf(first, number) => Outcome::Refused(match created_at.get(&first) {
                Some(&(_, id)) => number.taken_by(id),
                None => Error::NotFound("Client"),
            }),
            Verdict::Refused(error) => Outcome::Refused(error),
        });
    }
    (outcomes, numbers)
}

fn new_client<'a>(request: &'a Request, choice: &Choice, at: Timestamp) -> NewClient<'a> {
    let draft = &request.draft;
    NewClient {
        company: draft.company,
        name: &draft.name,
        priority: draft.priority,
        client_type: draft.client_type,
        channel: draft.channel,
        status: draft.status,
        budget: draft.budget,
        phone_number: draft.phone_number.as_deref(),
        phones: &draft.phones,
        assigned_to: choice.decision.assignee(),
        create_key: Some(request.repetition.key()),
        at,
    }
}

fn new_event(
    request: &Request,
    choice: &Choice,
    client: ClientId,
    at: Timestamp,
) -> Option<NewEvent> {
    let name = choice.receiver.as_ref().map(|person| &person.name);
    let (text, created_by): (EventText, _) = match choice.decision {
        Decision::Named(_) => (event::assigned(None, name), request.author),
        Decision::Chosen(_) => (event::auto_assigned(name?), Author::Nobody),
        Decision::NobodyEligible => (event::nobody_eligible(), Author::Nobody),
        Decision::AutoAssignOff => return None,
    };
    Some(NewEvent {
        company: request.draft.company,
        client,
        text,
        created_by,
        sweep: None,
        at,
    })
}

fn answer(
    request: &Request,
    choice: Choice,
    id: ClientId,
    phones: &[PhoneNumberId],
    at: Timestamp,
) -> ClientWithPhones {
    let draft = &request.draft;
    let assigned_to = choice.decision.assignee();
    let client = Client {
        id,
        company_id: draft.company,
        name: draft.name.clone(),
        priority: draft.priority.as_str().to_owned(),
        client_type: draft.client_type.as_str().to_owned(),
        channel_id: draft.channel,
        channel_name: choice.channel_name,
        status_id: draft.status,
        status_name: choice.status_name,
        status_category: choice.status_category,
        budget_hundredths: draft.budget,
        phone_number: draft.phone_number.clone(),
        assigned_to,
        assigned_to_username: choice.receiver.map(|person| person.username),
        assigned_at: assigned_to.map(|_| at),
        last_contacted_at: None,
        due_at: assigned_to
            .and(choice.re_assign_hours)
            .map(|hours| stale::due_at(at, hours)),
        created_at: at,
        updated_at: at,
    };
    let mut phones: Vec<_> = draft
        .phones
        .iter()
        .zip(phones)
        .map(|(phone, &phone_id)| ClientPhone {
            id: phone_id,
            client_id: id,
            phone_number: phone.phone_number.clone(),
            phone_type: phone.phone_type.as_str().to_owned(),
            is_primary: phone.is_primary,
            notes: phone.notes.clone(),
            created_at: at,
            updated_at: at,
        })
        .collect();
    // As they are listed: the primary first, then by kind and age.
    phones.sort_by(|a, b| {
        let rank = |p: &ClientPhone| (!p.is_primary, p.phone_type.clone(), p.id);
        rank(a).cmp(&rank(b))
    });
    ClientWithPhones { client, phones }
}
