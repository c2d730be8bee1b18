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
use tawzi_store::{Author, Client, ClientPhone, CreateBasis, Created, NewClient, Tx};

/// Writes what was decided, and answers each request; `None` when what it was decided by does not hold any
/// more, and nothing was written.
pub(super) async fn record(
    tx: &mut Tx,
    basis: &CreateBasis,
    requests: &[Request],
    decided: Decided,
    now: Timestamp,
) -> Result<Option<Vec<Outcome>>> {
    let pairs = requests.iter().zip(&decided.verdicts);
    let clients = pairs.filter_map(|(request, verdict)| match verdict {
        Verdict::Create(choice) => Some(new_client(request, choice, now)),
        _ => None,
    });
    let clients: Vec<_> = clients.collect();
    let mut created = Vec::new();
    if !clients.is_empty() {
        let loads = decided.ledger.changes();
        match tx.record_creates(basis, &clients, &loads).await? {
            Some(recorded) => created = recorded,
            None => return Ok(None),
        }
    }
    drop(clients);
    let (outcomes, numbers) = outcomes(requests, decided, created, now);
    let numbers = numbers.iter();
    let numbers = numbers.map(|(company, key, client)| (*company, key, *client));
    tx.insert_phone_keys(&numbers.collect::<Vec<_>>()).await?;
    Ok(Some(outcomes))
}

/// The numbers of new clients, where a company wants each to be one client's.
type Numbers = Vec<(CompanyId, PhoneKey, ClientId)>;

fn outcomes(
    requests: &[Request],
    decided: Decided,
    created: Vec<Created>,
    now: Timestamp,
) -> (Vec<Outcome>, Numbers) {
    let mut created = created.into_iter();
    let mut created_at: HashMap<usize, (CompanyId, ClientId)> = HashMap::new();
    let mut numbers = Vec::new();
    let mut outcomes = Vec::with_capacity(requests.len());
    for (place, (request, verdict)) in requests.iter().zip(decided.verdicts).enumerate() {
        outcomes.push(match verdict {
            Verdict::Create(choice) => {
                let Some(Created { id, phones }) = created.next() else {
                    outcomes.push(Outcome::Refused(Error::NotFound("Client")));
                    continue;
                };
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
        event: new_event(request, choice),
        create_key: Some(request.repetition.key()),
        at,
    }
}

/// What the client's timeline begins with.
fn new_event(request: &Request, choice: &Choice) -> Option<(EventText, Author)> {
    let name = choice.receiver.as_ref().map(|person| &person.name);
    match choice.decision {
        Decision::Named(_) => Some((event::assigned(None, name), request.author)),
        Decision::Chosen(_) => Some((event::auto_assigned(name?), Author::Nobody)),
        Decision::NobodyEligible => Some((event::nobody_eligible(), Author::Nobody)),
        Decision::AutoAssignOff => None,
    }
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
