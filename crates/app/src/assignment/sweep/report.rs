//! What a sweep did, or would do.

use crate::assignment::waiting::HandedOut;
use serde::Serialize;
use tawzi_core::id::{ClientEventId, ClientId, CompanyId, SweepId, UserId};
use tawzi_core::sweep::{KeptReason, Planned};
use tawzi_core::time::Timestamp;
use tawzi_store::CompanyTally;

/// What a sweep did, or would do.
#[derive(Clone, Debug, Serialize)]
pub struct SweepReport {
    /// Its record; a dry run has none.
    #[serde(skip)]
    pub id: Option<SweepId>,
    /// The moment it looked from.
    pub at: Timestamp,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The companies in which clients waited for somebody, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handed_out: Vec<HandedOut>,
    /// The companies in which something was due, by id.
    pub companies: Vec<CompanySweep>,
    /// Whether it was stopped before its end.
    #[serde(skip)]
    pub stopped: bool,
}

/// What a sweep did in one company.
#[derive(Clone, Debug, Serialize)]
pub struct CompanySweep {
    /// The company.
    pub company: CompanyId,
    /// How many clients were stale.
    pub due: i64,
    /// The clients that moved, in the order of the plan.
    pub moved: Vec<MovedClient>,
    /// The clients that stayed.
    pub kept: Vec<KeptClient>,
    /// Why the company could not be swept.
    pub error: Option<String>,
}

/// A client that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MovedClient {
    /// The client.
    pub client: ClientId,
    /// Who had it.
    pub from: UserId,
    /// Who has it now.
    pub to: UserId,
}

/// A stale client that stayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeptClient {
    /// The client.
    pub client: ClientId,
    /// Why.
    pub reason: KeptReason,
}

impl CompanySweep {
    /// A company in which nothing was due.
    pub fn nothing(company: CompanyId) -> Self {
        Self {
            company,
            due: 0,
            moved: Vec::new(),
            kept: Vec::new(),
            error: None,
        }
    }

    /// A plan of which everything comes true.
    pub(crate) fn planned(company: CompanyId, planned: Vec<Planned>) -> Self {
        let mut swept = Self::nothing(company);
        swept.due = count(planned.len());
        for Planned { due, decision } in planned {
            match decision.assignee {
                Some(to) => swept.moved.push(MovedClient {
                    client: due.client,
                    from: due.from,
                    to,
                }),
                None => swept.kept.push(KeptClient {
                    client: due.client,
                    reason: KeptReason::NoOtherEmployee,
                }),
            }
        }
        swept
    }

    /// Adds what one transaction did.
    pub(crate) fn add(&mut self, part: Self) {
        self.due += part.due;
        self.moved.extend(part.moved);
        self.kept.extend(part.kept);
    }

    /// What is kept of it, with the first and the last event of the moves.
    pub(crate) fn tally(&self, events: Option<(ClientEventId, ClientEventId)>) -> CompanyTally {
        CompanyTally {
            due: self.due,
            moved: count(self.moved.len()),
            kept: self.kept.iter().map(|kept| (kept.reason, 1)).collect(),
            events,
        }
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl SweepReport {
    /// The entry of a company; companies come in order of id.
    pub(crate) fn company(&mut self, company: CompanyId) -> &mut CompanySweep {
        if self
            .companies
            .last()
            .is_none_or(|last| last.company != company)
        {
            self.companies.push(CompanySweep::nothing(company));
        }
        let newest = self.companies.len() - 1;
        &mut self.companies[newest]
    }
}
