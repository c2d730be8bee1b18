//! The pace of long work: between two steps it rests for as long as the last one took, so that half of the time
//! is left to whoever works meanwhile.

use std::time::{Duration, Instant};

/// The longest rest: the step may have waited for somebody.
const LONGEST_REST: Duration = Duration::from_millis(200);

/// How long the next rest is.
#[derive(Debug)]
pub(crate) struct Pace(Duration);

impl Pace {
    /// Before the first step.
    pub(crate) const fn new() -> Self {
        Self(Duration::ZERO)
    }

    /// Rests, then takes a step.
    pub(crate) async fn step<T>(&mut self, step: impl Future<Output = T>) -> T {
        tokio::time::sleep(self.0).await;
        let begun = Instant::now();
        let done = step.await;
        self.0 = begun.elapsed().min(LONGEST_REST);
        done
    }
}
