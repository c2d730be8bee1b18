//! All clients of a company as a file, which is written while it is read.

use crate::Shared;
use crate::wire::caller::Overseer;
use crate::wire::failure::Answer;
use crate::wire::parameters::Parameters;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use http_body::Frame;
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use tawzi_app::{ByteOrderMark, OwnClientsFile, export_own_clients};
use tokio::sync::mpsc::{self, Receiver, Sender};
use utoipa::IntoParams;

/// How the file is written.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
pub(crate) struct ExportQuery {
    /// Whether the file begins with the mark by which Excel knows UTF-8; it does unless this is `false`.
    #[param(required = false, example = true)]
    bom: bool,
}

/// Exports all clients of the company as they are at this moment.
///
/// A company has one export at a time, which ends after 10 minutes however slowly it is read. One that is broken off ends
/// without the end of its body.
#[utoipa::path(
    get,
    path = "/api/clients/export/",
    tag = "clients",
    params(ExportQuery),
    responses((status = 200, description = "A CSV file.", body = String, content_type = "text/csv; charset=utf-8"))
)]
pub(crate) async fn export(
    State(state): State<Shared>,
    Overseer(actor): Overseer,
    parameters: Parameters,
) -> Answer<Response> {
    let mark = match parameters.says("bom")? {
        Some(false) => ByteOrderMark::LeftOut,
        Some(true) | None => ByteOrderMark::Written,
    };
    let mut file = export_own_clients(&state.app, &actor, mark).await?;
    let first = file.next().await?.unwrap_or_default();
    let moment = state.app.now().to_string();
    let day = moment.split('T').next().unwrap_or_default();
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"clients-{day}.csv\""),
        ),
        // Otherwise a page would not see what the file is called.
        (
            ACCESS_CONTROL_EXPOSE_HEADERS,
            CONTENT_DISPOSITION.to_string(),
        ),
    ];
    Ok((headers, streamed(first, file)).into_response())
}

/// What comes next of a file.
enum Next {
    Part(Vec<u8>),
    End,
}

/// The rest of a file, behind that part; a part waits while one is read.
fn streamed(first: Vec<u8>, file: OwnClientsFile) -> Body {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        if let Err(error) = give_out(first, file, sender).await {
            tracing::warn!(%error, "an export was broken off");
        }
    });
    Body::new(Streamed(receiver))
}

/// Gives a file out, until its end or until nobody reads it.
async fn give_out(
    first: Vec<u8>,
    mut file: OwnClientsFile,
    sender: Sender<Next>,
) -> tawzi_app::Result<()> {
    let mut next = Next::Part(first);
    loop {
        let is_end = matches!(next, Next::End);
        let is_read = file.wait(sender.send(next)).await?.is_ok();
        if is_end || !is_read {
            return Ok(());
        }
        next = file.next().await?.map_or(Next::End, Next::Part);
    }
}

/// A body whose parts come one by one. Without its end it fails, so that nobody takes a part for the whole.
struct Streamed(Receiver<Next>);

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.0.poll_recv(context).map(|next| match next {
            Some(Next::Part(part)) => Some(Ok(Frame::data(Bytes::from(part)))),
            Some(Next::End) => None,
            None => Some(Err(Error::from(ErrorKind::ConnectionAborted))),
        })
    }
}
