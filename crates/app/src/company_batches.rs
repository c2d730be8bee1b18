//! Work on companies that many requests ask for at the same moment, done for all of them in one transaction:
//! a busy moment costs one transaction instead of hundreds. A request that comes alone is done at once; when many
//! wait, their batch lets those that are on their way come along.
//!
//! A batch takes the companies whose lock is free and leaves the others to the next one, so that nobody waits
//! for somebody else's company. A company that was passed over twice is waited for by a batch of its own,
//! beside the others; once it has that lock, it takes along whatever else waits and is free.
//!
//! Where several processes ask for the same companies at the same moment, each would find half of them locked
//! and write many small batches, which cost more. While companies are passed over, batches therefore take turns;
//! what arrives meanwhile is done together. Nobody waits for a company while it is their turn.

mod lines;
mod work;

pub(crate) use work::CompanyWork;

use crate::error::{Error, Result};
use crate::room::Room;
use lines::Lines;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tawzi_core::id::CompanyId;
use tawzi_store::{Company, Db, Tx};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;
use work::Waiting;

/// How many requests are done together at most.
const BATCH: usize = 256;

/// For how long a batch of a busy moment lets others come along. Whoever was answered by the last batch asks again
/// meanwhile: without it, half of them just miss each batch, and a create costs a fifth more.
const COME_ALONG: Duration = Duration::from_millis(2);

/// How many bytes of requests wait at most.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// How many of them can be of one company: thousands of requests as people write them.
const BYTES_OF_COMPANY: usize = 4 * 1024 * 1024;

/// What a request takes besides its texts, with the connection that it came by.
const BYTES_OF_REQUEST: usize = 1024;

/// The way to whoever does the work in this process.
#[derive(Clone, Debug)]
pub(crate) struct CompanyBatches<W: CompanyWork> {
    // What is in it has its place in the room.
    queue: mpsc::UnboundedSender<Waiting<W>>,
    room: Arc<Room<CompanyId>>,
}

impl<W: CompanyWork> CompanyBatches<W> {
    /// Starts to work. It ends, with everything done, once every copy of the way to it is gone.
    pub(crate) fn start(db: Db, work: W) -> (Self, JoinHandle<()>) {
        let (queue, arriving) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            db,
            work,
            lines: Mutex::new(Lines::new()),
        });
        let task = tokio::spawn(run(shared, arriving));
        let room = Arc::new(Room::new(MOST_BYTES, BYTES_OF_COMPANY));
        (Self { queue, room }, task)
    }

    /// The answer to one request. Whoever gives up, by dropping this, before the locks are held or after half a
    /// minute, will not find it done later. `Err` at once when too much waits already, of that company or at all.
    pub(crate) async fn ask(&self, request: W::Request) -> Result<W::Answer> {
        let bytes = BYTES_OF_REQUEST + W::bytes(&request);
        let place = self.room.take(Some(W::company(&request)), bytes)?;
        let (reply, answer) = oneshot::channel();
        let arrived = Instant::now();
        let sent = self.queue.send(Waiting {
            request,
            reply,
            arrived,
            _place: place,
        });
        sent.map_err(|_| Error::Stopping)?;
        answer.await.map_err(|_| work::unanswered(arrived))?
    }
}

/// What the batches of a process have in common.
struct Shared<W: CompanyWork> {
    db: Db,
    work: W,
    lines: Mutex<Lines<W>>,
}

impl<W: CompanyWork> Shared<W> {
    fn lines(&self) -> MutexGuard<'_, Lines<W>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets requests in and starts batches, each in a task of its own, so that one that panics is not the last.
async fn run<W: CompanyWork>(
    shared: Arc<Shared<W>>,
    mut arriving: mpsc::UnboundedReceiver<Waiting<W>>,
) {
    let mut batches = JoinSet::new();
    let mut arrived = Vec::with_capacity(BATCH);
    let mut open = true;
    loop {
        let now = Instant::now();
        if let Some(company) = shared.lines().wait_for(now) {
            batches.spawn(do_batch(InHand::new(&shared, Some(company))));
        }
        if shared.lines().start_taking(now) {
            batches.spawn(do_batch(InHand::new(&shared, None)));
        }
        let (done, retry) = {
            let lines = shared.lines();
            (!open && lines.is_empty(), lines.next_retry())
        };
        if done && batches.is_empty() {
            return;
        }
        tokio::select! {
            count = arriving.recv_many(&mut arrived, BATCH), if open => {
                open = count > 0;
                shared.lines().let_in(arrived.drain(..));
            }
            Some(ended) = batches.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a batch broke off");
                }
            }
            () = tokio::time::sleep_until(retry.unwrap_or(now)), if retry.is_some() => {}
        }
    }
}

/// The companies of which a batch has requests in hand; others leave them alone until this is dropped, also
/// when the batch panics.
struct InHand<W: CompanyWork> {
    shared: Arc<Shared<W>>,
    companies: BTreeSet<CompanyId>,
    /// The company that the batch waits for, if it does.
    waited_for: Option<CompanyId>,
}

impl<W: CompanyWork> InHand<W> {
    fn new(shared: &Arc<Shared<W>>, waited_for: Option<CompanyId>) -> Self {
        Self {
            shared: Arc::clone(shared),
            companies: BTreeSet::from_iter(waited_for),
            waited_for,
        }
    }
}

impl<W: CompanyWork> Drop for InHand<W> {
    fn drop(&mut self) {
        self.shared
            .lines()
            .put_down(&self.companies, self.waited_for);
    }
}

/// What became of each request, in the same order; `None` where nothing was done, as somebody else has locked its
/// company or whoever asked has given up.
type Answers<W> = Vec<Option<Result<<W as CompanyWork>::Answer>>>;

/// Does what waits and may be done, once the transaction is open: it may have had to wait.
async fn do_batch<W: CompanyWork>(mut hand: InHand<W>) {
    let shared = Arc::clone(&hand.shared);
    if hand.waited_for.is_none() && shared.lines().is_busy(Instant::now()) {
        tokio::time::sleep(COME_ALONG).await;
    }
    let opened = open(&shared, hand.waited_for).await;
    let requests = shared.lines().take(hand.waited_for, BATCH, Instant::now());
    hand.companies.extend(companies_of(&requests));
    let done = match opened {
        Ok(opened) => transact(&shared, hand.waited_for, opened, &requests).await,
        Err(error) => Err(error),
    };
    settle(&shared, hand.waited_for, done, requests).await;
}

/// A transaction, and the company that it has waited for, if it has and that is there.
type Opened = (Tx, Vec<Company>);

/// Opens a transaction. It waits for the company, or else for its turn while there is a crowd.
async fn open<W: CompanyWork>(shared: &Shared<W>, waited_for: Option<CompanyId>) -> Result<Opened> {
    let mut tx = shared.db.begin().await?;
    if let Some(company) = waited_for {
        let held = tx.lock_companies(&[company]).await?;
        return Ok((tx, held));
    }
    if shared.lines().is_crowded(Instant::now()) {
        match tx.take_turn().await {
            // Whoever has the turn hangs; it goes without.
            Err(tawzi_store::Error::Busy(_)) => tx = shared.db.begin().await?,
            turn => turn?,
        }
    }
    Ok((tx, Vec::new()))
}

/// Locks the companies of the requests that are free, besides the one that is held already, works and commits.
async fn transact<W: CompanyWork>(
    shared: &Shared<W>,
    waited_for: Option<CompanyId>,
    (mut tx, mut companies): Opened,
    requests: &[Waiting<W>],
) -> Result<Answers<W>> {
    let others = companies_of(requests).into_iter();
    let others: Vec<_> = others.filter(|&id| Some(id) != waited_for).collect();
    if !others.is_empty() {
        companies.extend(tx.lock_free_companies(&others).await?);
        companies.sort_unstable_by_key(|company| company.id);
    }
    let locked: BTreeSet<_> = companies
        .iter()
        .map(|company| company.id)
        .chain(waited_for)
        .collect();
    // Whoever has given up meanwhile was told that it is not done.
    let doing = |waiting: &Waiting<W>| locked.contains(&waiting.company()) && waiting.is_wanted();
    let doing: Vec<bool> = requests.iter().map(doing).collect();
    let wanted = requests.iter().zip(&doing).filter(|(_, doing)| **doing);
    let wanted: Vec<_> = wanted.map(|(waiting, _)| &waiting.request).collect();
    let mut answers = Vec::new();
    if !wanted.is_empty() {
        match shared.work.work(&mut tx, &companies, &wanted).await {
            Ok(done) => answers = done,
            Err(error) => {
                // What fails is done one by one, which needs the locks.
                drop(tx.roll_back().await);
                return Err(error);
            }
        }
        let mut done = requests.iter().zip(&doing).filter(|(_, doing)| **doing);
        if done.any(|(waiting, _)| waiting.is_overdue()) {
            // The database hung meanwhile.
            tx.roll_back().await?;
            return Err(Error::TookTooLong);
        }
        tx.commit().await?;
    }
    let mut answers = answers.into_iter();
    let missing = || Err(Error::Internal("a request got no answer".to_owned()));
    let outcome = |doing: bool| doing.then(|| answers.next().unwrap_or_else(missing));
    Ok(doing.into_iter().map(outcome).collect())
}

/// Tells everybody what became of their requests, and lets those wait on whose companies were not free.
async fn settle<W: CompanyWork>(
    shared: &Shared<W>,
    waited_for: Option<CompanyId>,
    mut done: Result<Answers<W>>,
    requests: Vec<Waiting<W>>,
) {
    if let Err(error) = &done {
        tracing::warn!(%error, size = requests.len(), "a batch failed");
        if error.for_others().is_some() {
            done = again(shared, None, &requests).await;
        }
    }
    let answers = match done {
        Ok(answers) => answers,
        Err(Error::TookTooLong) => return try_young_again(shared, requests),
        Err(error) => one_by_one(shared, waited_for, error, &requests).await,
    };
    let (mut done_in, mut passed_over) = (BTreeSet::new(), Vec::new());
    for (waiting, outcome) in requests.into_iter().zip(answers) {
        match outcome {
            Some(answer) => {
                done_in.insert(waiting.company());
                // Whoever asked may have gone.
                drop(waiting.reply.send(answer));
            }
            None if waiting.is_wanted() => passed_over.push(waiting),
            None => {}
        }
    }
    let mut lines = shared.lines();
    lines.done_in(&done_in);
    lines.put_back(passed_over, Instant::now());
}

/// Lets the younger requests of a batch that was undone wait on; those that might be too old the next time are told
/// so now.
fn try_young_again<W: CompanyWork>(shared: &Shared<W>, requests: Vec<Waiting<W>>) {
    let (young, old): (Vec<_>, Vec<_>) = requests.into_iter().partition(Waiting::is_young);
    for waiting in old {
        drop(waiting.reply.send(Err(Error::TookTooLong)));
    }
    shared.lines().let_wait_on(young);
}

/// Does each request by itself after they failed together, so that only the one that cannot be done fails;
/// unless it is the database that fails, which all of them have to be told. Only the company that was waited for
/// before is waited for again.
async fn one_by_one<W: CompanyWork>(
    shared: &Shared<W>,
    waited_for: Option<CompanyId>,
    failed: Error,
    requests: &[Waiting<W>],
) -> Answers<W> {
    let told = requests.iter().map(|_| failed.for_others().map(Err));
    if let Some(told) = told.collect::<Option<Vec<_>>>() {
        return told.into_iter().map(Some).collect();
    }
    if requests.len() == 1 {
        return vec![Some(Err(failed))];
    }
    let mut answers = Vec::with_capacity(requests.len());
    let mut passed_over = BTreeSet::new();
    for waiting in requests {
        let company = waiting.company();
        // Those of a company are done in order.
        let outcome = if passed_over.contains(&company) {
            None
        } else {
            let waited_for = waited_for.filter(|&waited_for| waited_for == company);
            match again(shared, waited_for, std::slice::from_ref(waiting)).await {
                Ok(mut outcome) => outcome.pop().flatten(),
                Err(error) => Some(Err(error)),
            }
        };
        if outcome.is_none() {
            passed_over.insert(company);
        }
        answers.push(outcome);
    }
    answers
}

/// Does requests in another transaction, after waiting for the company that is named.
async fn again<W: CompanyWork>(
    shared: &Shared<W>,
    waited_for: Option<CompanyId>,
    requests: &[Waiting<W>],
) -> Result<Answers<W>> {
    let opened = open(shared, waited_for).await?;
    transact(shared, waited_for, opened, requests).await
}

fn companies_of<W: CompanyWork>(requests: &[Waiting<W>]) -> BTreeSet<CompanyId> {
    requests.iter().map(Waiting::company).collect()
}

#[cfg(test)]
mod tests;
