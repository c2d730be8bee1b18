//! What becomes of each create of a batch, decided one after the other by what is known of their companies.

use super::Create;
use crate::assignment::handover::Arrival;
use crate::clients::phones::{Number, numbers};
use crate::clients::references::Wanted;
use crate::error::Error;
use crate::repetition::{Repeats, Repetitions};
use std::collections::HashMap;
use tawzi_core::choice::{self, Decision, Reason};
use tawzi_core::event::{self, EventText};
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::phone::PhoneKey;
use tawzi_core::policy::Policy;
use tawzi_core::roster::Roster;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Author, Company, CreateAnswers, NewClient};

/// A create and what is decided about it.
pub(super) struct Decided<'a> {
    create: &'a Create,
    numbers: Vec<Number>,
    pub(super) resolution: Resolution,
}

/// What becomes of a create.
pub(super) enum Resolution {
    /// It is written.
    Create(Box<Choice>),
    /// It repeats another request.
    Repeats(Repeats<ClientId>),
    /// It comes with the key of another one.
    Refused(Error),
    /// The create at that place of the batch has this phone number.
    PhoneOf(usize, Number),
    /// That client has this phone number.
    PhoneTaken(ClientId, Number),
    /// It refers to what the company does not have.
    RefersInVain(Wanted),
    /// Its company is not there.
    NoCompany,
}

/// A client to be created, with what its answer needs besides the request.
pub(super) struct Choice {
    pub(super) decision: Decision,
    /// User name and name of the assignee.
    pub(super) assignee: Option<(String, DisplayName)>,
    /// The assignee's place among those who receive at that moment.
    pub(super) order: i64,
    pub(super) channel_name: Option<String>,
    pub(super) status: Option<(String, StatusCategory)>,
    /// What the status means for a load, also where there is none.
    category: StatusCategory,
    pub(super) policy: Policy,
}

/// Decides about each create, in the same order.
pub(super) fn decide<'a>(
    companies: &HashMap<CompanyId, &Company>,
    answers: CreateAnswers,
    creates: &[&'a Create],
    at: Timestamp,
) -> Vec<Decided<'a>> {
    let mut deciding = Deciding::new(companies, answers);
    let creates = creates.iter().enumerate();
    creates
        .map(|(place, create)| {
            let company = companies.get(&create.client.company);
            let written = create.client.written_numbers();
            let numbers = company.map_or_else(Vec::new, |company| numbers(company, written));
            let resolution = match company {
                Some(company) => deciding.resolution(place, company, create, &numbers, at),
                None => Resolution::NoCompany,
            };
            Decided {
                create,
                numbers,
                resolution,
            }
        })
        .collect()
}

/// What is known while a batch is decided, with what its earlier creates have taken.
struct Deciding {
    answers: CreateAnswers,
    rosters: HashMap<CompanyId, Roster>,
    repetitions: Repetitions<ClientId>,
    phones_of: HashMap<(CompanyId, PhoneKey), usize>,
}

impl Deciding {
    fn new(companies: &HashMap<CompanyId, &Company>, mut answers: CreateAnswers) -> Self {
        let mut loads: HashMap<CompanyId, Vec<_>> = HashMap::new();
        for employee in &answers.employees {
            let loads = loads.entry(employee.company).or_default();
            loads.push(employee.load);
        }
        let rosters = companies.iter().map(|(&id, company)| {
            let loads = loads.remove(&id).unwrap_or_default();
            (id, Roster::new(company.policy().weights, loads))
        });
        Self {
            rosters: rosters.collect(),
            repetitions: Repetitions::new(std::mem::take(&mut answers.created)),
            answers,
            phones_of: HashMap::new(),
        }
    }

    fn resolution(
        &mut self,
        place: usize,
        company: &Company,
        create: &Create,
        numbers: &[Number],
        at: Timestamp,
    ) -> Resolution {
        let key = create.repetition.key;
        match self.repetitions.find(company.id, key) {
            Ok(Some(repeats)) => return Resolution::Repeats(repeats),
            Ok(None) => {}
            Err(error) => return Resolution::Refused(error),
        }
        let lacking = create.client.wanted().lacking(company.id, &self.answers);
        if !lacking.is_empty() {
            return Resolution::RefersInVain(lacking);
        }
        for number in numbers {
            let phone = (company.id, number.key.clone());
            if let Some(&client) = self.answers.phones.get(&phone) {
                return Resolution::PhoneTaken(client, number.clone());
            }
            if let Some(&first) = self.phones_of.get(&phone) {
                return Resolution::PhoneOf(first, number.clone());
            }
        }
        let phones = numbers
            .iter()
            .map(|number| ((company.id, number.key.clone()), place));
        self.phones_of.extend(phones);
        self.repetitions.note(company.id, key, place);
        Resolution::Create(Box::new(self.choose(company, create, at)))
    }

    fn choose(&mut self, company: &Company, create: &Create, at: Timestamp) -> Choice {
        let (id, client, policy) = (company.id, &create.client, company.policy());
        let status = client
            .status
            .and_then(|status| self.answers.statuses.get(&(id, status)));
        let channel = client
            .channel
            .and_then(|channel| self.answers.channels.get(&(id, channel)));
        let category = status.map_or(StatusCategory::None, |(_, category)| *category);
        let empty = || Roster::new(policy.weights, []);
        let roster = self.rosters.entry(id).or_insert_with(empty);
        let order = roster.next_order();
        let decision = choice::decide(&policy, roster, client.assigned_to, category, at);
        let assignee = decision.assignee.and_then(|user| self.called(id, user));
        Choice {
            decision,
            assignee,
            order,
            channel_name: channel.cloned(),
            status: status.cloned(),
            category,
            policy,
        }
    }

    /// User name and name of an assignee.
    fn called(&self, company: CompanyId, user: UserId) -> Option<(String, DisplayName)> {
        if let Some(named) = self.answers.assignees.get(&(company, user)) {
            return Some(named.clone());
        }
        let mut employees = self.answers.employees.iter();
        let employee = employees.find(|e| (e.company, e.load.user) == (company, user))?;
        Some((employee.username.clone(), employee.name()))
    }
}

impl Decided<'_> {
    /// What is to be written, if anything is.
    pub(super) fn arrival(&self, at: Timestamp) -> Option<Arrival<'_>> {
        let Resolution::Create(choice) = &self.resolution else {
            return None;
        };
        let client = &self.create.client;
        Some(Arrival {
            client: NewClient {
                company: client.company,
                name: &client.name,
                priority: client.priority,
                client_type: client.client_type,
                channel: client.channel,
                status: client.status,
                budget: client.budget,
                phone_number: client.phone_number.as_deref(),
                phones: &client.phones,
                phone_keys: self.numbers.iter().map(|number| &number.key).collect(),
                assigned_to: choice.decision.assignee,
                waiting_since: (choice.decision.reason == Reason::NoEmployee).then_some(at),
                event: choice.event(self.create.author),
                create_key: Some(self.create.repetition.key),
                at,
            },
            category: choice.category,
            order: choice.order,
        })
    }
}

impl Choice {
    /// What the client's timeline begins with.
    fn event(&self, author: Author) -> Option<(EventText, Author)> {
        let name = self.assignee.as_ref().map(|(_, name)| name);
        match self.decision.reason {
            Reason::Named => Some((event::assigned(None, name), author)),
            Reason::LeastBusy => Some((event::auto_assigned(name?), Author::Nobody)),
            Reason::NoEmployee => Some((event::nobody_eligible(), Author::Nobody)),
            Reason::AutoAssignOff | Reason::NoOtherEmployee => None,
        }
    }
}
