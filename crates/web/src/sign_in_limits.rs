//! How often one may try to sign in: enough for people who mistype, too seldom for programs that
//! guess, or that send others mail they never asked for.

use crate::visitor::{AddressFrom, Visitor};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tawzi_app::{Asker, Clock};

/// So many at once, then one more in so many seconds.
type Rate = (u32, u64);

/// An office behind one address.
const BY_ADDRESS: Rate = (200, 1);

/// Passwords for one user name. The web client repeats a request that failed, so that a mistyped password
/// counts twice.
const PASSWORDS_BY_NAME: Rate = (20, 30);

/// Codes for one user name, each of which is a mail.
const CODES_BY_NAME: Rate = (6, 120);

/// After how many requests those are forgotten whose time is long over.
const TIDY_EVERY: u64 = 1024;

/// What somebody does to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInStep {
    /// Shows a password, with or without a code.
    Password,
    /// Asks for a code.
    Code,
}

/// There were too many attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// After how many seconds to try again.
    pub seconds: u64,
}

/// How often one may try to sign in, and what was counted so far in this process.
pub struct SignInLimits {
    address_from: AddressFrom,
    counted: Option<Counted>,
}

struct Counted {
    clock: Ticks,
    by_address: Limiter<IpAddr>,
    passwords_by_name: Limiter<u64>,
    codes_by_name: Limiter<u64>,
    /// Names are counted by their hashes: short, and nobody can choose one that meets another.
    names: RandomState,
    requests: AtomicU64,
}

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, Ticks, NoOpMiddleware<Duration>>;

/// The clock of everything else, as the limiters know clocks.
#[derive(Clone, Debug)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let microseconds = self.0.now().microseconds();
        Duration::from_micros(u64::try_from(microseconds).unwrap_or_default())
    }
}

impl std::fmt::Debug for SignInLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignInLimits(..)")
    }
}

impl SignInLimits {
    /// The limits, counted by that clock: 200 requests at once from one address, then one a second;
    /// 20 passwords for one user name, then one every 30 seconds; 6 codes, then one every 2 minutes.
    pub fn new(clock: Clock, address_from: AddressFrom) -> Self {
        let clock = Ticks(clock);
        let counted = Counted {
            by_address: limiter(BY_ADDRESS, &clock),
            passwords_by_name: limiter(PASSWORDS_BY_NAME, &clock),
            codes_by_name: limiter(CODES_BY_NAME, &clock),
            names: RandomState::new(),
            requests: AtomicU64::new(0),
            clock,
        };
        Self {
            address_from,
            counted: Some(counted),
        }
    }

    /// None at all: for measuring, and where something in front of the server limits already.
    pub const fn off() -> Self {
        Self {
            address_from: AddressFrom::Connection,
            counted: None,
        }
    }

    /// The same, where a proxy in front of the server says from where somebody asks.
    pub const fn reading(mut self, address_from: AddressFrom) -> Self {
        self.address_from = address_from;
        self
    }

    /// Counts one more request of that visitor, whatever it is about, and says who asks; or when to come back.
    pub fn enter(&self, visitor: Visitor) -> Result<Asker, TooMany> {
        let address = visitor.line(self.address_from);
        if let Some(counted) = &self.counted
            && let Some(address) = &address
        {
            counted.tidy();
            counted.check(&counted.by_address, address)?;
        }
        Ok(Asker::Line(address))
    }

    /// Counts one more step under that name, or says when to come back.
    pub fn count(&self, step: SignInStep, name: &str) -> Result<(), TooMany> {
        let Some(counted) = &self.counted else {
            return Ok(());
        };
        let by_name = match step {
            SignInStep::Password => &counted.passwords_by_name,
            SignInStep::Code => &counted.codes_by_name,
        };
        let name = counted.names.hash_one(name.trim().to_lowercase());
        counted.check(by_name, &name)
    }
}

fn limiter<K: Clone + Eq + Hash>((at_once, seconds): Rate, clock: &Ticks) -> Limiter<K> {
    let at_once = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(Duration::from_secs(seconds)).map_or_else(
        || Quota::per_second(at_once),
        |one| one.allow_burst(at_once),
    );
    RateLimiter::new(quota, DashMapStateStore::default(), clock.clone())
}

impl Counted {
    fn check<K: Clone + Eq + Hash>(&self, limiter: &Limiter<K>, key: &K) -> Result<(), TooMany> {
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            TooMany {
                seconds: wait.as_secs() + 1,
            }
        })
    }

    fn tidy(&self) {
        if self.requests.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.by_address.retain_recent();
            self.passwords_by_name.retain_recent();
            self.codes_by_name.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tawzi_core::time::Timestamp;

    #[test]
    fn what_is_over_is_forgotten() {
        let now = Timestamp::from_microseconds(1_764_676_800_000_000);
        let clock = Clock::manual(now);
        let limits = SignInLimits::new(clock.clone(), AddressFrom::Connection);
        for n in 0..1000 {
            let _ = limits.count(SignInStep::Code, Visitor::default(), &n.to_string());
        }

        clock.move_to(now.plus_seconds(3600));
        for _ in 0..30 {
            let _ = limits.count(SignInStep::Code, Visitor::default(), "x");
        }

        assert!(limits.counted.unwrap().codes_by_name.len() <= 1);
    }
}
