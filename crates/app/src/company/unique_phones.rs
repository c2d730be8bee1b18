//! That a phone number belongs to one client, and the country of numbers that are written without one: with either, the
//! numbers of all clients are kept in another form. They are gathered in steps, beside those that are in force, so that
//! nobody waits for the hundred thousand clients of a company; then the setting is changed.
//!
//! Meanwhile a number may be refused that another client has in either form, of the country before or of the next. While
//! numbers may be several clients', nobody looks at what is kept, and nobody keeps it.
//!
//! One server changes one company after the other. Where two change the region of one company at the same moment, the
//! slower one is told to ask again; if it comes while the other one clears away the older form, some of that may stay, and
//! refuse numbers, until the setting is switched off and on.

use crate::app::App;
use crate::audit::By;
use crate::blocking;
use crate::company::settings::{self, SettingsChange};
use crate::error::{Error, Result, Thing};
use crate::pace::Pace;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::{PhoneKey, PhoneRegion};
use tawzi_core::time::Timestamp;
use tawzi_store::{Company, Reader, Tx};
use tokio::sync::{Mutex, Semaphore};

/// How many clients are taken in a step.
const STEP: i64 = 500;

/// How many clients that changed meanwhile may be left to the last transaction, and how often they are taken in steps
/// before it.
const LEFT: usize = 100;
const ROUNDS: usize = 5;

/// How many seconds the clocks of two servers may differ by.
const CLOCKS_DIFFER: i64 = 60;

/// One company after the other.
static TURN: Mutex<()> = Mutex::const_new(());

/// Numbers are read off the threads that answer.
static READING: Semaphore = Semaphore::const_new(1);

/// What becomes of the numbers that are kept of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Stay,
    Go,
}

/// Changes the settings of a company. It goes on when whoever waits for it has gone: asked again, it is done.
pub(super) async fn change(
    app: &App,
    by: By,
    id: CompanyId,
    change: SettingsChange,
) -> Result<Company> {
    let app = app.clone();
    let changing = tokio::spawn(async move {
        let _turn = TURN.lock().await;
        change_in_turn(&app, by, id, change).await
    });
    let changed = changing.await;
    changed.map_err(|error| Error::Internal(error.to_string()))?
}

async fn change_in_turn(
    app: &App,
    by: By,
    id: CompanyId,
    change: SettingsChange,
) -> Result<Company> {
    let mut pace = Pace::new();
    let before = app.db.read().await?.company(id).await?;
    let before = before.ok_or(Thing::Company)?;
    let wanted = change.applied_to(&before);
    let region = wanted.phone_region;
    let gathering = needs_others(&before, &wanted);
    // Where none are in force, those that an earlier time has left are of no use.
    let others = if before.unique_phones {
        Others::Stay
    } else {
        Others::Go
    };
    let mut begun = app.now();
    if gathering {
        gather(app, &before, region, others, &mut pace).await?;
        begun = catch_up(app, id, region, others, begun, &mut pace).await?;
    }
    let mut tx = app.db.begin().await?;
    let now = tx.lock_company(id).await?.ok_or(Thing::Company)?;
    let new = change.applied_to(&now);
    if gathering || needs_others(&now, &new) {
        if !same_numbers(&now, &before) {
            // Somebody else has changed them at the same moment.
            return Err(Error::TookTooLong);
        }
        for client in changed_since(&mut tx, id, begun).await? {
            take_one(&mut tx, id, region, others, client).await?;
        }
    }
    settings::save(tx, by, &now, &new, app.now()).await?;
    if gathering && before.unique_phones {
        gather(app, &new, region, Others::Go, &mut pace).await?;
    }
    Ok(new)
}

/// Whether the same numbers are kept under both settings.
fn same_numbers(one: &Company, other: &Company) -> bool {
    one.unique_phones == other.unique_phones && one.phone_region == other.phone_region
}

/// Whether the new settings need other numbers than those that are kept.
fn needs_others(before: &Company, new: &Company) -> bool {
    new.unique_phones && !same_numbers(before, new)
}

/// Takes the numbers of all clients, in steps, as long as the settings are those that are in force: somebody else may
/// change them meanwhile.
async fn gather(
    app: &App,
    in_force: &Company,
    region: Option<PhoneRegion>,
    others: Others,
    pace: &mut Pace,
) -> Result<()> {
    let company = in_force.id;
    let mut after = ClientId::new(0);
    loop {
        let step = async {
            let mut tx = app.db.begin().await?;
            let now = tx.lock_company(company).await?.ok_or(Thing::Company)?;
            if !same_numbers(&now, in_force) {
                return Ok(None);
            }
            let last = take_some(&mut tx, company, region, (after, STEP), others).await?;
            tx.commit().await?;
            Ok::<_, Error>(last)
        };
        match pace.step(step).await? {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// Takes the numbers of those that have changed meanwhile, until few are left, and tells since when others may have.
async fn catch_up(
    app: &App,
    company: CompanyId,
    region: Option<PhoneRegion>,
    others: Others,
    mut begun: Timestamp,
    pace: &mut Pace,
) -> Result<Timestamp> {
    for _ in 0..ROUNDS {
        let next = app.now();
        let changed = changed_since(&mut app.db.read().await?, company, begun).await?;
        if changed.len() <= LEFT {
            break;
        }
        for some in changed.chunks(LEFT) {
            let step = async {
                let mut tx = app.db.begin().await?;
                tx.lock_company(company).await?;
                for client in some {
                    take_one(&mut tx, company, region, others, *client).await?;
                }
                tx.commit().await?;
                Ok::<_, Error>(())
            };
            pace.step(step).await?;
        }
        begun = next;
    }
    Ok(begun)
}

async fn changed_since(
    reader: &mut Reader,
    company: CompanyId,
    begun: Timestamp,
) -> Result<Vec<ClientId>> {
    let since = begun.plus_seconds(-CLOCKS_DIFFER);
    Ok(reader.tenant(company).clients_changed_since(since).await?)
}

async fn take_one(
    tx: &mut Tx,
    company: CompanyId,
    region: Option<PhoneRegion>,
    others: Others,
    client: ClientId,
) -> Result<()> {
    let before = ClientId::new(client.get() - 1);
    take_some(tx, company, region, (before, 1), others).await?;
    Ok(())
}

/// Takes the numbers of so many clients that come after one, by id, and gives the last of them; `None` when there are no
/// more.
async fn take_some(
    tx: &mut Tx,
    company: CompanyId,
    region: Option<PhoneRegion>,
    (after, most): (ClientId, i64),
    others: Others,
) -> Result<Option<ClientId>> {
    let mut tenant = tx.tenant_tx(company);
    let own = tenant.own_numbers(after, most).await?;
    let Some(&(last, _)) = own.last() else {
        return Ok(None);
    };
    let listed = tenant.listed_numbers(after, last).await?;
    if others == Others::Go {
        tenant.delete_phone_keys_between(after, last).await?;
    }
    let own = own
        .into_iter()
        .filter_map(|(id, number)| Some((id, number?)));
    let numbers: Vec<_> = own.chain(listed).collect();
    let read = move || {
        let key = |(client, number): (_, String)| Some((PhoneKey::of(&number, region)?, client));
        numbers.into_iter().filter_map(key).collect::<Vec<_>>()
    };
    let keys = blocking::compute(&READING, read).await?;
    let keys = keys.iter().map(|(key, client)| (company, key, *client));
    tx.insert_phone_keys(&keys.collect::<Vec<_>>()).await?;
    Ok(Some(last))
}
