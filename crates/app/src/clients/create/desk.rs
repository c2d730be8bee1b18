//! What a company's creates are decided by, remembered from one batch to the next: reading it again would
//! cost more than writing the client. The database says whether it still holds, by a version.

use super::Request;
use crate::clients::references::{References, Wanted};
use hashlink::LruCache;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::roster::Roster;
use tawzi_core::user::DisplayName;
use tawzi_store::Company;

/// How many people, statuses and channels are remembered, over all companies: some MiB.
const REMEMBERED: usize = 20_000;

/// How a receiver is called.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: DisplayName,
    pub(super) username: String,
}

/// What the creates of one company are decided by.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) company: Company,
    /// The company's version when it was read; only this server's creates have raised it since.
    since: i64,
    /// Not read for a company that neither assigns nor was told whom to assign.
    pub(super) roster: Option<Roster>,
    pub(super) employees: HashMap<UserId, Person>,
    pub(super) references: References,
    /// Whether nobody else seems to change it meanwhile, so that it can be trusted without the lock.
    pub(super) quiet: bool,
    /// Whether a batch creates something here.
    pub(super) used: bool,
}

impl Desk {
    pub(super) fn new(company: Company, quiet: bool) -> Self {
        Self {
            since: company.assignment_version,
            company,
            roster: None,
            employees: HashMap::new(),
            references: References::default(),
            quiet,
            used: false,
        }
    }

    /// The same, after nobody else has changed it since the last batch.
    pub(super) fn now_quiet(self) -> Self {
        Self {
            quiet: true,
            ..self
        }
    }

    /// Whether nothing but this server's creates has raised the version of the company since that one.
    fn knows_version(&self, version: i64) -> bool {
        (self.since..=self.company.assignment_version).contains(&version)
    }

    /// Whether the request can be decided without the lock, from what is remembered.
    fn suffices(&self, request: &Request) -> bool {
        self.quiet
            && !self.company.unique_phones
            && (self.roster.is_some() || !self.chooses(request))
            && self.lacks(request).is_empty()
    }

    /// Whether somebody receives the request's client.
    pub(super) const fn chooses(&self, request: &Request) -> bool {
        self.company.auto_assign_enabled || request.draft.assigned_to.is_some()
    }

    /// What the request refers to and was not read yet.
    pub(super) fn lacks(&self, request: &Request) -> Wanted {
        self.references.lacking(self.company.id, wanted(request))
    }

    fn size(&self) -> usize {
        1 + self.employees.len() + self.references.len()
    }
}

/// What a request refers to.
pub(super) fn wanted(request: &Request) -> Wanted {
    Wanted {
        channel: request.draft.channel,
        status: request.draft.status,
        assignee: request.draft.assigned_to,
    }
}

/// The desks of the companies of a batch.
pub(super) type OpenDesks = HashMap<CompanyId, Desk>;

/// The desks that are remembered. A batch takes those it needs out and puts them back when it is
/// committed: should it fail, or not end at all, nothing wrong is left.
#[derive(Debug)]
pub(super) struct Desks(Mutex<Remembered>);

#[derive(Debug)]
struct Remembered {
    by_company: LruCache<CompanyId, Desk>,
    size: usize,
}

impl Desks {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Remembered {
            by_company: LruCache::new_unbounded(),
            size: 0,
        }))
    }

    /// Takes the desks of those companies out, as far as they are remembered.
    pub(super) fn take(&self, companies: &BTreeSet<CompanyId>) -> OpenDesks {
        let mut remembered = self.remembered();
        let taken = companies.iter().filter_map(|&company| {
            let desk = remembered.by_company.remove(&company)?;
            remembered.size -= desk.size();
            Some((company, desk))
        });
        taken.collect()
    }

    /// Remembers desks as a committed batch leaves them.
    pub(super) fn put_back(&self, desks: OpenDesks) {
        let mut remembered = self.remembered();
        for (company, mut desk) in desks {
            desk.company.assignment_version += i64::from(desk.used);
            desk.used = false;
            remembered.size += desk.size();
            remembered.by_company.insert(company, desk);
        }
        while remembered.size > REMEMBERED
            && let Some((_, oldest)) = remembered.by_company.remove_lru()
        {
            remembered.size -= oldest.size();
        }
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether whoever asks is as they are remembered, if they are.
pub(super) fn knows_caller(desks: &OpenDesks, request: &Request) -> bool {
    request.recalled.is_none_or(|version| {
        let desk = desks.get(&request.draft.company);
        desk.is_some_and(|desk| desk.knows_version(version))
    })
}

/// Whether that is so of none of them, so that nothing can be done.
pub(super) fn knows_no_caller(desks: &OpenDesks, requests: &[Request]) -> bool {
    let mut requests = requests.iter();
    !requests.any(|request| knows_caller(desks, request))
}

/// Whether all those requests can be decided from what is remembered.
pub(super) fn suffice(desks: &OpenDesks, requests: &[Request]) -> bool {
    requests.iter().all(|request| {
        let desk = desks.get(&request.draft.company);
        desk.is_some_and(|desk| desk.suffices(request))
    })
}
