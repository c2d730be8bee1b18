//! Connections: each is served until its client has had enough, keeps the server waiting, or the
//! server stops.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// How long a connection may take to bring the head of its next request: longer than proxies keep one
/// that is idle (a minute). Whoever opens many and sends next to nothing would use up what the
/// system has of them.
const HEAD_TIME: Duration = Duration::from_secs(75);

/// Serves whoever connects, until it is to stop and what is in hand is answered.
pub(crate) async fn serve(mut listener: TcpListener, app: Router, stop: &CancellationToken) {
    let connections = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            // It waits and tries again when the system has none left.
            accepted = Listener::accept(&mut listener) => accepted,
            () = stop.cancelled() => break,
        };
        let served = connections.watch(connection(stream, peer, app.clone()));
        tokio::spawn(async move {
            if let Err(error) = served.await {
                // It is the client that went, or was too slow.
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}

fn connection<Stream>(
    stream: Stream,
    peer: SocketAddr,
    app: Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send
where
    Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().oneshot(request.map(Body::new))
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    const PEER: SocketAddr =
        SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

    fn app() -> Router {
        let address = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
        Router::new().route("/", get(address))
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_does_not_end_is_not_waited_for() {
        for sent in [
            "",
            "GET / HTTP/1.1\r\nHost: x\r\nX: ",
            "GET / HTTP/1.1\r\n\r\n",
        ] {
            let (mut client, server) = duplex(1024);
            client.write_all(sent.as_bytes()).await.unwrap();

            let begun = tokio::time::Instant::now();
            drop(connection(server, PEER, app()).await);

            assert_eq!(begun.elapsed().as_secs(), HEAD_TIME.as_secs(), "{sent}");
        }
    }

    #[tokio::test]
    async fn a_request_knows_whose_it_is() {
        let (mut client, server) = duplex(1024);
        let request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        client.write_all(request).await.unwrap();

        connection(server, PEER, app()).await.unwrap();

        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("127.0.0.1:1"), "{answer}");
    }
}
