//! How often one may try to sign in.

use crate::visitor::visitor;
use tawzi_app::Clock;
use tawzi_core::time::Timestamp;
use tawzi_web::{AddressFrom, SignInLimits, SignInStep, TooMany, Visitor};

const NOW: Timestamp = Timestamp::from_microseconds(1_764_676_800_000_000);

/// After how many seconds to come back.
fn seconds(counted: Result<(), TooMany>) -> Option<u64> {
    counted.err().map(|too_many| too_many.seconds)
}

#[tokio::test]
async fn a_name_is_limited_in_any_case_from_any_address() {
    let clock = Clock::manual(NOW);
    let limits = SignInLimits::new(clock.clone(), AddressFrom::Connection);
    let show = async |n: u32, name: &str| {
        let visitor = visitor(Some(&format!("10.0.0.{n}")), &[]).await;
        seconds(limits.count(SignInStep::Password, visitor, name))
    };

    for n in 0..20 {
        let name = if n % 2 == 0 { "emp1" } else { " EMP1" };
        assert_eq!(show(n, name).await, None);
    }

    assert_eq!(show(21, "emp1").await, Some(31));
    assert_eq!(show(21, "emp2").await, None);
    clock.move_to(NOW.plus_seconds(30));
    assert_eq!(show(22, "emp1").await, None);
    assert_eq!(show(23, "emp1").await, Some(31));
}

#[test]
fn codes_are_counted_apart_from_passwords() {
    let limits = SignInLimits::new(Clock::manual(NOW), AddressFrom::Connection);
    let count = |step| seconds(limits.count(step, Visitor::default(), "emp1"));

    for _ in 0..6 {
        assert_eq!(count(SignInStep::Code), None);
    }

    assert_eq!(count(SignInStep::Code), Some(121));
    assert_eq!(count(SignInStep::Password), None);
}

#[tokio::test]
async fn an_address_is_limited_whatever_the_names_and_spares_them() {
    let limits = SignInLimits::new(Clock::manual(NOW), AddressFrom::Connection);
    let show = async |address: &str, name: &str| {
        let visitor = visitor(Some(address), &[]).await;
        seconds(limits.count(SignInStep::Password, visitor, name))
    };

    for n in 0..200 {
        assert_eq!(show("2001:db8::1", &format!("name {n}")).await, None);
    }

    for _ in 0..100 {
        assert_eq!(show("2001:db8::2", "emp1").await, Some(2));
    }
    assert_eq!(show("2001:db8:0:1::1", "emp1").await, None);
    assert_eq!(show("10.0.0.1", "emp1").await, None);
}

#[test]
fn without_limits_everything_may_be_tried() {
    let limits = SignInLimits::off();

    for _ in 0..1000 {
        let answer = limits.count(SignInStep::Code, Visitor::default(), "emp1");
        assert_eq!(seconds(answer), None);
    }
}
