//! What was counted lately, in bounded memory: whoever sends requests under very many names or addresses makes those
//! forgotten that were not seen for longest.

use governor::nanos::Nanos;
use governor::state::StateStore;
use std::collections::HashMap;
use std::hash::Hash;
use std::mem::take;
use std::sync::{Mutex, PoisonError};

/// How many keys one generation has. There are two, with less than 10 MB together.
const GENERATION: usize = 50_000;

/// What was counted for each key: those seen since the last generation was full, and those seen in that one.
#[derive(Debug)]
pub(super) struct Lately<K>(Mutex<Generations<K>>);

#[derive(Debug)]
struct Generations<K> {
    young: HashMap<K, Nanos>,
    old: HashMap<K, Nanos>,
}

impl<K> Default for Lately<K> {
    fn default() -> Self {
        Self(Mutex::new(Generations {
            young: HashMap::new(),
            old: HashMap::new(),
        }))
    }
}

impl<K: Clone + Eq + Hash> StateStore for Lately<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // Nothing panics under the lock.
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let young = counted.young.get(key).copied();
        let before = young.or_else(|| counted.old.get(key).copied());
        let (answer, after) = match measure(before) {
            Ok((answer, after)) => (Ok(answer), Some(after)),
            // Whoever is refused is seen as well.
            Err(refused) => (Err(refused), before),
        };
        if young.is_none() && counted.young.len() >= GENERATION {
            counted.old = take(&mut counted.young);
        }
        if let Some(after) = after {
            counted.young.insert(key.clone(), after);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn see(lately: &Lately<usize>, key: usize) -> Option<Nanos> {
        let counted = lately.measure_and_replace(&key, |before| {
            Ok::<_, ()>((
                before,
                Nanos::new(before.map_or(1, |nanos| nanos.as_u64() + 1)),
            ))
        });
        counted.unwrap()
    }

    #[test]
    fn a_flood_makes_those_forgotten_that_were_not_seen_for_longest() {
        let lately = Lately::default();
        see(&lately, 0);
        see(&lately, 1);

        for key in 2..10 * GENERATION {
            see(&lately, key);
            if key % (GENERATION / 2) == 0 {
                // Refused, so that nothing new is counted.
                assert!(
                    lately
                        .measure_and_replace(&0, |_| Err::<((), _), _>(()))
                        .is_err()
                );
            }
        }

        assert_eq!(see(&lately, 0), Some(Nanos::new(1)), "seen again and again");
        assert_eq!(see(&lately, 1), None, "forgotten");
        let counted = lately.0.into_inner().unwrap();
        assert!(counted.young.len() + counted.old.len() <= 2 * GENERATION);
    }
}
