//! Recognising a request that was sent twice: a client program that lost the answer sends the same
//! again, and must not create a second client or activity.

use crate::error::{Error, Result, require};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, CreateKey, Earlier};

/// For how long the same body from the same person or key counts as repeated: the web client repeats
/// after about one second (contract, section 0, 8).
const SAME_BODY_SECONDS: i64 = 10;

/// For how long the same `Idempotency-Key` counts as repeated.
const SAME_KEY_SECONDS: i64 = 24 * 3600;

/// By what a repetition of a request is recognised, and since when what was created counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repetition {
    /// What is kept with what the request creates.
    pub(crate) key: CreateKey,
    /// Since when something with that key is the same one.
    pub(crate) since: Timestamp,
}

impl Repetition {
    /// The request of that author for what is `asked`, by the `Idempotency-Key` they chose or else by its content.
    /// However long it waits, it repeats what was created in the time before it arrived, or since.
    pub(crate) fn of(
        author: Author,
        asked: &impl Hash,
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
                key: CreateKey {
                    key: fingerprint(&(with_key, number, key)),
                    asked: Some(fingerprint(asked)),
                },
                since: arrived.plus_seconds(-SAME_KEY_SECONDS),
            },
            None => Self {
                key: CreateKey::of_content(fingerprint(&(with_body, number, asked))),
                since: arrived.plus_seconds(-SAME_BODY_SECONDS),
            },
        }
    }
}

/// What a request repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeats<Id> {
    /// An earlier request, which has created that.
    Earlier(Id),
    /// The request at that place of its batch.
    SameAs(usize),
}

/// What the requests of a batch may repeat: what was created before, and each other.
#[derive(Debug)]
pub(crate) struct Repetitions<Id> {
    earlier: BTreeMap<(CompanyId, i64), Earlier<Id>>,
    places: HashMap<(CompanyId, i64), (usize, Option<i64>)>,
}

impl<Id: Copy> Repetitions<Id> {
    /// Those of a batch, in whose companies earlier requests have created that.
    pub(crate) fn new(earlier: BTreeMap<(CompanyId, i64), Earlier<Id>>) -> Self {
        let places = HashMap::new();
        Self { earlier, places }
    }

    /// What a request repeats, if it does.
    ///
    /// `Err` when its sender chose a key that they have used for something else.
    pub(crate) fn find(&self, company: CompanyId, key: CreateKey) -> Result<Option<Repeats<Id>>> {
        let place = (company, key.key);
        let (repeats, asked) = match (self.earlier.get(&place), self.places.get(&place)) {
            (Some(earlier), _) => (Repeats::Earlier(earlier.id), earlier.asked),
            (None, Some(&(first, asked))) => (Repeats::SameAs(first), asked),
            (None, None) => return Ok(None),
        };
        // What a program of an earlier version has created does not say what it was asked for.
        let other = asked.is_some() && asked != key.asked;
        require(!other, Error::KeyUsedBefore)?;
        Ok(Some(repeats))
    }

    /// The request at that place of the batch is done.
    pub(crate) fn note(&mut self, company: CompanyId, key: CreateKey, place: usize) {
        self.places.insert((company, key.key), (place, key.asked));
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

/// A number that stands for the value, the same in every process and release.
pub(crate) fn fingerprint(value: &impl Hash) -> i64 {
    let mut hasher = StableHasher(Sha256::new());
    value.hash(&mut hasher);
    hasher.finish().cast_signed()
}
