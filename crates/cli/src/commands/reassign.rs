//! `tawzi reassign`

use super::company;
use crate::args::{Format, ReassignArgs};
use crate::bar::Bar;
use crate::{output, stop};
use serde::Serialize;
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use tawzi_app::{
    App, Clock, CompanySweep, HandedOut, SweepReport, SweepRequest, UnassignedCount, preview_sweep,
    sweep_by_operator, unassigned_counts,
};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::text::shown;
use tawzi_core::user::DisplayName;
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
        sweep_by_operator(app, request).await?
    };
    drop(bar);
    let left = left_over(app, args, &report).await?;
    match args.format {
        Format::Json => output::json(&Reported {
            report: &report,
            unassigned: left.into_iter().filter(|left| left.waiting > 0).collect(),
        })?,
        Format::Text => print(app, args, &report, &left).await?,
    }
    let moving = report.companies.iter().map(|company| &company.error);
    let handing_out = report.handed_out.iter().map(|company| &company.error);
    let failed = moving.chain(handing_out).any(Option::is_some);
    Ok(output::verdict(failed || report.stopped))
}

/// The report, and the companies in which somebody waits on.
#[derive(Serialize)]
struct Reported<'r> {
    #[serde(flatten)]
    report: &'r SweepReport,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unassigned: Vec<LeftOver>,
}

/// How many clients of a company nobody has, and how many of them wait for somebody.
#[derive(Serialize)]
struct LeftOver {
    company: CompanyId,
    clients: i64,
    waiting: i64,
}

/// Whom nobody has afterwards, also when nothing was changed.
async fn left_over(
    app: &App,
    args: &ReassignArgs,
    report: &SweepReport,
) -> anyhow::Result<Vec<LeftOver>> {
    let counts = unassigned_counts(app, args.company).await?.into_iter();
    let would_be = |company| {
        let mut handed_out = report.handed_out.iter().filter(|_| report.dry_run);
        let handed_out = handed_out.find(|handed_out| handed_out.company == company);
        handed_out.map_or(0, |handed_out| handed_out.assigned.len())
    };
    let left = counts.map(|count: UnassignedCount| {
        let would_be = i64::try_from(would_be(count.company)).unwrap_or(0);
        LeftOver {
            company: count.company,
            clients: count.unassigned - would_be,
            waiting: count.waiting - would_be,
        }
    });
    Ok(left.filter(|left| left.clients > 0).collect())
}

async fn print(
    app: &App,
    args: &ReassignArgs,
    report: &SweepReport,
    left: &[LeftOver],
) -> anyhow::Result<()> {
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
    }
    print_companies(app, report).await?;
    for LeftOver {
        company,
        clients,
        waiting,
    } in left
    {
        let sentence = format!(
            "Company {company}: {clients} clients are nobody's, {waiting} of them wait for an employee."
        );
        // Where nobody waits, somebody wants it so.
        match waiting {
            0 => output::note(sentence),
            _ => output::line(sentence)?,
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

async fn print_companies(app: &App, report: &SweepReport) -> anyhow::Result<()> {
    let names = Names::read(app, report).await?;
    // There may be a line for each of very many clients.
    let mut out = BufWriter::new(output::Stdout);
    for waiting in &report.handed_out {
        print_handed_out(&mut out, &names, waiting, report.dry_run)?;
    }
    for swept in &report.companies {
        print_swept(&mut out, &names, swept, report.dry_run)?;
    }
    out.flush()?;
    Ok(())
}

fn print_handed_out(
    out: &mut impl Write,
    names: &Names,
    waiting: &HandedOut,
    dry_run: bool,
) -> anyhow::Result<()> {
    let company = names.company(waiting.company);
    let (assigned, left) = (waiting.assigned.len(), waiting.left);
    let verb = if dry_run {
        "would be handed out"
    } else {
        "handed out"
    };
    writeln!(out, "{company}: {assigned} waiting {verb}, {left} wait on")?;
    for receiver in &waiting.assigned {
        let to = names.person(receiver.to);
        writeln!(out, "  client {}: → {to}", receiver.client)?;
    }
    if let Some(error) = &waiting.error {
        writeln!(out, "  failed: {}", shown(error))?;
    }
    Ok(())
}

fn print_swept(
    out: &mut impl Write,
    names: &Names,
    swept: &CompanySweep,
    dry_run: bool,
) -> anyhow::Result<()> {
    let company = names.company(swept.company);
    let (due, moved, kept) = (swept.due, swept.moved.len(), swept.kept.len());
    let verb = if dry_run { "would move" } else { "moved" };
    writeln!(out, "{company}: {due} due, {moved} {verb}, {kept} kept")?;
    for moved in &swept.moved {
        let (from, to) = (names.person(moved.from), names.person(moved.to));
        writeln!(out, "  client {}: {from} → {to}", moved.client)?;
    }
    for kept in &swept.kept {
        let reason = kept.reason.as_str();
        writeln!(out, "  client {}: stays ({reason})", kept.client)?;
    }
    if let Some(error) = &swept.error {
        writeln!(out, "  failed: {}", shown(error))?;
    }
    Ok(())
}

/// What those are called whom a report is about.
struct Names {
    companies: HashMap<CompanyId, String>,
    people: HashMap<UserId, DisplayName>,
}

impl Names {
    async fn read(app: &App, report: &SweepReport) -> anyhow::Result<Self> {
        let moved = report.companies.iter().flat_map(|swept| &swept.moved);
        let moved = moved.flat_map(|moved| [moved.from, moved.to]);
        let waiting = report.handed_out.iter();
        let received = waiting.flat_map(|waiting| &waiting.assigned);
        let people = moved.chain(received.map(|receiver| receiver.to)).collect();
        let mut reader = app.db().read().await?;
        let companies = reader.companies().await?.into_iter();
        let people = reader.named_users(&people).await?.into_iter();
        Ok(Self {
            companies: companies.map(|c| (c.id, c.name)).collect(),
            people: people
                .map(|person| (person.id, person.display_name()))
                .collect(),
        })
    }

    fn company(&self, id: CompanyId) -> String {
        let name = self.companies.get(&id).map_or("", String::as_str);
        format!("Company {id} ({})", shown(name))
    }

    fn person(&self, id: UserId) -> String {
        match self.people.get(&id) {
            Some(name) => format!("{id} {}", shown(name.as_str())),
            None => id.to_string(),
        }
    }
}
