//! The commands, each a short way to a verb.

mod assign_unassigned;
mod audit;
mod backup;
mod clients;
mod company;
mod doctor;
mod import_django;
mod jobs;
mod migrate;
mod reassign;
mod schedule;
mod user;
mod worker;

use crate::args::{Args, Command, Company, Export, Import};
use crate::config::{DEFAULT, database_url, open_existing, open_or_create};
use crate::{output, serve};
use std::process::{ExitCode, Termination};
use tawzi_app::{App, Clock, Keys};
use tawzi_store::{DatabaseUrl, Db};
use tawzi_worker::first_tick;

/// Runs the command.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let given = args.database.as_deref();
    let url = || database_url(given, DEFAULT);
    match args.command {
        Command::Serve(args) => serve::run(args, given).await.map(Termination::report),
        Command::Worker { once, lease } => worker::run(&url()?, once, lease)
            .await
            .map(Termination::report),
        Command::Migrate { check } => migrate::run(&url()?, check).await.map(Termination::report),
        Command::SetupSchedule { cron } => {
            // A mistyped expression must not leave a new database behind.
            first_tick(cron.as_deref(), Clock::System.now())?;
            on_any(&url()?, async |app| {
                schedule::set_up(app, cron.as_deref()).await
            })
            .await
        }
        Command::Schedule => on_existing(&url()?, schedule::show).await,
        Command::Jobs { limit } => {
            on_existing(&url()?, async |app| jobs::run(app, limit).await).await
        }
        Command::Reassign(args) => {
            on_existing(&url()?, async |app| reassign::run(app, &args).await).await
        }
        Command::AssignUnassigned(args) => {
            on_existing(&url()?, async |app| {
                assign_unassigned::run(app, &args).await
            })
            .await
        }
        Command::Import(Import::Django(args)) => {
            let imported = import_django::run(&url()?, &args).await;
            imported.map(Termination::report)
        }
        Command::Import(Import::Clients(args)) => {
            on_existing(&url()?, async |app| clients::import(app, &args).await).await
        }
        Command::Export(Export::Clients(args)) => {
            on_existing(&url()?, async |app| clients::export(app, args).await).await
        }
        Command::Company(command) => of_company(&url()?, command).await,
        Command::User(command) => {
            on_existing(&url()?, async |app| user::run(app, command).await).await
        }
        Command::Audit(args) => {
            on_existing(&url()?, async |app| audit::run(app, &args).await).await
        }
        Command::Doctor { repair } => {
            on_existing(&url()?, async |app| doctor::run(app, repair).await).await
        }
        Command::OpenApi => output::text(tawzi_api::document()).map(Termination::report),
        Command::Backup { file } => {
            on_existing(&url()?, async |app| backup::run(app, &file).await).await
        }
    }
}

async fn of_company(url: &DatabaseUrl, command: Company) -> anyhow::Result<ExitCode> {
    match command {
        Company::List => on_existing(url, company::list).await,
        Company::Create(args) => {
            // Read before a new database is made for it, as above.
            let draft = company::draft(&args)?;
            on_any(url, async |app| company::create(app, &draft).await).await
        }
        Company::Set(args) => on_existing(url, async |app| company::set(app, &args).await).await,
        Company::HandOver { id, to } => {
            on_existing(url, async |app| company::hand_over(app, id, &to).await).await
        }
    }
}

async fn on_existing<T: Termination>(
    url: &DatabaseUrl,
    command: impl AsyncFnOnce(&App) -> anyhow::Result<T>,
) -> anyhow::Result<ExitCode> {
    let result = closing(open_existing(url).await?, command).await;
    result.map(Termination::report)
}

async fn on_any<T: Termination>(
    url: &DatabaseUrl,
    command: impl AsyncFnOnce(&App) -> anyhow::Result<T>,
) -> anyhow::Result<ExitCode> {
    let result = closing(open_or_create(url).await?, command).await;
    result.map(Termination::report)
}

/// Closes the database whatever happens, so that a `SQLite` database is one file again.
async fn closing<T>(db: Db, command: impl AsyncFnOnce(&App) -> T) -> T {
    let (app, _) = App::start(db, Clock::System, Keys::random(), None);
    let result = command(&app).await;
    app.db().close().await;
    result
}
