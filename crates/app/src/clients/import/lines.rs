//! The lines of a file of clients: each is a client, or gets a sentence.

use super::header::Header;
use super::vocabulary::Vocabulary;
use super::{CsvError, Importer};
use crate::clients::ClientWithPhones;
use crate::clients::columns::Column;
use crate::clients::create::{Create, NewClientRequest, Repetition, primary_mobile};
use crate::sheet::{Row, Sheet, parted};
use std::borrow::Cow;
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::digits;
use tawzi_core::id::ClientId;
use tawzi_core::money::Budget;
use tawzi_core::text::{ClientName, ListedPhone, PhoneText, TextProblem};
use tawzi_core::time::Timestamp;
use tawzi_store::{Client, NewPhone};

/// The lines of a file, which are read as often as somebody asks: to keep all of them would take more memory than
/// the file.
#[derive(Debug)]
pub(super) struct Lines<'s> {
    sheet: &'s Sheet,
    importer: Importer,
    /// What no other file has.
    fingerprint: &'s [u8],
    pub(super) header: Header,
    vocabulary: &'s Vocabulary,
}

/// A line, and the client that it says, or what is wrong with it.
#[derive(Debug)]
pub(super) struct Line<'s> {
    pub(super) row: Row<'s>,
    pub(super) create: Result<Create, String>,
    /// Which client it says to be.
    pub(super) same_as: Option<Same>,
}

/// A client that a line says to be: the one with that id, if it was created then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Same {
    pub(super) id: ClientId,
    created_at: Option<Timestamp>,
}

/// Times that differ by less are the same: spreadsheets cut off parts of a second.
const A_SECOND: u64 = 1_000_000;

impl Same {
    /// Whether it is that client, as far as the time says when it was created. Other companies, and other
    /// installations, have the same ids. `None` when the line does not say a time.
    pub(super) fn is(self, client: &Client) -> Option<bool> {
        let distance = |at: Timestamp| at.microseconds().abs_diff(client.created_at.microseconds());
        let created_then = |at| distance(at) < A_SECOND;
        self.created_at.map(created_then)
    }
}

impl<'s> Lines<'s> {
    /// Understands the first line.
    pub(super) fn new(
        sheet: &'s Sheet,
        (importer, fingerprint): (Importer, &'s [u8]),
        vocabulary: &'s Vocabulary,
        ignored: &[String],
    ) -> Result<Self, CsvError> {
        Ok(Self {
            sheet,
            importer,
            fingerprint,
            header: Header::read(sheet.rows().next(), ignored)?,
            vocabulary,
        })
    }

    /// The lines below the first.
    pub(super) fn read(&self) -> impl Iterator<Item = Line<'s>> + Send {
        self.sheet.rows().skip(1).map(|row| {
            let row = row.undefused();
            let said = self
                .create(&row)
                .and_then(|create| Ok((create, self.same_as(&row)?)));
            let (create, same_as) = match said {
                Ok((create, same_as)) => (Ok(create), same_as),
                Err(problem) => (Err(problem), None),
            };
            Line {
                row,
                create,
                same_as,
            }
        })
    }

    /// Nothing, unless a line gives a client to somebody who is not active any more; whoever has the client already
    /// keeps it.
    pub(super) fn require_active(
        &self,
        line: &Line<'_>,
        client: Option<&ClientWithPhones>,
    ) -> Result<(), String> {
        let (Ok(create), Ok(cells)) = (&line.create, &line.row.cells) else {
            return Ok(());
        };
        let to = create.client.assigned_to;
        let stays = client.is_some_and(|there| there.client.assigned_to == to);
        if stays || !to.is_some_and(|to| self.vocabulary.is_inactive(to)) {
            return Ok(());
        }
        let name = self.header.cell(cells, Column::AssignedTo);
        Err(format!(
            "assigned_to is {:?}, who is not active any more; name somebody else, or nobody",
            name.unwrap_or_default()
        ))
    }

    /// About how many there are.
    pub(super) fn about_how_many(&self) -> u64 {
        self.sheet.count_lines()
    }

    fn same_as(&self, row: &Row<'_>) -> Result<Option<Same>, String> {
        let Ok(cells) = &row.cells else {
            return Ok(None);
        };
        let Some(text) = self.header.cell(cells, Column::Id) else {
            return Ok(None);
        };
        let id: i64 = text
            .parse()
            .map_err(|_| format!("id is {text:?}, which is no number"))?;
        let created_at = self.header.cell(cells, Column::CreatedAt);
        let created_at = created_at.map(Timestamp::parse).transpose();
        Ok(Some(Same {
            id: ClientId::new(id),
            created_at: created_at.map_err(|bad| format!("created_at: {bad}"))?,
        }))
    }

    fn create(&self, row: &Row<'_>) -> Result<Create, String> {
        let cells = row.cells.as_ref().map_err(ToString::to_string)?;
        if let Some(misfit) = self.header.misfit(cells) {
            return Err(misfit);
        }
        let client = self.client(|column| self.header.cell(cells, column))?;
        Ok(Create {
            repetition: Repetition::of_line(&client, self.fingerprint, row.line),
            client,
            author: self.importer.by.author,
        })
    }

    fn client<'c>(
        &self,
        cell: impl Fn(Column) -> Option<&'c str>,
    ) -> Result<NewClientRequest, String> {
        let name = ClientName::parse(cell(Column::Name).unwrap_or_default());
        let phone_number = cell(Column::PhoneNumber).map(phone).transpose()?;
        let mut phones = primary_mobile(phone_number.as_deref());
        phones.extend(other_phones(
            cell(Column::OtherPhoneNumbers),
            phone_number.as_deref(),
        )?);
        let says = |column: Column, problem: String| {
            let text = cell(column).unwrap_or_default();
            format!("{} is {text:?}, {problem}", column.name())
        };
        let (column_of_status, column_of_channel) = (Column::Status, Column::CommunicationWay);
        let status = cell(column_of_status).map(|name| self.vocabulary.statuses.find(name));
        let channel = cell(column_of_channel).map(|name| self.vocabulary.channels.find(name));
        let assignee = cell(Column::AssignedTo).map(|name| self.vocabulary.people.find(name));
        let priority = cell(Column::Priority);
        let priority = word(priority, "priority", Priority::parse, "low, medium, high")?;
        let client_type = word(cell(Column::Type), "type", ClientType::parse, "fresh, cold")?;
        Ok(NewClientRequest {
            company: self.importer.company,
            name: name.map_err(|problems| about("name", &problems))?.into(),
            priority: priority.unwrap_or(Priority::Medium),
            client_type: client_type.unwrap_or(ClientType::Fresh),
            channel: (channel.transpose()).map_err(|problem| says(column_of_channel, problem))?,
            status: (status.transpose()).map_err(|problem| says(column_of_status, problem))?,
            budget: cell(Column::Budget).map(budget).transpose()?,
            phones,
            phone_number,
            assigned_to: (assignee.transpose())
                .map_err(|problem| says(Column::AssignedTo, problem))?,
        })
    }
}

fn phone(text: &str) -> Result<String, String> {
    let parsed = PhoneText::parse(text).map(String::from);
    parsed.map_err(|problems| about_phone(Column::PhoneNumber, text, &problems))
}

/// The numbers beside the client's own one, each once.
fn other_phones(cell: Option<&str>, own: Option<&str>) -> Result<Vec<NewPhone>, String> {
    let mut phones: Vec<NewPhone> = Vec::new();
    let column = Column::OtherPhoneNumbers;
    let texts = parted(cell.unwrap_or_default());
    for text in texts.map_err(|problem| format!("{} {problem}", column.name()))? {
        let number = ListedPhone::parse(&text);
        let number = number.map_err(|problems| about_phone(column, &text, &problems))?;
        let is_there = phones
            .iter()
            .any(|phone| phone.phone_number == number.as_str());
        if is_there || own == Some(number.as_str()) {
            continue;
        }
        phones.push(NewPhone {
            id: None,
            phone_number: number.into(),
            phone_type: PhoneType::Mobile,
            is_primary: own.is_none() && phones.is_empty(),
            notes: None,
        });
    }
    Ok(phones)
}

fn word<T>(
    cell: Option<&str>,
    name: &str,
    parse: fn(&str) -> Option<T>,
    choices: &str,
) -> Result<Option<T>, String> {
    let parse = |text: &str| {
        let word = parse(&text.to_lowercase());
        word.ok_or_else(|| format!("{name} is {text:?}; use one of {choices}"))
    };
    cell.map(parse).transpose()
}

/// An amount in any digits; a comma before one or two last digits stands for a point, as spreadsheets of many
/// countries write it.
fn budget(text: &str) -> Result<Budget, String> {
    let latin: String = text.chars().map(digits::latin).collect();
    let point = match latin.split_once([',', '\u{66b}']) {
        Some((whole, decimals)) if (1..=2).contains(&decimals.len()) && !whole.contains('.') => {
            Cow::Owned(format!("{whole}.{decimals}"))
        }
        _ => Cow::Borrowed(&*latin),
    };
    Budget::parse(&point).map_err(|bad| format!("budget is {text:?}, which {bad}"))
}

/// What is wrong with the text of a column.
fn about(name: &str, problems: &[TextProblem]) -> String {
    let problems: Vec<_> = problems.iter().map(TextProblem::to_string).collect();
    format!("{name} {}", problems.join(" and "))
}

fn about_phone(column: Column, text: &str, problems: &[TextProblem]) -> String {
    about(&format!("{} {text:?}", column.name()), problems)
}
