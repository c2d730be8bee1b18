//! `tawzi worker`

use crate::config::open_or_create;
use crate::{mail, output, stop};
use std::time::Duration;
use tawzi_app::{App, Clock, Keys};
use tawzi_store::DatabaseUrl;
use tawzi_worker::Worker;

pub(super) async fn run(url: &DatabaseUrl, once: bool, lease: u64) -> anyhow::Result<()> {
    let mailer = mail::mailer()?;
    let db = open_or_create(url).await?;
    let stop = stop::on_signal()?;
    let lease = Duration::from_secs(lease);
    // It signs nobody in.
    let (app, queues) = App::start(db.clone(), Clock::System, Keys::random(), mailer);
    let worker = Worker::new(app, lease);
    if once {
        let jobs = worker.run_once(&stop).await?;
        output::line(match jobs {
            0 => "Nothing was due.".to_owned(),
            1 => "1 job was due; see `tawzi jobs`.".to_owned(),
            jobs => format!("{jobs} jobs were due; see `tawzi jobs`."),
        })?;
    } else {
        if db.read().await?.schedule().await?.is_empty() {
            tracing::warn!("nothing is scheduled; run `tawzi setup-schedule`");
        }
        tracing::info!(worker = worker.name(), "the worker looks for work");
        worker.run(&stop).await;
    }
    drop(worker);
    queues.finish(lease).await;
    db.close().await;
    Ok(())
}
