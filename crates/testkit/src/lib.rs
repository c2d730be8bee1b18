//! What tests begin with: a database of their own, an application on it, a company with its people, and
//! requests to a router. No program uses it.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on has failed"
)]

mod database;
mod http;
mod world;

pub use database::{TestDatabase, execute_on_server};
pub use http::{Reply, send};
pub use world::{TestUser, World};

use std::time::Duration;
use tawzi_app::{App, Clock, Keys, Mailer};
use tawzi_core::time::Timestamp;
use tawzi_store::Db;

/// Where the clocks of tests begin: the day after everything that the recorded database of the reference holds.
pub const NOON: Timestamp = Timestamp::from_microseconds(1_764_676_800_000_000);

/// What the tokens of tests are signed with.
pub const SECRET: &[u8] = b"a key for tests that is long enough";

/// Where a mail server would be; nobody asks for it but a worker.
pub const MAIL_SERVER: &str = "smtp://127.0.0.1:2525";

/// The way to a mail server at that address.
pub fn mailer(url: &str) -> Mailer {
    Mailer::new(url, "CRM <crm@example.org>").unwrap()
}

/// An application whose queues end with the test.
pub fn application(db: Db, clock: Clock, mailer: Option<Mailer>) -> App {
    let (app, _queues) = App::start(db, clock, Keys::new(SECRET), mailer);
    app
}

/// Asks again and again until there is an answer, for half a minute at most.
pub async fn eventually<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let answered = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    let longest = Duration::from_secs(30);
    tokio::time::timeout(longest, answered).await.unwrap()
}
