//! The key itself: what it looks like, and what is kept of it.

use crate::hex::hex;
use rand::distr::{Alphanumeric, SampleString as _};
use sha2::{Digest, Sha256};

/// What every key starts with, so that scanners for leaked secrets recognise it.
const MARK: &str = "twz_";

/// How many letters and digits follow: 238 bits, drawn from the system's randomness.
const RANDOM_CHARACTERS: usize = 40;

/// How much of a key is shown in lists; what remains secret has 202 bits.
const PREFIX_CHARACTERS: usize = MARK.len() + 6;

/// A key. It is shown once, when it is made, and never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret(String);

impl ApiKeySecret {
    /// A new key.
    pub(crate) fn random() -> Self {
        let mut key = String::from(MARK);
        Alphanumeric.append_string(&mut rand::rng(), &mut key, RANDOM_CHARACTERS);
        Self(key)
    }

    /// The key that a text may be; `None` when it is something else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let random = text.strip_prefix(MARK)?;
        let well_formed = random.len() == RANDOM_CHARACTERS
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The text, for whoever asked for a new key.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the key starts with, to recognise it by.
    pub(crate) fn prefix(&self) -> &str {
        &self.0[..PREFIX_CHARACTERS]
    }

    /// The hash by which the key is kept and found. A quick one without a salt or a server's key will
    /// do, since nobody tries 2^202 keys. Comparing hashes takes a time that tells nothing of use,
    /// either: whoever knew how a kept hash begins could not choose a key for it.
    pub(crate) fn hash(&self) -> String {
        hex(&Sha256::digest(&self.0))
    }
}

impl std::fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKeySecret(..)")
    }
}
