//! The token in the head of a request.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use tawzi_web::bearer;

#[test]
fn a_token_stands_alone_behind_its_scheme() {
    for (header, expected) in [
        (Some("Bearer abc"), Ok("abc")),
        (Some("  Bearer   abc "), Ok("abc")),
        (Some("Bearer"), Err("Malformed")),
        (Some("Bearer a b"), Err("Malformed")),
        (Some("Bearer é"), Err("Malformed")),
        (Some("Basic abc"), Err("Missing")),
        (Some("bearer abc"), Err("Missing")),
        (Some(""), Err("Missing")),
        (None, Err("Missing")),
    ] {
        let mut headers = HeaderMap::new();
        if let Some(text) = header {
            let value = HeaderValue::from_bytes(text.as_bytes()).unwrap();
            headers.insert(AUTHORIZATION, value);
        }

        let token = bearer(&headers).map_err(|bad| format!("{bad:?}"));
        assert_eq!(token, expected.map_err(str::to_owned), "{header:?}");
    }
}
