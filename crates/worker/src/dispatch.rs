//! From a job to the verb that does it.

use crate::outcome::Outcome;
use std::fmt::Write as _;
use tawzi_app::{Clock, Moves, NoProgress, SweepReport, SweepRequest, sweep, with_causes};
use tawzi_store::{Claim, Db, SweepCause};

/// The kinds of jobs. Each handler calls one verb and may run twice without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobKind {
    /// Moves the neglected clients of all companies.
    Sweep,
}

impl JobKind {
    /// The stored word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        (word == Self::Sweep.as_str()).then_some(Self::Sweep)
    }
}

/// Does the job; `stop` is asked now and then whether to leave off.
pub(crate) async fn dispatch(
    db: &Db,
    clock: &Clock,
    claim: &Claim,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Outcome {
    let Some(kind) = JobKind::parse(&claim.kind) else {
        return Outcome::GivenUp(format!(
            "this program knows no job of the kind {:?}",
            claim.kind
        ));
    };
    match kind {
        JobKind::Sweep => {
            let request = SweepRequest {
                cause: SweepCause::Schedule(claim.id),
                only: None,
                moves: Moves::Counted,
                progress: &NoProgress,
                stop,
            };
            match sweep(db, clock, request).await {
                Ok(report) if report.stopped => Outcome::LeftOff,
                Ok(report) => Outcome::Done(summary(&report)),
                Err(error) => Outcome::Failed(with_causes(&error)),
            }
        }
    }
}

fn summary(report: &SweepReport) -> String {
    let sum = |of: fn(&tawzi_store::CompanyTally) -> i64| -> i64 {
        report
            .companies
            .iter()
            .map(|company| of(&company.tally))
            .sum()
    };
    let failed = report
        .companies
        .iter()
        .filter(|c| c.error.is_some())
        .count();
    let mut text = format!(
        "{} due, {} moved, {} kept",
        sum(|t| t.due),
        sum(|t| t.moved),
        sum(|t| t.kept_no_other_employee + t.changed_meanwhile)
    );
    if failed > 0 {
        let _ = write!(text, "; {failed} companies failed");
    }
    text
}
