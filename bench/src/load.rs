//! Making requests over many connections at once, each sending its next request when the last one
//! is answered.

use crate::http::Connection;
use crate::sample::Sample;
use anyhow::bail;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Gives the bytes of the request with that number.
pub(crate) type Requests = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// What becomes of a request that the server refuses for the moment, with 503 or 504.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It ends the measurement.
    Fails,
    /// It is made again until it is answered well; all of that is one wait.
    IsRepeated,
}

/// How long a connection rests before it repeats a request.
const BEFORE_REPEATING: Duration = Duration::from_millis(10);

/// Requests to be made.
#[derive(Clone)]
pub(crate) struct Load {
    /// Where: each connection is to the next of them.
    pub(crate) addresses: Vec<SocketAddr>,
    /// Over how many connections at once.
    pub(crate) connections: usize,
    /// What is asked.
    pub(crate) requests: Requests,
    /// The status of a good answer.
    pub(crate) status: u16,
    /// How long a connection rests between an answer and its next request.
    pub(crate) rest: Duration,
    /// What becomes of a request that is refused for the moment.
    pub(crate) refused: Refused,
    /// The number of the next request: no two are the same, whoever makes them.
    pub(crate) next: Arc<AtomicU64>,
}

impl Load {
    /// As many requests as are answered over so many connections.
    pub(crate) fn new(
        address: SocketAddr,
        connections: usize,
        status: u16,
        requests: impl Fn(u64) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self {
            addresses: vec![address],
            connections,
            requests: Arc::new(requests),
            status,
            rest: Duration::ZERO,
            refused: Refused::Fails,
            next: Arc::new(AtomicU64::new(1)),
        }
    }

    /// The same, but with a rest between requests: something else is measured meanwhile.
    pub(crate) const fn with_rest(mut self, rest: Duration) -> Self {
        self.rest = rest;
        self
    }

    /// The same, but spread over servers that do the same work.
    pub(crate) fn over(mut self, addresses: Vec<SocketAddr>) -> Self {
        self.addresses = addresses;
        self
    }

    /// The same, but repeating what is refused for the moment.
    pub(crate) const fn repeating(mut self) -> Self {
        self.refused = Refused::IsRepeated;
        self
    }

    /// Makes requests for that long.
    pub(crate) async fn run(&self, duration: Duration) -> anyhow::Result<Sample> {
        let end = Instant::now() + duration;
        self.run_until(move || Instant::now() >= end).await
    }

    /// Makes requests until something has ended.
    pub(crate) async fn run_until(
        &self,
        ended: impl Fn() -> bool + Clone + Send + Sync + 'static,
    ) -> anyhow::Result<Sample> {
        let begin = Instant::now();
        let mut tasks = JoinSet::new();
        for (_, &address) in (0..self.connections).zip(self.addresses.iter().cycle()) {
            let (load, ended) = (self.clone(), ended.clone());
            tasks.spawn(async move { load.ask_until(address, ended).await });
        }
        let mut latencies = Vec::new();
        while let Some(asked) = tasks.join_next().await {
            latencies.extend(asked??);
        }
        Ok(Sample::new(begin.elapsed(), latencies))
    }

    async fn ask_until(
        &self,
        address: SocketAddr,
        ended: impl Fn() -> bool,
    ) -> anyhow::Result<Vec<u32>> {
        let mut connection = Connection::open(address).await?;
        let mut latencies = Vec::new();
        while !ended() {
            let request = (self.requests)(self.next.fetch_add(1, Ordering::Relaxed));
            let sent = Instant::now();
            while !self.is_answered(&mut connection, &request).await? && !ended() {
                tokio::time::sleep(BEFORE_REPEATING).await;
            }
            let took = sent.elapsed().as_micros();
            latencies.push(u32::try_from(took).unwrap_or(u32::MAX));
            if !self.rest.is_zero() {
                tokio::time::sleep(self.rest).await;
            }
        }
        Ok(latencies)
    }

    /// Makes a request; says whether it was answered well, and not refused for the moment.
    async fn is_answered(
        &self,
        connection: &mut Connection,
        request: &[u8],
    ) -> anyhow::Result<bool> {
        let (status, body) = connection.ask(request).await?;
        if status == self.status {
            return Ok(true);
        }
        if self.refused == Refused::IsRepeated && matches!(status, 503 | 504) {
            return Ok(false);
        }
        bail!(
            "the server answered {status} instead of {}: {}",
            self.status,
            String::from_utf8_lossy(&body[..body.len().min(500)])
        );
    }
}
