//! The token in the head of a request.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use tawzi_web::{NoBearer, bearer};

#[test]
fn a_token_stands_alone_behind_its_scheme() {
    for (header, expected) in [
        (Some("Bearer abc"), Ok("abc")),
        (Some("  Bearer   abc "), Ok("abc")),
        (Some("Bearer"), Err(NoBearer::Malformed)),
        (Some("Bearer a b"), Err(NoBearer::Malformed)),
        (Some("Bearer é"), Err(NoBearer::Malformed)),
        (Some("Basic abc"), Err(NoBearer::Missing)),
        (Some("bearer abc"), Err(NoBearer::Missing)),
        (Some(""), Err(NoBearer::Missing)),
        (None, Err(NoBearer::Missing)),
    ] {
        let mut headers = HeaderMap::new();
        if let Some(text) = header {
            let value = HeaderValue::from_bytes(text.as_bytes()).unwrap();
            headers.insert(AUTHORIZATION, value);
        }

        assert_eq!(bearer(&headers), expected, "{header:?}");
    }
}
