//! Whose turn it is when many want what few can have at a time. Those who wait take turns by who they are, not by
//! how often they ask: a flood from one line delays another one by a single turn.

use crate::access::asker::Asker;
use crate::error::{Error, Result};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// How many may wait, all of them behind one address perhaps: an office that begins its day. With the dearest hashes it is
/// what two cores do in a few seconds; whoever comes later is told at once, rather than left waiting.
const WAITING: usize = 32;

/// What is handed out, so many at a time.
#[derive(Clone, Debug)]
pub(super) struct Turns(Arc<Mutex<Queue>>);

/// The right to begin. The next one has it when this is dropped.
#[derive(Debug)]
pub(super) struct Turn(Turns);

#[derive(Debug)]
struct Queue {
    /// How many may begin at once; none while somebody waits.
    free: usize,
    /// Who waits, whoever is next first. Nobody is in it twice, or with nothing.
    lines: VecDeque<(Asker, Line)>,
}

/// What one asker waits for.
type Line = VecDeque<oneshot::Sender<Turn>>;

impl Turns {
    /// So many at a time.
    pub(super) fn new(at_once: usize) -> Self {
        Self(Arc::new(Mutex::new(Queue {
            free: at_once,
            lines: VecDeque::new(),
        })))
    }

    /// The asker's turn, when it comes; [`Error::QueueFull`] at once when too many wait. Somebody who waits with more
    /// than others makes room for them, and is told so, too.
    pub(super) async fn take(&self, asker: Asker) -> Result<Turn> {
        let turn = {
            let mut queue = self.queue();
            if queue.free > 0 {
                queue.free -= 1;
                return Ok(Turn(self.clone()));
            }
            queue.wait(asker).ok_or(Error::QueueFull)?
        };
        turn.await.map_err(|_| Error::QueueFull)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = self.0.queue().next();
        if let Some(next) = next {
            // Whoever has gone meanwhile gives it back by not taking it.
            drop(next.send(Self(self.0.clone())));
        }
    }
}

impl Queue {
    /// Puts the asker behind those who wait, unless there is no room.
    fn wait(&mut self, asker: Asker) -> Option<oneshot::Receiver<Turn>> {
        self.forget_who_has_gone();
        let place = self.lines.iter().position(|(who, _)| *who == asker);
        let own = place.map_or(0, |place| self.lines[place].1.len());
        let waiting: usize = self.lines.iter().map(|(_, line)| line.len()).sum();
        if waiting >= WAITING {
            let (_, longest) = self.lines.iter_mut().max_by_key(|(_, line)| line.len())?;
            if longest.len() <= own + 1 {
                return None;
            }
            longest.pop_back();
        }
        let (turn, receiver) = oneshot::channel();
        match place {
            Some(place) => self.lines[place].1.push_back(turn),
            None => self.lines.push_back((asker, VecDeque::from([turn]))),
        }
        Some(receiver)
    }

    fn forget_who_has_gone(&mut self) {
        self.lines.retain_mut(|(_, line)| {
            line.retain(|turn| !turn.is_closed());
            !line.is_empty()
        });
    }

    /// Who is next; whoever asked with more goes behind all others.
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        while let Some((asker, mut line)) = self.lines.pop_front() {
            let next = line.pop_front();
            if !line.is_empty() {
                self.lines.push_back((asker, line));
            }
            if next.is_some() {
                return next;
            }
        }
        self.free += 1;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use tokio::task::yield_now;

    fn line(number: u32) -> Asker {
        Asker::Line(Some(Ipv4Addr::from_bits(number).into()))
    }

    /// Those who ask, in the order in which they get their turn; each gives it to the next.
    struct Order(Arc<Mutex<Vec<(u32, bool)>>>);

    impl Order {
        fn new() -> Self {
            Self(Arc::default())
        }

        async fn ask(&self, turns: &Turns, number: u32) {
            let (turns, order) = (turns.clone(), Arc::clone(&self.0));
            tokio::spawn(async move {
                let turn = turns.take(line(number)).await;
                order.lock().unwrap().push((number, turn.is_ok()));
            });
            yield_now().await;
        }

        async fn seen(&self, number: usize) -> Vec<(u32, bool)> {
            while self.0.lock().unwrap().len() < number {
                yield_now().await;
            }
            self.0.lock().unwrap().clone()
        }
    }

    #[tokio::test]
    async fn somebody_else_comes_right_behind_the_first_of_a_flood() {
        let (turns, order) = (Turns::new(1), Order::new());
        let running = turns.take(line(1)).await.unwrap();
        for _ in 0..190 {
            order.ask(&turns, 1).await;
        }
        order.ask(&turns, 2).await;

        // Those whom it had no room for, and the one who made room for somebody else.
        let refused = order.seen(190 - WAITING + 1).await;
        drop(running);
        let all = order.seen(191).await;

        assert!(
            refused
                .iter()
                .all(|(number, got_it)| *number == 1 && !got_it)
        );
        assert_eq!(all[refused.len()..][..3], [(1, true), (2, true), (1, true)]);
        assert!(all[refused.len()..].iter().all(|(_, got_it)| *got_it));
    }

    #[tokio::test]
    async fn when_all_room_is_taken_those_with_most_make_some() {
        let (turns, order) = (Turns::new(1), Order::new());
        let running = turns.take(line(0)).await.unwrap();
        let askers = u32::try_from(WAITING / WAITING).unwrap();
        for _ in 0..WAITING {
            for asker in 1..=askers {
                order.ask(&turns, asker).await;
            }
        }

        for newcomer in 100..110 {
            order.ask(&turns, newcomer).await;
        }

        let pushed_out = order.seen(10).await;
        assert!(
            pushed_out
                .iter()
                .all(|(who, got_it)| *who <= askers && !got_it)
        );
        drop(running);
        let all = order.seen(WAITING + 10).await;
        let newcomers = all.iter().filter(|(who, got_it)| *who >= 100 && *got_it);
        assert_eq!(newcomers.count(), 10);
    }

    #[tokio::test]
    async fn nobody_makes_room_for_somebody_with_as_much() {
        let (turns, order) = (Turns::new(1), Order::new());
        let _running = turns.take(line(0)).await.unwrap();
        for asker in 1..=u32::try_from(WAITING).unwrap() {
            order.ask(&turns, asker).await;
        }

        let late = turns.take(line(1_000)).await;

        assert!(matches!(late, Err(Error::QueueFull)));
        assert!(order.seen(0).await.is_empty());
    }

    #[tokio::test]
    async fn a_turn_that_nobody_waits_for_any_more_goes_to_the_next() {
        let turns = Turns::new(1);
        let running = turns.take(line(1)).await.unwrap();
        let asking = [2, 3, 4].map(|number| {
            let turns = turns.clone();
            tokio::spawn(async move { turns.take(line(number)).await.map(drop) })
        });
        while turns.queue().lines.len() < 3 {
            yield_now().await;
        }
        asking[0].abort();
        asking[2].abort();

        drop(running);
        let [_, stayed, _] = asking;

        assert!(stayed.await.unwrap().is_ok());
        while turns.queue().free == 0 {
            yield_now().await;
        }
        assert!(turns.queue().lines.is_empty());
    }
}
