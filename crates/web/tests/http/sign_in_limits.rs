//! How often one may try to sign in.

use crate::visitor::visitor;
use tawzi_app::{AccountKey, Clock};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_web::{AddressFrom, SignInLimits, SignInStep, TooMany};

const NOW: Timestamp = Timestamp::from_microseconds(1_764_676_800_000_000);

const AMAL: AccountKey = AccountKey::Person(UserId::new(1));
const BADR: AccountKey = AccountKey::Person(UserId::new(2));

/// Limits, with the clock that they go by.
struct Limited {
    limits: SignInLimits,
    clock: Clock,
}

impl Limited {
    fn new() -> Self {
        let clock = Clock::manual(NOW);
        let limits = SignInLimits::new(clock.clone(), AddressFrom::Connection);
        Self { limits, clock }
    }

    /// After how many seconds somebody at that address is to come back.
    async fn wait(&self, step: SignInStep, address: &str, account: AccountKey) -> Option<u64> {
        let visitor = visitor(Some(address), &[]).await;
        let counted = self.limits.enter(visitor);
        let counted = counted.and_then(|asker| self.limits.count(step, asker, account));
        seconds(counted)
    }
}

fn seconds(counted: Result<(), TooMany>) -> Option<u64> {
    counted.err().map(|too_many| too_many.seconds)
}

#[tokio::test]
async fn an_account_is_limited_at_each_address_apart() {
    let limited = Limited::new();
    let show =
        async |address: &str, account| limited.wait(SignInStep::Password, address, account).await;

    for _ in 0..20 {
        assert_eq!(show("10.0.0.66", AMAL).await, None);
    }

    assert_eq!(show("10.0.0.66", AMAL).await, Some(31));
    assert_eq!(
        show("10.0.0.77", AMAL).await,
        None,
        "a stranger locks nobody out"
    );
    assert_eq!(show("10.0.0.66", BADR).await, None);
    limited.clock.move_to(NOW.plus_seconds(30));
    assert_eq!(show("10.0.0.66", AMAL).await, None);
    assert_eq!(show("10.0.0.66", AMAL).await, Some(31));
}

#[tokio::test]
async fn nobodys_account_is_limited_like_anybodys() {
    for step in [SignInStep::Password, SignInStep::Code] {
        let limited = Limited::new();
        for account in [AMAL, AccountKey::Nobody(1)] {
            let mut waits = Vec::new();
            for _ in 0..21 {
                waits.push(limited.wait(step, "10.0.0.1", account).await);
            }

            let (allowed, wait) = match step {
                SignInStep::Password => (20, 31),
                SignInStep::Code => (6, 121),
            };
            assert!(waits[..allowed].iter().all(Option::is_none));
            assert!(waits[allowed..].iter().all(|found| *found == Some(wait)));
        }
        assert_eq!(
            limited.wait(step, "10.0.0.1", AccountKey::Nobody(2)).await,
            None
        );
    }
}

#[tokio::test]
async fn codes_are_counted_apart_from_passwords() {
    let limited = Limited::new();
    for _ in 0..6 {
        assert_eq!(limited.wait(SignInStep::Code, "10.0.0.1", AMAL).await, None);
    }

    assert_eq!(
        limited.wait(SignInStep::Code, "10.0.0.1", AMAL).await,
        Some(121)
    );
    assert_eq!(
        limited.wait(SignInStep::Password, "10.0.0.1", AMAL).await,
        None
    );
}

#[tokio::test]
async fn an_address_is_limited_whatever_the_accounts() {
    let limited = Limited::new();
    let show =
        async |address: &str, account| limited.wait(SignInStep::Password, address, account).await;

    for number in 0..200 {
        assert_eq!(show("2001:db8::1", AccountKey::Nobody(number)).await, None);
    }

    for _ in 0..100 {
        assert_eq!(show("2001:db8::2", AMAL).await, Some(2));
    }
    assert_eq!(show("2001:db8:0:1::1", AMAL).await, None);
    assert_eq!(show("10.0.0.1", AMAL).await, None);
}

#[tokio::test]
async fn without_limits_everything_may_be_tried_and_the_address_is_known() {
    let limits = SignInLimits::off().reading(AddressFrom::Proxy);
    let visitor = visitor(Some("10.0.0.1"), &["1.2.3.4"]).await;

    for _ in 0..1000 {
        let asker = limits.enter(visitor).unwrap();
        assert_eq!(asker, tawzi_app::Asker::Line("1.2.3.4".parse().ok()));
        let counted = limits.count(SignInStep::Code, asker, AMAL);
        assert_eq!(seconds(counted), None);
    }
}
