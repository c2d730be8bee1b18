//! Work that notes what it does.

use crate::company_batches::CompanyWork;
use crate::error::{Error, Result, Thing};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use tawzi_core::id::CompanyId;
use tawzi_store::{Company, Tx};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    Fails,
    Panics,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub(crate) company: CompanyId,
    pub(crate) number: usize,
    pub(crate) fate: Fate,
}

/// What was asked of the work: how many requests at a time, and which were done.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(super) sizes: Vec<usize>,
    pub(super) done: Vec<(CompanyId, usize)>,
}

impl Notes {
    pub(super) fn of(&self, company: CompanyId) -> Vec<usize> {
        let of_it = self.done.iter().filter(|(of, _)| *of == company);
        of_it.map(|(_, number)| *number).collect()
    }
}

/// Work that notes what it does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Noting(pub(super) Arc<Mutex<Notes>>);

impl CompanyWork for Noting {
    type Request = Numbered;
    type Answer = usize;
    const REPEATABLE: bool = true;

    fn company(request: &Numbered) -> CompanyId {
        request.company
    }

    async fn work(
        &self,
        tx: &mut Tx,
        companies: &[Company],
        requests: &[&Numbered],
    ) -> Result<Vec<Result<usize>>> {
        self.0.lock().unwrap().sizes.push(requests.len());
        let fated = |fate| requests.iter().any(|request| request.fate == fate);
        assert!(!fated(Fate::Panics), "told to panic");
        if fated(Fate::Fails) {
            return Err(Error::Internal("told to fail".to_owned()));
        }
        // As long as others have to wait for.
        tx.count_companies().await?;
        let there: HashSet<_> = companies.iter().map(|company| company.id).collect();
        let mut answers = Vec::new();
        let mut notes = self.0.lock().unwrap();
        for request in requests {
            answers.push(if there.contains(&request.company) {
                notes.done.push((request.company, request.number));
                Ok(request.number)
            } else {
                Err(Error::NotFound(Thing::Company))
            });
        }
        drop(notes);
        Ok(answers)
    }
}
