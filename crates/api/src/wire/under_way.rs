//! Answers on their way: each is held in memory until its client has read it, so how much of one company is under way
//! is limited, and how long one can be.
//!
//! The longest page that is not asked for by its size has a hundred rows. With the longest notes, ten thousand
//! letters of four bytes, that are 4 MiB; a client with all that one request can bring, 64 KiB, takes little more.

use crate::wire::failure::Failure;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body::{Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use tawzi_app::{Error, Place, Room};
use tawzi_core::id::CompanyId;

/// How long an answer can be.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Answers of up to so many bytes are not counted.
const SHORT: u64 = 64 * 1024;

/// How many bytes of longer ones are under way at most, and how many of them to one company. Whoever belongs to none
/// shares with all others of that kind.
const MOST: usize = 256 * 1024 * 1024;
const MOST_OF_COMPANY: usize = 48 * 1024 * 1024;

/// How much is given out at a time.
const PART: usize = 32 * 1024;

/// The company that asks, once that is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asker(Arc<OnceLock<CompanyId>>);

impl Asker {
    /// Says which company it is.
    pub(crate) fn is_of(&self, company: CompanyId) {
        self.0.get_or_init(|| company);
    }
}

/// The answers of this process that are under way.
#[derive(Clone, Debug)]
pub(crate) struct UnderWay(Arc<Room<Option<CompanyId>>>);

impl UnderWay {
    /// None so far.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Room::new(MOST, MOST_OF_COMPANY)))
    }
}

/// The answer, if it is short enough and there is room for it.
pub(crate) async fn limited(
    State(UnderWay(room)): State<UnderWay>,
    mut request: Request,
    next: Next,
) -> Response {
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    let answer = next.run(request).await;
    let size = answer.body().size_hint().exact().unwrap_or_default();
    if size <= SHORT {
        return answer;
    }
    if size > MAX_BYTES {
        let sentence = "These rows are too long for one answer; ask for fewer with page_size.";
        return Failure::detail(StatusCode::BAD_REQUEST, sentence).into_response();
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    match room.take(Some(asker.0.get().copied()), size) {
        Ok(place) => kept(answer, place).await,
        Err(full) => Failure::from(Error::Full(full)).into_response(),
    }
}

async fn kept(answer: Response, place: Place<Option<CompanyId>>) -> Response {
    let (head, body) = answer.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(rest) => Response::from_parts(
            head,
            Body::new(Kept {
                rest,
                _place: place,
            }),
        ),
        Err(_) => Failure::internal().into_response(),
    }
}

/// A body that has its place until all of it is given out.
struct Kept {
    rest: Bytes,
    _place: Place<Option<CompanyId>>,
}

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let part = self.rest.len().min(PART);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(part)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    const LONG: usize = 10 * 1024 * 1024;

    /// Answers of so many bytes to that company.
    fn router(size: usize, company: i64, under_way: UnderWay) -> Router {
        let answer = move |request: Request| async move {
            let asker = request.extensions().get::<Asker>().unwrap();
            asker.is_of(CompanyId::new(company));
            "x".repeat(size)
        };
        Router::new()
            .route("/", get(answer))
            .layer(from_fn_with_state(under_way, limited))
    }

    async fn answer(size: usize, company: i64, under_way: &UnderWay) -> Response {
        let request = Request::get("/").body(Body::empty()).unwrap();
        let router = router(size, company, under_way.clone());
        router.oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn answers_that_a_company_does_not_read_leave_room_for_the_others() {
        let under_way = UnderWay::new();
        let mut unread = Vec::new();
        for _ in 0..MOST_OF_COMPANY / LONG {
            unread.push(answer(LONG, 1, &under_way).await);
        }

        let refused = answer(LONG, 1, &under_way).await;
        let short = answer(1000, 1, &under_way).await;
        let others = answer(LONG, 2, &under_way).await;
        let read = unread.pop().unwrap();
        assert_eq!(read.status(), StatusCode::OK);
        let read = to_bytes(read.into_body(), LONG).await.unwrap();
        let again = answer(LONG, 1, &under_way).await;

        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(read.len(), LONG);
        for good in [short, others, again] {
            assert_eq!(good.status(), StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn no_answer_is_longer_than_16_mib() {
        let under_way = UnderWay::new();

        let longest = answer(16 * 1024 * 1024, 1, &under_way).await;
        let longer = answer(16 * 1024 * 1024 + 1, 2, &under_way).await;

        assert_eq!(longest.status(), StatusCode::OK);
        assert_eq!(longest.body().size_hint().exact(), Some(MAX_BYTES));
        assert_eq!(longer.status(), StatusCode::BAD_REQUEST);
    }
}
