//! Going through all lines of a file before any is imported.

use super::bad_lines::BadLines;
use super::header::Header;
use super::lines::{Line, Lines};
use super::update::{self, Difference};
use super::{CsvError, CsvReport, ImportMode, KnownClients, STEP};
use crate::app::App;
use crate::clients::ClientWithPhones;
use crate::clients::columns::Column;
use crate::clients::create::Create;
use crate::clients::create::batch::{self, Foreseen};
use crate::clients::phones::numbers;
use crate::error::Result;
use crate::progress::Progress;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use tawzi_core::id::ClientId;
use tawzi_core::phone::PhoneKey;
use tawzi_core::text::folded::folded;
use tawzi_store::{Company, Reader};

/// What was found.
pub(super) struct Checked<'r> {
    /// What would come of the lines, as far as it was asked.
    pub(super) report: CsvReport,
    /// How many lines are good.
    pub(super) good: usize,
    /// Which lines are which clients of the company, by their ids.
    pub(super) known: HashMap<u64, ClientId>,
    pub(super) bad: BadLines<'r>,
}

/// What the database says about a few lines.
#[derive(Default)]
struct Found {
    foreseen: HashMap<u64, Foreseen>,
    clients: HashMap<ClientId, ClientWithPhones>,
}

/// What earlier lines of the file have.
#[derive(Default)]
struct Earlier {
    lines: HashMap<i64, u64>,
    clients: HashMap<ClientId, u64>,
    phones: HashSet<PhoneKey>,
}

/// Checks every line. What the database says about them is asked in a dry run, where phone numbers must be nobody
/// else's, and where lines say which client they are; it holds if nobody else writes meanwhile.
pub(super) async fn check<'r>(
    app: &App,
    company: &Company,
    lines: &Lines<'_>,
    (mode, known): (ImportMode, KnownClients),
    bad: BadLines<'r>,
    progress: &dyn Progress,
) -> Result<Checked<'r>, CsvError> {
    progress.begin("lines", lines.about_how_many());
    let asks = mode == ImportMode::DryRun || company.unique_phones || lines.header.has(Column::Id);
    let mut checked = Checked {
        report: CsvReport::default(),
        good: 0,
        known: HashMap::new(),
        bad,
    };
    let mut earlier = Earlier::default();
    let mut rest = lines.read();
    loop {
        let chunk: Vec<_> = rest.by_ref().take(STEP).collect();
        let Some(last) = chunk.last() else {
            return Ok(checked);
        };
        let begin = chunk.first().map_or(0, |line| line.row.line);
        let found = if asks {
            // Not for longer: others of the company read, too.
            let mut reader = app.db.read_list(company.id).await?;
            Found::by(app, &mut reader, company, &chunk).await?
        } else {
            Found::default()
        };
        for line in &chunk {
            let foreseen = found.foreseen.get(&line.row.line);
            let client = found.client(company, &lines.header, line, foreseen);
            let receiver = lines.require_active(line, client.as_ref().ok().copied().flatten());
            let judged = match (&line.create, client) {
                (Err(problem), _) => Err(problem.clone()),
                (Ok(_), Err(problem)) => Err(problem),
                (Ok(_), Ok(Some(client))) => {
                    let difference = match known {
                        KnownClients::Stay => None,
                        KnownClients::Change => Difference::of(&lines.header, line, client),
                    };
                    let id = client.client.id;
                    receiver.and_then(|()| checked.recognise(line, id, difference, &mut earlier))
                }
                (Ok(create), Ok(None)) => receiver
                    .and_then(|()| checked.judge(company, create, line, foreseen, &mut earlier)),
            };
            if let Err(problem) = judged {
                let added = checked.bad.add(&lines.header, &line.row, &problem);
                added.map_err(CsvError::Report)?;
            }
        }
        progress.advance(last.row.line - begin + 1);
        // So that others have their turn on this thread.
        tokio::task::yield_now().await;
    }
}

impl Found {
    /// What would come of the good lines, and which clients they say to be.
    async fn by(
        app: &App,
        reader: &mut Reader,
        company: &Company,
        chunk: &[Line<'_>],
    ) -> Result<Self> {
        let good = chunk.iter().filter(|line| line.create.is_ok());
        let numbers = good.map(|line| line.row.line);
        let creates: Vec<_> = chunk
            .iter()
            .filter_map(|line| line.create.as_ref().ok())
            .collect();
        let foreseen = batch::foresee(reader, company, &creates, app.now()).await?;
        let ids = chunk.iter().filter_map(|line| line.same_as);
        let ids: Vec<_> = ids.map(|same| same.id).collect();
        Ok(Self {
            foreseen: numbers.zip(foreseen).collect(),
            clients: update::read(reader.tenant(company.id), &ids).await?,
        })
    }

    /// The client that a line says to be. An id that comes without a time may be of another installation: if the same
    /// line has created another client here, it is that one. `Err` when nothing but the id says so: it may be a serial
    /// number, or another program's.
    fn client(
        &self,
        company: &Company,
        header: &Header,
        line: &Line<'_>,
        foreseen: Option<&Foreseen>,
    ) -> Result<Option<&ClientWithPhones>, String> {
        let there = line
            .same_as
            .and_then(|same| Some((same, self.clients.get(&same.id)?)));
        let (Some((same, client)), Ok(create)) = (there, &line.create) else {
            return Ok(None);
        };
        if let Some(is_that) = same.is(&client.client) {
            return Ok(is_that.then_some(client));
        }
        match foreseen {
            Some(&Foreseen::Repeated(Some(created))) if created != same.id => Ok(None),
            _ if agrees(company, header, create, client) => Ok(Some(client)),
            _ => Err(format!(
                "id {} is the client {}, with another name and other phone numbers; if the ids are not Tawzi's, have \
                 the column id ignored; otherwise export the clients again and change that file",
                same.id, client.client.name
            )),
        }
    }
}

/// Whether a line and a client have their name or a phone number in common, however they are written; or the file says
/// neither.
fn agrees(company: &Company, header: &Header, create: &Create, there: &ClientWithPhones) -> bool {
    let says = |column| header.has(column);
    let number = says(Column::PhoneNumber) || says(Column::OtherPhoneNumbers);
    if !says(Column::Name) && !number {
        return true;
    }
    let key = |number| PhoneKey::of(number, company.phone_region);
    let (own, others) = there.numbers();
    let known: Vec<_> = own.into_iter().chain(others).filter_map(key).collect();
    let mut said = create.client.written_numbers().filter_map(key);
    let name = says(Column::Name) && folded(&create.client.name) == folded(&there.client.name);
    name || said.any(|key| known.contains(&key))
}

impl Checked<'_> {
    /// Counts a line that is a client of the company, and what it changes; `Err` when an earlier one is it, too.
    fn recognise(
        &mut self,
        line: &Line<'_>,
        id: ClientId,
        difference: Option<Difference>,
        earlier: &mut Earlier,
    ) -> Result<(), String> {
        let number = line.row.line;
        match earlier.clients.entry(id) {
            Entry::Occupied(first) => {
                let first = first.get();
                return Err(format!("says to be client {id}, as line {first} does"));
            }
            Entry::Vacant(none) => none.insert(number),
        };
        self.good += 1;
        self.known.insert(number, id);
        match difference {
            None => self.report.repeated += 1,
            Some(difference) => {
                self.report.changed += 1;
                self.report.changes.add(number, difference.sentence);
            }
        }
        Ok(())
    }

    /// Counts what would come of a line; `Err` says why nothing would. What an earlier line has is noted only once
    /// nothing is wrong with that line.
    fn judge(
        &mut self,
        company: &Company,
        create: &Create,
        line: &Line<'_>,
        foreseen: Option<&Foreseen>,
        earlier: &mut Earlier,
    ) -> Result<(), String> {
        let (number, key) = (line.row.line, create.repetition.key.key);
        if let Some(first) = earlier.lines.get(&key) {
            self.good += 1;
            self.report.repeated += 1;
            let same = format!("says the same client as line {first}, phone number and all");
            self.report.twice.add(number, same);
            return Ok(());
        }
        match foreseen {
            Some(Foreseen::Repeated(Some(_))) => {
                earlier.lines.insert(key, number);
                self.good += 1;
                self.report.repeated += 1;
                return Ok(());
            }
            Some(Foreseen::Refused(sentence)) => return Err(sentence.clone()),
            // The line that it repeats is bad, or says by its id which client it is: this one stands for itself.
            Some(Foreseen::Repeated(None) | Foreseen::Created { .. }) | None => {}
        }
        let numbers = numbers(company, create.client.written_numbers());
        let mut taken = numbers.iter();
        if let Some(taken) = taken.find(|number| earlier.phones.contains(&number.key)) {
            return Err(taken.stands_twice());
        }
        let keys = numbers.into_iter().map(|number| number.key);
        earlier.phones.extend(keys);
        earlier.lines.insert(key, number);
        self.good += 1;
        self.report.created += 1;
        let assigned = foreseen == Some(&Foreseen::Created { assigned: true });
        self.report.assigned += usize::from(assigned);
        Ok(())
    }
}
