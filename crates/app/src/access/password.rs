//! Passwords: hashed with argon2id; hashes of the reference CRM are verified and then replaced.

mod argon2id;
mod turns;

use crate::access::asker::Asker;
use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2id::Argon2id;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pbkdf2::pbkdf2_hmac_array;
use sha2::Sha256;
use tawzi_core::password_hash::check_cost;
use turns::Turns;

/// A hash that no password has.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$\
                            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and compares passwords, one at a time for each core: that is made to be slow and to need memory, and whoever
/// sends many wrong ones must not take all of either, nor keep others waiting.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    turns: Turns,
}

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

impl Passwords {
    /// With all cores of this machine.
    pub(crate) fn on_this_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            turns: Turns::new(cores),
        }
    }

    /// The hash of a password.
    pub(crate) async fn hash(&self, asker: Asker, password: &str) -> Result<String> {
        let password = password.to_owned();
        let hash = move || Argon2id.hash_password(password.as_bytes());
        let hash = self.compute(asker, hash).await?;
        hash.map(|hash| hash.to_string())
            .map_err(|error| Error::Internal(format!("the password could not be hashed: {error}")))
    }

    /// Compares a password with a stored hash.
    pub(crate) async fn verify(
        &self,
        asker: Asker,
        password: &str,
        stored: &str,
    ) -> Result<PasswordCheck> {
        let (password, stored) = (password.to_owned(), stored.to_owned());
        self.compute(asker, move || compare(password.as_bytes(), &stored))
            .await
    }

    /// Computes when it is the asker's turn, beside the threads that answer. The turn ends with the computation, not
    /// when somebody stops waiting for it.
    async fn compute<T: Send + 'static>(
        &self,
        asker: Asker,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let turn = self.turns.take(asker).await?;
        let computed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            compute()
        });
        computed
            .await
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

fn compare(password: &[u8], stored: &str) -> PasswordCheck {
    // Made to keep the server busy, or by mistake: nobody's password, in the time of any other.
    let stored = check_cost(stored).map_or(NOBODYS_HASH, |()| stored);
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
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

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

    #[test]
    fn a_hash_that_costs_too_much_is_never_computed() {
        let begun = Instant::now();

        for costly in [
            DJANGO.replace("$1000$", "$2000000000$"),
            DJANGO.replace("$1000$", "$2000001$"),
            "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            "$argon2id$v=19$m=19456,t=2000000,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        ] {
            assert_eq!(
                compare(b"secret", &costly),
                PasswordCheck::Wrong,
                "{costly}"
            );
        }

        // The first one alone would take minutes.
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[tokio::test]
    async fn no_more_passwords_are_hashed_at_once_than_there_are_cores() {
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let passwords = Passwords::on_this_machine();
        let compute = || {
            let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
            MOST.fetch_max(running, Ordering::SeqCst);
            assert_eq!(compare(b"secret", DJANGO), PasswordCheck::RightButOld);
            RUNNING.fetch_sub(1, Ordering::SeqCst);
        };

        let given_up: Vec<_> = (0..20)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.compute(Asker::Operator, compute).await })
            })
            .collect();
        tokio::task::yield_now().await;
        given_up
            .iter()
            .take(10)
            .for_each(tokio::task::JoinHandle::abort);
        for _ in 0..20 {
            passwords.compute(Asker::Operator, compute).await.unwrap();
        }

        let cores = std::thread::available_parallelism().unwrap().get();
        assert!((1..=cores).contains(&MOST.load(Ordering::SeqCst)));
    }
}
