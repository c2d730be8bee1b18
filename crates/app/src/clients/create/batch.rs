//! One batch of creates, in a transaction that holds the locks of its companies: ask what the decisions need,
//! decide, record, answer.

use super::Create;
use super::answer::answer;
use super::decide::{Decided, Resolution, decide};
use crate::assignment::handover::record_arrivals;
use crate::clients::ClientWithPhones;
use crate::clients::phones::numbers;
use crate::clients::references::problems;
use crate::clock::Clock;
use crate::company_batches::CompanyWork;
use crate::error::{Error, Result, Thing};
use crate::repetition::Repeats;
use std::collections::HashMap;
use tawzi_core::id::{ClientId, CompanyId, PhoneNumberId};
use tawzi_core::time::Timestamp;
use tawzi_store::{Company, CreateQuestions, Reader, Tx, Viewer};

/// The work on creates.
#[derive(Clone, Debug)]
pub(crate) struct Creates(pub(crate) Clock);

impl CompanyWork for Creates {
    type Request = Create;
    type Answer = ClientWithPhones;
    // By the key of each request.
    fn company(create: &Create) -> CompanyId {
        create.client.company
    }

    fn bytes(create: &Create) -> usize {
        create.client.bytes()
    }

    async fn work(
        &self,
        tx: &mut Tx,
        companies: &[Company],
        creates: &[&Create],
    ) -> Result<Vec<Result<ClientWithPhones>>> {
        let results = write(tx, companies, creates, self.0.now()).await?;
        let mut answers = Vec::with_capacity(results.len());
        for result in results {
            answers.push(match result {
                CreateResult::Created(created) => Ok(*created),
                CreateResult::Repeated(company, id) => {
                    match ClientWithPhones::read(tx, company, id, Viewer::Everything).await {
                        // The transaction may have come to nothing by it, for all of them.
                        Err(error @ Error::Store(_)) => return Err(error),
                        read => read,
                    }
                }
                CreateResult::Refused(error) => Err(error),
            });
        }
        Ok(answers)
    }
}

/// What became of one create.
#[derive(Debug)]
pub(crate) enum CreateResult {
    /// It was created.
    Created(Box<ClientWithPhones>),
    /// An earlier request has already created it.
    Repeated(CompanyId, ClientId),
    /// It refers to what is not there.
    Refused(Error),
}

/// Writes the creates, in the same order. The caller holds the locks of the companies.
pub(crate) async fn write(
    tx: &mut Tx,
    companies: &[Company],
    creates: &[&Create],
    now: Timestamp,
) -> Result<Vec<CreateResult>> {
    let companies: HashMap<_, _> = companies
        .iter()
        .map(|company| (company.id, company))
        .collect();
    let answers = tx.answer_creates(&questions(&companies, creates)).await?;
    let decided = decide(&companies, answers, creates, now);
    let arrivals = decided.iter().filter_map(|decided| decided.arrival(now));
    let recorded = record_arrivals(tx, arrivals.collect(), now).await?;
    results(tx, creates, decided, recorded, now).await
}

/// What would become of a create.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Foreseen {
    /// It would be created, and perhaps go to somebody.
    Created { assigned: bool },
    /// An earlier request has already created that client, or the same one stands earlier in the batch.
    Repeated(Option<ClientId>),
    /// It would be refused, for that reason.
    Refused(String),
}

/// What would become of creates of a company, if nobody else wrote meanwhile. Nothing is locked.
pub(crate) async fn foresee(
    reader: &mut Reader,
    company: &Company,
    creates: &[&Create],
    now: Timestamp,
) -> Result<Vec<Foreseen>> {
    let companies = HashMap::from([(company.id, company)]);
    let answers = reader
        .answer_creates(&questions(&companies, creates))
        .await?;
    let decided = decide(&companies, answers, creates, now).into_iter();
    Ok(decided
        .map(|decided| match decided.resolution {
            Resolution::Create(choice) => Foreseen::Created {
                assigned: choice.decision.assignee.is_some(),
            },
            Resolution::Repeats(Repeats::Earlier(id)) => Foreseen::Repeated(Some(id)),
            Resolution::Repeats(Repeats::SameAs(_)) => Foreseen::Repeated(None),
            Resolution::PhoneTaken(client, number) => {
                Foreseen::Refused(number.taken_by(client).to_string())
            }
            Resolution::PhoneOf(_, number) => Foreseen::Refused(number.stands_twice()),
            Resolution::Refused(error) => Foreseen::Refused(error.to_string()),
            Resolution::RefersInVain(_) | Resolution::NoCompany => {
                Foreseen::Refused("refers to what is not there any more".to_owned())
            }
        })
        .collect())
}

/// What is to be asked about the creates of companies that are there.
fn questions(companies: &HashMap<CompanyId, &Company>, creates: &[&Create]) -> CreateQuestions {
    let mut questions = CreateQuestions::default();
    for create in creates {
        let client = &create.client;
        let id = client.company;
        let Some(company) = companies.get(&id) else {
            continue;
        };
        if company.auto_assign_enabled || client.assigned_to.is_some() {
            questions.companies.insert(id);
        }
        let repetition = create.repetition;
        let key = (id, repetition.key, repetition.since);
        questions.keys.push(key);
        client.wanted().ask(id, &mut questions);
        let keys = numbers(company, client.written_numbers()).into_iter();
        questions.phones.extend(keys.map(|number| (id, number.key)));
    }
    questions
}

/// What became of each create, now that the ids of those that were written are known.
async fn results(
    tx: &mut Tx,
    creates: &[&Create],
    decided: Vec<Decided<'_>>,
    recorded: Vec<(ClientId, Vec<PhoneNumberId>)>,
    now: Timestamp,
) -> Result<Vec<CreateResult>> {
    let mut recorded = recorded.into_iter();
    let mut ids: HashMap<usize, ClientId> = HashMap::new();
    let mut results = Vec::with_capacity(decided.len());
    for (place, (create, decided)) in creates.iter().zip(decided).enumerate() {
        let company = create.client.company;
        let missing =
            || Error::Internal("an earlier create of the batch was not written".to_owned());
        results.push(match decided.resolution {
            Resolution::Create(choice) => {
                let (id, phones) = recorded.next().ok_or_else(missing)?;
                ids.insert(place, id);
                CreateResult::Created(Box::new(answer(create, *choice, id, &phones, now)))
            }
            Resolution::Repeats(Repeats::SameAs(first)) => {
                CreateResult::Repeated(company, *ids.get(&first).ok_or_else(missing)?)
            }
            Resolution::Repeats(Repeats::Earlier(id)) => CreateResult::Repeated(company, id),
            Resolution::Refused(error) => CreateResult::Refused(error),
            Resolution::PhoneOf(first, number) => {
                CreateResult::Refused(number.taken_by(*ids.get(&first).ok_or_else(missing)?))
            }
            Resolution::PhoneTaken(client, number) => {
                CreateResult::Refused(number.taken_by(client))
            }
            Resolution::RefersInVain(wanted) => {
                CreateResult::Refused(Error::Invalid(problems(tx, company, wanted).await?))
            }
            Resolution::NoCompany => CreateResult::Refused(Error::NotFound(Thing::Company)),
        });
    }
    Ok(results)
}
