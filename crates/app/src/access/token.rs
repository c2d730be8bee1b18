//! Tokens: signed with the same algorithm, claims and key as the reference's, so that its tokens
//! keep working (contract, section 2.2).

mod signed;

use crate::error::{Error, Result};
use crate::hex::hex;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;

/// How long an access token is good for, in seconds.
const ACCESS_SECONDS: i64 = 3600;

/// How long a refresh token is good for, in seconds.
const REFRESH_SECONDS: i64 = 7 * 24 * 3600;

/// The key that tokens are signed with.
#[derive(Clone)]
pub struct Keys {
    key: Hmac<Sha256>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum BadToken {
    /// It is no token of ours, it has expired, or it was taken back.
    #[error("the token is invalid or expired")]
    Invalid,
    #[error("the token has the wrong type")]
    WrongType,
    #[error("the token's owner is not there any more")]
    NoUser,
    #[error("the token's owner is inactive")]
    Inactive,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// Proves who one is.
    Access,
    /// Gets new tokens.
    Refresh,
}

/// What a short secret is for, so that one hash never passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hashed {
    /// The code from a mail.
    Code,
    /// The token that belongs to a code.
    CodeToken,
    /// Where a code was asked for.
    AskedFrom,
}

/// What tokens belong to: it begins when somebody signs in, and goes on with every refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub user: UserId,
    /// How often the person's tokens had been taken back when the token was issued.
    pub token_version: i64,
    /// Says which of the person's sessions it is.
    pub id: String,
}

impl Session {
    /// A new one of that person, whose tokens have that version now.
    pub fn begin(user: UserId, token_version: i64) -> Self {
        Self {
            user,
            token_version,
            id: random_id(),
        }
    }
}

/// What a good token proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// What it belongs to.
    pub(crate) session: Session,
    /// What it is for.
    pub(crate) kind: TokenType,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    token_type: TokenType,
    exp: i64,
    iat: i64,
    jti: String,
    user_id: UserClaim,
    /// The session. A refresh token of the reference has none, and is the beginning of one: what is got for it goes by
    /// its `jti`.
    #[serde(default)]
    sid: Option<String>,
    /// How often the person's tokens had been taken back before. Tokens of the reference are as good as those of
    /// people who never did that.
    #[serde(default)]
    token_version: i64,
}

/// Newer versions of the reference write the id as text, older ones as a number.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum UserClaim {
    Text(String),
    Number(i64),
}

impl Keys {
    /// Keys made of a secret, which should have at least 32 random bytes.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "HMAC takes keys of any length"
    )]
    pub fn new(secret: &[u8]) -> Self {
        let key = Hmac::new_from_slice(secret);
        Self {
            key: key.expect("HMAC takes keys of any length"),
        }
    }

    /// Keys that nothing is signed with but in this process: for commands, which sign nobody in.
    pub fn random() -> Self {
        Self::new(&rand::random::<[u8; 32]>())
    }

    /// The hash under which a person's code is kept. It needs the key because a plain hash of six
    /// digits, however slow, would be undone by trying all of them.
    pub(crate) fn hash(&self, what: Hashed, user: UserId, secret: &str) -> String {
        let what = match what {
            Hashed::Code => "sign-in code",
            Hashed::CodeToken => "sign-in token",
            Hashed::AskedFrom => "sign-in place",
        };
        // No token has a space in what is signed, so that this is never the signature of one.
        hex(&self.mac(&format!("{what} of {user}: {secret}")))
    }

    /// A number that a name always has, and that nobody can tell without the key.
    pub(crate) fn number_of(&self, name: &str) -> u64 {
        let mac = self.mac(&format!("number of {name}"));
        mac.first_chunk()
            .map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    /// What follows from a text that has a space in it, and nobody can tell without the key.
    pub(crate) fn derive(&self, text: &str) -> [u8; 32] {
        self.mac(text)
    }

    fn mac(&self, text: &str) -> [u8; 32] {
        let mac = self.key.clone().chain_update(text);
        mac.finalize().into_bytes().into()
    }

    /// A token of that type and that session.
    pub fn issue(&self, session: &Session, kind: TokenType, now: Timestamp) -> Result<String> {
        let seconds = now.microseconds().div_euclid(1_000_000);
        let lifetime = match kind {
            TokenType::Access => ACCESS_SECONDS,
            TokenType::Refresh => REFRESH_SECONDS,
        };
        let claims = Claims {
            token_type: kind,
            exp: seconds + lifetime,
            iat: seconds,
            jti: random_id(),
            user_id: UserClaim::Text(session.user.to_string()),
            sid: Some(session.id.clone()),
            token_version: session.token_version,
        };
        let claims = serde_json::to_vec(&claims)
            .map_err(|error| Error::Internal(format!("a token could not be written: {error}")))?;
        Ok(signed::sign(&self.key, &claims))
    }

    /// What the token proves, when it has not expired; `None` when it is no token of ours.
    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Option<Proof> {
        let payload = signed::verify(&self.key, token)?;
        let claims: Claims = serde_json::from_slice(&payload).ok()?;
        let user = match claims.user_id {
            UserClaim::Number(id) => id,
            UserClaim::Text(id) => id.parse().ok()?,
        };
        let seconds = |seconds| Timestamp::from_microseconds(0).plus_seconds(seconds);
        let proof = Proof {
            session: Session {
                user: UserId::new(user),
                token_version: claims.token_version,
                id: claims.sid.unwrap_or(claims.jti),
            },
            kind: claims.token_type,
        };
        (seconds(claims.exp) > now).then_some(proof)
    }
}

/// An id that nobody else has, and nobody guesses.
fn random_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_belongs_to_its_key_its_person_and_its_purpose() {
        let keys = Keys::new(b"one key");
        let hash = keys.hash(Hashed::Code, UserId::new(7), "123456");

        assert_eq!(hash.len(), 64);
        assert_eq!(hash, keys.hash(Hashed::Code, UserId::new(7), "123456"));
        for other in [
            Keys::new(b"another").hash(Hashed::Code, UserId::new(7), "123456"),
            keys.hash(Hashed::CodeToken, UserId::new(7), "123456"),
            keys.hash(Hashed::Code, UserId::new(8), "123456"),
            keys.hash(Hashed::Code, UserId::new(7), "123457"),
        ] {
            assert_ne!(hash, other);
        }
    }
}
