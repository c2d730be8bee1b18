//! The ledger of a transaction: what changes in the load of whom. It keeps a roster and the
//! counters in the database in step.

use std::collections::BTreeMap;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_core::roster::Received;
use tawzi_core::status::StatusCategory;
use tawzi_store::LoadChange;

/// Changes of loads, summed up by person.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    changes: BTreeMap<(CompanyId, UserId), (ClientCounts, Option<Received>)>,
}

impl Ledger {
    /// Somebody received a client of that category.
    pub(crate) fn gave(
        &mut self,
        company: CompanyId,
        to: UserId,
        category: StatusCategory,
        received: Received,
    ) {
        let (clients, last) = self.changes.entry((company, to)).or_default();
        clients.add(category, 1);
        *last = Some(received);
    }

    /// Somebody lost a client of that category.
    pub(crate) fn took(&mut self, company: CompanyId, from: UserId, category: StatusCategory) {
        let (clients, _) = self.changes.entry((company, from)).or_default();
        clients.add(category, -1);
    }

    /// A client that somebody keeps changed its category.
    pub(crate) fn recategorised(
        &mut self,
        company: CompanyId,
        holder: UserId,
        from: StatusCategory,
        to: StatusCategory,
    ) {
        let (clients, _) = self.changes.entry((company, holder)).or_default();
        clients.add(from, -1);
        clients.add(to, 1);
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
}
