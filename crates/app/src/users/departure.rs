//! Somebody may not work any more: their clients go to others, or wait for somebody (contract,
//! section 5, 2026-05-22).

use super::{lock_managed, owns_company, refuse, require_manager, require_visible};
use crate::access::actor::Actor;
use crate::access::sign_in::{Me, with_company};
use crate::assignment::bulk::record;
use crate::assignment::load_changes::Ledger;
use crate::error::{Error, Result};
use std::collections::HashMap;
use tawzi_core::assign::spread;
use tawzi_core::event;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{Db, NewEvent, OwnedClient, Tx, User};

/// What deactivating somebody would be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeactivationPreview {
    /// How many clients they hold.
    pub clients: usize,
    /// Whether there is anybody else who could receive them.
    pub can_reassign: bool,
}

/// What came of deactivating somebody.
#[derive(Clone, Debug)]
pub struct Deactivated {
    /// The person as they are now.
    pub person: Me,
    /// How many clients others received.
    pub reassigned: usize,
    /// How many clients nobody holds now.
    pub unassigned: usize,
}

/// What deactivating that person would be about; nothing is written.
pub async fn preview_deactivation(
    db: &Db,
    actor: &Actor,
    id: UserId,
) -> Result<DeactivationPreview> {
    actor.require_subscription()?;
    let mut reader = db.read().await?;
    let user = require_visible(&mut reader, actor, id).await?;
    let company = require_manager(actor, &user)?;
    let mut tenant = reader.tenant(company);
    let clients = tenant.clients_held_by(id).await?.len();
    let employees = tenant.roster().await?;
    Ok(DeactivationPreview {
        clients,
        can_reassign: employees.iter().any(|employee| employee.member.user != id),
    })
}

/// Deactivates an employee. Their clients are nobody's afterwards or, with `reassign`, go to the
/// least busy others; each gets an event.
pub async fn deactivate_employee(
    db: &Db,
    actor: &Actor,
    id: UserId,
    reassign: bool,
    now: Timestamp,
) -> Result<Deactivated> {
    actor.require_subscription()?;
    let mut tx = db.begin().await?;
    let (user, _) = lock_managed(&mut tx, actor, id).await?;
    if actor.id() == Some(id) {
        return refuse("Nobody can deactivate themselves.");
    }
    if owns_company(&mut tx, &user).await? {
        return refuse("The owner of a company cannot be deactivated.");
    }
    if user.role() != Role::Employee {
        return refuse("Only employees can be deactivated.");
    }
    let (reassigned, unassigned) = deactivate_in(&mut tx, actor, &user, reassign, now).await?;
    let after = tx.user(id).await?.ok_or(Error::NotFound("User"))?;
    let person = with_company(&mut tx, after).await?;
    tx.commit().await?;
    Ok(Deactivated {
        person,
        reassigned,
        unassigned,
    })
}

/// Lets a person work again; clients come back by the usual rules only.
pub async fn reactivate_employee(db: &Db, actor: &Actor, id: UserId) -> Result<Me> {
    actor.require_subscription()?;
    let mut tx = db.begin().await?;
    lock_managed(&mut tx, actor, id).await?;
    tx.save_active(id, true).await?;
    let after = tx.user(id).await?.ok_or(Error::NotFound("User"))?;
    let person = with_company(&mut tx, after).await?;
    tx.commit().await?;
    Ok(person)
}

/// Deactivates a person of a company whose lock the caller holds; gives how many of their clients
/// others received, and how many are nobody's.
pub(super) async fn deactivate_in(
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    reassign: bool,
    now: Timestamp,
) -> Result<(usize, usize)> {
    let company = require_manager(actor, user)?;
    tx.save_active(user.id, false).await?;
    tx.revoke_tokens(user.id, now).await?;
    hand_over(tx, actor, user, company, reassign, now).await
}

/// Takes all clients from a person, under the company's lock. Who deserves them is chosen among the
/// other active employees.
pub(super) async fn hand_over(
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    company: CompanyId,
    reassign: bool,
    now: Timestamp,
) -> Result<(usize, usize)> {
    let clients = tx.tenant(company).clients_held_by(user.id).await?;
    let employees = tx.tenant(company).roster().await?;
    let others = || {
        employees
            .iter()
            .filter(|e| reassign && e.member.user != user.id)
    };
    let names: HashMap<_, _> = others().map(|e| (e.member.user, &e.name)).collect();
    let mut roster = Roster::new(Weights::default(), others().map(|e| e.member));
    let first_order = roster.next_order();
    let category = |client: &OwnedClient| client.status_category.unwrap_or(StatusCategory::None);
    let receivers = spread(&mut roster, clients.iter().map(category), now);

    let old = user.display_name();
    let mut ledger = Ledger::default();
    let mut events = Vec::with_capacity(clients.len());
    let mut assignments = Vec::with_capacity(clients.len());
    for ((client, receiver), order) in clients.iter().zip(receivers).zip(first_order..) {
        ledger.took(company, user.id, category(client));
        if let Some(to) = receiver {
            ledger.gave(company, to, category(client), Received { at: now, order });
        }
        assignments.push((client.id, receiver));
        let new = receiver.and_then(|to| names.get(&to).copied());
        events.push(NewEvent {
            company,
            client: client.id,
            text: event::left_behind(&old, new),
            created_by: actor.author(),
            sweep: None,
            at: now,
        });
    }
    record(tx, company, &assignments, &events, &ledger, now).await?;
    let reassigned = assignments.iter().filter(|(_, to)| to.is_some()).count();
    Ok((reassigned, assignments.len() - reassigned))
}
