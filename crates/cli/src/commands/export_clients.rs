//! `tawzi export clients`

use super::company;
use crate::bar::Bar;
use crate::output::Stdout;
use std::process::ExitCode;
use tawzi_app::export_clients;
use tawzi_core::id::CompanyId;
use tawzi_store::Db;

pub(super) async fn run(db: &Db, company: CompanyId) -> anyhow::Result<ExitCode> {
    company::require(db, company).await?;
    let bar = Bar::new();
    export_clients(db, company, Stdout, &bar).await?;
    Ok(ExitCode::SUCCESS)
}
