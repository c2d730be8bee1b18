//! How busy the employees of a company are.

use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Error, Result, Thing};
use std::collections::HashMap;
use tawzi_core::stale;
use tawzi_store::{RosterEntry, StaleOfHolder};

/// How busy an employee is.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The employee with their load.
    pub employee: RosterEntry,
    /// Their stale clients, if they have any.
    pub stale: Option<StaleOfHolder>,
}

/// How busy each active employee is, the least busy first: who comes first receives next.
pub async fn workload(app: &App, actor: &Actor) -> Result<Vec<Workload>> {
    actor.require_subscription()?;
    let company = actor.require_full_sight()?;
    let mut reader = app.db.read().await?;
    let hours = reader
        .company(company)
        .await?
        .ok_or(Error::NotFound(Thing::Company))?
        .re_assign_hours;
    let mut tenant = reader.tenant(company);
    let mut employees = tenant.roster().await?;
    let stale = tenant
        .stale_by_holder(stale::threshold(app.now(), hours))
        .await?;
    let mut stale: HashMap<_, _> = stale.into_iter().map(|s| (s.assigned_to, s)).collect();
    employees.sort_by_key(|employee| {
        let member = &employee.member;
        (member.clients.total(), member.last_received, member.user)
    });
    Ok(employees
        .into_iter()
        .map(|employee| Workload {
            stale: stale.remove(&employee.member.user),
            employee,
        })
        .collect())
}
