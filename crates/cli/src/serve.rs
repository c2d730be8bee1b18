//! The server: the API, the writer of new clients, and a worker unless told otherwise.

use crate::args::{LimitsArg, ServeArgs};
use crate::config::{DEFAULT, database_url, open_or_create};
use crate::connections::{self, Limits};
use crate::{mail, output, secret, stop};
use anyhow::Context;
use std::time::Duration;
use tawzi_api::{AddressFrom, ApiState, SignInLimits, router};
use tawzi_app::{App, Clock, DEMO_PASSWORD, clock_ahead, fill_demo, wrong_clock};
use tawzi_store::{DatabaseUrl, Db};
use tawzi_worker::{LEASE, Worker, set_up_schedule};

/// The demo's database when nothing else is said.
const DEMO_DATABASE: &str = "sqlite://tawzi-demo.db";

/// How long a stopping server waits for requests in hand.
const GRACE: Duration = Duration::from_secs(30);

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn run(args: ServeArgs, database: Option<&str>) -> anyhow::Result<()> {
    let url = database_url(database, if args.demo { DEMO_DATABASE } else { DEFAULT })?;
    let mailer = mail::mailer()?;
    let listener = connections::listen(args.listen).with_context(|| {
        let address = args.listen;
        format!("cannot listen on {address}; choose another with --listen ADDRESS:PORT")
    })?;
    let db = open_or_create(&url).await?;
    let (app, queues) = App::start(db.clone(), Clock::System, secret::keys(&url)?, mailer);
    let address = format!("http://{}/", listener.local_addr()?);
    if args.demo {
        show_demo(&app, &url, &address).await?;
    }
    let address_from = address_from(&args);
    let limits = Limits::of_this_process(address_from).telling(app.refusals());
    output::line(format!("Listening: {address}"))?;
    warn_of_idleness(&db, &args).await?;
    if let Some(sentence) = wrong_clock("This machine's", clock_ahead(&app).await?) {
        tracing::warn!("{sentence}");
    }

    let stop = stop::on_signal()?;
    let worker = (!args.no_worker).then(|| {
        let worker = Worker::new(app.clone(), LEASE);
        let stop = stop.clone();
        tokio::spawn(async move { worker.run(&stop).await })
    });
    let sign_in_limits = match args.sign_in_limits {
        LimitsArg::On => SignInLimits::new(app.clock().clone(), address_from),
        LimitsArg::Off => SignInLimits::off().reading(address_from),
    };
    let pages = tawzi_ui::router(app.clone());
    let routes = router(ApiState {
        app,
        sign_in_limits,
        allowed_origins: args.allowed_origins,
    })
    .merge(pages);
    let overdue = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = connections::serve(listener, routes, limits, &stop) => {}
        () = overdue => tracing::warn!("some requests took too long and were cut off"),
    }
    if let Some(worker) = worker {
        worker.await?;
    }
    queues.finish(GRACE).await;
    db.close().await;
    Ok(())
}

/// Fills the example company and says how to sign in to it.
async fn show_demo(app: &App, url: &DatabaseUrl, address: &str) -> anyhow::Result<()> {
    let sign_in = fill_demo(app).await?;
    set_up_schedule(app, None).await?;
    output::lines(&format!(
        "Demo:      {url}\n\
         Sign in:   {} (administrator) or {} (employee), password {DEMO_PASSWORD}\n\
         Try:       curl -H 'Content-Type: application/json' \
         -d '{{\"username\":\"{}\",\"password\":\"{DEMO_PASSWORD}\"}}' {address}api/auth/login/",
        sign_in.admin, sign_in.employee, sign_in.admin
    ))
}

/// Where the address of whoever asks is read.
const fn address_from(args: &ServeArgs) -> AddressFrom {
    if args.trust_proxy {
        AddressFrom::Proxy
    } else {
        AddressFrom::Connection
    }
}

/// Says why neglected clients would not move on.
async fn warn_of_idleness(db: &Db, args: &ServeArgs) -> anyhow::Result<()> {
    let mut reader = db.read().await?;
    if reader.schedule().await?.is_empty() {
        tracing::warn!(
            "nothing is scheduled, so no neglected client moves on; run `tawzi setup-schedule`"
        );
    }
    if args.no_worker && reader.last_worker().await?.is_none() {
        tracing::warn!(
            "no worker has been seen, so no neglected client moves on; start `tawzi worker`"
        );
    }
    Ok(())
}
