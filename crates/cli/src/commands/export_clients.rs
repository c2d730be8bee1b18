//! `tawzi export clients`

use super::company;
use crate::bar::Bar;
use crate::output::Stdout;
use tawzi_app::App;
use tawzi_app::export_clients;
use tawzi_core::id::CompanyId;

pub(super) async fn run(app: &App, company: CompanyId) -> anyhow::Result<()> {
    company::require(app, company).await?;
    let bar = Bar::new();
    export_clients(app, company, Stdout, &bar).await?;
    Ok(())
}
