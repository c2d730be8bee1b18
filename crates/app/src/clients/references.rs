//! Checking what a request refers to: statuses, channels and people of the client's own company.

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::ClientChange;
use crate::error::{Error, FieldProblem, Problem, Result};
use std::collections::{BTreeMap, BTreeSet};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_store::{Channel, NamedUser, Reader, Status};

/// What one request refers to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) channel: Option<ChannelId>,
    pub(crate) status: Option<StatusId>,
    pub(crate) assignee: Option<UserId>,
}

impl Wanted {
    /// What a change refers to.
    pub(crate) fn of(change: &ClientChange) -> Self {
        Self {
            channel: change.channel.flatten(),
            status: change.status.flatten(),
            assignee: change.assigned_to.flatten(),
        }
    }

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
    people: BTreeMap<UserId, NamedUser>,
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
        let people = reader.named_users(&people).await?;
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
    pub(crate) fn assignee(&self, company: CompanyId, id: UserId) -> Option<&NamedUser> {
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
    if let Some(id) = lacking.channel {
        let elsewhere = reader.channel_exists(id).await?;
        problems.push(missing(elsewhere, id.get()).of("communication_way"));
    }
    if let Some(id) = lacking.status {
        let elsewhere = reader.status_exists(id).await?;
        problems.push(missing(elsewhere, id.get()).of("status"));
    }
    if let Some(id) = lacking.assignee {
        problems.push(Problem::no_such(id.get()).of("assigned_to"));
    }
    Ok(problems)
}

pub(crate) fn missing(elsewhere: bool, id: i64) -> Problem {
    if elsewhere {
        Problem::OtherCompany
    } else {
        Problem::no_such(id)
    }
}

/// What the request for a new client refers to in vain, for an answer that lists everything that is wrong with it.
pub(crate) async fn check_references(
    app: &App,
    actor: &Actor,
    client: &ClientChange,
) -> Result<Vec<FieldProblem>> {
    let mut problems: Vec<_> = other_company(actor, client.company).into_iter().collect();
    let Some(own) = actor.company() else {
        return Ok(problems);
    };
    let wanted = Wanted::of(client);
    let mut reader = app.db.read().await?;
    let references = References::read(&mut reader, [(own, wanted)]).await?;
    problems.extend(references.problems(&mut reader, own, wanted).await?);
    Ok(problems)
}

/// The company is not the person's own; whether it exists is not told.
pub(crate) fn no_such_company(company: CompanyId) -> FieldProblem {
    Problem::no_such(company.get()).of("company")
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

/// What is wrong with the company of a request, if it is not the actor's own.
pub(crate) fn other_company(actor: &Actor, company: Option<CompanyId>) -> Option<FieldProblem> {
    let other = company.filter(|&company| actor.company() != Some(company));
    other.map(no_such_company)
}
