//! Writing a batch of creates: lock, gather, decide, record, commit.

use super::Request;
use super::record::record;
use crate::clients::ClientWithPhones;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::phones::{Claims, Holder, Number, numbers};
use crate::references::{References, Wanted};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tawzi_core::assign::{Decision, decide};
use tawzi_core::company::{AutoAssign, ReAssignHours};
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Company, Db, Tx, Viewer};

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
    phones: Claims,
}

/// How a receiver is called.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) name: DisplayName,
    pub(super) username: String,
}

/// What was decided for the requests that create something, and what of them is already answered.
pub(super) struct Decided {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) ledger: Ledger,
    pub(super) phones: Claims,
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
        let companies: HashMap<_, _> = companies.into_iter().map(|c| (c.id, c)).collect();
        let phones = requests.iter().map(|r| phones_of(&companies, r)).collect();
        let phones = Claims::open(tx, phones).await?;
        let roster = |members| Roster::new(Weights::default(), members);
        Ok(Self {
            companies,
            phones,
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
                    match self.phones.claim(company, place) {
                        Ok(()) => {
                            seen.insert(key, place);
                            Verdict::Create(Box::new(self.choose(request, now, &mut ledger)))
                        }
                        Err((number, Holder::Client(client))) => {
                            Verdict::Refused(number.taken_by(client))
                        }
                        Err((number, Holder::Request(first))) => Verdict::PhoneOf(first, number),
                    }
                } else {
                    Verdict::Refused(Error::Invalid(problems))
                }
            };
            verdicts.push(verdict);
        }
        Ok(Decided {
            verdicts,
            ledger,
            phones: self.phones,
        })
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

fn wanted(request: &Request) -> Wanted {
    Wanted {
        channel: request.draft.channel,
        status: request.draft.status,
        assignee: request.draft.assigned_to,
    }
}

fn phones_of(
    companies: &HashMap<CompanyId, Company>,
    request: &Request,
) -> (CompanyId, Vec<Number>) {
    let draft = &request.draft;
    let listed = draft.phones.iter().map(|phone| phone.phone_number.as_str());
    let written = draft.phone_number.as_deref().into_iter().chain(listed);
    let company = companies.get(&draft.company);
    let numbers = company.map_or_else(Vec::new, |company| numbers(company, written));
    (draft.company, numbers)
}
