//! What it costs to compare a password with a stored hash. A hash says itself how often its computation goes round, and
//! one that was made elsewhere may say anything.

/// The most iterations of PBKDF2: twice what the reference makes.
const MOST_ITERATIONS: u64 = 2_000_000;

/// The most memory of Argon2, in KiB: three times what we make.
const MOST_MEMORY: u64 = 64 * 1024;

/// The most of it in all its rounds, in KiB: ten times what we make.
const MOST_FILLED: u64 = 400_000;

/// Why nobody's password is compared with a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooCostly {
    /// It is one of PBKDF2.
    #[error("is a hash of {0} iterations, which takes too long; {most} are the most", most = MOST_ITERATIONS)]
    Iterations(String),
    /// It is one of Argon2.
    #[error("is a hash that fills {0} KiB, which takes too long; {most} are the most", most = MOST_FILLED)]
    Filled(u64),
    /// It is one of Argon2 as well.
    #[error("is a hash that needs {0} KiB, which is too much; {most} are the most", most = MOST_MEMORY)]
    Memory(u64),
}

/// Whether comparing with that hash costs no more than a sign-in may. Those of other kinds are not
/// computed at all.
pub fn check_cost(stored: &str) -> Result<(), TooCostly> {
    if let Some(rest) = stored.strip_prefix("pbkdf2_sha256$") {
        return check_iterations(rest.split('$').next().unwrap_or_default());
    }
    if stored.starts_with("$argon2") {
        return check_memory(stored);
    }
    Ok(())
}

fn check_iterations(iterations: &str) -> Result<(), TooCostly> {
    if number(iterations) > MOST_ITERATIONS {
        return Err(TooCostly::Iterations(iterations.to_owned()));
    }
    Ok(())
}

/// Of `…$m=19456,t=2,p=1$…`: how much memory, and how often it is filled.
fn check_memory(stored: &str) -> Result<(), TooCostly> {
    let largest = |name: &str| {
        let parameters = stored
            .split(['$', ','])
            .filter_map(|part| part.split_once('='));
        let values = parameters.filter(|(called, _)| *called == name);
        values
            .map(|(_, value)| number(value))
            .max()
            .unwrap_or_default()
    };
    let memory = largest("m");
    let filled = memory.saturating_mul(largest("t"));
    if memory > MOST_MEMORY {
        return Err(TooCostly::Memory(memory));
    }
    if filled > MOST_FILLED {
        return Err(TooCostly::Filled(filled));
    }
    Ok(())
}

/// A number in digits, however many; what is none is 0.
fn number(text: &str) -> u64 {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    digits.parse().unwrap_or(u64::MAX)
}
