//! What was measured while requests were made for a while.

use std::time::Duration;

/// A stretch of requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    /// How long it took.
    pub(crate) took: Duration,
    /// How long each request took, in microseconds, the shortest first.
    latencies: Vec<u32>,
    /// Processor time of what was measured, database included.
    pub(crate) cpu: Duration,
    /// The part of it that processes of a database took.
    pub(crate) database_cpu: Option<Duration>,
    /// Processor time of whoever made the requests; no part of the figures.
    pub(crate) client_cpu: Duration,
    /// The most memory that a server held, in MiB.
    pub(crate) peak_memory: Option<f64>,
}

impl Sample {
    /// From the latencies in any order.
    pub(crate) fn new(took: Duration, mut latencies: Vec<u32>) -> Self {
        latencies.sort_unstable();
        Self {
            took,
            latencies,
            ..Self::default()
        }
    }

    /// How many requests were answered.
    pub(crate) fn requests(&self) -> usize {
        self.latencies.len()
    }

    /// Requests a second.
    pub(crate) fn throughput(&self) -> f64 {
        count(self.requests()) / self.took.as_secs_f64()
    }

    /// Processor time for each request, in microseconds.
    pub(crate) fn cpu_per_request(&self) -> f64 {
        self.for_each(self.cpu)
    }

    /// So much for all of them is how much for each request, in microseconds.
    pub(crate) fn for_each(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / count(self.requests().max(1))
    }

    /// The latency in milliseconds that so many percent of the requests stay within.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        // The nearest rank: with 100 requests, the 99th.
        let rank = (self.requests() * percent).div_ceil(100).max(1);
        let latency = self.latencies.get(rank - 1).copied().unwrap_or_default();
        f64::from(latency) / 1000.0
    }
}

/// A count as a number to divide by.
#[expect(
    clippy::cast_precision_loss,
    reason = "no benchmark counts to 2^52, where the next number would be lost"
)]
pub(crate) const fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let hundred = Sample::new(Duration::from_secs(2), (1..=100).rev().collect());

        assert!((hundred.percentile(50) - 0.050).abs() < 1e-9);
        assert!((hundred.percentile(99) - 0.099).abs() < 1e-9);
        assert!((hundred.throughput() - 50.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_measured_divides_by_nothing() {
        let nothing = Sample::new(Duration::from_secs(1), Vec::new());

        assert!(nothing.percentile(99) < 1e-9);
        assert!(nothing.cpu_per_request() < 1e-9);
    }
}
