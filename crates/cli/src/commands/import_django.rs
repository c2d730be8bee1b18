//! `tawzi import django`

use super::closing;
use crate::args::ImportDjangoArgs;
use crate::bar::Bar;
use crate::config::{NewFile, address_in, open_or_create};
use crate::output;
use anyhow::Context;
use tawzi_app::{App, DjangoError, DjangoReport, Error, import_django};
use tawzi_store::{DatabaseUrl, DjangoSource};

pub(super) async fn run(url: &DatabaseUrl, args: &ImportDjangoArgs) -> anyhow::Result<()> {
    let source = match (&args.from_file, &args.source) {
        (Some(file), _) => address_in(file)?,
        (None, source) => source.clone().context(
            "say where the CRM's database is: FILE.sqlite3, or its address in TAWZI_DJANGO_URL or in a file (--from-file FILE)",
        )?,
    };
    // The source comes first, so that a wrong one leaves no new database behind.
    let mut source = DjangoSource::open(&source_url(&source)?).await?;
    let new_file = NewFile::watch(url);
    let db = open_or_create(url).await?;
    let import = async |app: &App| import_django(app, &mut source, &Bar::new()).await;
    match closing(db, import).await {
        Ok(report) => print(url, &source.name(), &report),
        Err(error) => {
            if !is_anothers(&error) {
                new_file.remove()?;
            }
            Err(error.into())
        }
    }
}

/// Whether another import that began at the same moment came first: what it writes must stay.
fn is_anothers(error: &DjangoError) -> bool {
    matches!(
        error,
        DjangoError::NotEmpty { .. } | DjangoError::App(Error::Store(tawzi_store::Error::Busy(_)))
    )
}

/// A plain path is a file.
fn source_url(source: &str) -> anyhow::Result<DatabaseUrl> {
    let named = source.starts_with("sqlite:") || source.contains("://");
    Ok(if named {
        source.parse()?
    } else {
        format!("sqlite://{source}").parse()?
    })
}

fn print(url: &DatabaseUrl, source: &str, report: &DjangoReport) -> anyhow::Result<()> {
    if let Some(at) = report.already {
        return output::line(format!(
            "Nothing changed: {source} was already imported into {url} at {at}."
        ));
    }
    let rows = report
        .tables
        .iter()
        .map(|table| [table.name.to_owned(), table.rows.to_string()]);
    output::table(["table", "rows"], rows)?;
    for table in report.tables.iter().filter(|table| table.left_out > 0) {
        output::line(format!(
            "{}: {} more rows were left out, since they belong to a client that is not there.",
            table.name, table.left_out
        ))?;
    }
    output::line(format!(
        "Imported {source} into {url}. Next: `tawzi setup-schedule`, then `tawzi serve`."
    ))
}
