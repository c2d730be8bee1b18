//! Why a file was not imported, and what is said about its lines.

use super::{Failure, log};
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_app::{CsvError, Sentences, SheetError};
use utoipa::ToSchema;

/// How long a sentence about a line can be: it may repeat what stands there.
const MAX_SENTENCE_CHARACTERS: usize = 500;

/// Lines of a file, with what is said about them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinesBody {
    /// How many there are.
    count: usize,
    /// The first hundred of them.
    first: Vec<LineBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineBody {
    /// Its number, as an editor counts.
    line: u64,
    sentence: String,
}

/// The body of a 400 to a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotImportedBody {
    /// A sentence about all of it.
    detail: String,
    /// The lines that are wrong, where it is about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    bad_lines: Option<LinesBody>,
}

impl LinesBody {
    /// The first of those lines.
    pub(crate) fn of(sentences: &Sentences) -> Self {
        let first = sentences.first().map(|(line, sentence)| LineBody {
            line,
            sentence: cut(sentence),
        });
        Self {
            count: sentences.count(),
            first: first.collect(),
        }
    }
}

impl Failure {
    /// 413 for a file that is too large for this; `what` says why.
    pub(crate) fn file_too_large(what: &str) -> Self {
        let sentence = format!(
            "{what}; split it, or let whoever runs the server use \"tawzi import clients\"."
        );
        Self::detail(StatusCode::PAYLOAD_TOO_LARGE, sentence)
    }
}

impl From<CsvError> for Failure {
    fn from(error: CsvError) -> Self {
        let bad_file = |sentence: &str| {
            Self::bad_request(format!("{}.", upper(cut(sentence).trim_end_matches('.'))))
        };
        match error {
            CsvError::File(SheetError::TooManyLines { most }) => {
                Self::file_too_large(&format!("The file has more than {most} lines"))
            }
            CsvError::File(error) => bad_file(&error.to_string()),
            CsvError::Columns(sentence) => bad_file(&sentence),
            CsvError::Lines(lines) => {
                let detail = match lines.count() {
                    1 => "1 line is wrong; nothing was imported.".to_owned(),
                    count => format!("{count} lines are wrong; nothing was imported."),
                };
                let bad_lines = Some(LinesBody::of(&lines));
                Self::new(
                    StatusCode::BAD_REQUEST,
                    NotImportedBody { detail, bad_lines },
                )
            }
            CsvError::BrokenOff { created, .. } => {
                log(&error);
                Self::unavailable(format!(
                    "It was broken off after {created} clients; send the file again to go on."
                ))
            }
            CsvError::Report(_) => {
                log(&error);
                Self::internal()
            }
            CsvError::App(error) => error.into(),
        }
    }
}

fn cut(sentence: &str) -> String {
    match sentence.char_indices().nth(MAX_SENTENCE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &sentence[..end]),
        None => sentence.to_owned(),
    }
}

/// The sentence with a large letter at its beginning.
fn upper(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
