//! Connections: each is served until its client has had enough, keeps the server waiting, or the
//! server stops. How many there may be says `limits.rs`, how long a client may take `stream.rs`.

mod limits;
mod refusal;
mod stream;

pub(crate) use limits::Limits;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use stream::{Progress, TimedStream};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// How long a connection may rest between two requests: longer than proxies keep one that is idle (a minute).
const REST_TIME: Duration = Duration::from_secs(75);

/// How long the head of a request can be: its address with all conditions, and its headers.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// How much of an answer the system holds for a client that does not read; it takes twice as much.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;

/// How many connections wait to be accepted.
const BACKLOG: u32 = 1024;

/// Listens on that address.
pub(crate) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    // Connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves whoever connects, until it is to stop and what is in hand is answered.
pub(crate) async fn serve(
    mut listener: TcpListener,
    app: Router,
    limits: Limits,
    stop: &CancellationToken,
) {
    let limits = Arc::new(limits);
    let connections = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            // It waits and tries again when the system has none left.
            accepted = Listener::accept(&mut listener) => accepted,
            () = stop.cancelled() => break,
        };
        let Some(place) = limits.let_in(peer.ip()) else {
            refusal::refuse(stream);
            continue;
        };
        let connection = connection(stream, peer, app.clone(), Arc::clone(&limits));
        let served = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = served.await {
                // It is the client that went, or was too slow.
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    connections.shutdown().await;
}

fn connection<Stream>(
    stream: Stream,
    peer: SocketAddr,
    app: Router,
    limits: Arc<Limits>,
) -> impl GracefulConnection<Error = hyper::Error> + Send
where
    Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let progress = Arc::new(Progress::new());
    let stream = TimedStream::new(stream, Arc::clone(&progress));
    let service = service_fn(move |request: Request<Incoming>| {
        let (app, limits) = (app.clone(), Arc::clone(&limits));
        let progress = Arc::clone(&progress);
        async move {
            progress.head_is_there();
            let request = request.map(|body| Body::new(progress.watch(body)));
            let answer = answer(request, peer, app, &limits).await;
            progress.is_answered();
            Ok::<_, Infallible>(answer)
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REST_TIME)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
}

/// The answer to a request, unless it is none or its address has too many under way.
async fn answer(
    request: Request<Body>,
    peer: SocketAddr,
    app: Router,
    limits: &Arc<Limits>,
) -> Response<Body> {
    if let Some(problem) = refusal::problem_of_host(request.version(), request.headers()) {
        return refusal::bad_request(problem);
    }
    let (mut head, body) = request.into_parts();
    head.extensions.insert(ConnectInfo(peer));
    let Ok(_place) = limits.let_ask(&mut head).await else {
        return refusal::too_many();
    };
    let Ok(answer) = app.oneshot(Request::from_parts(head, body)).await;
    answer
}

#[cfg(test)]
mod tests;
