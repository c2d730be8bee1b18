//! The body of a request: a JSON object, or the sentence that Django REST framework says when it
//! is none.

use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{FieldErrors, python_type};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use serde_json::{Map, Value};

/// The object; an empty body is an empty object.
#[derive(Debug)]
pub(crate) struct Object(pub(crate) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let media_type = media_type(request.headers());
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| unreadable(rejection.into_response().status()))?;
        if bytes.is_empty() {
            return Ok(Self(Map::new()));
        }
        if !essence(&media_type).eq_ignore_ascii_case("application/json") {
            return Err(Failure::detail(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("Unsupported media type \"{media_type}\" in request."),
            ));
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(other) => Err(Failure::fields(no_object(&other))),
            Err(error) => Err(Failure::bad_request(format!("JSON parse error - {error}"))),
        }
    }
}

/// What the request says that its body is.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let header = headers.get(CONTENT_TYPE);
    let text = header.and_then(|header| header.to_str().ok());
    text.unwrap_or_default().to_owned()
}

/// A media type without its parameters.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

fn unreadable(status: StatusCode) -> Failure {
    let sentence = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "The request's body is too large.",
        _ => "The request's body could not be read.",
    };
    Failure::detail(status, sentence)
}

fn no_object(value: &Value) -> FieldErrors {
    let sentence = match value {
        Value::Null => "No data provided".to_owned(),
        other => format!(
            "Invalid data. Expected a dictionary, but got {}.",
            python_type(other)
        ),
    };
    FieldErrors::of("non_field_errors", sentence)
}
