//! `tawzi assign-unassigned`

use super::company;
use crate::args::{AssignUnassignedArgs, Format};
use crate::bar::Bar;
use crate::output;
use std::process::ExitCode;
use tawzi_app::{App, Progress, SpreadReport, spread_unassigned, with_causes};

pub(super) async fn run(app: &App, args: &AssignUnassignedArgs) -> anyhow::Result<ExitCode> {
    let companies = match args.company {
        Some(id) => vec![company::require(app, id).await?],
        None => app.db().read().await?.companies().await?,
    };
    let bar = Bar::new();
    bar.begin("companies", u64::try_from(companies.len()).unwrap_or(0));
    let mut reports = Vec::new();
    let mut switched_off = Vec::new();
    for company in companies {
        match spread_unassigned(app, company.id, args.dry_run).await {
            Ok(Some(report)) => reports.push(report),
            Ok(None) => switched_off.push(company.id),
            Err(error) => reports.push(SpreadReport::failed(company.id, with_causes(&error))),
        }
        bar.advance(1);
    }
    drop(bar);
    let failed = reports.iter().any(|report| report.error.is_some());
    match args.format {
        Format::Json => output::json(&serde_json::json!({
            "dry_run": args.dry_run,
            "companies": reports,
        }))?,
        Format::Text => {
            print(&reports, args.dry_run)?;
            if args.company.is_some() {
                for id in switched_off {
                    output::line(format!(
                        "Company {id} does not assign by itself; switch it on with \
                         `tawzi company set {id} --auto-assign on`."
                    ))?;
                }
            }
        }
    }
    Ok(output::verdict(failed))
}

fn print(reports: &[SpreadReport], dry_run: bool) -> anyhow::Result<()> {
    let verb = if dry_run {
        "would be assigned"
    } else {
        "assigned"
    };
    for report in reports {
        let (company, unassigned) = (report.company, report.unassigned);
        let (assigned, left) = (report.assigned.len(), report.left.len());
        output::line(format!(
            "Company {company}: {unassigned} unassigned, {assigned} {verb}, {left} left"
        ))?;
        for assigned in &report.assigned {
            let (client, user) = (assigned.client, assigned.to);
            output::line(format!("  client {client} → user {user}"))?;
        }
        if !report.left.is_empty() {
            output::line("  The company has no active employee.")?;
        }
        if let Some(error) = &report.error {
            output::line(format!("  failed: {error}"))?;
        }
    }
    if dry_run {
        output::line("Nothing was changed (dry run).")?;
    }
    Ok(())
}
