//! Access tokens, signed with the key that the benchmark gives the server: signing in would measure
//! the hashing of passwords.

use crate::clock;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;

/// The key, in the server's environment as `TAWZI_SECRET_KEY`.
pub(crate) const SECRET_KEY: &str = "the key of a benchmark guards nothing";

/// What a person's requests say in `Authorization`, for a day.
pub(crate) fn authorization(user: i64) -> anyhow::Result<String> {
    let now = clock::since_1970().as_secs();
    let claims = json!({
        "token_type": "access",
        "exp": now + 24 * 3600,
        "iat": now,
        "jti": format!("{user:032x}"),
        "user_id": user.to_string(),
    });
    let key = EncodingKey::from_secret(SECRET_KEY.as_bytes());
    let token = encode(&Header::default(), &claims, &key)?;
    Ok(format!("Bearer {token}"))
}
