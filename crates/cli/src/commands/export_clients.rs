//! `tawzi export clients`

use crate::bar::Bar;
use std::process::ExitCode;
use tawzi_app::export_clients;
use tawzi_core::id::CompanyId;
use tawzi_store::Db;

pub(super) async fn run(db: &Db, company: CompanyId) -> anyhow::Result<ExitCode> {
    let bar = Bar::new();
    export_clients(db, company, std::io::stdout(), &bar).await?;
    Ok(ExitCode::SUCCESS)
}
