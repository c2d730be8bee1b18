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

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::KeyInit as _;

    /// The example of RFC 7515, appendix A.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    /// The key of that example.
    fn example_key() -> Hmac<Sha256> {
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        Hmac::new_from_slice(&URL_SAFE_NO_PAD.decode(key).unwrap()).unwrap()
    }

    fn key() -> Hmac<Sha256> {
        Hmac::new_from_slice(b"one key").unwrap()
    }

    /// That header, text and signature by the key, whatever the header says.
    fn token(header: &str, payload: &str) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!(
            "{}.{}",
            encode(header.as_bytes()),
            encode(payload.as_bytes())
        );
        let signature = key().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", encode(&signature))
    }

    #[test]
    fn the_published_example_is_verified() {
        let payload =
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

        assert_eq!(verify(&example_key(), EXAMPLE), Some(payload.into()));
        assert_eq!(verify(&key(), EXAMPLE), None);
    }

    #[test]
    fn what_is_signed_is_verified_as_it_was() {
        for payload in ["", "{}", "{\"name\":\"خالد\"}"] {
            let signed = sign(&key(), payload.as_bytes());

            assert_eq!(verify(&key(), &signed), Some(payload.into()));
            assert_eq!(signed, token(r#"{"typ":"JWT","alg":"HS256"}"#, payload));
        }
    }

    #[test]
    fn another_header_is_refused_although_its_signature_is_right() {
        for good in [r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"alg":"HS256"}"#] {
            assert_eq!(verify(&key(), &token(good, "{}")), Some("{}".into()));
        }
        for bad in [
            "",
            "{}",
            "HS256",
            r#"{"typ":"JWT"}"#,
            r#"{"alg":"none"}"#,
            r#"{"alg":"hs256"}"#,
            r#"{"alg":"HS384"}"#,
            r#"{"alg":"HS512"}"#,
            r#"{"alg":"RS256"}"#,
            r#"{"alg":["HS256"]}"#,
            r#"{"alg":"HS256","alg":"HS256"}"#,
            r#"{"alg":"HS256","typ":1}"#,
            r#"{"alg":"HS256","crit":["exp"]}"#,
            r#"{"alg":"HS256"} {}"#,
        ] {
            assert_eq!(verify(&key(), &token(bad, "{}")), None, "{bad}");
        }
    }

    #[test]
    fn one_changed_letter_is_refused() {
        let token = sign(&key(), b"{\"user_id\":\"7\"}");

        for (place, letter) in token.char_indices() {
            for other in ["A", "g", "=", "+", "/", ".", ""].map(str::to_owned) {
                if other != letter.to_string() {
                    let changed = format!("{}{other}{}", &token[..place], &token[place + 1..]);
                    assert_eq!(verify(&key(), &changed), None, "{changed}");
                }
            }
        }
    }

    #[test]
    fn more_or_fewer_parts_or_another_way_to_write_them_are_refused() {
        let token = sign(&key(), b"{}");
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, payload) = signed.split_once('.').unwrap();
        // The last letter of a signature has two bits that say nothing.
        let last = signature.chars().last().unwrap();
        let next = char::from_u32(u32::from(last) + 1).unwrap();
        let loose = format!("{}{next}", &signature[..signature.len() - 1]);

        for changed in [
            String::new(),
            "..".to_owned(),
            signed.to_owned(),
            format!("{signed}."),
            format!("{header}..{signature}"),
            format!("{header}.{payload}.{payload}.{signature}"),
            format!(".{token}"),
            format!("{token}."),
            format!("{token}="),
            format!(" {token}"),
            format!("{token}\n"),
            format!("{signed}.{loose}"),
            format!("{signed}.{}", &signature[..40]),
        ] {
            assert_eq!(verify(&key(), &changed), None, "{changed}");
        }
    }
}
