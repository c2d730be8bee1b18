//! Requests to a router, as they come from the network.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use std::borrow::Borrow;
use tower::ServiceExt as _;

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as JSON; null when it is none.
    pub body: Value,
    /// Its body as it came.
    pub bytes: Vec<u8>,
}

/// Sends a request and waits for the whole answer.
pub async fn send(router: &Router, request: Request<Body>) -> Reply {
    let response = router.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply {
        status: head.status,
        headers: head.headers,
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
        bytes,
    }
}

impl Reply {
    /// A header; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// The rows of a list by one of their fields.
    pub fn column(&self, field: &str) -> Vec<Value> {
        let rows = self.body["results"].as_array().unwrap();
        rows.iter().map(|row| row[field].clone()).collect()
    }

    /// The answer has that status and that body.
    #[track_caller]
    pub fn is(&self, status: u16, body: impl Borrow<Value>) {
        let expected = (status, body.borrow());
        assert_eq!((self.status.as_u16(), &self.body), expected);
    }
}
