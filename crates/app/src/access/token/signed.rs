//! Signed text as tokens carry it: a JSON Web Signature (RFC 7515) in its compact form, made with
//! HMAC and SHA-256 (`HS256`) and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde::Deserialize;
use sha2::Sha256;

const HEADER: &[u8] = br#"{"typ":"JWT","alg":"HS256"}"#;

/// What may stand before the text. A field that is unknown might be one that has to be understood.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "reading it is the check")]
struct Header {
    alg: Algorithm,
    typ: Option<String>,
}

#[derive(Deserialize)]
enum Algorithm {
    #[serde(rename = "HS256")]
    Hs256,
}

/// The text behind its header and before its signature.
pub(super) fn sign(key: &Hmac<Sha256>, payload: &[u8]) -> String {
    let mut signed = URL_SAFE_NO_PAD.encode(HEADER);
    signed.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut signed);
    let signature = key.clone().chain_update(&signed).finalize().into_bytes();
    signed.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut signed);
    signed
}

/// The text that was signed with that key; `None` when it was not, or in another way.
pub(super) fn verify(key: &Hmac<Sha256>, token: &str) -> Option<Vec<u8>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header = URL_SAFE_NO_PAD.decode(header).ok()?;
    serde_json::from_slice::<Header>(&header).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = key.clone().chain_update(signed);
    // Takes as long wherever the signatures differ.
    key.verify_slice(&signature).ok()?;
    URL_SAFE_NO_PAD.decode(payload).ok()
}
