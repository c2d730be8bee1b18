//! Reading the lines of a CSV file of clients: each is a client, or gets a sentence.

use super::CsvError;
use crate::clients::columns::{COLUMNS, WRITTEN_ONLY};
use crate::clients::create::{Create, NewClientRequest, Repetition, primary_mobile};
use crate::error::Result;
use std::collections::HashMap;
use std::io::Read;
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::text::{ClientName, PhoneText, TextProblem};
use tawzi_store::{Author, Reader};

/// The names of a company that lines may use.
pub(super) struct Vocabulary {
    statuses: HashMap<String, StatusId>,
    channels: HashMap<String, ChannelId>,
    people: HashMap<String, UserId>,
}

impl Vocabulary {
    pub(super) async fn read(reader: &mut Reader, company: CompanyId) -> Result<Self> {
        let statuses = reader.tenant(company).page_of_statuses(0, i64::MAX).await?;
        let channels = reader.tenant(company).page_of_channels(0, i64::MAX).await?;
        let people = reader.users(Some(company)).await?;
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

/// A client to be created, and the line on which it begins.
pub(super) type Line = (Create, u64);

/// Reads all lines; every line that is wrong gets a sentence.
pub(super) fn parse(
    file: impl Read,
    company: CompanyId,
    vocabulary: &Vocabulary,
) -> Result<Vec<Line>, CsvError> {
    let text = read_text(file)?;
    // Spreadsheets mark UTF-8 files with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers();
    let header = header.map_err(|error| CsvError::File(error.to_string()))?;
    let (columns, width) = (check_header(header)?, header.len());

    let mut lines = Vec::new();
    let mut last = None;
    let mut wrong = Vec::new();
    for record in reader.records() {
        last = match &record {
            Ok(record) => record.position().cloned(),
            Err(error) => error.position().cloned(),
        };
        let line = line_of(text, last.as_ref());
        let record = record.map_err(|error| explain(&error, width));
        let client = record.and_then(|record| {
            let field = |name: &str| record.get(*columns.get(name)?).filter(|t| !t.is_empty());
            client(company, vocabulary, field)
        });
        match client {
            Ok(client) => {
                let create = Create {
                    repetition: Repetition::of_line(&client),
                    client,
                    author: Author::Nobody,
                };
                lines.push((create, line));
            }
            Err(problem) => wrong.push(format!("line {line}: {problem}")),
        }
    }
    if let Some(line) = unclosed_quote(text, last.as_ref()) {
        wrong.push(format!(
            "line {line}: a quotation mark opens a field that never ends"
        ));
    }
    if wrong.is_empty() {
        return Ok(lines);
    }
    Err(refused(wrong))
}

fn read_text(mut file: impl Read) -> Result<String, CsvError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| CsvError::File(format!("the file cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|&b| b == b'\n').count();
        CsvError::File(format!(
            "line {line} is not UTF-8 text; save the file as UTF-8"
        ))
    })
}

/// The lines that are wrong, the first twenty by name.
pub(super) fn refused(mut wrong: Vec<String>) -> CsvError {
    let more = wrong.len().saturating_sub(20);
    wrong.truncate(20);
    if more > 0 {
        wrong.push(format!("and {more} more lines"));
    }
    CsvError::Lines(wrong)
}

/// The line of a last record that ends within quotation marks: it has swallowed the rest of the file.
fn unclosed_quote(text: &str, last: Option<&csv::Position>) -> Option<u64> {
    let begin = usize::try_from(last?.byte()).ok()?;
    let (mut quoted, mut at_start) = (false, true);
    for letter in text.get(begin..)?.chars() {
        if letter == '"' && (quoted || at_start) {
            quoted = !quoted;
        }
        // A doubled quotation mark closes and opens again.
        at_start = !quoted && matches!(letter, ',' | '\r' | '\n' | ' ' | '"');
    }
    quoted.then(|| line_of(text, last))
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

fn check_header(header: &csv::StringRecord) -> Result<HashMap<String, usize>, CsvError> {
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

fn client<'f>(
    company: CompanyId,
    vocabulary: &Vocabulary,
    field: impl Fn(&str) -> Option<&'f str>,
) -> Result<NewClientRequest, String> {
    let phone_number = field("phone_number").map(PhoneText::parse).transpose();
    let phone_number = phone_number.map_err(|problems| sentence("phone_number", &problems))?;
    let phone_number = phone_number.map(String::from);
    let name = ClientName::parse(field("name").unwrap_or_default());
    Ok(NewClientRequest {
        company,
        name: name.map_err(|problems| sentence("name", &problems))?.into(),
        priority: word(&field, "priority", Priority::parse, "low, medium, high")?
            .unwrap_or(Priority::Medium),
        client_type: word(&field, "type", ClientType::parse, "fresh, cold")?
            .unwrap_or(ClientType::Fresh),
        channel: named(&field, "communication_way", &vocabulary.channels)?,
        status: named(&field, "status", &vocabulary.statuses)?,
        budget: field("budget").map(budget).transpose()?,
        phones: primary_mobile(phone_number.as_deref()),
        phone_number,
        assigned_to: named(&field, "assigned_to", &vocabulary.people)?,
    })
}

fn word<'f, T>(
    field: impl Fn(&str) -> Option<&'f str>,
    name: &str,
    parse: fn(&str) -> Option<T>,
    choices: &str,
) -> Result<Option<T>, String> {
    let parse = |text: &str| {
        let word = parse(&text.to_lowercase());
        word.ok_or_else(|| format!("{name} is {text:?}; use one of {choices}"))
    };
    field(name).map(parse).transpose()
}

fn named<'f, T: Copy>(
    field: impl Fn(&str) -> Option<&'f str>,
    name: &str,
    known: &HashMap<String, T>,
) -> Result<Option<T>, String> {
    let find = |text: &str| {
        let id = known.get(text).copied();
        id.ok_or_else(|| format!("{name} is {text:?}, which the company does not have"))
    };
    field(name).map(find).transpose()
}

fn budget(text: &str) -> Result<Budget, String> {
    Budget::parse(text).map_err(|bad| format!("budget is {text:?}, which {bad}"))
}

/// What is wrong with the text of a column.
fn sentence(name: &str, problems: &[TextProblem]) -> String {
    let problems: Vec<_> = problems.iter().map(TextProblem::to_string).collect();
    format!("{name} {}", problems.join(" and "))
}
