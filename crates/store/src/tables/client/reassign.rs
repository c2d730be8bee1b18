//! Giving clients that are there to other assignees.

use crate::db::engine::Tx;
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::time::Timestamp;

/// A client whose assignee changes, provided that it is still as it was found.
#[derive(Clone, Copy, Debug)]
pub struct Reassignment {
    /// Its company.
    pub company: CompanyId,
    /// The client.
    pub client: ClientId,
    /// Who has it.
    pub from: Option<UserId>,
    /// Who receives it.
    pub to: Option<UserId>,
    /// When it was last assigned or contacted, for a sweep: then only a client that nobody has touched since
    /// moves, and counts as not contacted afterwards.
    pub touched_at: Option<Timestamp>,
    /// Since when it waits for somebody, when nobody receives it and it does.
    pub waiting_since: Option<Timestamp>,
}

statements! {
    /// The receiver's clock starts now; nobody's stops. The company comes with the rows: `SQLite` would
    /// otherwise look at every row for every client of the company.
    const REASSIGN = [
        "UPDATE client
         SET assigned_to = r.receiver,
             assigned_at = CASE WHEN r.receiver IS NULL THEN NULL ELSE CAST($2 AS BIGINT) END,
             last_contacted_at = CASE WHEN r.touched IS NULL THEN client.last_contacted_at END,
             waiting_since = CASE WHEN r.receiver IS NULL THEN r.waiting END
         FROM " (ROWS company_id BIGINT, id BIGINT, assignee BIGINT, touched BIGINT,
             receiver BIGINT, waiting BIGINT) "
         WHERE client.company_id = r.company_id
           AND client.id = r.id
           AND COALESCE(client.assigned_to, 0) = COALESCE(r.assignee, 0)
           AND (r.touched IS NULL OR client.touched_at = r.touched)"
    ];
    /// Those of them that did change. Whoever found them holds the companies' locks since, so that none was
    /// like that before.
    const READ_REASSIGNED = [
        "SELECT client.company_id, client.id
         FROM " (ROWS company_id BIGINT, id BIGINT, receiver BIGINT) "
         JOIN client ON client.company_id = r.company_id AND client.id = r.id
         WHERE COALESCE(client.assigned_to, 0) = COALESCE(r.receiver, 0)
           AND (r.receiver IS NULL OR client.assigned_at = $2)"
    ];
}

impl Tx {
    /// Changes the assignees of clients and says which clients did change: one that somebody else has given away
    /// or contacted since it was found stays. The caller holds the companies' locks, and writes the loads.
    pub async fn reassign_clients(
        &mut self,
        clients: &[Reassignment],
        at: Timestamp,
    ) -> Result<BTreeSet<(CompanyId, ClientId)>> {
        if clients.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows = json_rows!(clients, client => {
            company_id: client.company,
            id: client.client,
            assignee: client.from,
            touched: client.touched_at,
            receiver: client.to,
            waiting: client.waiting_since,
        })?;
        let changed = changed!(self, REASSIGN, &rows, at)?;
        // All of them, nearly always.
        if usize::try_from(changed) == Ok(clients.len()) {
            return Ok(clients.iter().map(|c| (c.company, c.client)).collect());
        }
        // What looks like it was written by an earlier transaction at that moment.
        if changed == 0 {
            return Ok(BTreeSet::new());
        }
        let changed: Vec<_> = fetch!(self, READ_REASSIGNED, &rows, at)?;
        Ok(changed.into_iter().collect())
    }
}
