//! The columns of a file of clients, and the names that they have in files.

use crate::language::Language;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Id,
    Name,
    PhoneNumber,
    Priority,
    Type,
    Status,
    CommunicationWay,
    Budget,
    AssignedTo,
    CreatedAt,
    AssignedAt,
    LastContactedAt,
    OtherPhoneNumbers,
    /// Where a bad line stood: in a report of what was left out.
    Line,
    /// What was wrong with it.
    Problem,
}

/// The columns that are written, in their order.
pub(super) const WRITTEN: [Column; 13] = [
    Column::Id,
    Column::Name,
    Column::PhoneNumber,
    Column::Priority,
    Column::Type,
    Column::Status,
    Column::CommunicationWay,
    Column::Budget,
    Column::AssignedTo,
    Column::CreatedAt,
    Column::AssignedAt,
    Column::LastContactedAt,
    Column::OtherPhoneNumbers,
];

/// The columns of a report of what was left out, before those of the file.
pub(super) const REPORTED: [Column; 2] = [Column::Line, Column::Problem];

static NAMES: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let columns = WRITTEN.into_iter().chain(REPORTED);
    let named = columns.flat_map(|column| {
        let key = format!("column-{}", column.name());
        let texts = [Language::English, Language::Arabic].map(|language| language.text(&key));
        let labels = texts.iter().flat_map(|text| text.split('|'));
        let mut names: Vec<_> = labels.map(|label| (plain(label), column)).collect();
        names.push((column.name().to_owned(), column));
        names
    });
    named.collect()
});

impl Column {
    /// What it is called in a file that is written.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::PhoneNumber => "phone_number",
            Self::Priority => "priority",
            Self::Type => "type",
            Self::Status => "status",
            Self::CommunicationWay => "communication_way",
            Self::Budget => "budget",
            Self::AssignedTo => "assigned_to",
            Self::CreatedAt => "created_at",
            Self::AssignedAt => "assigned_at",
            Self::LastContactedAt => "last_contacted_at",
            Self::OtherPhoneNumbers => "other_phone_numbers",
            Self::Line => "line",
            Self::Problem => "problem",
        }
    }

    /// The column that a file calls so, in English or Arabic, in any case.
    pub(super) fn called(name: &str) -> Option<Self> {
        NAMES.get(&plain(name)).copied()
    }
}

/// A name of a column without case, and with underscores where it has blanks or strokes.
pub(super) fn plain(name: &str) -> String {
    let letters = name.trim().to_lowercase();
    let words = letters.split(|letter: char| letter.is_whitespace() || matches!(letter, '_' | '-'));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}
