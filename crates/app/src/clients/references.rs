//! Checking what a request refers to: statuses, channels and people of the client's own company.

use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::inactive::inactive_person;
use crate::clients::ClientChange;
use crate::error::{Error, FieldProblem, Problem, Result, require};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_store::{CreateAnswers, CreateQuestions, Reader};

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

    /// Asks for it beside other things.
    pub(crate) fn ask(self, company: CompanyId, questions: &mut CreateQuestions) {
        let (channel, status) = (self.channel, self.status);
        questions.channels.extend(channel.map(|id| (company, id)));
        questions.statuses.extend(status.map(|id| (company, id)));
        questions.assignees.extend(self.assignee);
    }

    /// Reads what of it the company has.
    pub(crate) async fn read(
        self,
        reader: &mut Reader,
        company: CompanyId,
    ) -> Result<CreateAnswers> {
        if self.is_empty() {
            return Ok(CreateAnswers::default());
        }
        let mut questions = CreateQuestions::default();
        self.ask(company, &mut questions);
        Ok(reader.answer_creates(&questions).await?)
    }

    /// What of it the company does not have.
    pub(crate) fn lacking(self, company: CompanyId, there: &CreateAnswers) -> Self {
        let (channel, status, assignee) = (self.channel, self.status, self.assignee);
        Self {
            channel: channel.filter(|&id| !there.channels.contains_key(&(company, id))),
            status: status.filter(|&id| !there.statuses.contains_key(&(company, id))),
            assignee: assignee.filter(|&id| !there.assignees.contains_key(&(company, id))),
        }
    }
}

/// What is wrong with a request that refers to things which its company does not have.
pub(crate) async fn problems(
    reader: &mut Reader,
    company: CompanyId,
    lacking: Wanted,
) -> Result<Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if let Some(id) = lacking.channel {
        let given = reader.channel_id_given(id).await?;
        problems.push(missing(given, id.get()).of("communication_way"));
    }
    if let Some(id) = lacking.status {
        let given = reader.status_id_given(id).await?;
        problems.push(missing(given, id.get()).of("status"));
    }
    if let Some(id) = lacking.assignee {
        let inactive = inactive_person(reader, company, id).await?;
        let problem = inactive.map_or_else(|| Problem::no_such(id.get()), Problem::Inactive);
        problems.push(problem.of("assigned_to"));
    }
    Ok(problems)
}

/// What is wrong with an id that nothing of the company has. Whether it was `given` to anything tells no foreign
/// thing from one that is not there any more.
pub(crate) fn missing(given: bool, id: i64) -> Problem {
    if given {
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
    let there = wanted.read(&mut reader, own).await?;
    problems.extend(self::problems(&mut reader, own, wanted.lacking(own, &there)).await?);
    Ok(problems)
}

/// Nothing in the way of a name: `taken` is what bears it, `own` what is to bear it.
pub(crate) fn require_free_name<Id: Copy + PartialEq>(
    own: Option<Id>,
    taken: Option<Id>,
) -> Result<()> {
    require(taken.is_none() || taken == own, Error::NameTaken)
}

/// What is wrong with the company of a request, if it is not the actor's own; whether it exists is not told.
pub(crate) fn other_company(actor: &Actor, company: Option<CompanyId>) -> Option<FieldProblem> {
    let other = company.filter(|&company| actor.company() != Some(company));
    other.map(|company| Problem::no_such(company.get()).of("company"))
}
