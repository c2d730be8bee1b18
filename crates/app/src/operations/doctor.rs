//! Looking for what is wrong with an installation, and mending what can be mended.

use crate::app::App;
use crate::error::Result;
use crate::operations::clocks::examine_clocks;
use crate::operations::privacy::open_to_others;
use crate::progress::Progress;
use tawzi_core::text::is_of_timelines;
use tawzi_store::{SchemaState, User};

/// How long a worker may be silent before it counts as missing, in seconds.
pub(super) const SILENCE: i64 = 60;

/// How far back failed jobs are looked for, in seconds.
const RECENT: i64 = 7 * 24 * 3600;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// As it should be.
    Good,
    /// Works, but not as somebody may expect.
    Warning,
    /// Wrong.
    Bad,
    /// Was wrong and is mended.
    Mended,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// What was found, and what to do about it.
    pub sentence: String,
}

impl Finding {
    pub(crate) fn new(severity: Severity, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self { severity, sentence }
    }

    /// As it should be.
    pub fn good(sentence: impl Into<String>) -> Self {
        Self::new(Severity::Good, sentence)
    }

    /// Wrong.
    pub fn bad(sentence: impl Into<String>) -> Self {
        Self::new(Severity::Bad, sentence)
    }

    /// Works, but not as somebody may expect.
    pub fn warning(sentence: impl Into<String>) -> Self {
        Self::new(Severity::Warning, sentence)
    }
}

/// Looks at the schema, the counters of loads and clients, the schedule, the worker and the jobs. With `repair`,
/// counters that are wrong are set right.
pub async fn examine(app: &App, repair: bool, progress: &dyn Progress) -> Result<Vec<Finding>> {
    let SchemaState::Current(version) = app.db.schema_state().await? else {
        let sentence = "The schema is not up to date; run `tawzi migrate`.";
        return Ok(vec![Finding::new(Severity::Bad, sentence)]);
    };
    let sentence = format!("The schema has version {version}.");
    let mut findings = vec![Finding::good(sentence)];
    findings.extend(examine_loads(app, repair, progress).await?);
    findings.extend(open_to_others(app.db.url()).map(Finding::warning));
    findings.extend(examine_names(app).await?);
    findings.extend(examine_unassigned(app).await?);
    findings.push(examine_schedule(app).await?);
    findings.push(examine_worker(app).await?);
    findings.extend(examine_clocks(app).await?);
    findings.push(examine_jobs(app).await?);
    Ok(findings)
}

async fn examine_loads(app: &App, repair: bool, progress: &dyn Progress) -> Result<Vec<Finding>> {
    let companies = app.db.read().await?.companies().await?;
    progress.begin("companies", u64::try_from(companies.len()).unwrap_or(0));
    let mut findings = Vec::new();
    for company in &companies {
        // Under the lock, so that a client that moves meanwhile is not taken for an error.
        let mut tx = app.db.begin().await?;
        tx.lock_company(company.id).await?;
        let differences = tx.tenant(company.id).load_differences().await?;
        for difference in &differences {
            let sentence = format!(
                "Company {}: the counters of user {} say {} clients, but there are {}",
                company.id,
                difference.user,
                difference.counted.total(),
                difference.actual.total()
            );
            findings.push(set_right(&sentence, repair));
        }
        let wrong = tx.tenant(company.id).count_wrong_counters().await?;
        if wrong > 0 {
            let sentence = format!(
                "Company {}: {wrong} counters of clients by status, type and priority are wrong",
                company.id
            );
            findings.push(set_right(&sentence, repair));
        }
        if repair && (wrong > 0 || !differences.is_empty()) {
            let mut tenant = tx.tenant_tx(company.id);
            tenant.recount_loads().await?;
            tenant.recount_clients().await?;
            tx.commit().await?;
        }
        progress.advance(1);
    }
    if findings.is_empty() {
        let sentence = format!(
            "The load counters of {} companies are right.",
            companies.len()
        );
        findings.push(Finding::good(sentence));
    }
    Ok(findings)
}

/// What is said about counters that are wrong, or were.
fn set_right(sentence: &str, repair: bool) -> Finding {
    if repair {
        return Finding::new(Severity::Mended, format!("{sentence}; set right."));
    }
    let remedy = "run `tawzi doctor --repair`";
    Finding::new(Severity::Bad, format!("{sentence}; {remedy}."))
}

/// Imported people may be called what timelines call nobody.
async fn examine_names(app: &App) -> Result<Vec<Finding>> {
    let people = app.db.read().await?.users(None).await?;
    let misleading = people.iter().filter(|person| {
        is_of_timelines(&person.username) || is_of_timelines(person.display_name().as_str())
    });
    let finding = |person: &User| {
        Finding::warning(format!(
            "The user {} ({}) is called what timelines call nobody, or a program; give them another name.",
            person.id,
            person.display_name()
        ))
    };
    Ok(misleading.map(finding).collect())
}

/// Who has nobody, and whether somebody will receive them.
async fn examine_unassigned(app: &App) -> Result<Vec<Finding>> {
    let mut reader = app.db.read().await?;
    let mut findings = Vec::new();
    for count in reader.unassigned_counts(None).await? {
        let (company, others) = (count.company, count.unassigned - count.waiting);
        if count.waiting > 0 {
            let waiting = format!(
                "Company {company}: {} clients wait for somebody",
                count.waiting
            );
            let remedy = if !count.auto_assign_enabled {
                format!(
                    " while it does not assign by itself; `tawzi company set {company} --auto-assign on`"
                )
            } else if reader.tenant(company).roster().await?.is_empty() {
                " since it has no active employee; add one, or let one work again".to_owned()
            } else {
                "; the next sweep hands them out, and so does `tawzi reassign`".to_owned()
            };
            findings.push(Finding::warning(format!("{waiting}{remedy}.")));
        }
        if others > 0 {
            findings.push(Finding::good(format!(
                "Company {company}: {others} clients are nobody's, since somebody wants it so or they came while it did not \
                 assign by itself; `tawzi assign-unassigned --company {company}` gives them to the employees."
            )));
        }
    }
    Ok(findings)
}

async fn examine_schedule(app: &App) -> Result<Finding> {
    let schedule = app.db.read().await?.schedule().await?;
    Ok(match schedule.iter().find(|line| line.enabled) {
        Some(line) => Finding::good(format!(
            "The schedule `{}` is due next at {}.",
            line.name, line.next_run_at
        )),
        None => Finding::warning(
            "Nothing is scheduled, so no neglected client moves on; run `tawzi setup-schedule`.",
        ),
    })
}

async fn examine_worker(app: &App) -> Result<Finding> {
    let mut reader = app.db.read().await?;
    let clock = reader.database_clock().await?;
    Ok(match reader.last_worker().await? {
        Some(worker) if worker.seen_at >= clock.plus_seconds(-SILENCE) => Finding::good(format!(
            "The worker {} was seen at {}.",
            worker.name, worker.seen_at
        )),
        Some(worker) => Finding::warning(format!(
            "No worker has been seen since {}; start `tawzi serve` or `tawzi worker`.",
            worker.seen_at
        )),
        None => Finding::warning("No worker has been seen; start `tawzi serve` or `tawzi worker`."),
    })
}

async fn examine_jobs(app: &App) -> Result<Finding> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let failed = reader.count_failed_jobs(now.plus_seconds(-RECENT)).await?;
    Ok(if failed == 0 {
        Finding::good("No job has failed in the last seven days.")
    } else {
        let sentence =
            format!("{failed} jobs have failed in the last seven days; see `tawzi jobs`.");
        Finding::warning(sentence)
    })
}
