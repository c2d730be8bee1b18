//! The stream of a connection, which ends when its client keeps the server waiting for too long.

use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long a new connection may take to send anything at all.
pub(super) const FIRST_TIME: Duration = Duration::from_secs(10);

/// How long the head of a request may take, from its first byte.
pub(super) const HEAD_TIME: Duration = Duration::from_secs(15);

/// How long a client may take until it has room for some more of an answer: some 40 KiB, by the buffer that the system
/// has for it.
pub(super) const WRITE_TIME: Duration = Duration::from_mins(1);

/// How long a client may go on sending what nobody wants, so that it gets to the answer which says so.
pub(super) const LINGER_TIME: Duration = Duration::from_secs(5);

/// Where a connection stands, as its stream and its requests know it.
#[derive(Debug)]
pub(super) struct Progress {
    phase: AtomicU8,
    /// Whether a client was answered that had not sent all of its request.
    unread: AtomicBool,
}

const NEW: u8 = 0;
const IN_HEAD: u8 = 1;
const IN_REQUEST: u8 = 2;
const RESTING: u8 = 3;

impl Progress {
    pub(super) const fn new() -> Self {
        Self {
            phase: AtomicU8::new(NEW),
            unread: AtomicBool::new(false),
        }
    }

    /// The head of a request is there.
    pub(super) fn head_is_there(&self) {
        self.phase.store(IN_REQUEST, Ordering::Relaxed);
    }

    /// It is known what is answered to it.
    pub(super) fn is_answered(&self) {
        self.phase.store(RESTING, Ordering::Relaxed);
    }

    /// The body of the request, of which it is noted whether all is read.
    pub(super) fn watch<B: Body>(self: &Arc<Self>, body: B) -> WatchedBody<B> {
        WatchedBody {
            ended: body.is_end_stream(),
            body,
            progress: Arc::clone(self),
        }
    }

    /// Something arrives.
    fn arrives(&self) {
        if matches!(self.phase.load(Ordering::Relaxed), NEW | RESTING) {
            self.phase.store(IN_HEAD, Ordering::Relaxed);
        }
    }

    /// How long the next byte may take; between requests that is measured elsewhere.
    fn patience(&self) -> Option<Duration> {
        match self.phase.load(Ordering::Relaxed) {
            NEW => Some(FIRST_TIME),
            IN_HEAD => Some(HEAD_TIME),
            _ => None,
        }
    }
}

/// The body of a request.
pub(super) struct WatchedBody<B> {
    body: B,
    ended: bool,
    progress: Arc<Progress>,
}

impl<B: Body<Data = Bytes> + Unpin> Body for WatchedBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.ended = frame.is_none() || self.body.is_end_stream();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Drop for WatchedBody<B> {
    fn drop(&mut self) {
        if !self.ended {
            self.progress.unread.store(true, Ordering::Relaxed);
        }
    }
}

/// The stream of a connection.
pub(super) struct TimedStream<S> {
    stream: S,
    progress: Arc<Progress>,
    /// The phase that `reading` is about.
    phase: Option<Duration>,
    reading: Timer,
    writing: Timer,
    closing: Timer,
}

impl<S> TimedStream<S> {
    pub(super) fn new(stream: S, progress: Arc<Progress>) -> Self {
        Self {
            stream,
            progress,
            phase: None,
            reading: Timer::default(),
            writing: Timer::default(),
            closing: Timer::default(),
        }
    }
}

/// Runs while somebody waits.
#[derive(Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// What came of it, unless that is nothing for so long.
    fn limit<T>(
        &mut self,
        came: Poll<Result<T>>,
        time: Duration,
        context: &mut Context<'_>,
    ) -> Poll<Result<T>> {
        if came.is_ready() {
            self.0 = None;
            return came;
        }
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep(time)));
        ready!(sleep.as_mut().poll(context));
        Poll::Ready(Err(Error::from(ErrorKind::TimedOut)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if read.is_ready() {
            if buffer.filled().len() > before {
                this.progress.arrives();
            }
            return read;
        }
        let patience = this.progress.patience();
        if this.phase != patience {
            this.phase = patience;
            this.reading = Timer::default();
        }
        match patience {
            // The timer is kept when something arrives: the whole head is to be there in time.
            Some(patience) => this.reading.limit(read, patience, context),
            None => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TimedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.writing.limit(written, WRITE_TIME, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.writing.limit(written, WRITE_TIME, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.writing.limit(flushed, WRITE_TIME, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
        if !this.progress.unread.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        // A stream that is dropped with something unread takes the answer away from its client.
        let ended = discard(&mut this.stream, context);
        this.closing.limit(ended, LINGER_TIME, context)
    }
}

/// Reads to the end.
fn discard<S: AsyncRead + Unpin>(stream: &mut S, context: &mut Context<'_>) -> Poll<Result<()>> {
    let mut unread = [0; 4096];
    loop {
        let mut unread = ReadBuf::new(&mut unread);
        ready!(Pin::new(&mut *stream).poll_read(context, &mut unread))?;
        if unread.filled().is_empty() {
            return Poll::Ready(Ok(()));
        }
    }
}
