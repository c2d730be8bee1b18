//! One transaction of a sweep: lock a few companies, find who is due, plan, hand over, record.

use super::queue::Place;
use super::report::{CompanySweep, KeptClient};
use crate::app::App;
use crate::assignment::handover::{self, Handover};
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tawzi_core::event;
use tawzi_core::id::{ClientId, SweepId, UserId};
use tawzi_core::roster::Roster;
use tawzi_core::stale;
use tawzi_core::sweep::{Due, KeptReason, Planned, plan};
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Author, Company, RosterEntry, Tx};

/// How many clients one transaction takes at most, so that creates in their companies never wait
/// long.
pub(crate) const CLIENTS_AT_ONCE: usize = 1_000;

/// What one transaction did.
pub(super) struct Step {
    /// The companies with due clients, by id.
    pub(super) parts: Vec<CompanySweep>,
    /// How many companies are through.
    pub(super) through: usize,
    /// Where the next company goes on.
    pub(super) after: Option<(Timestamp, ClientId)>,
}

/// Sweeps those companies, or as many of them as one transaction takes.
pub(super) async fn take(
    app: &App,
    sweep: SweepId,
    places: &[Place],
    at: Timestamp,
) -> Result<Step> {
    let mut tx = app.db.begin().await?;
    let ids: Vec<_> = places.iter().map(|place| place.company).collect();
    let companies = tx.lock_companies(&ids).await?;
    let companies: BTreeMap<_, _> = companies.into_iter().map(|c| (c.id, c)).collect();
    let mut step = Step {
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
            let last = due.last().map(|last| (last.touched_at, last.client));
            if !due.is_empty() {
                found.push((company, due));
            }
            if room == 0 {
                step.after = last;
                break;
            }
        }
        step.through += 1;
    }
    if !found.is_empty() {
        step.parts = carry_out(&mut tx, sweep, found, at).await?;
        tx.commit().await?;
    }
    Ok(step)
}

/// Plans the moves of the due clients and records those that nobody has forestalled.
async fn carry_out(
    tx: &mut Tx,
    sweep: SweepId,
    found: Vec<(&Company, Vec<Due>)>,
    at: Timestamp,
) -> Result<Vec<CompanySweep>> {
    let ids: Vec<_> = found.iter().map(|(company, _)| company.id).collect();
    let employees = tx.rosters(&ids).await?;
    let due = found.iter().flat_map(|(_, due)| due);
    let assignees = due.map(|due| due.from).collect();
    let names = names(tx, &employees, assignees).await?;
    let mut parts = Vec::with_capacity(found.len());
    let mut handovers = Vec::new();
    for (company, due) in found {
        let policy = company.policy();
        let loads = employees.iter().filter(|e| e.company == company.id);
        let mut roster = Roster::new(policy.weights, loads.map(|e| e.load));
        let orders = roster.next_order()..;
        let planned = plan(&policy, &mut roster, due, at);
        let moves = planned
            .iter()
            .filter(|planned| planned.decision.assignee.is_some());
        let moves = moves.zip(orders);
        handovers
            .extend(moves.map(|(planned, order)| handover(sweep, company, planned, order, &names)));
        parts.push(CompanySweep::planned(company.id, planned));
    }
    let recorded = handover::record(tx, &handovers, at).await?;
    let mut tallies = Vec::with_capacity(parts.len());
    for part in &mut parts {
        let company = part.company;
        let changed = |client| recorded.changed_meanwhile.contains(&(company, client));
        let kept = part.moved.extract_if(.., |moved| changed(moved.client));
        part.kept.extend(kept.map(|moved| KeptClient {
            client: moved.client,
            reason: KeptReason::ChangedMeanwhile,
        }));
        let mut own = recorded
            .events
            .iter()
            .filter(|(of, _)| *of == company)
            .map(|&(_, id)| id);
        let events = own
            .next()
            .map(|first| (first, own.next_back().unwrap_or(first)));
        tallies.push((company, part.tally(events)));
    }
    tx.add_to_sweep(sweep, &tallies).await?;
    Ok(parts)
}

fn handover(
    sweep: SweepId,
    company: &Company,
    planned: &Planned,
    order: i64,
    names: &HashMap<UserId, DisplayName>,
) -> Handover {
    let nobody = DisplayName::new("", "", event::UNASSIGNED);
    let name = |user: Option<UserId>| user.and_then(|user| names.get(&user)).unwrap_or(&nobody);
    let (due, to) = (planned.due, planned.decision.assignee);
    Handover {
        company: company.id,
        client: due.client,
        category: due.category,
        from: Some(due.from),
        to,
        order,
        waiting_since: None,
        swept: Some((sweep, due.touched_at)),
        event: event::re_assigned(name(Some(due.from)), name(to), company.re_assign_hours),
        author: Author::Nobody,
    }
}

/// How the employees, and whoever else has one of the clients, are called.
async fn names(
    tx: &mut Tx,
    employees: &[RosterEntry],
    assignees: BTreeSet<UserId>,
) -> Result<HashMap<UserId, DisplayName>> {
    let mut names: HashMap<_, _> = employees.iter().map(|e| (e.load.user, e.name())).collect();
    let mut others = assignees;
    others.retain(|user| !names.contains_key(user));
    for person in tx.named_users(&others).await? {
        names.insert(person.id, person.display_name());
    }
    Ok(names)
}
