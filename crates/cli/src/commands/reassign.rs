//! `tawzi reassign`

use super::company;
use crate::args::{Format, ReassignArgs};
use crate::bar::Bar;
use crate::{output, stop};
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use tawzi_app::{App, Clock, SweepReport, SweepRequest, preview_sweep, sweep};
use tawzi_core::id::UserId;
use tawzi_core::text::shown;
use tawzi_store::SweepCause;

pub(super) async fn run(app: &App, args: &ReassignArgs) -> anyhow::Result<ExitCode> {
    if let Some(id) = args.company {
        company::require(app, id).await?;
    }
    let clock = Clock::System;
    let stop = stop::on_signal()?;
    let bar = Bar::new();
    let report = if args.dry_run {
        let at = args.at.unwrap_or_else(|| clock.now());
        preview_sweep(app, at, args.company, &bar).await?
    } else {
        let request = SweepRequest {
            cause: SweepCause::Command,
            only: args.company,
            progress: &bar,
            stop: &|| stop.is_cancelled(),
        };
        sweep(app, request).await?
    };
    drop(bar);
    match args.format {
        Format::Json => output::json(&report)?,
        Format::Text => print(app, args, &report).await?,
    }
    let failed = report
        .companies
        .iter()
        .any(|company| company.error.is_some());
    Ok(output::verdict(failed || report.stopped))
}

async fn print(app: &App, args: &ReassignArgs, report: &SweepReport) -> anyhow::Result<()> {
    if report.companies.is_empty() {
        output::line("No client is stale.")?;
        if let Some(id) = args.company
            && let Some(company) = app.db().read().await?.company(id).await?
            && !company.re_assign_enabled
        {
            output::line(format!(
                "Company {id} does not re-assign; switch it on with `tawzi company set {id} --re-assign on`."
            ))?;
        }
    } else {
        print_companies(app, report).await?;
    }
    if report.stopped {
        output::line("Stopped early; run it again for the rest.")?;
    }
    if report.dry_run {
        output::line("Nothing was changed (dry run).")?;
    }
    Ok(())
}

async fn print_companies(app: &App, report: &SweepReport) -> anyhow::Result<()> {
    let mut reader = app.db().read().await?;
    let companies = reader.companies().await?.into_iter();
    let companies: HashMap<_, _> = companies.map(|c| (c.id, c.name)).collect();
    let moved = report.companies.iter().flat_map(|swept| &swept.moved);
    let people = moved.flat_map(|moved| [moved.from, moved.to]).collect();
    let people = reader.named_users(&people).await?.into_iter();
    let people: HashMap<_, _> = people
        .map(|person| (person.id, person.display_name()))
        .collect();
    let person = |id: UserId| match people.get(&id) {
        Some(name) => format!("{id} {}", shown(name.as_str())),
        None => id.to_string(),
    };

    // There may be a line for each of very many clients.
    let mut out = BufWriter::new(output::Stdout);
    let verb = if report.dry_run {
        "would move"
    } else {
        "moved"
    };
    for swept in &report.companies {
        let company = swept.company;
        let name = companies.get(&company).map_or("", String::as_str);
        let (due, moved, kept) = (swept.due, swept.moved.len(), swept.kept.len());
        writeln!(
            out,
            "Company {company} ({}): {due} due, {moved} {verb}, {kept} kept",
            shown(name)
        )?;
        for moved in &swept.moved {
            let (from, to) = (person(moved.from), person(moved.to));
            writeln!(out, "  client {}: {from} → {to}", moved.client)?;
        }
        for kept in &swept.kept {
            let reason = kept.reason.as_str();
            writeln!(out, "  client {}: stays ({reason})", kept.client)?;
        }
        if let Some(error) = &swept.error {
            writeln!(out, "  failed: {}", shown(error))?;
        }
    }
    out.flush()?;
    Ok(())
}
