//! `tawzi reassign`

use super::company;
use crate::args::{Format, ReassignArgs};
use crate::bar::Bar;
use crate::{output, stop};
use std::collections::HashMap;
use std::process::ExitCode;
use tawzi_app::{Clock, Moves, SweepReport, SweepRequest, preview_sweep, sweep};
use tawzi_core::id::UserId;
use tawzi_store::{Db, SweepCause};

pub(super) async fn run(db: &Db, args: &ReassignArgs) -> anyhow::Result<ExitCode> {
    if let Some(id) = args.company {
        company::require(db, id).await?;
    }
    let clock = Clock::System;
    let stop = stop::on_signal()?;
    let bar = Bar::new();
    let report = if args.dry_run {
        let at = args.at.unwrap_or_else(|| clock.now());
        preview_sweep(db, at, args.company, &bar).await?
    } else {
        let request = SweepRequest {
            cause: SweepCause::Command,
            only: args.company,
            moves: Moves::Listed,
            progress: &bar,
            stop: &|| stop.is_cancelled(),
        };
        sweep(db, &clock, request).await?
    };
    drop(bar);
    match args.format {
        Format::Json => output::json(&report)?,
        Format::Text => print(db, args, &report).await?,
    }
    let failed = report
        .companies
        .iter()
        .any(|company| company.error.is_some());
    Ok(if failed || report.stopped {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn print(db: &Db, args: &ReassignArgs, report: &SweepReport) -> anyhow::Result<()> {
    let mut reader = db.read().await?;
    for swept in &report.companies {
        let name = reader
            .company(swept.company)
            .await?
            .map_or_else(String::new, |c| c.name);
        output::line(format!(
            "Company {} ({name}): {} due, {} {}, {} kept",
            swept.company,
            swept.due,
            swept.moved.len(),
            if report.dry_run {
                "would move"
            } else {
                "moved"
            },
            swept.kept.len()
        ))?;
        let people: HashMap<UserId, String> = reader
            .users(Some(swept.company))
            .await?
            .into_iter()
            .map(|user| (user.id, user.display_name().to_string()))
            .collect();
        let person = |id: UserId| {
            let name = people.get(&id).cloned().unwrap_or_default();
            format!("{id} {name}").trim_end().to_owned()
        };
        for moved in &swept.moved {
            output::line(format!(
                "  client {}: {} → {}",
                moved.client,
                person(moved.from),
                person(moved.to)
            ))?;
        }
        for kept in &swept.kept {
            output::line(format!("  client {}: stays ({})", kept.client, kept.reason))?;
        }
        if let Some(error) = &swept.error {
            output::line(format!("  failed: {error}"))?;
        }
    }
    if report.companies.is_empty() {
        output::line("No client is stale.")?;
        if let Some(id) = args.company
            && let Some(company) = reader.company(id).await?
            && !company.re_assign_enabled
        {
            output::line(format!(
                "Company {id} does not re-assign; switch it on with `tawzi company set {id} --re-assign on`."
            ))?;
        }
    }
    if report.stopped {
        output::line("Stopped early; run it again for the rest.")?;
    }
    if report.dry_run {
        output::line("Nothing was changed (dry run).")?;
    }
    Ok(())
}
