//! Writing a batch of creates: gather, decide, record, commit. A batch takes the locks of its companies
//! first, unless all that it needs is remembered.

use super::Request;
use super::desk::{Desk, Desks, OpenDesks, Person, knows_caller, knows_no_caller, suffice, wanted};
use super::record::record;
use crate::assignment::load_changes::Ledger;
use crate::clients::ClientWithPhones;
use crate::clients::phones::{Claims, Holder, Number, numbers};
use crate::clients::references::References;
use crate::error::{Error, Result};
use std::collections::{BTreeSet, HashMap};
use tawzi_core::assign::{Decision, decide};
use tawzi_core::company::{AutoAssign, ReAssignHours};
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{CreateBasis, Db, Tx, Viewer};

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
    desks: &Desks,
    requests: &[Request],
    now: Timestamp,
) -> Result<Vec<Result<ClientWithPhones>>> {
    let mut open = desks.take(&companies_of(requests));
    if knows_no_caller(&open, requests) {
        desks.put_back(open);
        return Ok(callers_changed(requests));
    }
    if suffice(&open, requests) {
        if let Some(answers) = write_remembered(db, desks, open, requests, now).await? {
            return Ok(answers);
        }
        open = OpenDesks::new();
        if knows_no_caller(&open, requests) {
            return Ok(callers_changed(requests));
        }
    }
    let mut tx = db.begin().await?;
    let mut session = Session::open(&mut tx, open, requests).await?;
    let decided = session.decide(&mut tx, requests, now).await?;
    let outcomes = record_locked(&mut tx, requests, decided, now).await?;
    let answers = answers(&mut tx, outcomes).await?;
    tx.commit().await?;
    desks.put_back(session.desks);
    Ok(answers)
}

/// Decides by what is remembered, without locks: the writing statement sees to it that it still holds.
/// `None` when it does not, or a request is a repetition; then nothing was written.
async fn write_remembered(
    db: &Db,
    desks: &Desks,
    open: OpenDesks,
    requests: &[Request],
    now: Timestamp,
) -> Result<Option<Vec<Result<ClientWithPhones>>>> {
    let versions = open
        .iter()
        .map(|(&company, desk)| (company, desk.company.assignment_version));
    let basis = CreateBasis {
        versions: versions.collect(),
        keys: keys_of(requests),
    };
    let mut session = Session {
        desks: open,
        existing: HashMap::new(),
        phones: Claims::default(),
    };
    let mut tx = db.begin_short().await?;
    let decided = session.decide(&mut tx, requests, now).await?;
    if !decided.creates_something() {
        return Ok(None);
    }
    let Some(outcomes) = record(&mut tx, &basis, requests, decided, now).await? else {
        return Ok(None);
    };
    let answers = answers(&mut tx, outcomes).await?;
    tx.commit().await?;
    desks.put_back(session.desks);
    Ok(Some(answers))
}

/// For a batch of requests that all have to be repeated.
fn callers_changed(requests: &[Request]) -> Vec<Result<ClientWithPhones>> {
    let answers = requests.iter().map(|_| Err(Error::CallerChanged));
    answers.collect()
}

async fn answers(tx: &mut Tx, outcomes: Vec<Outcome>) -> Result<Vec<Result<ClientWithPhones>>> {
    let mut answers = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        answers.push(match outcome {
            Outcome::Created(created) => Ok(*created),
            Outcome::Repeated(company, id) => {
                ClientWithPhones::read(tx, company, id, Viewer::Everything).await
            }
            Outcome::Refused(error) => Err(error),
        });
    }
    Ok(answers)
}

/// Writes the requests within a transaction that others of the same companies now wait for.
pub(crate) async fn write_in(
    tx: &mut Tx,
    requests: &[Request],
    now: Timestamp,
) -> Result<Vec<Outcome>> {
    let mut session = Session::open(tx, OpenDesks::new(), requests).await?;
    let decided = session.decide(tx, requests, now).await?;
    record_locked(tx, requests, decided, now).await
}

/// Writes what was decided under the locks of its companies.
async fn record_locked(
    tx: &mut Tx,
    requests: &[Request],
    decided: Decided,
    now: Timestamp,
) -> Result<Vec<Outcome>> {
    let nothing = CreateBasis::default();
    let recorded = record(tx, &nothing, requests, decided, now).await?;
    recorded.ok_or_else(|| Error::Internal("a batch under locks was not written".to_owned()))
}

/// Everything that deciding a batch needs.
struct Session {
    desks: OpenDesks,
    existing: HashMap<(CompanyId, i64), ClientId>,
    phones: Claims,
}

/// What was decided for the requests that create something, and what of them is already answered.
pub(super) struct Decided {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) ledger: Ledger,
    pub(super) phones: Claims,
}

impl Decided {
    /// Whether there is anything to be written.
    pub(super) fn creates_something(&self) -> bool {
        let mut verdicts = self.verdicts.iter();
        verdicts.any(|verdict| matches!(verdict, Verdict::Create(_)))
    }
}

pub(super) enum Verdict {
    Create(Box<Choice>),
    /// The same as an earlier request of this batch.
    SameAs(usize),
    Repeated(CompanyId, ClientId),
    /// An earlier request of this batch has this phone number.
    PhoneOf(usize, Number),
    Refused(Error),
}

/// A client to be created, with what its answer needs besides the draft.
pub(super) struct Choice {
    pub(super) decision: Decision,
    pub(super) receiver: Option<Person>,
    pub(super) channel_name: Option<String>,
    pub(super) status_name: Option<String>,
    pub(super) status_category: Option<StatusCategory>,
    /// After how many hours the client is neglected, if its company minds.
    pub(super) re_assign_hours: Option<ReAssignHours>,
}

impl Session {
    /// Locks the companies and reads what is not remembered of them, or has changed.
    async fn open(tx: &mut Tx, mut remembered: OpenDesks, requests: &[Request]) -> Result<Self> {
        let ids: Vec<_> = companies_of(requests).into_iter().collect();
        let mut desks: OpenDesks = HashMap::with_capacity(ids.len());
        for company in tx.lock_companies(&ids).await? {
            let id = company.id;
            let version = company.assignment_version;
            let desk = match remembered.remove(&id) {
                Some(desk) if desk.company.assignment_version == version => desk.now_quiet(),
                Some(_) => Desk::new(company, false),
                None => Desk::new(company, true),
            };
            desks.insert(id, desk);
        }
        read_references(tx, &mut desks, requests).await?;
        let existing = tx.recent_creates(&keys_of(requests)).await?;
        read_rosters(tx, &mut desks, requests).await?;
        let phones = requests.iter().map(|r| phones_of(&desks, r)).collect();
        Ok(Self {
            phones: Claims::open(tx, phones).await?,
            desks,
            existing: existing
                .into_iter()
                .map(|e| ((e.company_id, e.create_key), e.id))
                .collect(),
        })
    }

    async fn decide(
        &mut self,
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
            let verdict = if !knows_caller(&self.desks, request) {
                Verdict::Refused(Error::CallerChanged)
            } else if let Some(&client) = self.existing.get(&key) {
                Verdict::Repeated(company, client)
            } else if let Some(&first) = seen.get(&key) {
                Verdict::SameAs(first)
            } else if let Some(desk) = self.desks.get_mut(&company) {
                let problems = desk
                    .references
                    .problems(tx, company, wanted(request))
                    .await?;
                if problems.is_empty() {
                    match self.phones.claim(company, place) {
                        Ok(()) => {
                            seen.insert(key, place);
                            Verdict::Create(Box::new(choose(desk, request, now, &mut ledger)))
                        }
                        Err((number, Holder::Client(client))) => {
                            Verdict::Refused(number.taken_by(client))
                        }
                        Err((number, Holder::Request(first))) => Verdict::PhoneOf(first, number),
                    }
                } else {
                    Verdict::Refused(Error::Invalid(problems))
                }
            } else {
                Verdict::Refused(Error::NotFound("Company"))
            };
            verdicts.push(verdict);
        }
        Ok(Decided {
            verdicts,
            ledger,
            phones: std::mem::take(&mut self.phones),
        })
    }
}

fn choose(desk: &mut Desk, request: &Request, now: Timestamp, ledger: &mut Ledger) -> Choice {
    desk.used = true;
    let draft = &request.draft;
    let settings = &desk.company;
    let company = settings.id;
    let references = &desk.references;
    let status = draft.status.and_then(|id| references.status(company, id));
    let channel = draft.channel.and_then(|id| references.channel(company, id));
    let category = status.map_or(StatusCategory::None, |status| status.category);
    let auto_assign = AutoAssign::from(settings.auto_assign_enabled);
    let mut nobody = Roster::new(Weights::default(), []);
    let roster = desk.roster.as_mut().unwrap_or(&mut nobody);
    let received = Received {
        at: now,
        order: roster.next_order(),
    };
    let decision = decide(roster, auto_assign, draft.assigned_to, category, now);
    let receiver = decision.assignee().and_then(|user| {
        ledger.gave(company, user, category, received);
        let named = references.assignee(company, user).map(|person| Person {
            name: person.display_name(),
            username: person.username.clone(),
        });
        named.or_else(|| desk.employees.get(&user).cloned())
    });
    Choice {
        decision,
        receiver,
        channel_name: channel.map(|channel| channel.name.clone()),
        status_name: status.map(|status| status.name.clone()),
        status_category: status.map(|status| status.category),
        re_assign_hours: settings
            .re_assign_enabled
            .then_some(settings.re_assign_hours),
    }
}

/// Reads what the requests refer to and is not remembered.
async fn read_references(tx: &mut Tx, desks: &mut OpenDesks, requests: &[Request]) -> Result<()> {
    let lacking = requests.iter().filter_map(|request| {
        let desk = desks.get(&request.draft.company)?;
        Some((desk.company.id, desk.lacks(request)))
    });
    let lacking: Vec<_> = lacking.filter(|(_, lacking)| !lacking.is_empty()).collect();
    let references = References::read(tx, lacking.iter().copied()).await?;
    for (company, _) in lacking {
        if let Some(desk) = desks.get_mut(&company) {
            desk.references.learn(&references, company);
        }
    }
    Ok(())
}

/// Reads who may receive clients, for the companies where that is asked and not remembered.
async fn read_rosters(tx: &mut Tx, desks: &mut OpenDesks, requests: &[Request]) -> Result<()> {
    let choosing = requests.iter().filter_map(|request| {
        let desk = desks.get(&request.draft.company)?;
        (desk.roster.is_none() && desk.chooses(request)).then_some(desk.company.id)
    });
    let choosing: BTreeSet<_> = choosing.collect();
    if choosing.is_empty() {
        return Ok(());
    }
    let mut members: HashMap<CompanyId, Vec<_>> = HashMap::new();
    let ids: Vec<_> = choosing.iter().copied().collect();
    for entry in tx.rosters(&ids).await? {
        members.entry(entry.company).or_default().push(entry.member);
        let person = Person {
            name: entry.name,
            username: entry.username,
        };
        if let Some(desk) = desks.get_mut(&entry.company) {
            desk.employees.insert(entry.member.user, person);
        }
    }
    for company in choosing {
        let members = members.remove(&company).unwrap_or_default();
        if let Some(desk) = desks.get_mut(&company) {
            desk.roster = Some(Roster::new(Weights::default(), members));
        }
    }
    Ok(())
}

fn companies_of(requests: &[Request]) -> BTreeSet<CompanyId> {
    requests
        .iter()
        .map(|request| request.draft.company)
        .collect()
}

/// By what repetitions of the requests are recognised, and since when.
fn keys_of(requests: &[Request]) -> Vec<(CompanyId, i64, Timestamp)> {
    let keys = requests.iter().map(|request| {
        let repetition = request.repetition;
        (request.draft.company, repetition.key(), repetition.since())
    });
    keys.collect()
}

fn phones_of(desks: &OpenDesks, request: &Request) -> (CompanyId, Vec<Number>) {
    let draft = &request.draft;
    let listed = draft.phones.iter().map(|phone| phone.phone_number.as_str());
    let written = draft.phone_number.as_deref().into_iter().chain(listed);
    let desk = desks.get(&draft.company);
    let numbers = desk.map_or_else(Vec::new, |desk| numbers(&desk.company, written));
    (draft.company, numbers)
}
