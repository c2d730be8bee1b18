//! Photos of people, for the `<img>` of a page, which can send no token: whoever knows the key in the
//! address may see the photo, and the address is told only to those who see its person.

use crate::Shared;
use crate::wire::failure::Answer;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tawzi_app::read_photo;
use tawzi_web::ServerAddress;

/// A removed photo is gone from the last browser after an hour; a new one has another address.
const KEPT: &str = "private, max-age=3600";

/// Opened by itself, a photo does nothing whatever it may contain.
const POLICY: &str = "default-src 'none'; sandbox";

/// Where a person's photo is; `None` when we hold none, wherever the reference may have one.
pub(crate) fn address_of_photo(key: Option<&str>, server: &ServerAddress) -> Option<String> {
    Some(server.of(&format!("/api/photos/{}/", key?)))
}

/// Shows a photo.
#[utoipa::path(
    get,
    path = "/api/photos/{key}/",
    tag = "users",
    operation_id = "photo",
    params(("key" = String, Path, description = "As in the address that `profile_photo` tells.")),
    responses(
        (
            status = 200,
            description = "The photo.",
            content(
                (Vec<u8> = "image/png"),
                (Vec<u8> = "image/jpeg"),
                (Vec<u8> = "image/webp"),
                (Vec<u8> = "image/gif"),
            ),
        ),
        (status = 304, description = "The browser has it."),
    )
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    key: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Answer<Response> {
    // What is no text is no key either.
    let key = key.map_or(String::new(), |Path(key)| key);
    let photo = read_photo(&state.app, &key).await?;
    let tag = format!("\"{key}\"");
    let kept = [
        (CACHE_CONTROL, KEPT.to_owned()),
        (ETAG, tag.clone()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    if names(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let media_type = photo.image_type.media_type();
    Ok((kept, [(CONTENT_TYPE, media_type)], photo.content).into_response())
}

/// Whether the browser has what that tag stands for.
fn names(headers: &HeaderMap, tag: &str) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter();
    let tags = tags.filter_map(|tags| tags.to_str().ok());
    tags.flat_map(|tags| tags.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == tag || one == "*")
}
