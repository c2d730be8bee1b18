//! How many connections there may be, in all and from one address. The system has so many descriptors for a process, and
//! the database and files need some of them.

use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tawzi_app::{Full, Limit, Place, Refusals, Room};
use tawzi_web::{AddressFrom, Visitor, line_of};
use tokio::time::Instant;

/// How many descriptors are left to the database and to files.
const KEPT_DESCRIPTORS: u64 = 128;

/// How many connections there are at most, however many descriptors there may be: each takes some memory.
const MOST: usize = 10_000;

/// One address can have a quarter of them, and at most so many: no office behind one address has more, and one computer
/// that opens as many as it can leaves most to the others.
const MOST_OF_ADDRESS: usize = 1_000;

/// After how long it is said again that a limit was met.
const QUIET: Duration = Duration::from_mins(1);

/// How many connections there may be, and how many there are. Behind a proxy all of them come from the proxy; there the
/// requests are counted that it passes on for an address, and are under way.
#[derive(Debug)]
pub(crate) struct Limits {
    address_from: AddressFrom,
    connections: Counted,
    /// `None` where each address connects by itself: then there are no more requests than connections.
    requests: Option<Counted>,
}

#[derive(Debug)]
struct Counted {
    what: Limit,
    /// The security log.
    told: Option<Refusals>,
    room: Room<IpAddr>,
    /// When it was said last that all have too many, and that one address has.
    said: Mutex<[Option<Instant>; 2]>,
}

/// One of the connections or requests, until it is dropped.
pub(super) type Counts = Place<IpAddr>;

impl Limits {
    /// As many as the system has descriptors for, of which it gives this process all that it may have.
    pub(crate) fn of_this_process(address_from: AddressFrom) -> Self {
        let descriptors = raise_descriptors();
        let left = descriptors - KEPT_DESCRIPTORS.min(descriptors / 2);
        Self::new(
            usize::try_from(left).unwrap_or(MOST).min(MOST),
            address_from,
        )
    }

    pub(super) fn new(most: usize, address_from: AddressFrom) -> Self {
        let most_of_address = (most / 4).clamp(1, MOST_OF_ADDRESS);
        let counted = |what| Counted {
            what,
            told: None,
            room: Room::new(most, most_of_address),
            said: Mutex::default(),
        };
        Self {
            address_from,
            connections: counted(Limit::Connections),
            requests: (address_from == AddressFrom::Proxy).then(|| counted(Limit::Requests)),
        }
    }

    /// The same, which tells the security log of every limit that is met.
    pub(crate) fn telling(mut self, refusals: &Refusals) -> Self {
        self.connections.told = Some(refusals.clone());
        if let Some(requests) = &mut self.requests {
            requests.told = Some(refusals.clone());
        }
        self
    }

    /// Lets somebody connect, unless there are too many.
    pub(super) fn let_in(&self, address: IpAddr) -> Option<Counts> {
        let counts_for_itself = self.requests.is_none();
        let address = counts_for_itself.then(|| line_of(address));
        self.connections.enter(address).ok()
    }

    /// Lets somebody ask for whom a proxy does so, unless too many of their requests are under way; there is nothing to
    /// count where there is no proxy.
    pub(super) async fn let_ask(&self, head: &mut Parts) -> Result<Option<Counts>, Full> {
        let Some(requests) = &self.requests else {
            return Ok(None);
        };
        let Ok(visitor) = Visitor::from_request_parts(head, &()).await;
        requests.enter(visitor.line(self.address_from)).map(Some)
    }
}

impl Counted {
    fn enter(&self, address: Option<IpAddr>) -> Result<Counts, Full> {
        let entered = self.room.take(address, 1);
        entered.inspect_err(|&full| {
            self.say(full);
            if let Some(refusals) = &self.told {
                refusals.limit_met(self.what, None, address);
            }
        })
    }

    fn say(&self, full: Full) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let [of_all, of_one] = &mut *said;
        let (said, whose) = match full {
            Full::All => (of_all, "in all"),
            Full::Share => (of_one, "from one address"),
        };
        if said.is_none_or(|said| said.elapsed() >= QUIET) {
            *said = Some(Instant::now());
            tracing::warn!(
                "too many {} {whose}; the others are refused",
                self.what.as_str()
            );
        }
    }
}

/// Raises the number of descriptors that this process may have to as many as it may ever have, and tells how many.
fn raise_descriptors() -> u64 {
    let now = getrlimit(Resource::Nofile);
    let all = Rlimit {
        current: now.maximum,
        maximum: now.maximum,
    };
    let raised = setrlimit(Resource::Nofile, all);
    let current = if raised.is_ok() {
        now.maximum
    } else {
        now.current
    };
    current.unwrap_or(u64::MAX)
}
