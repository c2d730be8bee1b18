//! Clients from and to CSV files.

use crate::clients::PageRequest;
use crate::error::{Error, Result};
use crate::intake::{Draft, Outcome, Repetition, Request, write_in};
use crate::progress::Progress;
use std::collections::HashMap;
use std::io::{Read, Write};
use tawzi_core::client::{BadBudget, Budget, ClientType, PhoneType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientFilter, ClientOrder, Db, NewPhone, SortKey, Tx, Viewer};

/// How many lines one statement writes at most.
const CHUNK: usize = 1_000;

/// The columns that are read, in the order in which they are written.
const COLUMNS: [&str; 8] = [
    "name",
    "phone_number",
    "priority",
    "type",
    "status",
    "communication_way",
    "budget",
    "assigned_to",
];

/// Columns that are written, and passed over when they are read.
const WRITTEN_ONLY: [&str; 5] = [
    "id",
    "created_at",
    "assigned_at",
    "last_contacted_at",
    "other_phone_numbers",
];

/// Why a file was not imported. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The file is no CSV file, or its columns are not those of clients.
    #[error("{0}")]
    File(String),
    /// Some lines are wrong.
    #[error("{}", .0.join("\n"))]
    Lines(Vec<String>),
    /// The database failed, or there is no such company.
    #[error(transparent)]
    App(#[from] Error),
}

impl From<tawzi_store::Error> for CsvError {
    fn from(error: tawzi_store::Error) -> Self {
        Self::App(error.into())
    }
}

/// What was imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsvReport {
    /// Clients that were created.
    pub created: usize,
    /// Of those, clients that went to somebody.
    pub assigned: usize,
    /// Lines whose client was imported before, or stands twice in the file.
    pub repeated: usize,
}

/// The names of a company that lines may use.
struct Vocabulary {
    statuses: HashMap<String, StatusId>,
    channels: HashMap<String, ChannelId>,
    people: HashMap<String, UserId>,
}

/// Imports clients: each line becomes one, by the same rule as any client that arrives. All or
/// nothing; a file that is imported again creates nothing twice. With `dry_run` nothing is written.
pub async fn import_clients(
    db: &Db,
    company: CompanyId,
    file: impl Read,
    dry_run: bool,
    now: Timestamp,
    progress: &dyn Progress,
) -> std::result::Result<CsvReport, CsvError> {
    let mut tx = db.begin().await?;
    tx.lock_company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    let vocabulary = Vocabulary::read(&mut tx, company).await?;
    let requests = parse(file, company, &vocabulary)?;
    progress.begin("clients", u64::try_from(requests.len()).unwrap_or(0));
    let mut report = CsvReport::default();
    for chunk in requests.chunks(CHUNK) {
        for outcome in write_in(&mut tx, chunk, now).await? {
            match outcome {
                Outcome::Created(created) => {
                    report.created += 1;
                    report.assigned += usize::from(created.client.assigned_to.is_some());
                }
                Outcome::Repeated(..) => report.repeated += 1,
                Outcome::Refused(error) => return Err(error.into()),
            }
        }
        progress.advance(u64::try_from(chunk.len()).unwrap_or(0));
    }
    if !dry_run {
        tx.commit().await?;
    }
    Ok(report)
}

/// Writes all clients of a company, the oldest first.
pub async fn export_clients(
    db: &Db,
    company: CompanyId,
    target: impl Write,
    progress: &dyn Progress,
) -> Result<u64> {
    let failed =
        |error: csv::Error| Error::Refused(format!("the clients could not be written: {error}"));
    let mut reader = db.read().await?;
    reader
        .company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    let mut tenant = reader.tenant(company);
    let filter = ClientFilter {
        viewer: Viewer::Everything,
        words: Vec::new(),
    };
    let order = [ClientOrder {
        key: SortKey::CreatedAt,
        descending: false,
    }];
    let count = tenant.count_clients(&filter).await?;
    progress.begin("clients", count.unsigned_abs());
    let mut target = csv::Writer::from_writer(target);
    let header = ["id"]
        .into_iter()
        .chain(COLUMNS)
        .chain(WRITTEN_ONLY.into_iter().skip(1));
    target.write_record(header).map_err(failed)?;
    let mut written = 0;
    for number in 1.. {
        let page = PageRequest {
            number,
            size: 1_000,
        };
        let clients = tenant
            .clients(&filter, &order, page.offset(), page.size)
            .await?;
        if clients.is_empty() {
            break;
        }
        let ids: Vec<_> = clients.iter().map(|client| client.id).collect();
        let mut phones: HashMap<_, Vec<String>> = HashMap::new();
        for phone in tenant.phones_of(&ids).await? {
            phones
                .entry(phone.client_id)
                .or_default()
                .push(phone.phone_number);
        }
        for client in &clients {
            let mut numbers = phones.remove(&client.id).unwrap_or_default();
            let first = client
                .phone_number
                .clone()
                .or_else(|| numbers.first().cloned());
            numbers.retain(|number| Some(number) != first.as_ref());
            let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
            let fields = [
                client.id.to_string(),
                client.name.clone(),
                first.unwrap_or_default(),
                client.priority.clone(),
                client.client_type.clone(),
                client.status_name.clone().unwrap_or_default(),
                client.channel_name.clone().unwrap_or_default(),
                client
                    .budget_hundredths
                    .map_or_else(String::new, |b| b.to_string()),
                client.assigned_to_username.clone().unwrap_or_default(),
                client.created_at.to_string(),
                time(client.assigned_at),
                time(client.last_contacted_at),
                numbers.join(" "),
            ];
            target.write_record(&fields).map_err(failed)?;
        }
        written += u64::try_from(clients.len()).unwrap_or(0);
        progress.advance(u64::try_from(clients.len()).unwrap_or(0));
    }
    target.flush().map_err(|error| failed(error.into()))?;
    Ok(written)
}

impl Vocabulary {
    async fn read(tx: &mut Tx, company: CompanyId) -> Result<Self> {
        let statuses = tx.tenant(company).statuses().await?;
        let channels = tx.tenant(company).channels().await?;
        let people = tx.users(Some(company)).await?;
        Ok(Self {
            statuses: statuses.into_iter().map(|s| (s.name, s.id)).collect(),
            channels: channels.into_iter().map(|c| (c.name, c.id)).collect(),
            people: people
                .into_iter()
                .filter(|person| person.is_active)
                .map(|person| (person.username, person.id))
                .collect(),
        })
    }
}

/// Reads all lines; every line that is wrong gets a sentence.
fn parse(
    mut file: impl Read,
    company: CompanyId,
    vocabulary: &Vocabulary,
) -> std::result::Result<Vec<Request>, CsvError> {
    let bad_file = |sentence: String| CsvError::File(sentence);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| bad_file(format!("the file cannot be read: {error}")))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|&b| b == b'\n').count();
        bad_file(format!(
            "line {line} is not UTF-8 text; save the file as UTF-8"
        ))
    })?;
    // Spreadsheets mark UTF-8 files with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| bad_file(error.to_string()))?
        .clone();
    let columns = check_header(&header)?;

    let mut requests = Vec::new();
    let mut wrong = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = line_of(text, error.position());
                wrong.push(format!("line {line}: {}", explain(&error, header.len())));
                continue;
            }
        };
        let field = |name: &str| {
            let place = columns.get(name)?;
            record.get(*place).filter(|text| !text.is_empty())
        };
        match draft(company, vocabulary, field) {
            Ok(draft) => requests.push(Request {
                repetition: Repetition::of_line(&draft),
                draft,
                author: None,
            }),
            Err(problem) => {
                let line = line_of(text, record.position());
                wrong.push(format!("line {line}: {problem}"));
            }
        }
    }
    if wrong.is_empty() {
        return Ok(requests);
    }
    let more = wrong.len().saturating_sub(20);
    wrong.truncate(20);
    if more > 0 {
        wrong.push(format!("and {more} more lines"));
    }
    Err(CsvError::Lines(wrong))
}

/// The number of the line on which a record begins. The reader counts up to the end of the record
/// before; what follows there is the rest of a line end, and empty lines.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let begin = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(begin..).unwrap_or_default();
    let between = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let passed = between.filter(|byte| **byte == b'\n').count();
    position.line() + u64::try_from(passed).unwrap_or(0)
}

fn check_header(
    header: &csv::StringRecord,
) -> std::result::Result<HashMap<String, usize>, CsvError> {
    let mut columns = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        let name = name.to_lowercase();
        if !COLUMNS.contains(&&*name) && !WRITTEN_ONLY.contains(&&*name) {
            return Err(CsvError::File(format!(
                "the first line names a column {name:?}, which clients do not have; use {}",
                COLUMNS.join(", ")
            )));
        }
        if columns.insert(name.clone(), place).is_some() {
            return Err(CsvError::File(format!(
                "the first line names the column {name} twice"
            )));
        }
    }
    if columns.contains_key("name") {
        Ok(columns)
    } else {
        Err(CsvError::File(format!(
            "the first line must name the columns, at least `name`; use {}",
            COLUMNS.join(", ")
        )))
    }
}

fn explain(error: &csv::Error, columns: usize) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { len, .. } => {
            format!("has {len} fields, but the first line names {columns} columns")
        }
        _ => error.to_string(),
    }
}

fn draft<'f>(
    company: CompanyId,
    vocabulary: &Vocabulary,
    field: impl Fn(&str) -> Option<&'f str>,
) -> std::result::Result<Draft, String> {
    let text = |name: &str, longest: usize| match field(name) {
        Some(text) if text.chars().count() > longest => {
            Err(format!("{name} is longer than {longest} characters"))
        }
        Some(text) if text.contains('\0') => Err(format!("{name} contains a null character")),
        text => Ok(text.map(str::to_owned)),
    };
    let phone_number = text("phone_number", 20)?;
    let phones = phone_number.iter().map(|number| NewPhone {
        id: None,
        phone_number: number.clone(),
        phone_type: PhoneType::Mobile,
        is_primary: true,
        notes: None,
    });
    Ok(Draft {
        company,
        name: text("name", 255)?.ok_or("name is empty")?,
        priority: word(
            "priority",
            field("priority"),
            Priority::parse,
            "low, medium, high",
        )?
        .unwrap_or(Priority::Medium),
        client_type: word("type", field("type"), ClientType::parse, "fresh, cold")?
            .unwrap_or(ClientType::Fresh),
        channel: named(
            "communication_way",
            field("communication_way"),
            &vocabulary.channels,
        )?,
        status: named("status", field("status"), &vocabulary.statuses)?,
        budget: field("budget").map(budget).transpose()?,
        phones: phones.collect(),
        phone_number,
        assigned_to: named("assigned_to", field("assigned_to"), &vocabulary.people)?,
    })
}

fn word<T>(
    name: &str,
    text: Option<&str>,
    parse: fn(&str) -> Option<T>,
    choices: &str,
) -> std::result::Result<Option<T>, String> {
    text.map(|text| {
        parse(&text.to_lowercase())
            .ok_or_else(|| format!("{name} is {text:?}; use one of {choices}"))
    })
    .transpose()
}

fn named<T: Copy>(
    name: &str,
    text: Option<&str>,
    known: &HashMap<String, T>,
) -> std::result::Result<Option<T>, String> {
    text.map(|text| {
        known
            .get(text)
            .copied()
            .ok_or_else(|| format!("{name} is {text:?}, which the company does not have"))
    })
    .transpose()
}

fn budget(text: &str) -> std::result::Result<Budget, String> {
    Budget::parse(text).map_err(|problem| {
        let problem = match problem {
            BadBudget::NotANumber => "which is no number",
            BadBudget::TooManyDigits | BadBudget::TooManyWholeDigits => "which has too many digits",
            BadBudget::TooManyDecimals => "which has more than 2 decimals",
        };
        format!("budget is {text:?}, {problem}")
    })
}
