//! From a job to its handler, which calls one verb and may run twice without harm.

use crate::outcome::Outcome;
use std::collections::BTreeSet;
use tawzi_app::{
    App, CodeMail, CodeMailed, Error, JobKind, MailedCode, NoProgress, Result, SweepReport,
    SweepRequest, hand_out, mail_code, mail_sign_in_code, sweep, tidy_phones, with_causes,
};
use tawzi_core::id::CompanyId;
use tawzi_store::{Claim, SweepCause};

/// Does the job; `stop` is asked now and then whether to leave off.
pub(crate) async fn dispatch(
    app: &App,
    claim: &Claim,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Outcome {
    let Some(kind) = JobKind::parse(&claim.kind) else {
        let unknown = &claim.kind;
        return Outcome::GivenUp(format!("this program knows no job of the kind {unknown:?}"));
    };
    match kind {
        JobKind::Sweep => sweep_all(app, claim, stop).await,
        JobKind::MailSignInCode => match CodeMail::parse(&claim.payload) {
            Some(mail) => mailed(mail_sign_in_code(app, &mail).await),
            None => makes_no_sense(),
        },
        JobKind::MailCode => match MailedCode::parse(&claim.payload) {
            Some(mail) => mailed(mail_code(app, &mail).await),
            None => makes_no_sense(),
        },
        JobKind::HandOut => match serde_json::from_str(&claim.payload) {
            Ok(company) => hand_out_waiting(app, company, stop).await,
            Err(_) => makes_no_sense(),
        },
        JobKind::TidyPhones => match serde_json::from_str(&claim.payload) {
            Ok(company) => tidy(app, company, stop).await,
            Err(_) => makes_no_sense(),
        },
    }
}

async fn sweep_all(app: &App, claim: &Claim, stop: &(dyn Fn() -> bool + Send + Sync)) -> Outcome {
    let request = SweepRequest {
        cause: SweepCause::Schedule(claim.id),
        only: None,
        progress: &NoProgress,
        stop,
    };
    match sweep(app, request).await {
        Ok(report) if report.stopped => Outcome::LeftOff,
        Ok(report) => Outcome::Done(summary(&report)),
        Err(error) => Outcome::Failed(with_causes(&error)),
    }
}

async fn hand_out_waiting(
    app: &App,
    company: CompanyId,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Outcome {
    match hand_out(app, company, stop).await {
        Ok((clients, true)) => Outcome::Done(format!("{clients} clients handed out")),
        Ok((_, false)) => Outcome::LeftOff,
        Err(error) => Outcome::Failed(with_causes(&error)),
    }
}

async fn tidy(app: &App, company: CompanyId, stop: &(dyn Fn() -> bool + Send + Sync)) -> Outcome {
    match tidy_phones(app, company, stop).await {
        Ok(true) => Outcome::Done("phone numbers tidied".to_owned()),
        Ok(false) => Outcome::LeftOff,
        Err(error) => Outcome::Failed(with_causes(&error)),
    }
}

fn makes_no_sense() -> Outcome {
    Outcome::GivenUp("the job's payload makes no sense".to_owned())
}

fn mailed(mail: Result<CodeMailed>) -> Outcome {
    match mail {
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
    let companies = &report.companies;
    let due: i64 = companies.iter().map(|company| company.due).sum();
    let moved: usize = companies.iter().map(|company| company.moved.len()).sum();
    let kept: usize = companies.iter().map(|company| company.kept.len()).sum();
    let waiting = &report.handed_out;
    let handed_out: usize = waiting.iter().map(|company| company.assigned.len()).sum();
    let swept = companies
        .iter()
        .filter_map(|c| c.error.as_ref().map(|_| c.company));
    let waited = waiting
        .iter()
        .filter_map(|c| c.error.as_ref().map(|_| c.company));
    let failed: BTreeSet<_> = swept.chain(waited).collect();
    let told = [
        (true, format!("{due} due, {moved} moved, {kept} kept")),
        (handed_out > 0, format!(", {handed_out} handed out")),
        (
            !failed.is_empty(),
            format!("; {} companies failed", failed.len()),
        ),
    ];
    told.into_iter()
        .filter_map(|(told, words)| told.then_some(words))
        .collect()
}
