//! Passwords: hashed with argon2id; hashes of the reference CRM are verified and then replaced.

mod argon2id;

use crate::blocking;
use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2id::Argon2id;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pbkdf2::pbkdf2_hmac_array;
use sha2::Sha256;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// A hash that no password has.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$\
                            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// One password at a time for each core: hashing is made to be slow and to need memory, and whoever
/// sends many wrong ones must not take all of either.
static AT_ONCE: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Semaphore::new(cores)
});

/// What comparing a password with a stored hash says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordCheck {
    /// It is the password.
    Right,
    /// It is the password, and the hash is of the reference's kind: to be replaced.
    RightButOld,
    /// It is not.
    Wrong,
}

/// The hash of a password.
pub(crate) async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    let hashed = blocking::compute(&AT_ONCE, move || {
        Argon2id.hash_password(password.as_bytes())
    });
    let hash = hashed.await?;
    hash.map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("the password could not be hashed: {error}")))
}

/// Compares a password with a stored hash.
pub(crate) async fn verify(password: &str, stored: &str) -> Result<PasswordCheck> {
    let (password, stored) = (password.to_owned(), stored.to_owned());
    blocking::compute(&AT_ONCE, move || compare(password.as_bytes(), &stored)).await
}

fn compare(password: &[u8], stored: &str) -> PasswordCheck {
    let django = stored.strip_prefix("pbkdf2_sha256$");
    let right = match django.and_then(|django| matches_django(password, django)) {
        Some(true) => return PasswordCheck::RightButOld,
        Some(false) => return PasswordCheck::Wrong,
        None => matches_ours(password, stored),
    };
    // An account without a usable password takes as long as any other.
    match right.or_else(|| matches_ours(password, NOBODYS_HASH)) {
        Some(true) => PasswordCheck::Right,
        _ => PasswordCheck::Wrong,
    }
}

/// Compares with a hash of our own; `None` when it is none.
fn matches_ours(password: &[u8], stored: &str) -> Option<bool> {
    let hash = PasswordHash::new(stored).ok()?;
    Some(Argon2id.verify_password(password, &hash).is_ok())
}

/// Compares with `iterations$salt$hash`, as Django writes it; `None` when it is not of that form.
fn matches_django(password: &[u8], stored: &str) -> Option<bool> {
    let mut parts = stored.splitn(3, '$');
    let iterations = parts.next()?.parse().ok().filter(|&rounds| rounds > 0)?;
    let salt = parts.next()?;
    let expected = STANDARD.decode(parts.next()?).ok()?;
    let found: [u8; 32] = pbkdf2_hmac_array::<Sha256, 32>(password, salt.as_bytes(), iterations);
    // Every byte is compared, so that the time says nothing about where they differ.
    let differences = expected
        .iter()
        .zip(found)
        .fold(0, |differences, (a, b)| differences | (a ^ b));
    Some(expected.len() == found.len() && differences == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    // "secret" with the salt "salt", as Django 5.2 hashes it with 1,000 iterations.
    const DJANGO: &str = "pbkdf2_sha256$1000$salt$qN+JnzxPIE2WfgrWPAkph8EAVeuwF7PZ0ordIY1Peq0=";

    #[test]
    fn a_hash_of_the_reference_is_verified_and_marked_old() {
        assert_eq!(compare(b"secret", DJANGO), PasswordCheck::RightButOld);
        assert_eq!(compare(b"Secret", DJANGO), PasswordCheck::Wrong);
    }

    #[test]
    fn nobodys_hash_takes_as_long_as_one_of_ours() {
        let ours = Argon2id.hash_password(b"a password").unwrap();
        let nobodys = PasswordHash::new(NOBODYS_HASH).unwrap();

        assert_eq!(nobodys.algorithm, ours.algorithm);
        assert_eq!(nobodys.params, ours.params);
        assert!(nobodys.salt.is_some() && nobodys.hash.is_some());
    }

    #[tokio::test]
    async fn no_more_passwords_are_hashed_at_once_than_there_are_cores() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let compute = || {
            let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
            MOST.fetch_max(running, Ordering::SeqCst);
            assert_eq!(compare(b"secret", DJANGO), PasswordCheck::RightButOld);
            RUNNING.fetch_sub(1, Ordering::SeqCst);
        };

        let given_up: Vec<_> = (0..20)
            .map(|_| tokio::spawn(blocking::compute(&AT_ONCE, compute)))
            .collect();
        tokio::task::yield_now().await;
        given_up
            .iter()
            .take(10)
            .for_each(tokio::task::JoinHandle::abort);
        for _ in 0..20 {
            blocking::compute(&AT_ONCE, compute).await.unwrap();
        }

        let cores = std::thread::available_parallelism().unwrap().get();
        assert!((1..=cores).contains(&MOST.load(Ordering::SeqCst)));
    }
}
