//! Where the server was reached, for the addresses in its answers.

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use std::convert::Infallible;

/// The address that the request was sent to, without a path: `https://crm.example:8000`.
#[derive(Clone, Debug)]
pub struct ServerAddress(String);

impl<S: Send + Sync> FromRequestParts<S> for ServerAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        // Whatever a proxy says about the host is not trusted.
        let host = header(HOST.as_str()).filter(|host| host.parse::<Authority>().is_ok());
        let host = host.unwrap_or("localhost");
        // A proxy that ends TLS says so; whoever else does misleads nobody but themselves.
        let scheme = match header("x-forwarded-proto") {
            Some("https") => "https",
            _ => "http",
        };
        Ok(Self(format!("{scheme}://{host}")))
    }
}

impl ServerAddress {
    /// The address of that path.
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}
