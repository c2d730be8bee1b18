//! What changes in the load of whom in a transaction, summed up by person: the counters in the database follow.

use super::handover::Handover;
use crate::error::Result;
use std::collections::BTreeMap;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_core::roster::Received;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{LoadChange, Tx, Writes};

/// Changes of loads, each person of each company once.
#[derive(Debug, Default)]
pub(crate) struct LoadChanges {
    changes: BTreeMap<(CompanyId, UserId), (ClientCounts, Option<Received>)>,
}

impl LoadChanges {
    /// Somebody received a client of that category.
    pub(crate) fn received(
        &mut self,
        company: CompanyId,
        user: UserId,
        category: StatusCategory,
        received: Received,
    ) {
        let (clients, last) = self.changes.entry((company, user)).or_default();
        clients.add(category, 1);
        *last = Some(received);
    }

    /// Somebody has so many more clients of that category (or fewer, where it is negative) without receiving any.
    pub(crate) fn change_by(
        &mut self,
        company: CompanyId,
        user: UserId,
        category: StatusCategory,
        more: i64,
    ) {
        let (clients, _) = self.changes.entry((company, user)).or_default();
        clients.add(category, more);
    }

    /// A client went from one assignee to another.
    pub(super) fn handed_over(&mut self, handover: &Handover, at: Timestamp) {
        let (company, category) = (handover.company, handover.category);
        if let Some(from) = handover.from {
            self.change_by(company, from, category, -1);
        }
        if let Some(to) = handover.to {
            let order = handover.order;
            self.received(company, to, category, Received { at, order });
        }
    }

    /// What the database is to be told.
    pub(crate) fn changes(&self) -> Vec<LoadChange> {
        self.changes
            .iter()
            .filter(|(_, (clients, received))| !clients.is_zero() || received.is_some())
            .map(|(&(company, user), &(clients, received))| LoadChange {
                company,
                user,
                clients,
                received,
            })
            .collect()
    }

    /// Writes the changes. The caller holds the locks of the companies.
    pub(crate) async fn save(&self, tx: &mut Tx) -> Result<()> {
        let writes = Writes {
            loads: &self.changes(),
            ..Writes::default()
        };
        tx.write(&writes).await?;
        Ok(())
    }
}
