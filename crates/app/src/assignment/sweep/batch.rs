//! One transaction of a sweep: lock a few companies, find who is due, plan, move, record.

use crate::assignment::load_changes::Ledger;
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use tawzi_core::event;
use tawzi_core::id::{ClientEventId, ClientId, CompanyId, SweepId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::stale;
use tawzi_core::sweep::{Due, Kept, Move, Plan, plan};
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Author, Company, CompanyTally, Db, NewEvent, RosterEntry, Tx};

/// How many clients one transaction takes at most, so that creates in their companies never wait
/// long.
pub(super) const CLIENTS_AT_ONCE: usize = 1_000;

/// How many companies one transaction takes at most. With a few due clients each, what statements
/// cost by themselves would outweigh what they do.
const COMPANIES_AT_ONCE: usize = 32;

/// The companies that are still to be swept.
pub(super) struct Queue {
    places: VecDeque<Place>,
    /// How many of them come one by one, because they failed together.
    singly: usize,
}

/// A company, and the last of its clients that was looked at.
#[derive(Clone, Copy)]
pub(super) struct Place {
    company: CompanyId,
    after: Option<(Timestamp, ClientId)>,
}

impl Queue {
    pub(super) fn new(companies: Vec<CompanyId>) -> Self {
        let place = |company| Place {
            company,
            after: None,
        };
        Self {
            places: companies.into_iter().map(place).collect(),
            singly: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// What the next transaction takes.
    pub(super) fn next(&self) -> Vec<Place> {
        let width = if self.singly > 0 {
            1
        } else {
            COMPANIES_AT_ONCE
        };
        self.places.iter().take(width).copied().collect()
    }

    /// Goes on behind a batch.
    pub(super) fn proceed(&mut self, batch: &Batch) {
        self.places.drain(..batch.through);
        self.singly = self.singly.saturating_sub(batch.through);
        if let Some(first) = self.places.front_mut() {
            first.after = batch.after.or(first.after);
        }
    }

    /// Takes what the last batch held one by one.
    pub(super) fn take_singly(&mut self) {
        self.singly = self.next().len();
    }

    /// Gives up on the first company.
    pub(super) fn skip(&mut self) -> Option<CompanyId> {
        self.singly = self.singly.saturating_sub(1);
        self.places.pop_front().map(|place| place.company)
    }
}

/// What one transaction did.
pub(super) struct Batch {
    /// The companies with due clients, by id.
    pub(super) parts: Vec<Part>,
    /// How many companies are through.
    through: usize,
    /// Where the next company goes on.
    after: Option<(Timestamp, ClientId)>,
}

/// What one transaction did in one company.
pub(super) struct Part {
    pub(super) company: CompanyId,
    pub(super) moved: Vec<Move>,
    pub(super) kept: Vec<Kept>,
    /// Planned to move, but contacted or moved by somebody before they could.
    pub(super) changed: Vec<ClientId>,
    /// The first and the last event of the moves.
    events: Option<(ClientEventId, ClientEventId)>,
}

impl Part {
    /// A plan of which everything comes true.
    pub(super) fn planned(company: CompanyId, plan: Plan) -> Self {
        Self {
            company,
            moved: plan.moved,
            kept: plan.kept,
            changed: Vec::new(),
            events: None,
        }
    }

    pub(super) fn tally(&self) -> CompanyTally {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        CompanyTally {
            due: count(self.moved.len() + self.kept.len() + self.changed.len()),
            moved: count(self.moved.len()),
            kept_no_other_employee: count(self.kept.len()),
            changed_meanwhile: count(self.changed.len()),
            first_event_id: self.events.map(|(first, _)| first),
            last_event_id: self.events.map(|(_, last)| last),
        }
    }
}

/// Sweeps those companies, or as many of them as one transaction takes.
pub(super) async fn sweep(
    db: &Db,
    sweep: SweepId,
    places: &[Place],
    at: Timestamp,
) -> Result<Batch> {
    let mut tx = db.begin().await?;
    let ids: Vec<_> = places.iter().map(|place| place.company).collect();
    let companies = tx.lock_companies(&ids).await?;
    let companies: BTreeMap<_, _> = companies.into_iter().map(|c| (c.id, c)).collect();
    let mut batch = Batch {
        parts: Vec::new(),
        through: 0,
        after: None,
    };
    let mut found = Vec::new();
    let mut room = CLIENTS_AT_ONCE;
    for place in places {
        // Both may have changed since the companies with something due were looked up.
        if let Some(company) = companies.get(&place.company)
            && company.re_assign_enabled
        {
            let threshold = stale::threshold(at, company.re_assign_hours);
            let due = tx
                .tenant(company.id)
                .due_clients(threshold, place.after, room)
                .await?;
            room -= due.len();
            let last = due.last().map(|last| (last.touched_at, last.id));
            if !due.is_empty() {
                found.push((company, due.into_iter().map(Due::from).collect()));
            }
            if room == 0 {
                batch.after = last;
                break;
            }
        }
        batch.through += 1;
    }
    if !found.is_empty() {
        batch.parts = carry_out(&mut tx, sweep, found, at).await?;
        tx.commit().await?;
    }
    Ok(batch)
}

/// Plans the moves and records those that nobody has forestalled: clients, events, loads, tallies.
async fn carry_out(
    tx: &mut Tx,
    sweep: SweepId,
    found: Vec<(&Company, Vec<Due>)>,
    at: Timestamp,
) -> Result<Vec<Part>> {
    let ids: Vec<_> = found.iter().map(|(company, _)| company.id).collect();
    let employees = tx.rosters(&ids).await?;
    let mut planned = Vec::with_capacity(found.len());
    for (company, due) in found {
        let members = employees.iter().filter(|e| e.company == company.id);
        let mut roster = Roster::new(Weights::default(), members.map(|e| e.member));
        let first_order = roster.next_order();
        planned.push((company, first_order, plan(&mut roster, due, at)));
    }
    let moves: Vec<_> = planned
        .iter()
        .flat_map(|(company, _, plan)| plan.moved.iter().map(|&m| (company.id, m)))
        .collect();
    let moved: HashSet<_> = tx.move_clients(&moves, at).await?.into_iter().collect();
    let names = names(tx, employees, &moves).await?;

    let nobody = DisplayName::new("", "", event::UNASSIGNED);
    let name = |user: &UserId| names.get(user).unwrap_or(&nobody);
    let mut ledger = Ledger::default();
    let mut events = Vec::with_capacity(moved.len());
    let mut parts = Vec::with_capacity(planned.len());
    for (company, first_order, plan) in planned {
        let mut part = Part {
            company: company.id,
            moved: Vec::with_capacity(plan.moved.len()),
            kept: plan.kept,
            changed: Vec::new(),
            events: None,
        };
        for (m, order) in plan.moved.into_iter().zip(first_order..) {
            if !moved.contains(&m.due.client) {
                part.changed.push(m.due.client);
                continue;
            }
            ledger.took(company.id, m.due.from, m.due.category);
            ledger.gave(company.id, m.to, m.due.category, Received { at, order });
            events.push(NewEvent {
                company: company.id,
                client: m.due.client,
                text: event::re_assigned(name(&m.due.from), name(&m.to), company.re_assign_hours),
                created_by: Author::Nobody,
                sweep: Some(sweep),
                at,
            });
            part.moved.push(m);
        }
        parts.push(part);
    }
    let mut written = tx.insert_events(&events).await?.into_iter();
    for part in &mut parts {
        let mut own = written.by_ref().take(part.moved.len());
        part.events = own.next().map(|first| (first, own.last().unwrap_or(first)));
    }
    tx.change_loads(&ledger.changes()).await?;
    let tallies: Vec<_> = parts.iter().map(|p| (p.company, p.tally())).collect();
    tx.add_to_sweep(sweep, &tallies).await?;
    Ok(parts)
}

/// How the employees, and whoever else held a client, are called.
async fn names(
    tx: &mut Tx,
    employees: Vec<RosterEntry>,
    moves: &[(CompanyId, Move)],
) -> Result<HashMap<UserId, DisplayName>> {
    let mut names: HashMap<_, _> = employees
        .into_iter()
        .map(|employee| (employee.member.user, employee.name))
        .collect();
    let others: BTreeSet<_> = moves
        .iter()
        .map(|(_, m)| m.due.from)
        .filter(|user| !names.contains_key(user))
        .collect();
    for person in tx.person_names(&others).await? {
        names.insert(person.id, person.display_name());
    }
    Ok(names)
}
