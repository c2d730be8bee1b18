//! Recognising a request that was sent twice: a client program that lost the answer sends the same
//! again, and must not create a second client.

use super::NewClientRequest;
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use tawzi_core::time::Timestamp;
use tawzi_store::Author;

/// For how long the same body from the same person or key counts as repeated: the web client repeats
/// after about one second (contract, section 0, 8).
const SAME_BODY_SECONDS: i64 = 10;

/// For how long the same `Idempotency-Key` counts as repeated.
const SAME_KEY_SECONDS: i64 = 24 * 3600;

/// By what a repetition of a request is recognised, and since when what was created counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repetition {
    /// What is kept with the client.
    pub(crate) key: i64,
    /// Since when a client with that key is the same one.
    pub(crate) since: Timestamp,
}

impl Repetition {
    /// The request of that author, by the `Idempotency-Key` they chose or else by its content. However long
    /// it waits, it repeats what was created in the time before it arrived, or since.
    pub(crate) fn of(
        author: Author,
        client: &NewClientRequest,
        idempotency_key: Option<&str>,
        arrived: Timestamp,
    ) -> Self {
        // A person and an API key may have the same number.
        let (with_key, with_body, number) = match author {
            Author::Nobody => ("key", "body", 0),
            Author::User(id) => ("key", "body", id.get()),
            Author::ApiKey(id) => ("key by API key", "body by API key", id.get()),
        };
        match idempotency_key {
            Some(key) => Self {
                key: fingerprint(&(with_key, number, key)),
                since: arrived.plus_seconds(-SAME_KEY_SECONDS),
            },
            None => Self {
                key: fingerprint(&(with_body, number, client)),
                since: arrived.plus_seconds(-SAME_BODY_SECONDS),
            },
        }
    }

    /// The line of a file: whenever it was imported before, it is the same client.
    pub(crate) fn of_line(client: &NewClientRequest) -> Self {
        Self {
            key: fingerprint(&("line", client)),
            since: Timestamp::from_microseconds(i64::MIN),
        }
    }
}

/// A hasher that gives one hash in every process and release, unlike the standard library's.
struct StableHasher(Sha256);

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        let first = digest.first_chunk();
        first.map_or(0, |&first| u64::from_be_bytes(first))
    }
}

fn fingerprint(value: &impl Hash) -> i64 {
    let mut hasher = StableHasher(Sha256::new());
    value.hash(&mut hasher);
    hasher.finish().cast_signed()
}
