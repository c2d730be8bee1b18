//! Checking what a request refers to: statuses, channels and people of the client's own company.

use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Error, Field, FieldProblem, Problem, Result};
use std::collections::{BTreeMap, BTreeSet};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_store::{Channel, PersonName, Reader, Status};

/// What one request refers to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) channel: Option<ChannelId>,
    pub(crate) status: Option<StatusId>,
    pub(crate) assignee: Option<UserId>,
}

impl Wanted {
    /// Whether it is nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.channel.is_none() && self.status.is_none() && self.assignee.is_none()
    }
}

/// What the requests of one or more companies refer to, as far as it is there.
#[derive(Debug, Default)]
pub(crate) struct References {
    channels: BTreeMap<(CompanyId, ChannelId), Channel>,
    statuses: BTreeMap<(CompanyId, StatusId), Status>,
    people: BTreeMap<UserId, PersonName>,
}

impl References {
    /// Reads everything in at most three statements, however many requests there are.
    pub(crate) async fn read(
        reader: &mut Reader,
        wanted: impl IntoIterator<Item = (CompanyId, Wanted)>,
    ) -> Result<Self> {
        let mut channels = BTreeSet::new();
        let mut statuses = BTreeSet::new();
        let mut people = BTreeSet::new();
        for (company, wanted) in wanted {
            channels.extend(wanted.channel.map(|id| (company, id)));
            statuses.extend(wanted.status.map(|id| (company, id)));
            people.extend(wanted.assignee);
        }
        let channels = reader.channels_of(&channels).await?;
        let statuses = reader.statuses_of(&statuses).await?;
        let people = reader.person_names(&people).await?;
        Ok(Self {
            channels: channels
                .into_iter()
                .map(|c| ((c.company_id, c.id), c))
                .collect(),
            statuses: statuses
                .into_iter()
                .map(|s| ((s.company_id, s.id), s))
                .collect(),
            people: people.into_iter().map(|p| (p.id, p)).collect(),
        })
    }

    /// What of it was not read, or is not there.
    pub(crate) fn lacking(&self, company: CompanyId, wanted: Wanted) -> Wanted {
        Wanted {
            channel: wanted
                .channel
                .filter(|&id| self.channel(company, id).is_none()),
            status: wanted
                .status
                .filter(|&id| self.status(company, id).is_none()),
            assignee: wanted
                .assignee
                .filter(|&id| self.assignee(company, id).is_none()),
        }
    }

    /// The channel, if the company has it.
    pub(crate) fn channel(&self, company: CompanyId, id: ChannelId) -> Option<&Channel> {
        self.channels.get(&(company, id))
    }

    /// The status, if the company has it.
    pub(crate) fn status(&self, company: CompanyId, id: StatusId) -> Option<&Status> {
        self.statuses.get(&(company, id))
    }

    /// The person, if they are active and of the company.
    pub(crate) fn assignee(&self, company: CompanyId, id: UserId) -> Option<&PersonName> {
        self.people
            .get(&id)
            .filter(|person| person.is_active && person.company_id == Some(company))
    }

    /// What one request refers to in vain.
    pub(crate) async fn problems(
        &self,
        reader: &mut Reader,
        company: CompanyId,
        wanted: Wanted,
    ) -> Result<Vec<FieldProblem>> {
        problems(reader, self.lacking(company, wanted)).await
    }
}

/// What is wrong with a request that refers to things which its company does not have.
pub(crate) async fn problems(reader: &mut Reader, lacking: Wanted) -> Result<Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let problem = |field, problem| FieldProblem { field, problem };
    if let Some(id) = lacking.channel {
        let elsewhere = reader.channel_exists(id).await?;
        let missing = missing(elsewhere, id.get());
        problems.push(problem(Field::CommunicationWay, missing));
    }
    if let Some(id) = lacking.status {
        let elsewhere = reader.status_exists(id).await?;
        problems.push(problem(Field::Status, missing(elsewhere, id.get())));
    }
    if let Some(id) = lacking.assignee {
        problems.push(problem(Field::AssignedTo, Problem::NoSuchId(id.get())));
    }
    Ok(problems)
}

pub(crate) const fn missing(elsewhere: bool, id: i64) -> Problem {
    if elsewhere {
        Problem::OtherCompany
    } else {
        Problem::NoSuchId(id)
    }
}

/// What a request refers to in vain, for an answer that lists everything that is wrong with it.
pub async fn check_references(
    app: &App,
    actor: &Actor,
    company: Option<CompanyId>,
    channel: Option<ChannelId>,
    status: Option<StatusId>,
    assignee: Option<UserId>,
) -> Result<Vec<FieldProblem>> {
    let mut problems: Vec<_> = company
        .filter(|&company| actor.company() != Some(company))
        .map(no_such_company)
        .into_iter()
        .collect();
    let Some(own) = actor.company() else {
        return Ok(problems);
    };
    let wanted = Wanted {
        channel,
        status,
        assignee,
    };
    let mut reader = app.db.read().await?;
    let references = References::read(&mut reader, [(own, wanted)]).await?;
    problems.extend(references.problems(&mut reader, own, wanted).await?);
    Ok(problems)
}

/// The company is not the person's own; whether it exists is not told.
pub(crate) const fn no_such_company(company: CompanyId) -> FieldProblem {
    FieldProblem {
        field: Field::Company,
        problem: Problem::NoSuchId(company.get()),
    }
}

/// Nothing in the way of a name: `taken` is what bears it, `own` what is to bear it.
pub(crate) fn require_free_name<Id: Copy + PartialEq>(
    own: Option<Id>,
    taken: Option<Id>,
) -> Result<()> {
    if taken.is_none() || taken == own {
        Ok(())
    } else {
        Err(Error::NameTaken)
    }
}

/// The company, if it is the person's own.
pub(crate) fn require_own(actor: &Actor, company: CompanyId) -> Result<()> {
    if actor.company() == Some(company) {
        Ok(())
    } else {
        Err(Error::Invalid(vec![no_such_company(company)]))
    }
}
