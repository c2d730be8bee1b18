//! The application: what every verb works with. There is one for each process.

use crate::access::actor::Actor;
use crate::access::api_keys::KeyUses;
use crate::access::lookup::Lookups;
use crate::access::password::Passwords;
use crate::access::token::Keys;
use crate::afterwards::Afterwards;
use crate::audit::Refusals;
use crate::client_tasks::TaskLog;
use crate::clients::create::Creates;
use crate::clock::Clock;
use crate::company_batches::CompanyBatches;
use crate::error::Result;
use crate::mail::Mailer;
use crate::room::Room;
use crate::taken_names::TakenNames;
use crate::uploads::{Exports, Uploads};
use std::sync::Arc;
use std::time::Duration;
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Db, Reader};
use tokio::task::JoinHandle;

/// How many companies' numbers are gathered at a time, so that those who work meanwhile wait for few steps of them.
const MOST_GATHERINGS: usize = 2;

/// The database, the clock, the keys, the way to a mail server, the queues of this process, and what is under way in it.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    pub(crate) passwords: Passwords,
    pub(crate) mailer: Option<Mailer>,
    pub(crate) lookups: Lookups,
    pub(crate) creates: CompanyBatches<Creates>,
    pub(crate) task_log: CompanyBatches<TaskLog>,
    pub(crate) key_uses: KeyUses,
    pub(crate) uploads: Arc<Uploads>,
    pub(crate) exports: Arc<Exports>,
    pub(crate) gatherings: Arc<Room<CompanyId>>,
    pub(crate) refusals: Refusals,
    pub(crate) afterwards: Afterwards,
    pub(crate) taken_names: Arc<TakenNames>,
}

/// What works off the queues of an application.
#[derive(Debug)]
pub struct Queues(Vec<JoinHandle<()>>);

impl App {
    /// Starts an application, and what works off its queues. Without a way to a mail server, codes go to
    /// the log.
    pub fn start(db: Db, clock: Clock, keys: Keys, mailer: Option<Mailer>) -> (Self, Queues) {
        let (lookups, lookup_task) = Lookups::start(db.clone());
        let (creates, create_task) = CompanyBatches::start(db.clone(), Creates(clock.clone()));
        let (task_log, log_task) = CompanyBatches::start(db.clone(), TaskLog(clock.clone()));
        let (key_uses, use_task) = KeyUses::start(db.clone(), clock.clone());
        let (refusals, refusal_task) = Refusals::start(db.clone(), clock.clone());
        let (afterwards, afterwards_task) = Afterwards::start();
        let app = Self {
            db,
            clock,
            keys,
            passwords: Passwords::on_this_machine(),
            mailer,
            lookups,
            creates,
            task_log,
            key_uses,
            uploads: Arc::new(Uploads::new()),
            exports: Arc::new(Exports::new()),
            gatherings: Arc::new(Room::new(MOST_GATHERINGS, 1)),
            refusals,
            afterwards,
            taken_names: Arc::default(),
        };
        let tasks = vec![
            lookup_task,
            create_task,
            log_task,
            use_task,
            refusal_task,
            afterwards_task,
        ];
        (app, Queues(tasks))
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where it is counted what strangers did in vain.
    pub const fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// The clock.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A connection for a page of a list, or for counting: of those that the asker's company may have at a time.
    pub(crate) async fn read_list(&self, actor: &Actor) -> Result<Reader> {
        Ok(match actor.company() {
            Some(company) => self.db.read_list(company).await?,
            None => self.db.read().await?,
        })
    }

    /// Where everything is kept.
    pub const fn db(&self) -> &Db {
        &self.db
    }
}

impl Queues {
    /// Waits until everything that is queued is written, which it is once every copy of the application is gone;
    /// but not longer than that.
    pub async fn finish(self, longest: Duration) {
        let finished = async {
            for task in self.0 {
                // One that panicked has said so where that happened.
                drop(task.await);
            }
        };
        drop(tokio::time::timeout(longest, finished).await);
    }
}
