//! Tokens: signed with the same algorithm, claims and key as the reference's, so that its tokens
//! keep working (contract, section 2.2).

use crate::error::{Error, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use rand::Rng;
use serde::{Deserialize, Serialize};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;

/// How long an access token is good for, in seconds.
const ACCESS_SECONDS: i64 = 3600;

/// How long a refresh token is good for, in seconds.
const REFRESH_SECONDS: i64 = 7 * 24 * 3600;

/// The key that tokens are signed with.
#[derive(Clone)]
pub struct Keys {
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is no token of ours, or it has expired.
    #[error("the token is invalid or expired")]
    Invalid,
    /// It is a token for something else.
    #[error("the token has the wrong type")]
    WrongType,
    /// Its owner is not there any more.
    #[error("the token's owner is not there any more")]
    NoUser,
    /// Its owner may not sign in any more.
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

#[derive(Serialize, Deserialize)]
struct Claims {
    token_type: TokenType,
    exp: i64,
    iat: i64,
    jti: String,
    user_id: UserClaim,
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
    pub fn new(secret: &[u8]) -> Self {
        Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
        }
    }

    /// A token of that type for that person.
    pub fn issue(&self, user: UserId, kind: TokenType, now: Timestamp) -> Result<String> {
        let seconds = now.microseconds().div_euclid(1_000_000);
        let lifetime = match kind {
            TokenType::Access => ACCESS_SECONDS,
            TokenType::Refresh => REFRESH_SECONDS,
        };
        let claims = Claims {
            token_type: kind,
            exp: seconds + lifetime,
            iat: seconds,
            jti: format!("{:032x}", rand::rng().random::<u128>()),
            user_id: UserClaim::Text(user.to_string()),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .map_err(|error| Error::Internal(format!("a token could not be signed: {error}")))
    }

    /// Whose token it is, when it is one of that type and has not expired.
    pub(crate) fn open(
        &self,
        token: &str,
        kind: TokenType,
        now: Timestamp,
    ) -> std::result::Result<UserId, BadToken> {
        let claims = self.claims(token, now)?;
        if claims.token_type != kind {
            return Err(BadToken::WrongType);
        }
        match claims.user_id {
            UserClaim::Number(id) => Ok(UserId::new(id)),
            UserClaim::Text(id) => id.parse().map(UserId::new).map_err(|_| BadToken::Invalid),
        }
    }

    /// Whether it is a token of any type that has not expired.
    pub(crate) fn check(&self, token: &str, now: Timestamp) -> std::result::Result<(), BadToken> {
        self.claims(token, now).map(drop)
    }

    fn claims(&self, token: &str, now: Timestamp) -> std::result::Result<Claims, BadToken> {
        let mut validation = Validation::new(Algorithm::HS256);
        // Compared with the clock that was handed in, without leeway, below.
        validation.validate_exp = false;
        validation.validate_aud = false;
        let token =
            decode::<Claims>(token, &self.verifying, &validation).map_err(|_| BadToken::Invalid)?;
        let expires = Timestamp::from_microseconds(0).plus_seconds(token.claims.exp);
        if expires <= now {
            return Err(BadToken::Invalid);
        }
        Ok(token.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_microseconds(1_764_687_600_000_000);

    #[test]
    fn a_token_opens_with_its_key_until_it_expires() {
        let keys = Keys::new(b"one key");
        let token = keys.issue(UserId::new(7), TokenType::Access, NOW).unwrap();

        let open = |keys: &Keys, at| keys.open(&token, TokenType::Access, at);
        assert_eq!(open(&keys, NOW.plus_seconds(3599)), Ok(UserId::new(7)));
        assert_eq!(open(&keys, NOW.plus_seconds(3600)), Err(BadToken::Invalid));
        assert_eq!(open(&Keys::new(b"another"), NOW), Err(BadToken::Invalid));
    }

    #[test]
    fn a_refresh_token_is_no_access_token() {
        let keys = Keys::new(b"one key");
        let token = keys.issue(UserId::new(7), TokenType::Refresh, NOW).unwrap();

        let opened = keys.open(&token, TokenType::Access, NOW);

        assert_eq!(opened, Err(BadToken::WrongType));
    }

    #[test]
    fn a_token_without_a_signature_is_refused() {
        // {"alg":"none","typ":"JWT"} and claims of user 1 that expire in 2100.
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhw\
                        Ijo0MTAyNDQ0ODAwLCJpYXQiOjAsImp0aSI6IngiLCJ1c2VyX2lkIjoiMSJ9.";

        let opened = Keys::new(b"one key").open(unsigned, TokenType::Access, NOW);

        assert_eq!(opened, Err(BadToken::Invalid));
    }

    #[test]
    fn a_number_as_user_id_is_accepted() {
        let key = EncodingKey::from_secret(b"one key");
        let claims = serde_json::json!({
            "token_type": "access", "exp": 4_102_444_800_i64, "iat": 0, "jti": "x", "user_id": 3,
        });
        let token = encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();

        let opened = Keys::new(b"one key").open(&token, TokenType::Access, NOW);

        assert_eq!(opened, Ok(UserId::new(3)));
    }
}
