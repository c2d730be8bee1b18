//! Giving many clients to one person, or taking them from everybody.

use super::handover::{self, Handover};
use super::inactive::inactive_person;
use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Error, Problem, Result, Thing};
use std::collections::{BTreeSet, HashMap};
use tawzi_core::event;
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::user::DisplayName;
use tawzi_store::Tx;

/// How many clients are read at a time.
const CHUNK: usize = 5_000;

/// What came of a bulk assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAssigned {
    /// So many clients went to somebody.
    Assigned(usize),
    /// So many clients were taken from everybody.
    Unassigned(usize),
}

/// Gives those clients to one person, or takes them from everybody. Ids of other companies, and
/// clients that are already where they should be, are passed over (contract, section 2.8).
pub async fn bulk_assign(
    app: &App,
    actor: &Actor,
    clients: &[ClientId],
    assignee: Option<UserId>,
) -> Result<BulkAssigned> {
    let now = app.now();
    let company = actor.require_full_sight()?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    let assignee_name = match assignee {
        None => None,
        Some(user) => Some(require_assignee(&mut tx, company, user).await?),
    };
    let mut changing = Vec::new();
    for chunk in clients.chunks(CHUNK) {
        changing.extend(tx.tenant(company).owned_clients(chunk).await?);
    }
    changing.retain(|client| client.assigned_to != assignee);
    changing.sort_unstable_by_key(|client| client.id);
    changing.dedup_by_key(|client| client.id);

    let assignees = changing.iter().filter_map(|client| client.assigned_to);
    let names = tx.named_users(&assignees.collect::<BTreeSet<_>>()).await?;
    let names: HashMap<_, _> = names
        .into_iter()
        .map(|person| (person.id, person.display_name()))
        .collect();
    let first = handover::next_order(&mut tx, company).await?;
    let handovers = changing.iter().zip(first..);
    let handovers: Vec<_> = handovers
        .map(|(client, order)| {
            let old = client.assigned_to.and_then(|user| names.get(&user));
            Handover {
                company,
                client: client.id,
                category: client.category(),
                from: client.assigned_to,
                to: assignee,
                order,
                // Somebody wants it to be nobody's.
                waiting_since: None,
                swept: None,
                event: event::bulk_assigned(old, assignee_name.as_ref()),
                author: actor.author(),
            }
        })
        .collect();
    handover::record(&mut tx, &handovers, now).await?;
    tx.commit().await?;
    Ok(match assignee {
        Some(_) => BulkAssigned::Assigned(handovers.len()),
        None => BulkAssigned::Unassigned(handovers.len()),
    })
}

/// The name of a person who may receive clients of the company.
async fn require_assignee(tx: &mut Tx, company: CompanyId, user: UserId) -> Result<DisplayName> {
    if let Some(name) = inactive_person(tx, company, user).await? {
        return Err(Error::of_field("user_id", Problem::Inactive(name)));
    }
    tx.named_users(&BTreeSet::from([user]))
        .await?
        .into_iter()
        .find(|person| person.company_id == Some(company))
        .map(|person| person.display_name())
        .ok_or(Error::NotFound(Thing::User))
}
