//! Writing a batch of creates: lock, gather, decide, record, commit.

use super::Request;
use crate::clients::ClientWithPhones;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::references::{References, Wanted};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tawzi_core::assign::{Decision, decide};
use tawzi_core::company::{AutoAssign, ReAssignHours};
use tawzi_core::event::{self, EventText};
use tawzi_core::id::{ClientId, CompanyId, PhoneNumberId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::stale;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Client, ClientPhone, Company, Db, NewClient, NewEvent, Tx, Viewer};

/// What became of one request of a batch.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was created.
    Created(Box<ClientWithPhones>),
    /// An earlier request has already created it.
    Repeated(CompanyId, ClientId),
    /// It refers to what is not there.
    Refused(Error),
}

/// Writes the requests in one transaction and answers each, in the same order.
pub(super) async fn write(
    db: &Db,
    requests: &[Request],
    now: Timestamp,
) -> Result<Vec<Result<ClientWithPhones>>> {
    let mut tx = db.begin().await?;
    let outcomes = write_in(&mut tx, requests, now).await?;
    let mut answers = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        answers.push(match outcome {
            Outcome::Created(created) => Ok(*created),
            Outcome::Repeated(company, id) => {
                ClientWithPhones::read(&mut tx, company, id, Viewer::Everything).await
            }
            Outcome::Refused(error) => Err(error),
        });
    }
    tx.commit().await?;
    Ok(answers)
}

/// Writes the requests within a transaction that others of the same companies now wait for.
pub(crate) async fn write_in(
    tx: &mut Tx,
    requests: &[Request],
    now: Timestamp,
) -> Result<Vec<Outcome>> {
    let desk = Desk::open(tx, requests, now).await?;
    let decided = desk.decide(tx, requests, now).await?;
    record(tx, requests, decided, now).await
}

/// Everything that deciding needs, read under the locks of the companies.
struct Desk {
    companies: HashMap<CompanyId, Company>,
    rosters: BTreeMap<CompanyId, Roster>,
    employees: HashMap<UserId, Person>,
    references: References,
    existing: HashMap<(CompanyId, i64), ClientId>,
}

/// How a receiver is called.
#[derive(Clone)]
struct Person {
    name: DisplayName,
    username: String,
}

/// What was decided for the requests that create something, and what of them is already answered.
struct Decided {
    verdicts: Vec<Verdict>,
    ledger: Ledger,
}

enum Verdict {
    Create(Box<Choice>),
    /// The same as an earlier request of this batch.
    SameAs(usize),
    Repeated(CompanyId, ClientId),
    Refused(Error),
}

/// A client to be created, with what its answer needs besides the draft.
struct Choice {
    decision: Decision,
    receiver: Option<Person>,
    channel_name: Option<String>,
    status_name: Option<String>,
    status_category: Option<StatusCategory>,
    /// After how many hours the client is neglected, if its company minds.
    re_assign_hours: Option<ReAssignHours>,
}

impl Desk {
    async fn open(tx: &mut Tx, requests: &[Request], now: Timestamp) -> Result<Self> {
        let ids: BTreeSet<_> = requests.iter().map(|r| r.draft.company).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let companies = tx.lock_companies(&ids).await?;
        let references =
            References::read(tx, requests.iter().map(|r| (r.draft.company, wanted(r))));
        let references = references.await?;
        let keys = requests
            .iter()
            .map(|r| (r.draft.company, r.repetition.key(), r.repetition.since(now)));
        let existing = tx.recent_creates(keys).await?;

        // A company that neither assigns nor was told whom to assign needs no roster.
        let named: BTreeSet<_> = requests
            .iter()
            .filter(|r| r.draft.assigned_to.is_some())
            .map(|r| r.draft.company)
            .collect();
        let choosing: Vec<_> = companies
            .iter()
            .filter(|company| company.auto_assign_enabled || named.contains(&company.id))
            .map(|company| company.id)
            .collect();
        let mut members: BTreeMap<CompanyId, Vec<_>> = choosing
            .iter()
            .map(|&company| (company, Vec::new()))
            .collect();
        let mut employees = HashMap::new();
        if !choosing.is_empty() {
            for entry in tx.rosters(&choosing).await? {
                members.entry(entry.company).or_default().push(entry.member);
                let person = Person {
                    name: entry.name,
                    username: entry.username,
                };
                employees.insert(entry.member.user, person);
            }
        }
        let roster = |members| Roster::new(Weights::default(), members);
        Ok(Self {
            companies: companies.into_iter().map(|c| (c.id, c)).collect(),
            rosters: members.into_iter().map(|(id, m)| (id, roster(m))).collect(),
            employees,
            references,
            existing: existing
                .into_iter()
                .map(|e| ((e.company_id, e.create_key), e.id))
                .collect(),
        })
    }

    async fn decide(
        mut self,
        tx: &mut Tx,
        requests: &[Request],
        now: Timestamp,
    ) -> Result<Decided> {
        let mut ledger = Ledger::default();
        let mut seen: HashMap<(CompanyId, i64), usize> = HashMap::new();
        let mut verdicts = Vec::with_capacity(requests.len());
        for (place, request) in requests.iter().enumerate() {
            let company = request.draft.company;
            let key = (company, request.repetition.key());
            let verdict = if let Some(&client) = self.existing.get(&key) {
                Verdict::Repeated(company, client)
            } else if let Some(&first) = seen.get(&key) {
                Verdict::SameAs(first)
            } else {
                let problems = self
                    .references
                    .problems(tx, company, wanted(request))
                    .await?;
                if problems.is_empty() {
                    seen.insert(key, place);
                    Verdict::Create(Box::new(self.choose(request, now, &mut ledger)))
                } else {
                    Verdict::Refused(Error::Invalid(problems))
                }
            };
            verdicts.push(verdict);
        }
        Ok(Decided { verdicts, ledger })
    }

    fn choose(&mut self, request: &Request, now: Timestamp, ledger: &mut Ledger) -> Choice {
        let draft = &request.draft;
        let company = draft.company;
        let status = draft
            .status
            .and_then(|id| self.references.status(company, id));
        let channel = draft
            .channel
            .and_then(|id| self.references.channel(company, id));
        let category = status.map_or(StatusCategory::None, |status| status.category);
        let settings = self.companies.get(&company);
        let auto_assign =
            AutoAssign::from(settings.is_some_and(|company| company.auto_assign_enabled));
        let re_assign_hours = settings
            .filter(|company| company.re_assign_enabled)
            .map(|company| company.re_assign_hours);
        let roster = self
            .rosters
            .entry(company)
            .or_insert_with(|| Roster::new(Weights::default(), []));
        let received = Received {
            at: now,
            order: roster.next_order(),
        };
        let decision = decide(roster, auto_assign, draft.assigned_to, category, now);
        let receiver = decision.assignee().and_then(|user| {
            ledger.gave(company, user, category, received);
            let named = self
                .references
                .assignee(company, user)
                .map(|person| Person {
                    name: person.display_name(),
                    username: person.username.clone(),
                });
            named.or_else(|| self.employees.get(&user).cloned())
        });
        Choice {
            decision,
            receiver,
            channel_name: channel.map(|channel| channel.name.clone()),
            status_name: status.map(|status| status.name.clone()),
            status_category: status.map(|status| status.category),
            re_assign_hours,
        }
    }
}

/// Writes what was decided: clients, phone numbers, events and loads.
async fn record(
    tx: &mut Tx,
    requests: &[Request],
    decided: Decided,
    now: Timestamp,
) -> Result<Vec<Outcome>> {
    let chosen = || {
        let pairs = requests.iter().zip(&decided.verdicts);
        pairs.filter_map(|(request, verdict)| match verdict {
            Verdict::Create(choice) => Some((request, choice)),
            _ => None,
        })
    };
    let new: Vec<_> = chosen()
        .map(|(request, choice)| new_client(request, choice, now))
        .collect();
    let ids = if new.is_empty() {
        Vec::new()
    } else {
        tx.insert_clients(&new).await?
    };
    let events: Vec<_> = chosen()
        .zip(&ids)
        .filter_map(|((request, choice), (id, _))| new_event(request, choice, *id, now))
        .collect();
    tx.insert_events(&events).await?;
    tx.change_loads(&decided.ledger.changes()).await?;

    let mut ids = ids.into_iter();
    let mut created_at: HashMap<usize, (CompanyId, ClientId)> = HashMap::new();
    let mut outcomes = Vec::with_capacity(requests.len());
    for (place, (request, verdict)) in requests.iter().zip(decided.verdicts).enumerate() {
        outcomes.push(match verdict {
            Verdict::Create(choice) => {
                let (id, phones) = ids.next().unwrap_or((ClientId::new(0), Vec::new()));
                created_at.insert(place, (request.draft.company, id));
                Outcome::Created(Box::new(answer(request, *choice, id, &phones, now)))
            }
            Verdict::SameAs(first) => match created_at.get(&first) {
                Some(&(company, id)) => Outcome::Repeated(company, id),
                None => Outcome::Refused(Error::NotFound("Client")),
            },
            Verdict::Repeated(company, id) => Outcome::Repeated(company, id),
            Verdict::Refused(error) => Outcome::Refused(error),
        });
    }
    Ok(outcomes)
}

fn wanted(request: &Request) -> Wanted {
    Wanted {
        channel: request.draft.channel,
        status: request.draft.status,
        assignee: request.draft.assigned_to,
    }
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
        Decision::Chosen(_) => (event::auto_assigned(name?), None),
        Decision::NobodyEligible => (event::nobody_eligible(), None),
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
