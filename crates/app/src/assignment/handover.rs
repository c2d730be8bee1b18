//! The one writer of assignments: whatever gives a client to somebody, or takes it from them, comes through
//! here, and writes the assignee, the line in the timeline and the counters of loads together.

use super::load_changes::LoadChanges;
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::event::EventText;
use tawzi_core::id::{ClientId, CompanyId, PhoneNumberId, SweepId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, NewClient, NewEvent, Reassignment, Tx, Writes};

/// How many clients one statement writes at most.
const CHUNK: usize = 5_000;

/// A client goes from one assignee to another, or to or from nobody.
#[derive(Clone, Debug)]
pub(crate) struct Handover {
    pub(crate) company: CompanyId,
    pub(crate) client: ClientId,
    /// What the client's status means for a load, before and after.
    pub(crate) category: StatusCategory,
    pub(crate) from: Option<UserId>,
    pub(crate) to: Option<UserId>,
    /// The assignee's place among those who receive at that moment.
    pub(crate) order: i64,
    /// Since when it waits for somebody, when nobody receives it and it does.
    pub(crate) waiting_since: Option<Timestamp>,
    /// A sweep moves only a client that was last touched at that moment, and makes it one that nobody has
    /// contacted yet.
    pub(crate) swept: Option<(SweepId, Timestamp)>,
    /// What the timeline says about it.
    pub(crate) event: EventText,
    /// Who did it.
    pub(crate) author: Author,
}

/// A new client, with what it adds to the load of its assignee.
#[derive(Clone, Debug)]
pub(crate) struct Arrival<'a> {
    pub(crate) client: NewClient<'a>,
    pub(crate) category: StatusCategory,
    /// The assignee's place among those who receive at that moment.
    pub(crate) order: i64,
}

/// What came of handovers.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// Clients that somebody else has changed meanwhile, which stay as they are.
    pub(crate) changed_meanwhile: BTreeSet<(CompanyId, ClientId)>,
    /// Every event that was written, with its company.
    pub(crate) events: Vec<(CompanyId, tawzi_core::id::ClientEventId)>,
}

/// Writes handovers. The caller holds the locks of their companies.
pub(crate) async fn record(tx: &mut Tx, handovers: &[Handover], at: Timestamp) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut loads = LoadChanges::default();
    for chunk in handovers.chunks(CHUNK) {
        let rows: Vec<_> = chunk.iter().map(Handover::reassignment).collect();
        let moved = tx.reassign_clients(&rows, at).await?;
        let mut events = Vec::with_capacity(moved.len());
        for handover in chunk {
            if !moved.contains(&(handover.company, handover.client)) {
                let client = (handover.company, handover.client);
                recorded.changed_meanwhile.insert(client);
                continue;
            }
            loads.handed_over(handover, at);
            events.push(handover.event(at));
        }
        let writes = Writes {
            events: &events,
            ..Writes::default()
        };
        let ids = tx.write(&writes).await?.events;
        let companies = events.iter().map(|event| event.company);
        recorded.events.extend(companies.zip(ids));
    }
    loads.save(tx).await?;
    Ok(recorded)
}

/// Writes new clients, with their phone numbers, and gives their ids and those of the numbers. The caller holds
/// the locks of their companies.
pub(crate) async fn record_arrivals(
    tx: &mut Tx,
    arrivals: Vec<Arrival<'_>>,
    at: Timestamp,
) -> Result<Vec<(ClientId, Vec<PhoneNumberId>)>> {
    let mut loads = LoadChanges::default();
    for arrival in &arrivals {
        let client = &arrival.client;
        if let Some(user) = client.assigned_to {
            let received = Received {
                at,
                order: arrival.order,
            };
            loads.received(client.company, user, arrival.category, received);
        }
    }
    let clients: Vec<_> = arrivals.into_iter().map(|arrival| arrival.client).collect();
    let writes = Writes {
        clients: &clients,
        loads: &loads.changes(),
        ..Writes::default()
    };
    Ok(tx.write(&writes).await?.clients)
}

/// The place of whoever receives next in the company, among those who receive at the same moment.
pub(crate) async fn next_order(tx: &mut Tx, company: CompanyId) -> Result<i64> {
    let employees = tx.tenant(company).roster().await?.into_iter();
    let loads = employees.map(|employee| employee.load);
    Ok(Roster::new(Weights::default(), loads).next_order())
}

impl Handover {
    fn reassignment(&self) -> Reassignment {
        Reassignment {
            company: self.company,
            client: self.client,
            from: self.from,
            to: self.to,
            touched_at: self.swept.map(|(_, touched_at)| touched_at),
            waiting_since: self.waiting_since,
        }
    }

    fn event(&self, at: Timestamp) -> NewEvent {
        NewEvent {
            company: self.company,
            client: self.client,
            text: self.event.clone(),
            created_by: self.author,
            sweep: self.swept.map(|(sweep, _)| sweep),
            at,
        }
    }
}
