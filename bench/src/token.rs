//! Access tokens, signed with the key that the benchmark gives the server: signing in would measure
//! the hashing of passwords.

use crate::clock;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

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
    let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let key = Hmac::<Sha256>::new_from_slice(SECRET_KEY.as_bytes())?;
    let signature = key.chain_update(&signed).finalize().into_bytes();
    Ok(format!(
        "Bearer {signed}.{}",
        URL_SAFE_NO_PAD.encode(signature)
    ))
}
