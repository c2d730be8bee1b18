//! Just enough HTTP/1.1 to ask a server over a connection that stays open, and to cost little
//! beside it.

use anyhow::{Context, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More headers than any answer has.
const MAX_HEADERS: usize = 64;

/// An open connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The head of an answer: its status, and where its body begins and ends.
struct Head {
    status: u16,
    begin: usize,
    end: usize,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("nobody listens on {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
        })
    }

    /// Sends a request and gives the status and the body of the answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            self.read().await?;
            if let Some(head) = head(&self.buffer)? {
                break head;
            }
        };
        while self.buffer.len() < head.end {
            self.read().await?;
        }
        Ok((head.status, &self.buffer[head.begin..head.end]))
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection in the middle of an answer");
        }
        Ok(())
    }
}

/// The head, once all of it is there.
fn head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(begin) = response.parse(bytes)? else {
        return Ok(None);
    };
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| {
            std::str::from_utf8(header.value)
                .ok()?
                .parse::<usize>()
                .ok()
        });
    let Some(length) = length else {
        bail!("an answer did not say how long it is; chunked answers are not understood here");
    };
    Ok(Some(Head {
        status: response.code.unwrap_or_default(),
        begin,
        end: begin + length,
    }))
}

/// A request to read something.
pub(crate) fn get(path: &str, authorization: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n\r\n")
        .into_bytes()
}

/// A request that sends JSON.
pub(crate) fn post(path: &str, authorization: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_complete_or_not_yet_there() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";

        assert!(head(&answer[..30]).unwrap().is_none());
        let head = head(answer).unwrap().unwrap();
        assert_eq!(
            (head.status, &answer[head.begin..head.end]),
            (201, &b"{}"[..])
        );
    }

    #[test]
    fn a_post_says_how_long_it_is() {
        let request = String::from_utf8(post("/a/", "Bearer x", "{\"ä\":1}")).unwrap();

        assert!(request.contains("Content-Length: 8\r\n\r\n{\"ä\":1}"));
    }
}
