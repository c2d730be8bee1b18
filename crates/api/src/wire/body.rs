//! The body of a request: a JSON object, or the sentence that Django REST framework says when it
//! is none. What kind of body it is said to be is looked at before it is read, and only the fields of the
//! request are kept of it.

mod wanted;

use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{FieldErrors, python_type};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use serde_json::{Map, Value};
use std::marker::PhantomData;
use tawzi_web::MAX_BODY_BYTES;

/// How many values a body can have; each but the first stands behind a comma.
const MAX_VALUES: usize = 100_000;

/// The fields that a request can have.
pub(crate) trait Declared {
    /// Their names on the wire.
    const FIELDS: &'static [&'static str];
}

/// The object, with those of its keys that are fields of that request; an empty body is an empty object.
#[derive(Debug)]
pub(crate) struct Object<R>(pub(crate) Map<String, Value>, pub(crate) PhantomData<R>);

impl<S: Send + Sync, R: Declared> FromRequest<S> for Object<R> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let media_type = media_type(request.headers());
        if !essence(&media_type).eq_ignore_ascii_case("application/json") {
            require_none(request.into_body(), &media_type).await?;
            return Ok(Self(Map::new(), PhantomData));
        }
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| unreadable(rejection.into_response().status()))?;
        let fields = if bytes.len() > MAX_BODY_BYTES {
            // It takes more than a millisecond.
            let parsed = tokio::task::spawn_blocking(move || fields(&bytes, R::FIELDS));
            parsed.await.map_err(|_| Failure::internal())??
        } else {
            fields(&bytes, R::FIELDS)?
        };
        Ok(Self(fields, PhantomData))
    }
}

/// The fields of those names that the object has.
fn fields(bytes: &[u8], names: &'static [&'static str]) -> Answer<Map<String, Value>> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let no_json = |error: &dyn std::fmt::Display| {
        Err(Failure::bad_request(format!("JSON parse error - {error}")))
    };
    if bytes.split(|byte| *byte == b',').count() > MAX_VALUES {
        return no_json(&format_args!("more than {MAX_VALUES} values"));
    }
    match wanted::parse(bytes, names) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => Err(Failure::fields(no_object(&other))),
        Err(error) => no_json(&error),
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

/// The parts of a form, of which none was read yet.
pub(crate) async fn form(request: Request) -> Answer<Multipart> {
    if !has_boundary(&media_type(request.headers())) {
        return Err(bad_form("the boundary is missing"));
    }
    let form = Multipart::from_request(request, &()).await;
    form.map_err(|rejection| bad_form(&rejection.body_text()))
}

/// Whether it is said what stands between the parts of the form.
fn has_boundary(media_type: &str) -> bool {
    let mut parameters = media_type.split(';').skip(1);
    parameters.any(|parameter| {
        let parameter = parameter.split_once('=');
        parameter.is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("boundary")
                && !value.trim_matches([' ', '"']).is_empty()
        })
    })
}

/// The answer to a form that cannot be read.
pub(crate) fn bad_form(problem: &str) -> Failure {
    Failure::bad_request(format!("Multipart form parse error - {problem}"))
}

/// Nothing, if there is no body; otherwise the answer to one that is said to be of that other kind.
pub(crate) async fn require_none(body: Body, media_type: &str) -> Answer<()> {
    let none = to_bytes(body, 0).await.map(drop);
    none.map_err(|_| {
        Failure::detail(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("Unsupported media type \"{media_type}\" in request."),
        )
    })
}

/// The answer to a body that cannot be read.
pub(crate) fn unreadable(status: StatusCode) -> Failure {
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
