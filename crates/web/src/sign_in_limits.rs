//! How often one may try to sign in: enough for people who mistype, too seldom for programs that guess. What is tried on an
//! account is counted for each address apart, so that a stranger uses up nobody's attempts but their own.

mod lately;

use crate::visitor::{AddressFrom, Visitor};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::{Quota, RateLimiter};
use lately::Lately;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;
use tawzi_app::{AccountKey, Asker, Clock, Limit, Refusals};

/// So many at once, then one more in so many seconds.
type Rate = (u32, u64);

/// An office behind one address.
const BY_ADDRESS: Rate = (200, 1);

/// Passwords for one account from one address. The web client repeats a request that failed, so that a mistyped password
/// counts twice.
const PASSWORDS: Rate = (20, 30);

/// Codes for one account from one address.
const CODES: Rate = (6, 120);

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
    told: Option<Refusals>,
}

struct Counted {
    clock: Ticks,
    by_address: Limiter<IpAddr>,
    passwords: Limiter<(AccountKey, Asker)>,
    codes: Limiter<(AccountKey, Asker)>,
}

type Limiter<K> = RateLimiter<K, Lately<K>, Ticks, NoOpMiddleware<Duration>>;

/// The clock of everything else, as the limiters know clocks.
#[derive(Clone, Debug)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.ticks()
    }
}

impl std::fmt::Debug for SignInLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignInLimits(..)")
    }
}

impl SignInLimits {
    /// The limits, counted by that clock: 200 requests at once from one address, then one a second; from one address
    /// 20 passwords for one account, then one every 30 seconds; 6 codes, then one every 2 minutes.
    pub fn new(clock: Clock, address_from: AddressFrom) -> Self {
        let clock = Ticks(clock);
        let counted = Counted {
            by_address: limiter(BY_ADDRESS, &clock),
            passwords: limiter(PASSWORDS, &clock),
            codes: limiter(CODES, &clock),
            clock,
        };
        Self {
            address_from,
            counted: Some(counted),
            told: None,
        }
    }

    /// None at all: for measuring, and where something in front of the server limits already.
    pub const fn off() -> Self {
        Self {
            address_from: AddressFrom::Connection,
            counted: None,
            told: None,
        }
    }

    /// The same, where a proxy in front of the server says from where somebody asks.
    #[must_use]
    pub const fn reading(mut self, address_from: AddressFrom) -> Self {
        self.address_from = address_from;
        self
    }

    /// The same, which tells the security log of every limit that is met.
    #[must_use]
    pub fn telling(mut self, refusals: Refusals) -> Self {
        self.told = Some(refusals);
        self
    }

    /// The address of that visitor, read where those are read that are counted.
    pub fn address_of(&self, visitor: Visitor) -> Option<IpAddr> {
        visitor.address(self.address_from)
    }

    /// Who asks, of whom nothing is counted: they have proved who they are.
    pub fn asker(&self, visitor: Visitor) -> Asker {
        Asker::Line(visitor.line(self.address_from))
    }

    /// Counts one more request of that visitor, whatever it is about, and says who asks; or when to come back.
    pub fn enter(&self, visitor: Visitor) -> Result<Asker, TooMany> {
        let address = visitor.line(self.address_from);
        if let (Some(counted), Some(address)) = (&self.counted, &address) {
            let checked = counted.check(&counted.by_address, address);
            checked.inspect_err(|_| self.tell(None, Some(*address)))?;
        }
        Ok(Asker::Line(address))
    }

    /// Counts one more step of that asker on that account, or says when to come back.
    pub fn count(
        &self,
        step: SignInStep,
        asker: Asker,
        account: AccountKey,
    ) -> Result<(), TooMany> {
        let Some(counted) = &self.counted else {
            return Ok(());
        };
        let limiter = match step {
            SignInStep::Password => &counted.passwords,
            SignInStep::Code => &counted.codes,
        };
        let checked = counted.check(limiter, &(account, asker));
        checked.inspect_err(|_| self.tell(Some(account), asker.line()))
    }

    fn tell(&self, account: Option<AccountKey>, address: Option<IpAddr>) {
        if let Some(refusals) = &self.told {
            let person = account.and_then(AccountKey::person);
            refusals.limit_met(Limit::SignIn, person, address);
        }
    }
}

fn limiter<K: Clone + Eq + Hash>((at_once, seconds): Rate, clock: &Ticks) -> Limiter<K> {
    let at_once = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(Duration::from_secs(seconds)).map_or_else(
        || Quota::per_second(at_once),
        |one| one.allow_burst(at_once),
    );
    RateLimiter::new(quota, Lately::default(), clock.clone())
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
}
