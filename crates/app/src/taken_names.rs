//! How often somebody is told that a name, an address or a number is somebody's. Everybody who has signed in may try to
//! have another one, and would find out so who is there, in other companies, too.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;

/// How often a person is told in [`WINDOW`] microseconds.
const MOST: u32 = 20;
const WINDOW: i64 = 10 * 60 * 1_000_000;

/// How often whom this process has told, in the window at hand.
#[derive(Debug, Default)]
pub(crate) struct TakenNames(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    window: i64,
    times: HashMap<UserId, u32>,
}

impl TakenNames {
    fn at(&self, now: Timestamp) -> MutexGuard<'_, Told> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = now.microseconds().div_euclid(WINDOW);
        if told.window != window {
            *told = Told {
                window,
                times: HashMap::new(),
            };
        }
        told
    }

    /// Counts that the person may be told once more; `false` when they were told so often that they are not answered for a
    /// while. Counted before it is done, so that many who ask at once are not told more.
    pub(crate) fn count(&self, person: UserId, now: Timestamp) -> bool {
        let mut told = self.at(now);
        let times = told.times.entry(person).or_default();
        let may = *times < MOST;
        *times += u32::from(may);
        may
    }

    /// Takes that back: the person was told nothing.
    pub(crate) fn take_back(&self, person: UserId, now: Timestamp) {
        if let Some(times) = self.at(now).times.get_mut(&person) {
            *times = times.saturating_sub(1);
        }
    }
}
