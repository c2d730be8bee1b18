//! A file in the body of a request: the whole body, or the part `file` of a form.

use crate::wire::body::{self, essence, media_type, require_none};
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::FieldErrors;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use std::convert::Infallible;
use tawzi_app::{Actor, App, FileUpload, MAX_CLIENTS_FILE_BYTES, begin_clients_file};
use utoipa::ToSchema;

/// The longest body of a request with such a file, which may be a form.
pub(crate) const MAX_BYTES: usize = MAX_CLIENTS_FILE_BYTES + 64 * 1024;

/// The part of a form that is the file.
const FILE: &str = "file";

/// What a file may be called that is the whole body; what it is says the file itself.
const FILE_TYPES: [&str; 7] = [
    "text/csv",
    "application/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/octet-stream",
];

/// A file, as a page's form sends it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body for the document")]
pub(super) struct FileForm {
    /// The file.
    #[schema(format = Binary)]
    file: String,
}

/// A request with a file, of which nothing was read yet.
#[derive(Debug)]
pub(crate) struct SentFile(Request);

/// A file that has come in.
pub(super) struct ReceivedFile {
    pub(super) content: Vec<u8>,
    _upload: FileUpload,
}

impl<S: Send + Sync> FromRequest<S> for SentFile {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(request))
    }
}

impl SentFile {
    /// The file. There is not always room for another one.
    pub(super) async fn read(self, app: &App, actor: &Actor) -> Answer<ReceivedFile> {
        let media_type = media_type(self.0.headers());
        let kind = essence(&media_type).to_lowercase();
        let is_form = kind == "multipart/form-data";
        if !is_form && !FILE_TYPES.contains(&&*kind) {
            require_none(self.0.into_body(), &media_type).await?;
            return Err(missing());
        }
        let upload = begin_clients_file(app, actor)?;
        let content = if is_form {
            of_form(self.0).await?
        } else {
            let bytes = Bytes::from_request(self.0, &()).await;
            let bytes = bytes.map_err(|rejection| unreadable(rejection.into_response().status()));
            Vec::from(bytes?)
        };
        if content.len() > MAX_CLIENTS_FILE_BYTES {
            return Err(too_large());
        }
        Ok(ReceivedFile {
            content,
            _upload: upload,
        })
    }
}

/// The file in a form; other fields mean nothing.
async fn of_form(request: Request) -> Answer<Vec<u8>> {
    let mut form = body::form(request).await?;
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|error| failed(&error))? {
        let is_file = field.name() == Some(FILE) && field.file_name() != Some("");
        if is_file && file.is_some() {
            let sentence = "Send one file at a time.";
            return Err(Failure::fields(FieldErrors::of(FILE, sentence)));
        }
        if is_file {
            file = Some(content(field).await?);
        }
    }
    file.ok_or_else(missing)
}

async fn content(mut field: Field<'_>) -> Answer<Vec<u8>> {
    let mut content = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| failed(&error))? {
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

fn failed(error: &MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => body::bad_form(&error.body_text()),
    }
}

fn unreadable(status: StatusCode) -> Failure {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status => body::unreadable(status),
    }
}

fn missing() -> Failure {
    Failure::fields(FieldErrors::of(FILE, "No file was submitted."))
}

fn too_large() -> Failure {
    let most = MAX_CLIENTS_FILE_BYTES >> 20;
    Failure::file_too_large(&format!("The file has more than {most} MiB"))
}
