//! That a phone number belongs to one client, and the country of numbers that are written without one: with either, the
//! numbers of all clients are kept in another form. They are gathered in steps, beside those that are in force, so that
//! nobody waits for the hundred thousand clients of a company; then the setting is changed, and a job clears away what is
//! not in force any more.
//!
//! Meanwhile a number may be refused that another client has in either form, of the country before or of the next. While
//! numbers may be several clients', nobody looks at what is kept, and nobody keeps it.
//!
//! One change of a company's numbers is under way at a time, whatever process it is in, and none while the job runs (see
//! [`crate::company::phones_turn`]): each would take away what the other has gathered.

use crate::app::App;
use crate::audit::By;
use crate::blocking;
use crate::company::phones_turn::Turn;
use crate::company::settings::{self, SettingsChange};
use crate::error::{Error, Result, Thing};
use crate::pace::Pace;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::{PhoneKey, PhoneRegion};
use tawzi_core::time::Timestamp;
use tawzi_store::{Company, Reader, Tx};
use tokio::sync::Semaphore;

/// How many clients are taken in a step.
const STEP: i64 = 500;

/// How many clients that changed meanwhile may be left to the last transaction, and how often they are taken in steps
/// before it. Of a company in which more change within [`CLOCKS_DIFFER`], it takes that many.
const LEFT: usize = 500;
const ROUNDS: usize = 5;

/// How many seconds the clocks of two servers may differ by.
const CLOCKS_DIFFER: i64 = 60;

/// Numbers are read off the threads that answer.
static READING: Semaphore = Semaphore::const_new(1);

/// What becomes of the numbers that are kept of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Stay,
    Go,
}

/// Whether the new settings need other numbers than those that are kept.
pub(super) fn needs_others(before: &Company, new: &Company) -> bool {
    new.unique_phones && !same_numbers(before, new)
}

/// Whether the same numbers are kept under both settings.
fn same_numbers(one: &Company, other: &Company) -> bool {
    one.unique_phones == other.unique_phones && one.phone_region == other.phone_region
}

/// Changes the settings of a company so that other numbers are needed. It goes on when whoever waits for it has gone:
/// asked again, it is done. `Err` at once while another change of theirs is under way, or too many others'.
pub(super) async fn change(
    app: &App,
    by: By,
    before: Company,
    change: SettingsChange,
) -> Result<Company> {
    let place = app.gatherings.take(Some(before.id), 1)?;
    let app = app.clone();
    let changing = tokio::spawn(async move {
        let _place = place;
        let gathering = Gathering::begin(&app, &before, change).await?;
        let changed = gathering.carry_out(by, change).await;
        if changed.is_err() {
            // A turn that cannot be given back runs out.
            drop(gathering.give_up().await);
        }
        changed
    });
    let changed = changing.await;
    changed.map_err(|error| Error::Internal(error.to_string()))?
}

/// Clears away all numbers that a company's clients have in another form than the one in force, until `stop`; gives
/// whether it is through.
pub async fn tidy_phones(
    app: &App,
    id: CompanyId,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Result<bool> {
    let mut pace = Pace::new();
    let mut after = ClientId::new(0);
    while let Some((clients, last)) = next_clients(app, id, after).await? {
        if stop() {
            return Ok(false);
        }
        let step = async {
            let mut tx = app.db.begin().await?;
            let company = tx.lock_company(id).await?;
            // Where none are in force, whoever switches that on clears away the others.
            let Some(company) = company.filter(|company| company.unique_phones) else {
                return Ok(false);
            };
            take(&mut tx, id, company.phone_region, Others::Go, &clients).await?;
            tx.commit().await?;
            Ok::<_, Error>(true)
        };
        if !pace.step(step).await? {
            break;
        }
        after = last;
    }
    Ok(true)
}

/// The numbers of a company's clients while they are gathered in the form that is to be in force.
struct Gathering<'a> {
    app: &'a App,
    before: &'a Company,
    region: Option<PhoneRegion>,
    others: Others,
    turn: Turn,
    begun: Timestamp,
}

impl<'a> Gathering<'a> {
    async fn begin(app: &'a App, before: &'a Company, change: SettingsChange) -> Result<Self> {
        let mut tx = app.db.begin().await?;
        let turn = Turn::take(&mut tx, before.id).await?;
        tx.commit().await?;
        Ok(Self {
            app,
            before,
            region: change.applied_to(before).phone_region,
            // Where none are in force, those that an earlier time has left are of no use.
            others: if before.unique_phones {
                Others::Stay
            } else {
                Others::Go
            },
            turn,
            begun: app.now(),
        })
    }

    async fn carry_out(&self, by: By, change: SettingsChange) -> Result<Company> {
        let mut pace = Pace::new();
        self.gather(&mut pace).await?;
        let since = self.catch_up(&mut pace).await?;
        let (mut tx, now) = self.lock().await?;
        let changed = changed_since(&mut tx, now.id, since).await?;
        for some in changed.chunks(LEFT) {
            self.take(&mut tx, some).await?;
        }
        let new = change.applied_to(&now);
        self.turn.pass_to_worker(&mut tx).await?;
        settings::save(tx, by, &now, &new, self.app.now()).await?;
        Ok(new)
    }

    /// Takes the numbers of all clients.
    async fn gather(&self, pace: &mut Pace) -> Result<()> {
        let mut after = ClientId::new(0);
        while let Some((clients, last)) = next_clients(self.app, self.before.id, after).await? {
            self.step(pace, &clients).await?;
            after = last;
        }
        Ok(())
    }

    /// Takes the numbers of those that have changed meanwhile, until few are left, and tells since when others may have.
    async fn catch_up(&self, pace: &mut Pace) -> Result<Timestamp> {
        let mut begun = self.begun;
        for _ in 0..ROUNDS {
            let next = self.app.now();
            let mut reader = self.app.db.read().await?;
            let changed = changed_since(&mut reader, self.before.id, begun).await?;
            drop(reader);
            if changed.len() <= LEFT {
                break;
            }
            for some in changed.chunks(LEFT) {
                self.step(pace, some).await?;
            }
            begun = next;
        }
        Ok(begun)
    }

    async fn step(&self, pace: &mut Pace, clients: &[ClientId]) -> Result<()> {
        let step = async {
            let (mut tx, _) = self.lock().await?;
            self.take(&mut tx, clients).await?;
            tx.commit().await?;
            Ok(())
        };
        pace.step(step).await
    }

    /// Locks the company. `Err` when somebody else has changed the settings or has the turn by now.
    async fn lock(&self) -> Result<(Tx, Company)> {
        let mut tx = self.app.db.begin().await?;
        let now = tx.lock_company(self.before.id).await?;
        let now = now.ok_or(Thing::Company)?;
        if !same_numbers(&now, self.before) {
            return Err(Error::TookTooLong);
        }
        self.turn.keep(&mut tx).await?;
        Ok((tx, now))
    }

    async fn take(&self, tx: &mut Tx, clients: &[ClientId]) -> Result<()> {
        take(tx, self.before.id, self.region, self.others, clients).await
    }

    async fn give_up(&self) -> Result<()> {
        let mut tx = self.app.db.begin().await?;
        self.turn.pass_to_worker(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

/// Some clients that come after one, by id, and the last of them; `None` when there are no more.
async fn next_clients(
    app: &App,
    company: CompanyId,
    after: ClientId,
) -> Result<Option<(Vec<ClientId>, ClientId)>> {
    let mut reader = app.db.read().await?;
    let clients = reader.tenant(company).client_ids_after(after, STEP).await?;
    let last = clients.last().copied();
    Ok(last.map(|last| (clients, last)))
}

async fn changed_since(
    reader: &mut Reader,
    company: CompanyId,
    begun: Timestamp,
) -> Result<Vec<ClientId>> {
    let since = begun.plus_seconds(-CLOCKS_DIFFER);
    Ok(reader.tenant(company).clients_changed_since(since).await?)
}

/// Takes the numbers of these clients.
async fn take(
    tx: &mut Tx,
    company: CompanyId,
    region: Option<PhoneRegion>,
    others: Others,
    clients: &[ClientId],
) -> Result<()> {
    let mut tenant = tx.tenant_tx(company);
    let mut numbers = tenant.own_numbers_of(clients).await?;
    numbers.extend(tenant.listed_numbers_of(clients).await?);
    if others == Others::Go {
        tenant.delete_phone_keys_of_all(clients).await?;
    }
    let read = move || {
        let key = |(client, number): (_, String)| Some((PhoneKey::of(&number, region)?, client));
        numbers.into_iter().filter_map(key).collect::<Vec<_>>()
    };
    let keys = blocking::compute(&READING, read).await?;
    let keys = keys.iter().map(|(key, client)| (company, key, *client));
    tx.insert_phone_keys(&keys.collect::<Vec<_>>()).await?;
    Ok(())
}
