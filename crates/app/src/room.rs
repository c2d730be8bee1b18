//! Room for what is kept in memory until it is done: so much in all, and a share of it for each who fills it, so that
//! nobody fills it for the others. What does not fit is refused at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Room for so much, in whatever it is measured.
#[derive(Debug)]
pub struct Room<K> {
    most: usize,
    share: usize,
    taken: Arc<Mutex<Taken<K>>>,
}

#[derive(Debug)]
struct Taken<K> {
    all: usize,
    of: HashMap<K, usize>,
}

/// What somebody takes of a room, until it is dropped.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    who: Option<K>,
    size: usize,
    taken: Arc<Mutex<Taken<K>>>,
}

/// Why there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// There is none for anybody.
    #[error("too much is under way")]
    All,
    /// Whoever asks has used up their share.
    #[error("too much of the same asker is under way")]
    Share,
}

impl<K: Clone + Eq + Hash> Room<K> {
    /// Room for `most`, of which nobody can take more than `share`.
    pub fn new(most: usize, share: usize) -> Self {
        Self {
            most,
            share,
            taken: Arc::new(Mutex::new(Taken {
                all: 0,
                of: HashMap::new(),
            })),
        }
    }

    /// Takes so much of it; nobody in particular has no share to use up.
    pub fn take(&self, who: Option<K>, size: usize) -> Result<Place<K>, Full> {
        let mut taken = lock(&self.taken);
        if taken.all + size > self.most {
            return Err(Full::All);
        }
        if let Some(who) = &who {
            let own = taken.of.get(who).copied().unwrap_or_default() + size;
            if own > self.share {
                return Err(Full::Share);
            }
            taken.of.insert(who.clone(), own);
        }
        taken.all += size;
        Ok(Place {
            who,
            size,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.all -= self.size;
        if let Some(who) = &self.who
            && let Some(own) = taken.of.get_mut(who)
        {
            *own -= self.size;
            if *own == 0 {
                taken.of.remove(who);
            }
        }
    }
}

fn lock<K>(taken: &Mutex<Taken<K>>) -> MutexGuard<'_, Taken<K>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_more_than_their_share() {
        let room = Room::new(10, 4);

        let three = room.take(Some("A"), 3).unwrap();

        assert_eq!(room.take(Some("A"), 2).unwrap_err(), Full::Share);
        let _more = (
            room.take(Some("A"), 1).unwrap(),
            room.take(Some("B"), 4).unwrap(),
        );
        drop(three);
        assert_eq!(room.take(Some("A"), 4).unwrap_err(), Full::Share);
        room.take(Some("A"), 3).unwrap();
    }

    #[test]
    fn all_together_take_no_more_than_there_is() {
        let room = Room::new(10, 4);

        let places = ["A", "B", "C"].map(|who| room.take(Some(who), 3).unwrap());

        assert_eq!(room.take(Some("D"), 2).unwrap_err(), Full::All);
        assert_eq!(room.take(None, 2).unwrap_err(), Full::All);
        room.take(None, 1).unwrap();
        drop(places);
        room.take(None, 10).unwrap();
    }
}
