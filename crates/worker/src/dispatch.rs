//! From a job to the verb that does it.

use crate::outcome::Outcome;
use crate::worker::Worker;
use std::fmt::Write as _;
use tawzi_app::{
    CodeMailed, Error, Moves, NoProgress, SIGN_IN_CODE_JOB, SweepReport, SweepRequest,
    mail_sign_in_code, sweep, with_causes,
};
use tawzi_store::{Claim, SweepCause};

/// The kinds of jobs. Each handler calls one verb and may run twice without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobKind {
    /// Moves the neglected clients of all companies.
    Sweep,
    /// Sends somebody a code to sign in with.
    SignInCode,
}

impl JobKind {
    /// The stored word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::SignInCode => SIGN_IN_CODE_JOB,
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Sweep, Self::SignInCode]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// Does the job with what the worker has; `stop` is asked now and then whether to leave off.
pub(crate) async fn dispatch(
    worker: &Worker,
    claim: &Claim,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Outcome {
    match JobKind::parse(&claim.kind) {
        Some(JobKind::Sweep) => sweep_all(worker, claim, stop).await,
        Some(JobKind::SignInCode) => mail_code(worker, claim).await,
        None => Outcome::GivenUp(format!(
            "this program knows no job of the kind {:?}",
            claim.kind
        )),
    }
}

async fn sweep_all(
    worker: &Worker,
    claim: &Claim,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Outcome {
    let request = SweepRequest {
        cause: SweepCause::Schedule(claim.id),
        only: None,
        moves: Moves::Counted,
        progress: &NoProgress,
        stop,
    };
    match sweep(&worker.db, &worker.clock, request).await {
        Ok(report) if report.stopped => Outcome::LeftOff,
        Ok(report) => Outcome::Done(summary(&report)),
        Err(error) => Outcome::Failed(with_causes(&error)),
    }
}

async fn mail_code(worker: &Worker, claim: &Claim) -> Outcome {
    let now = worker.clock.now();
    let mailed = mail_sign_in_code(&worker.db, worker.mailer.as_ref(), &claim.payload, now);
    match mailed.await {
        Ok(CodeMailed::Sent) => Outcome::Done("sent".to_owned()),
        Ok(CodeMailed::NotWanted) => Outcome::Done("not wanted any more".to_owned()),
        Ok(CodeMailed::TooLate) => {
            Outcome::GivenUp("the code expired before it could be sent".to_owned())
        }
        Err(Error::Mail(error)) if error.is_final() => Outcome::GivenUp(with_causes(&error)),
        Err(error) => Outcome::Failed(with_causes(&error)),
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
