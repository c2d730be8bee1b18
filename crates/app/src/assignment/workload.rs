//! How busy the employees of a company are.

use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Result, Thing};
use std::collections::HashMap;
use tawzi_core::stale;
use tawzi_store::{RosterEntry, StaleOfAssignee};

/// How busy an employee is.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The employee with their load.
    pub employee: RosterEntry,
    /// Their stale clients, if they have any.
    pub stale: Option<StaleOfAssignee>,
}

/// How busy each active employee is, the least busy first: who comes first receives next.
pub async fn workload(app: &App, actor: &Actor) -> Result<Vec<Workload>> {
    let company = actor.require_full_sight()?;
    let mut reader = app.read_list(actor).await?;
    let settings = reader.company(company).await?.ok_or(Thing::Company)?;
    let threshold = stale::threshold(app.now(), settings.re_assign_hours);
    let mut tenant = reader.tenant(company);
    let mut employees = tenant.roster().await?;
    let stale = tenant.stale_by_assignee(threshold).await?;
    let mut stale: HashMap<_, _> = stale.into_iter().map(|s| (s.assigned_to, s)).collect();
    employees.sort_by_key(|employee| {
        let load = &employee.load;
        (load.clients.total(), load.last_received, load.user)
    });
    Ok(employees
        .into_iter()
        .map(|employee| Workload {
            stale: stale.remove(&employee.load.user),
            employee,
        })
        .collect())
}
