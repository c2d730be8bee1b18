//! Somebody may not work any more: their clients go to others, or wait for somebody (contract,
//! section 5, 2026-05-22).

use super::{committed, lock_managed, require_manager, require_not_owner, require_visible};
use crate::access::actor::Actor;
use crate::access::sign_in::Me;
use crate::app::App;
use crate::assignment::handover::{self, Handover};
use crate::assignment::waiting::{hand_out_in, waits_from};
use crate::error::{Refusal, Result, Thing, require};
use std::collections::HashMap;
use tawzi_core::choice::spread;
use tawzi_core::event;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::roster::Roster;
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{OwnedClient, Tx, User};

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
    app: &App,
    actor: &Actor,
    id: UserId,
) -> Result<DeactivationPreview> {
    actor.require_subscription()?;
    let mut reader = app.db.read().await?;
    let user = require_visible(&mut reader, actor, id).await?;
    let company = require_manager(actor, &user)?;
    let mut tenant = reader.tenant(company);
    let clients = tenant.clients_held_by(id).await?.len();
    let employees = tenant.roster().await?;
    Ok(DeactivationPreview {
        clients,
        can_reassign: employees.iter().any(|entry| entry.load.user != id),
    })
}

/// Deactivates an employee. Their clients are nobody's afterwards or, with `reassign`, go to the
/// least busy others; each gets an event.
pub async fn deactivate_employee(
    app: &App,
    actor: &Actor,
    id: UserId,
    reassign: bool,
) -> Result<Deactivated> {
    let now = app.now();
    actor.require_subscription()?;
    let mut tx = app.db.begin().await?;
    let (user, _) = lock_managed(&mut tx, actor, id).await?;
    require(actor.id() != Some(id), Refusal::DeactivatesSelf)?;
    require_not_owner(&mut tx, &user, Refusal::DeactivatesOwner).await?;
    require(user.role() == Role::Employee, Refusal::DeactivatesAdmin)?;
    let (reassigned, unassigned) = deactivate_in(&mut tx, actor, &user, reassign, now).await?;
    Ok(Deactivated {
        person: committed(tx, actor.by(), id, Some(&user), None, now).await?,
        reassigned,
        unassigned,
    })
}

/// Lets a person work again; clients come back by the usual rules only, those first that wait for somebody.
pub async fn reactivate_employee(app: &App, actor: &Actor, id: UserId) -> Result<Me> {
    let now = app.now();
    actor.require_subscription()?;
    let mut tx = app.db.begin().await?;
    let (user, company) = lock_managed(&mut tx, actor, id).await?;
    if !user.is_active {
        require_not_owner(&mut tx, &user, Refusal::ChangesOwner).await?;
        tx.save_active(id, true).await?;
        hand_out_in(&mut tx, company, now).await?;
    }
    committed(tx, actor.by(), id, Some(&user), None, now).await
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
    tx.revoke_tokens(user.id, None).await?;
    hand_over(tx, actor, user, company, reassign, now).await
}

/// Takes all clients from a user, under the company's lock. They are nobody's afterwards and wait for somebody, or, with `reassign`,
/// each goes to one of the other active employees.
pub(super) async fn hand_over(
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    company: CompanyId,
    reassign: bool,
    now: Timestamp,
) -> Result<(usize, usize)> {
    let clients = tx.tenant(company).clients_held_by(user.id).await?;
    let settings = tx.company(company).await?.ok_or(Thing::Company)?;
    let policy = settings.policy();
    let employees = tx.tenant(company).roster().await?;
    let others = employees.iter();
    let others: Vec<_> = others
        .filter(|e| reassign && e.load.user != user.id)
        .collect();
    let names: HashMap<_, _> = others.iter().map(|e| (e.load.user, e.name())).collect();
    let mut roster = Roster::new(policy.weights, others.iter().map(|e| e.load));
    let orders = roster.next_order()..;
    let categories = clients.iter().map(OwnedClient::category);
    let decisions = spread(&mut roster, categories, now);

    let old = user.display_name();
    let handovers = clients.iter().zip(decisions).zip(orders);
    let handovers: Vec<_> = handovers
        .map(|((client, decision), order)| {
            let new = decision.assignee.and_then(|to| names.get(&to));
            Handover {
                company,
                client: client.id,
                category: client.category(),
                from: Some(user.id),
                to: decision.assignee,
                order,
                waiting_since: waits_from(&settings, now),
                swept: None,
                event: event::left_behind(&old, new),
                author: actor.author(),
            }
        })
        .collect();
    handover::record(tx, &handovers, now).await?;
    let reassigned = handovers
        .iter()
        .filter(|handover| handover.to.is_some())
        .count();
    Ok((reassigned, handovers.len() - reassigned))
}
