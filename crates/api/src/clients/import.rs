//! Clients that come in a file, as `tawzi import clients` takes them; larger files need that command.

mod file;
mod report;

pub(crate) use file::MAX_BYTES;

use crate::Shared;
use crate::wire::caller::Overseer;
use crate::wire::failure::{Answer, DetailBody, Failure, LinesBody, NotImportedBody};
use crate::wire::fields::FieldErrors;
use crate::wire::parameters::Parameters;
use axum::Json;
use axum::extract::State;
use file::{FileForm, SentFile};
use report::Report;
use serde::Serialize;
use std::io::Write;
use tawzi_app::{
    CsvReport, Import, ImportMode, KnownClients, Layout, Separator, import_own_clients,
};
use utoipa::{IntoParams, ToSchema};

/// What is done with the file.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    clippy::struct_excessive_bools,
    reason = "it describes the query for the document"
)]
pub(crate) struct ImportQuery {
    /// Check every line and say what would happen; change nothing.
    #[param(required = false, example = true)]
    dry_run: bool,
    /// Leave lines out that are wrong; without it nothing is imported from a file that has some.
    #[param(required = false, example = false)]
    skip_bad: bool,
    /// Change clients of the company that lines name by their `id`, as an export writes it: what differs, as far as the
    /// columns are there. Otherwise they are there already.
    #[param(required = false, example = false)]
    update: bool,
    /// Import everything or nothing at all. Otherwise clients come in steps, and an import that was broken off goes on
    /// when the same file is sent again.
    #[param(required = false, example = false)]
    all_or_nothing: bool,
    /// Columns that are passed over, whatever they are called.
    #[param(required = false, example = json!(["notes"]))]
    ignore: Vec<String>,
    /// What stands between two fields: a sign, or `comma`, `semicolon`, `tab`, `pipe`. Without it, what the first line
    /// has most of.
    #[param(required = false, example = "comma")]
    separator: String,
    /// Which sheet of a workbook; without it the first that is not hidden.
    #[param(required = false)]
    sheet: String,
}

/// What was imported, or would be.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportedBody {
    /// Whether nothing was changed, since that was only asked.
    dry_run: bool,
    /// What the file was taken for.
    recognised: String,
    /// Columns that are there and are not read.
    unread: Vec<&'static str>,
    /// How many clients were created.
    created: usize,
    /// How many of those went to somebody.
    assigned: usize,
    /// How many clients were changed.
    updated: usize,
    /// How many lines say a client that was there already, or stands twice in the file.
    already_there: usize,
    /// How many lines were left out.
    skipped: usize,
    /// What was changed in clients.
    changes: LinesBody,
    /// Lines that say the same client as an earlier one of the file.
    twice: LinesBody,
    /// Lines that are wrong, and were left out.
    bad_lines: LinesBody,
    /// Lines that were left out, as somebody else took their phone number meanwhile.
    left_out: LinesBody,
    /// With `skip_bad`, the lines that are wrong as a CSV file, each with what is wrong; it can be imported once they
    /// are mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    report: Option<String>,
    /// True when there are more wrong lines than the report has room for, which is 1 MiB.
    report_is_cut: bool,
}

/// Why nothing was imported.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes the answer for the document")]
pub(crate) enum NotImported {
    ByFields(FieldErrors),
    AsAWhole(NotImportedBody),
}

/// Imports clients from a file: a CSV file or an Excel workbook of at most 20 MiB.
///
/// It has at most 10,000 lines; 2,000 with `update`, 1,000 with `all_or_nothing`. `tawzi import clients` takes more. A
/// line that was imported before is not imported again, so that a file whose answer was lost can be sent once more.
#[utoipa::path(
    post,
    path = "/api/clients/import/",
    tag = "clients",
    params(ImportQuery),
    request_body(content(
        (FileForm = "multipart/form-data"),
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/octet-stream"),
    )),
    responses(
        (status = 200, body = ImportedBody, description = "What was imported, or would be."),
        (status = 400, body = inline(NotImported), description = "Nothing was imported: the file cannot be \
            read, or some lines are wrong."),
        (status = 413, body = DetailBody, description = "The file is too large, or has too many lines."),
        (status = 415, body = DetailBody, description = "The body is not said to be a file."),
    )
)]
pub(crate) async fn import(
    State(state): State<Shared>,
    Overseer(actor): Overseer,
    parameters: Parameters,
    file: SentFile,
) -> Answer<Json<ImportedBody>> {
    let mut report = Report::default();
    let import = asked(&parameters, &mut report)?;
    let dry_run = import.mode == ImportMode::DryRun;
    let file = file.read(&state.app, &actor).await?;
    let imported = import_own_clients(&state.app, &actor, &file.content, import).await?;
    Ok(Json(ImportedBody::new(&imported, dry_run, report)))
}

/// What is to be done with the file.
fn asked<'r>(parameters: &Parameters, report: &'r mut Report) -> Answer<Import<'r>> {
    let says = |name| Ok::<_, Failure>(parameters.says(name)?.unwrap_or(false));
    let wrong = |name, sentence: String| Failure::fields(FieldErrors::of(name, sentence));
    let mode = match (says("dry_run")?, says("all_or_nothing")?) {
        (true, true) => {
            let sentence = "A dry run imports nothing.".to_owned();
            return Err(wrong("all_or_nothing", sentence));
        }
        (true, false) => ImportMode::DryRun,
        (false, true) => ImportMode::AllOrNothing,
        (false, false) => ImportMode::InSteps,
    };
    let separator = parameters.last("separator").map(Separator::parse);
    let mut import = Import::from(mode);
    import.layout = Layout {
        separator: separator
            .transpose()
            .map_err(|bad| wrong("separator", format!("This is none: {bad}.")))?,
        sheet: parameters.last("sheet").map(str::to_owned),
    };
    import.ignored = parameters.all("ignore").map(str::to_owned).collect();
    if says("update")? {
        import.known = KnownClients::Change;
    }
    if says("skip_bad")? {
        import.bad_lines = Some(report as &mut (dyn Write + Send));
    }
    Ok(import)
}

impl ImportedBody {
    fn new(imported: &CsvReport, dry_run: bool, report: Report) -> Self {
        let report_is_cut = report.is_cut();
        Self {
            dry_run,
            recognised: imported.recognised.clone(),
            unread: imported.unread.clone(),
            created: imported.created,
            assigned: imported.assigned,
            updated: imported.changed,
            already_there: imported.repeated,
            skipped: imported.bad.count() + imported.left_out.count(),
            changes: LinesBody::of(&imported.changes),
            twice: LinesBody::of(&imported.twice),
            bad_lines: LinesBody::of(&imported.bad),
            left_out: LinesBody::of(&imported.left_out),
            report: report.into_text(),
            report_is_cut,
        }
    }
}
