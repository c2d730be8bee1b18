//! Answers to whoever does not get to the application, in the form that the API has.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Version};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How many connections are told at a time that there are too many. Others end without a word.
static TELLING: Semaphore = Semaphore::const_new(32);

/// How long it may take to tell it.
const TELLING_TIME: Duration = Duration::from_secs(2);

const TOO_MANY: &str = "There are too many connections; try again in a moment.";

/// Tells a connection that there are too many.
pub(super) fn refuse(mut stream: TcpStream) {
    let Ok(place) = TELLING.try_acquire() else {
        return;
    };
    tokio::spawn(async move {
        let told = async {
            let body = body(TOO_MANY);
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await?;
            // What was sent and never read would take the answer away again.
            let mut unread = [0; 1024];
            while stream.read(&mut unread).await? > 0 {}
            std::io::Result::Ok(())
        };
        drop(timeout(TELLING_TIME, told).await);
        drop(place);
    });
}

/// The answer to a request beyond what an address may have under way.
pub(super) fn too_many() -> Response<Body> {
    let mut answer = answer(StatusCode::SERVICE_UNAVAILABLE, TOO_MANY);
    let retry = HeaderValue::from_static("1");
    answer.headers_mut().insert(RETRY_AFTER, retry);
    answer
}

/// The answer to what is no request.
pub(super) fn bad_request(problem: &str) -> Response<Body> {
    answer(StatusCode::BAD_REQUEST, problem)
}

/// What is wrong with how a request says which server it is for (RFC 9112, section 3.2): whoever stands between may read
/// another line than the server does.
pub(super) fn problem_of_host(version: Version, headers: &HeaderMap) -> Option<&'static str> {
    match headers.get_all(HOST).iter().count() {
        0 if version >= Version::HTTP_11 => Some("The request has no Host header."),
        0 | 1 => None,
        _ => Some("The request has more than one Host header."),
    }
}

fn answer(status: StatusCode, sentence: &str) -> Response<Body> {
    let mut answer = Response::new(Body::from(body(sentence)));
    *answer.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(CONTENT_TYPE, json);
    answer
}

fn body(sentence: &str) -> String {
    serde_json::json!({ "detail": sentence }).to_string()
}
